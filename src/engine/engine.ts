/**
 * What an engine is.
 *
 * An engine explores the states of a model that can be reached and decides its properties. It takes a context (model, settings with
 * bounds, a place to report progress) and a budget, and gives an exploration: what it found, and what traces, measures and audits can
 * ask of it. Engines do not know each other. A policy (`auto.ts`, `symbolic-first.ts`) chooses among them.
 */
import type { FoundStates } from '../audit/audit-context.ts'
import type { FailureFinding, Finding, Location } from '../properties/finding.ts'
import type { MeasureRange } from '../properties/range.ts'
import type { MeasureDefinition, PropertyDefinition } from '../spec/model.ts'
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
   * Explores.
   *
   * It works in slices: between them the program can print and hear signals. It yields between two levels when the budget says so;
   * whoever asks for no more calls `return`, which frees what the engine holds.
   *
   * @throws {CheckerError} for a mistake in the spec
   */
  explore(context: CheckContext, budget: Budget): AsyncGenerator<SearchProgress, EngineResult, void>
}

/** What an exploration may take, besides the bounds that the user sets. */
export interface Budget {
  /** Operations on decision diagrams; see `OperationCache`. An engine that needs more declines. */
  readonly operations: number
  /** Whether to yield, asked between two levels; it must not depend on the clock. */
  yieldAt(progress: SearchProgress): boolean
}

export const NO_BUDGET: Budget = { operations: Infinity, yieldAt: () => false }

/** How far a search has come, between two levels. */
export interface SearchProgress extends Progress {
  /** States of the last level. */
  readonly frontier: number
  /** Of seen states and levels. */
  readonly bytes: number
  /** Whether states are counted up to symmetry. */
  readonly isReduced: boolean
}

export type EngineResult = Exploration | Declined

/** The engine cannot explore this model, or not within its budget. */
export interface Declined {
  readonly kind: 'declined'
  /**
   * `unsuited`: the engine cannot represent a function. `failure`: a function of the spec fails, and another engine shows how.
   * `budget`: it would take more than the budget. `unshareable`: other threads cannot be told of a value.
   */
  readonly reason: 'unsuited' | 'failure' | 'budget' | 'unshareable'
  /** What to do about it, as a clause; undefined if nothing is known. */
  readonly advice?: string | undefined
  /** The error for the user if the policy asks no other engine. */
  readonly error?: Error
}

/** What an engine found. */
export interface Exploration extends CheckContext {
  readonly kind: 'done'
  readonly engine: EngineName
  readonly ending: Ending
  /** What was found out about properties, constraints and measures along the way. */
  readonly monitor: {
    /** Of each property that is violated or reached: where. */
    readonly findings: ReadonlyMap<PropertyDefinition, Finding>
    /** Properties made by `implies` whose antecedent was never true. */
    readonly vacuous: ReadonlySet<PropertyDefinition>
    /** Where a function of the spec failed. */
    readonly failure: FailureFinding | undefined
    /** Steps that led outside the constraints. */
    readonly outside: number
    /** By measure. */
    readonly ranges: readonly MeasureRange[]
  }
  readonly states: ExploredStates
  /** What the search is reduced by; undefined if it is not. */
  readonly symmetry: Symmetry | undefined
  /** Sets that are said to be symmetric, but do not reduce the search. */
  readonly obstacles: readonly Obstacle[]
  /** Calls of the spec's functions by other threads. */
  readonly workerCalls: number
  readonly temporal: TemporalResults
  /** Properties other than temporal ones that could not be decided, and why: a clause. */
  readonly undecided: readonly (readonly [property: PropertyDefinition, why: string])[]
  /** Measures that could not be taken, and why: a clause. */
  readonly unmeasured: readonly (readonly [measure: MeasureDefinition, why: string])[]
  /** Properties that are known to be violated, or reached, even if no finding shows it. */
  readonly decided: ReadonlySet<PropertyDefinition>
  /** What ended the search for findings after all verdicts were known; undefined if nothing did. */
  readonly cut: Ending | undefined
  /** What the user should do if a bound ended the run: a clause. */
  readonly advice?: string | undefined
  /**
   * The canonical shortest path to each location. The seen states may be lost by it, so ask for it last.
   *
   * @throws {OutOfMemory}, and what is thrown to end the work
   */
  pathsTo(locations: readonly Location[]): Promise<Path[]>
}

/** The states of an exploration: counts, and samples. */
export interface ExploredStates extends FoundStates {
  /** Distinct initial states. */
  readonly initial: number
  readonly bytes: number
  /** Successors and initial states; null if they were not counted. */
  readonly generated: number | null
  /** By action instance. */
  readonly generatedBy: Float64Array | null
  /** By action instance: states that it was the first to reach; null if that is not known. */
  readonly distinctBy: Float64Array | null
  /** The exact counts, if they are more than a number can say. */
  readonly exact?: { readonly generated: bigint | null; readonly distinct: bigint }
}
