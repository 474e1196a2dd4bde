/**
 * Decides the temporal properties after the search, and turns violations into lassos.
 *
 * The graph needs the seen set, so this must run before anything empties it.
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

/** Why a view leaves temporal properties open. */
const BY_VIEW = 'states are compared by a view, so infinite behaviors are not known'

/** Why a run on disk leaves temporal properties open. */
const BY_DISK = 'some states are only on disk, and a temporal property needs all of them in memory'

/** Decides when work pauses. */
export interface TimeSlices {
  /** Whether other tasks are due for a turn. */
  readonly pause: () => boolean
  /** Gives other tasks their turn. Throws to end the work. */
  readonly rest: () => Promise<void>
}

/**
 * Decides the temporal properties if the search explored everything. A partial graph says little about infinite
 * behaviors.
 */
export async function decideOnGraph(run: ExplicitRun, slices: TimeSlices, ending: Ending): Promise<TemporalResults> {
  const findings = new Map<PropertyDefinition, TemporalFinding>()
  const results = { findings, undecided: new Map<PropertyDefinition, string>(), left: [] }
  const obstacle = run.view !== undefined ? BY_VIEW : run.search.index === undefined ? BY_DISK : undefined
  if (obstacle !== undefined) {
    for (const property of run.settings.properties) {
      if (property.kind === 'temporal') results.undecided.set(property, obstacle)
    }
    return { ...results, cut: undefined }
  }
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
 * Decides the properties one after the other, and adds each result to `found`. These results stay if a bound ends the
 * work.
 *
 * A predicate that fails becomes the run's failure.
 *
 * @throws {OutOfMemory}, and the errors of `rest`
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

/** A graph that is not built yet, and the alphabet of its states and steps. @throws {OutOfMemory} */
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
    index: search.index!,
    width: layout.width,
    states: search.found,
    steps: search.generatedBy.reduce((sum, count) => sum + count, 0),
    maxBytes: settings.memoryBytes - search.bytes,
  })
  return { graph, alphabet }
}
