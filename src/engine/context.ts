/** A run: a spec with its constants fixed, and everything that checking it takes. */
import type { Location } from '../properties/finding.ts'
import { Monitor } from '../properties/monitor.ts'
import { Search, type SearchState } from './explicit/search.ts'
import type { StateIndex } from '../store/state-index.ts'
import { StateSet } from '../store/state-set.ts'
import { LearnedEvaluator } from '../semantics/learned/learned-evaluator.ts'
import type { Evaluator } from '../semantics/contract.ts'
import { ReferenceEvaluator } from '../semantics/reference.ts'
import { actionInstances, type ActionInstance } from '../spec/instances.ts'
import type { MeasureDefinition, Model, PropertyDefinition } from '../spec/model.ts'
import { tellStates } from '../spec/calls.ts'
import { instantiate, type AnySpec } from '../spec/spec.ts'
import { decode } from '../state/codec.ts'
import { layOut, type Layout } from '../state/layout.ts'
import type { Symmetry } from '../state/symmetry/symmetry.ts'
import type { Obstacle } from '../spec/symmetric-sets.ts'
import type { Path } from './explicit/shortest-path.ts'
import { Ended, endingFor } from './ending.ts'
import { InitialStates } from '../semantics/initial-states.ts'
import { now } from './clock.ts'
import type { Ending, Outcome } from '../api/outcome.ts'
import { Pace } from './pace.ts'
import { pathsBySearch } from './explicit/paths.ts'
import { reducible } from '../state/symmetry/reducible.ts'
import { requireSymmetricStart } from '../audit/symmetry/symmetry-audit.ts'
import type { WorkerPool } from './explicit/parallel/worker-pool.ts'
import { settle, type CheckOptions, type EngineName, type Settings } from './settings.ts'

export { now }

/** A spec with its constants fixed, and the means to evaluate it. */
export interface CheckContext {
  readonly name: string
  readonly constants: { readonly [name: string]: unknown }
  readonly constantsRead: ReadonlySet<string>
  readonly model: Model
  readonly settings: Settings
  readonly layout: Layout
  readonly instances: readonly ActionInstance[]
  /** The initial states, packed. */
  readonly initial: Int32Array
  /** What ended the run while it packed initial states; undefined if all are packed. */
  readonly initialCut: Ending | undefined
  readonly evaluator: Evaluator
  readonly reference: ReferenceEvaluator
  readonly startedMs: number
}

/** A run that is over, whichever engine explored: what its conclusions are drawn from. */
export interface Exploration extends CheckContext {
  readonly engine: EngineName
  /** What was found. */
  readonly monitor: Pick<Monitor, 'findings' | 'vacuous' | 'failure' | 'outside' | 'ranges'>
  /** What was counted, and a way to take samples of the states. */
  readonly search: Pick<SearchState, 'initial' | 'bytes' | 'found' | 'pick'> & {
    /** The places of the states; undefined if the search did not find states one by one. */
    readonly index?: StateIndex
    /** Successors, and initial states; null if they were not counted. */
    readonly generated: number | null
    /** By action instance. */
    readonly generatedBy: Float64Array | null
    /** By action instance: states that it was the first to reach; null if that is not known. */
    readonly distinctBy: Float64Array | null
    readonly depth: number | null
    readonly exact?: NonNullable<Outcome['states']['exact']>
  }
  /** What the search is reduced by; undefined if it is not. */
  readonly symmetry: Symmetry | undefined
  /** Sets that are said to be symmetric, and of which no use is made. */
  readonly obstacles: readonly Obstacle[]
  /** The other threads, once they have been called up. */
  readonly workerPool: Pick<WorkerPool, 'specCalls'> | undefined
  /** Properties that could not be decided, and why: a clause. */
  readonly undecided: readonly (readonly [property: PropertyDefinition, why: string])[]
  /** Measures that could not be taken, and why: a clause. */
  readonly unmeasured: readonly (readonly [measure: MeasureDefinition, why: string])[]
  /** Properties that are known to be violated, or reached, whether or not there is a finding to show it. */
  readonly decided: ReadonlySet<PropertyDefinition>
  /** What ended the search for what is to be shown, when all verdicts were known; undefined if nothing did. */
  readonly cut: Ending | undefined
  /** What the user should do if a bound ended the run: a clause. */
  readonly advice?: string | undefined
  /**
   * The canonical shortest path to each place; what was explored may be lost by it.
   *
   * @throws {OutOfMemory}, and what is thrown to end the work
   */
  pathsTo(places: readonly Location[]): Promise<Path[]>
}

/** Everything a run of the explicit engine consists of. */
export interface ExplicitRun extends Exploration {
  readonly monitor: Monitor
  /** The search: one thread's at first, several threads' from a large level on. */
  search: SearchState
  workerPool: WorkerPool | undefined
}

