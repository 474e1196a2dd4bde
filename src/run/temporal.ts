/**
 * Decides the temporal properties of a run whose search is over, and makes lassos of what violates them.
 *
 * The graph is made of the seen set, so this comes before anything that empties it.
 */
import { decide, type Decision } from '../check/liveness/decide.ts'
import { Alphabet } from '../check/liveness/alphabet.ts'
import { FailedAt, StateGraph } from '../check/liveness/state-graph.ts'
import { Failure } from '../next/next-state.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import { purely } from '../spec/purity.ts'
import { temporalInstances } from '../spec/temporal-instances.ts'
import type { Trace } from '../trace/trace.ts'
import { lassoTrace } from './lasso-trace.ts'
import type { Run } from './run.ts'

/** What became of one temporal property. */
export interface TemporalFinding extends Omit<Decision, 'violation'> {
  readonly result: 'holds' | 'violated' | 'unknown'
  /** A lasso that violates it. */
  readonly trace: Trace | undefined
}

export interface TemporalFindings {
  /** Those of the properties that were decided; none if a bound was met before. */
  readonly of: ReadonlyMap<PropertyDefinition, TemporalFinding>
}

/** Nothing was decided. */
export const NOTHING_TEMPORAL: TemporalFindings = { of: new Map() }

/**
 * Decides the temporal properties.
 *
 * A predicate that fails becomes the run's failure.
 *
 * @param pause - whether others are due for their turn
 * @param rest - gives it to them; throws to end the work
 * @throws {OutOfMemory}, and what `rest` throws
 */
export async function decideTemporal(
  run: Run,
  { pause, rest }: { pause: () => boolean; rest: () => Promise<void> },
): Promise<TemporalFindings> {
  const properties = run.settings.properties.filter(({ kind }) => kind === 'temporal')
  if (properties.length === 0) return NOTHING_TEMPORAL
  const { model, instances, settings, search, evaluator, layout, initial, monitor } = run
  const alphabet = new Alphabet(instances, model.fairness)
  const formulas = properties.map(temporalInstances)
  for (const one of formulas.flat()) alphabet.admit(one.formula)
  const maxBytes = settings.memoryBytes - search.bytes
  const graph = new StateGraph({
    ...{ evaluator, alphabet, initial, maxBytes },
    instances: instances.length,
    index: search.index,
    width: layout.width,
    states: search.found,
    steps: search.generatedBy.reduce((sum, count) => sum + count, 0),
  })
  const drive = async <T>(work: Generator<void, T>): Promise<T> => {
    for (;;) {
      const { done, value } = purely(() => work.next())
      if (done === true) return value as T
      await rest()
    }
  }
  try {
    await drive(graph.build(pause))
  } catch (thrown) {
    if (!(thrown instanceof FailedAt) || !(thrown.cause instanceof Failure)) throw thrown
    const { words, depth, cause: failure } = thrown
    monitor.failure = { words, depth, step: undefined, failure, occasion: 'state' }
    return NOTHING_TEMPORAL
  }
  const of = new Map<PropertyDefinition, TemporalFinding>()
  for (const [index, property] of properties.entries()) {
    const decision = await drive(decide(graph, alphabet, formulas[index]!, maxBytes - graph.bytes, pause))
    const { violation, ...rest } = decision
    const trace = violation && purely(() => lassoTrace(run, property, graph, alphabet, violation))
    const result = trace !== undefined ? 'violated' : graph.isCut ? 'unknown' : 'holds'
    of.set(property, { ...rest, result, trace })
  }
  return { of }
}
