/** What is said between the thread that runs a check and those that help it. */
import type { SentMemory } from './shared-memory.ts'
import type { RangeBounds } from '../../../properties/range.ts'
import type { Candidate } from '../../../properties/finding.ts'
import type { SerializedError } from '../../threads/serialized-error.ts'

/** How a thread makes itself ready. */
export interface WorkerOptions {
  /** URL of a module whose default export is the spec. */
  readonly module: string
  readonly constants: { readonly [name: string]: unknown }
  /** Names of the properties to check. */
  readonly properties: readonly string[]
  readonly interpret: boolean
  /** Whether the user has symmetry on. */
  readonly symmetry: boolean
  readonly seed: number
  /** Depth of the deepest states that are known already, to warm up with. */
  readonly depth: number
  /** Memory of the log of what predicates read. */
  readonly reads: Int32Array
  /** Memory of the log of open values. */
  readonly values: SharedArrayBuffer
  /** The memory in which to record calls of spec functions; undefined if no thread reads it. */
  readonly calls: SharedArrayBuffer | undefined
}

/** A level to work on. */
export interface LevelTask {
  /** What the threads share; the same for every level. */
  readonly memory: SentMemory
  /** Depth of the states to be expanded. */
  readonly depth: number
  /** Names of properties that are decided, and of those whose antecedent has been true. */
  readonly decided: readonly string[]
  readonly notVacuous: readonly string[]
  /** What is not worth learning any more; see `Evaluator.abandoned`. */
  readonly abandoned: unknown
}

/** What a thread has to tell of a level. */
export interface LevelReport {
  readonly error: SerializedError | undefined
  readonly candidates: readonly Candidate[]
  /** Steps that led outside the constraints. */
  readonly outside: number
  /** By measure: the values that the thread has seen so far. */
  readonly measured: readonly RangeBounds[]
  /** Calls of the spec's functions so far. */
  readonly specCalls: number
  /** See `Evaluator.drainDelta`. */
  readonly delta: unknown
}
