/** Messages between the thread that runs a check and the worker threads. */
import type { Elements } from '../../../state/new-elements.ts'
import type { SentMemory } from './shared-memory.ts'
import type { RangeBounds } from '../../../properties/range.ts'
import type { Candidate } from '../../../properties/finding.ts'
import type { SerializedError } from '../../threads/serialized-error.ts'

/** Options with which a worker prepares itself. */
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
  readonly asks: boolean
  /** Depth of the deepest known states. The warm-up searches no deeper. */
  readonly depth: number
  /** Memory of the log of slots that predicates read. */
  readonly reads: Int32Array
  /** The elements of sparse sets that have slots. */
  readonly elements: Elements
  /** Memory of the log of open values. */
  readonly values: SharedArrayBuffer
  /** Memory that records calls of spec functions; undefined if no thread reads it. */
  readonly calls: SharedArrayBuffer | undefined
}

export interface LevelTask {
  /** The shared memory, the same for each level. */
  readonly memory: SentMemory
  /** Depth of the states to expand. */
  readonly depth: number
  /** Names of decided properties, and of properties whose antecedent has been true. */
  readonly decided: readonly string[]
  readonly notVacuous: readonly string[]
  /** What is worth learning; see `Evaluator.decisions`. */
  readonly decisions: unknown
}

/** A worker's report on a level. */
export interface LevelReport {
  readonly error: SerializedError | undefined
  readonly candidates: readonly Candidate[]
  /** Steps that led outside the constraints. */
  readonly outside: number
  /** By measure: the values that the worker has seen so far. */
  readonly measured: readonly RangeBounds[]
  /** Calls of the spec's functions so far. */
  readonly specCalls: number
  /** See `Evaluator.drainDelta`. */
  readonly delta: unknown
}
