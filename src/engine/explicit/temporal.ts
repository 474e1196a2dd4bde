/**
 * Decides the temporal properties of a run whose search is over, and makes lassos of what violates them.
 *
 * The graph is made of the seen set, so this comes before anything that empties it.
 */
import { decide, type Decision } from '../../properties/liveness/decide.ts'
import { Alphabet } from '../../properties/liveness/alphabet.ts'
import { FailedAt, StateGraph } from '../../properties/liveness/state-graph.ts'
import { rngFrom } from '../../semantics/learned/probe.ts'
import { Failure } from '../../semantics/contract.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import { purely } from '../../spec/purity.ts'
import { temporalInstances, type TemporalInstance } from '../../spec/temporal-instances.ts'
import type { Trace } from '../../trace/trace.ts'
import { lassoTrace } from '../../trace/lasso-trace.ts'
import type { ExplicitRun } from '../context.ts'
import type { Settings } from '../settings.ts'
import { auditGraph } from '../../audit/temporal-audit.ts'

/** What became of one temporal property. */
export interface TemporalFinding extends Omit<Decision, 'violation'> {
  readonly result: 'holds' | 'violated' | 'unknown'
  /** A lasso that violates it. */
  readonly trace: Trace | undefined
  /** Whether the search left out steps or initial states because they lie outside the constraints. */
  readonly isCut: boolean
}

/** What became of the properties that were decided; of none if a bound was met before. */
export type TemporalFindings = ReadonlyMap<PropertyDefinition, TemporalFinding>

/** When work is to pause. */
export interface Turns {
  /** Whether others are due for their turn. */
  readonly pause: () => boolean
  /** Gives it to them; throws to end the work. */
  readonly rest: () => Promise<void>
}

/**
 * Decides the temporal properties, one after the other, and adds each to `found` when it is decided: so that what ends the work leaves those.
 *
 * A predicate that fails becomes the run's failure.
 *
 * @throws {OutOfMemory}, and what `rest` throws
 */
export async function decideTemporal(
  run: ExplicitRun,
  { pause, rest }: Turns,
  found: Map<PropertyDefinition, TemporalFinding>,
): Promise<void> {
  const { settings, monitor, search } = run
  const properties = settings.properties.filter(({ kind }) => kind === 'temporal')
  if (properties.length === 0) return
  const drive = async <T>(work: Generator<void, T>): Promise<T> => {
    for (;;) {
      const { done, value } = purely(() => work.next())
      if (done === true) return value as T
      await rest()
    }
  }
  const formulas = properties.map(temporalInstances)
  const { graph, alphabet } = prepareGraph(run, formulas.flat())
  try {
    await drive(graph.build(pause))
  } catch (thrown) {
    if (!(thrown instanceof FailedAt) || !(thrown.cause instanceof Failure)) throw thrown
    const { words, depth, cause: failure } = thrown
    monitor.failure = { words, depth, step: undefined, failure, occasion: 'state' }
    return
  }
  if (!settings.interpret) purely(() => auditGraph(run, graph, alphabet, rngFrom(settings.seed)))
  const maxBytes = settings.memoryBytes - search.bytes - graph.bytes
  for (const [index, property] of properties.entries()) {
    const { violation, ...claim } = await drive(decide(graph, alphabet, formulas[index]!, maxBytes, pause))
    const trace = violation && (await drive(lassoTrace(run, property, graph, alphabet, violation, pause)))
    const result = resultOf(trace !== undefined, graph.isCut, settings)
    found.set(property, { ...claim, result, trace, isCut: graph.isCut })
  }
}

/**
 * The result of a property.
 *
 * On a graph that constraints cut, a lasso is still a behavior of the model. If there is no lasso, the property is unknown,
 * unless the user asks for TLC's meaning. TLC leaves out states outside and steps to them. Every state can still stutter, and
 * an action that leads only outside is still enabled.
 */
export function resultOf(
  isViolated: boolean,
  isCut: boolean,
  { livenessUnderConstraints }: Pick<Settings, 'livenessUnderConstraints'>,
): TemporalFinding['result'] {
  if (isViolated) return 'violated'
  return isCut && !livenessUnderConstraints ? 'unknown' : 'holds'
}

/** A graph to be built, and the letters that its states and steps are to be. @throws {OutOfMemory} */
export function prepareGraph(
  { model, instances, settings, search, evaluator, layout, initial }: ExplicitRun,
  formulas: readonly TemporalInstance[],
): { graph: StateGraph; alphabet: Alphabet } {
  const alphabet = new Alphabet(instances, model.fairness)
  for (const { formula } of formulas) alphabet.admit(formula)
  const graph = new StateGraph({
    ...{ evaluator, alphabet, initial },
    instances: instances.length,
    index: search.index,
    width: layout.width,
    states: search.found,
    steps: search.generatedBy.reduce((sum, count) => sum + count, 0),
    maxBytes: settings.memoryBytes - search.bytes,
  })
  return { graph, alphabet }
}
