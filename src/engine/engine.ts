/**
 * The interface of engines.
 *
 * An engine explores the reachable states of a model and decides its properties. It receives a context (model, settings
 * with bounds, a progress callback) and a budget. It returns an exploration: the results, and the data that traces,
 * measures and audits need. Engines do not import each other. A policy (`auto.ts`, `symbolic-first.ts`) chooses among
 * them.
 */
import type { FoundStates } from '../audit/audit-context.ts'
import type { FailureFinding, Finding, Location } from '../properties/finding.ts'
import type { MeasureRange } from '../properties/range.ts'
import type { MeasureDefinition, PropertyDefinition } from '../spec/model.ts'
import type { ViewClasses } from '../semantics/view-classes.ts'
import type { Obstacle } from '../spec/symmetric-sets.ts'
import type { Symmetry } from '../state/symmetry/symmetry.ts'
import type { Path } from '../trace/path.ts'
import type { CheckContext } from './context.ts'
import type { Ending } from './ending.ts'
import type { EngineName, Progress } from './settings.ts'
import type { TemporalResults } from './temporal-results.ts'

export interface Engine {
  readonly name: EngineName
  /**
   * Explores the model.
   *
   * The engine works in slices, so that the program can print and handle signals in between. It yields between two
   * levels if `yieldAt` returns true. A caller that stops early must call `return`, which frees the resources of the
   * engine.
   *
   * @throws {CheckerError} for a mistake in the spec
   */
  explore(context: CheckContext, budget: Budget): AsyncGenerator<SearchProgress, EngineResult, void>
}

/** Limits besides the bounds that the user sets. */
export interface Budget {
  /** Diagram operations; see `OperationCache`. An engine that needs more declines. */
  readonly operations: number
  /** Whether to yield between two levels. The answer must not depend on the clock. */
  yieldAt(progress: SearchProgress): boolean
}

export const NO_BUDGET: Budget = { operations: Infinity, yieldAt: () => false }

/** Progress of a search between two levels. */
export interface SearchProgress extends Progress {
  /** States of the last level. */
  readonly frontier: number
  /** Memory of seen states and levels. */
  readonly bytes: number
  /** Whether the counts are up to symmetry. */
  readonly isReduced: boolean
}

export type EngineResult = Exploration | Declined

/** The engine cannot explore this model, or not within its budget. */
export interface Declined {
  readonly kind: 'declined'
  /**
   * `unsuited`: the engine cannot represent a function. `failure`: a function of the spec fails, and another engine
   * shows how. `budget`: the engine needs more than the budget. `unshareable`: a value cannot be sent to other threads.
   */
  readonly reason: 'unsuited' | 'failure' | 'budget' | 'unshareable'
  /** A clause that says what to do about it; undefined if nothing is known. */
  readonly advice?: string | undefined
  /** The error for the user if the policy uses no other engine. */
  readonly error?: Error
}

/** The results of an engine. */
export interface Exploration extends CheckContext {
  readonly kind: 'done'
  readonly engine: EngineName
  readonly ending: Ending
  /** Findings about properties, constraints and measures. */
  readonly monitor: {
    /** The finding for each property that is violated or reached. */
    readonly findings: ReadonlyMap<PropertyDefinition, Finding>
    /** Properties made by `implies` whose antecedent was never true. */
    readonly vacuous: ReadonlySet<PropertyDefinition>
    /** The failure of a spec function. */
    readonly failure: FailureFinding | undefined
    /** Steps that led outside the constraints. */
    readonly outside: number
    /** By measure. */
    readonly ranges: readonly MeasureRange[]
  }
  readonly states: ExploredStates
  /** The reduction of the search; undefined without one. */
  readonly symmetry: Symmetry | undefined
  /** Declared symmetric sets that do not reduce the search. */
  readonly obstacles: readonly Obstacle[]
  /** The classes of states with the same view; undefined without a view. */
  readonly view?: ViewClasses | undefined
  /** Calls of the spec's functions by other threads. */
  readonly workerCalls: number
  readonly temporal: TemporalResults
  /** Undecided properties, temporal ones excepted, each with a clause that says why. */
  readonly undecided: readonly (readonly [property: PropertyDefinition, why: string])[]
  /** Measures that were not evaluated, each with a clause that says why. */
  readonly unmeasured: readonly (readonly [measure: MeasureDefinition, why: string])[]
  /** Properties that are violated or reached, even without a finding that shows it. */
  readonly decided: ReadonlySet<PropertyDefinition>
  /** The bound that ended the search for findings after all verdicts were known; undefined if none did. */
  readonly cut: Ending | undefined
  /** A clause that says what the user should do if a bound ended the run. */
  readonly advice?: string | undefined
  /**
   * The canonical shortest path to each location. This may discard the seen states, so call it last.
   *
   * @throws {OutOfMemory}; {Ended} if the user stops the run
   */
  pathsTo(locations: readonly Location[]): Promise<Path[]>
}

/** Counts of the explored states, and samples from them. */
export interface ExploredStates extends FoundStates {
  /** Distinct initial states. */
  readonly initial: number
  readonly bytes: number
  /** Successors and initial states; undefined if they were not counted. */
  readonly generated: number | undefined
  /** By action instance. */
  readonly generatedBy: Float64Array | undefined
  /** By action instance: states that it reached first; null if that is not known. */
  readonly distinctBy: Float64Array | undefined
  /** The exact counts if a number cannot represent them. */
  readonly exact?: { readonly generated: bigint | undefined; readonly distinct: bigint }
}