/** Since the run began. */
export function elapsedMs({ startedMs }: Pick<CheckContext, 'startedMs'>): number {
  return now() - startedMs
}

/** A spec with its constants fixed, before its initial states are known. */
type Instantiated = Pick<
  CheckContext,
  'name' | 'constants' | 'constantsRead' | 'model' | 'settings' | 'layout' | 'instances' | 'startedMs'
>

function instantiateWith(spec: AnySpec, options: CheckOptions): Instantiated {
  const startedMs = now()
  const { name, constants, constantsRead, model } = instantiate(spec, options.constants)
  const settings = settle(name, model, options)
  const layout = layOut(model.schema)
  tellStates((slots) => decode(layout, slots), layout.slots.length)
  return { name, constants, constantsRead, model, settings, layout, instances: actionInstances(model), startedMs }
}

function groundFrom(instantiated: Instantiated, initial: Int32Array, initialCut: Ending | undefined): CheckContext {
  const { layout, instances, settings } = instantiated
  const reference = new ReferenceEvaluator(layout, instances)
  const evaluator = settings.interpret ? reference : new LearnedEvaluator(layout, instances, settings.seed)
  return { ...instantiated, initial, initialCut, evaluator, reference }
}

/**
 * Fixes the constants and makes everything ready to evaluate the spec.
 *
 * @throws {CheckerError} for a mistake in the spec or the options
 */
export function prepareContext(spec: AnySpec, options: CheckOptions): CheckContext {
  const instantiated = instantiateWith(spec, options)
  const states = new InitialStates(instantiated.model, instantiated.layout)
  states.pack()
  return groundFrom(instantiated, states.words, undefined)
}

/**
 * The same, in slices: between them the program can print and handle signals. Bounds apply to the initial states too.
 *
 * @throws {CheckerError} for a mistake in the spec or the options
 */
export async function prepareContextInSlices(spec: AnySpec, options: CheckOptions): Promise<CheckContext> {
  const instantiated = instantiateWith(spec, options)
  const states = new InitialStates(instantiated.model, instantiated.layout)
  try {
    await packInTurns(states, instantiated)
    return groundFrom(instantiated, states.words, undefined)
  } catch (thrown) {
    const ending = endingFor(thrown)
    if (ending === undefined) throw thrown
    return groundFrom(instantiated, states.words, ending)
  }
}

/** @throws {Ended} */
async function packInTurns(states: InitialStates, { settings, startedMs }: Instantiated): Promise<void> {
  const stopAtMs = startedMs + settings.timeoutMs
  const pace = new Pace()
  const isTooLarge = (): boolean => states.bytes > settings.memoryBytes
  while (!states.pack(() => pace.isDue() || isTooLarge())) {
    if (isTooLarge()) throw new Ended('memory')
    if (now() >= stopAtMs) throw new Ended('time')
    const elapsed = elapsedMs({ startedMs })
    settings.onProgress({ generated: states.count, distinct: 0, depth: 0, pending: states.count, elapsedMs: elapsed })
    await pace.turn(stopAtMs)
    if (settings.signal?.aborted === true) throw new Ended('interrupted')
  }
}

/**
 * Makes everything ready for the search.
 *
 * @throws {CheckerError} for a mistake in the spec or the options
 */
export function prepareRun(spec: AnySpec, options: CheckOptions): ExplicitRun & { search: Search } {
  return runOn(prepareContext(spec, options))
}

/** The same, in slices; see `prepareGroundInTurns`. */
export async function prepareRunInSlices(
  spec: AnySpec,
  options: CheckOptions,
): Promise<ExplicitRun & { search: Search }> {
  return runOn(await prepareContextInSlices(spec, options))
}

function runOn(context: CheckContext): ExplicitRun & { search: Search } {
  const { model, settings, evaluator, layout, instances } = context
  const monitor = new Monitor(model, { properties: settings.properties, measures: model.measures }, evaluator, layout)
  const { symmetry, obstacles } = reducible(model, layout, settings.properties, settings.symmetry)
  if (symmetry !== undefined && context.initialCut === undefined)
    requireSymmetricStart(symmetry, context.initial, layout.width)
  const seen = new StateSet(layout.width, settings.memoryBytes)
  const search = new Search(evaluator.next, instances.length, monitor, seen, false, symmetry)
  const run: ExplicitRun & { search: Search } = {
    ...{ ...context, engine: 'explicit', monitor, symmetry, obstacles, search, workerPool: undefined, undecided: [] },
    ...{ unmeasured: [], decided: new Set(), cut: undefined },
    pathsTo: (places) => pathsBySearch(run, places),
  }
  return run
}
