/**
 * Decides the temporal properties of a run whose search is over, and makes lassos of what violates them.
 *
 * The graph is made of the seen set, so this comes before anything that empties it.
 */
import { decide } from '../../properties/liveness/decide.ts'
import { Alphabet } from '../../properties/liveness/alphabet.ts'
import { FailedAt, StateGraph } from '../../properties/liveness/state-graph.ts'
import { rngFrom } from '../../semantics/learned/probe.ts'
import { Failure } from '../../semantics/failure.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import { purely } from '../../spec/purity.ts'
import { temporalInstances, type TemporalInstance } from '../../spec/temporal-instances.ts'
import { lassoTrace } from '../../trace/lasso-trace.ts'
import { endingFor, type Ending } from '../ending.ts'
import { resultOf, type TemporalFinding, type TemporalResults } from '../temporal-results.ts'
import type { ExplicitRun } from './explicit-run.ts'
import { auditGraph } from '../../audit/temporal-audit.ts'

/** When work is to pause. */
export interface TimeSlices {
  /** Whether others are due for their turn. */
  readonly pause: () => boolean
  /** Gives it to them; throws to end the work. */
  readonly rest: () => Promise<void>
}

/**
 * Decides the temporal properties of a run whose search has ended, if everything was explored: a cut graph says little of infinite
 * behaviors.
 */
export async function decideOnGraph(run: ExplicitRun, slices: TimeSlices, ending: Ending): Promise<TemporalResults> {
  const findings = new Map<PropertyDefinition, TemporalFinding>()
  const results = { findings, undecided: new Map<PropertyDefinition, string>(), left: [] }
  if (ending !== 'exhausted') return { ...results, cut: undefined }
  try {
    await decideAll(run, slices, findings)
    return { ...results, cut: run.monitor.failure === undefined ? undefined : 'failed' }
  } catch (thrown) {
    const cut = endingFor(thrown)
    if (cut === undefined) throw thrown
    return { ...results, cut }
  }
}

/**
 * Decides the properties one after the other, and adds each to `found` when it is decided. What ends the work leaves those.
 *
 * A predicate that fails becomes the run's failure.
 *
 * @throws {OutOfMemory}, and what `rest` throws
 */
export async function decideAll(
  run: ExplicitRun,
  { pause, rest }: TimeSlices,
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

/** A graph to be built, and the letters that its states and steps are to be. @throws {OutOfMemory} */
export function prepareGraph(
  { model, instances, settings, search, evaluator, layout, initial }: ExplicitRun,
  formulas: readonly TemporalInstance[],
): { graph: StateGraph; alphabet: Alphabet } {
  const alphabet = new Alphabet(instances, model.fairness)
  for (const { formula } of formulas) alphabet.admit(formula)
  const graph = new StateGraph({
    evaluator,
    alphabet,
    initial,
    instances: instances.length,
    index: search.index,
    width: layout.width,
    states: search.found,
    steps: search.generatedBy.reduce((sum, count) => sum + count, 0),
    maxBytes: settings.memoryBytes - search.bytes,
  })
  return { graph, alphabet }
}
