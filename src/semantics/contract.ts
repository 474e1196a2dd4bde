/**
 * The interface between specs and engines.
 *
 * On the side of the spec, a state is an immutable.js value and an action is a TypeScript function. On the side of the
 * engine, a state is `width` 32-bit words and an action instance is an index. Reference and learned evaluation both
 * implement this interface, so engines treat them alike and tests can compare them.
 */
import type { MeasureInstance, PredicateInstance } from '../spec/instances.ts'
import type { Failure } from './failure.ts'
import type { Batch } from './successor-batch.ts'
import type { Successors } from './successors.ts'

export interface NextState {
  /**
   * Replaces the content of `out` by the successors of the state at `words[offset..]`. They are ordered by instance,
   * then as the action returned them. Repeats and self-loops are included.
   */
  successors(words: Int32Array, offset: number, out: Successors): void
  /**
   * The same, but without the successors by instances that only reference evaluation can give. Calls `other` with each
   * of these instances. Left out if there are none.
   */
  learnedSuccessors?(words: Int32Array, offset: number, out: Successors, other: (instance: number) => void): void
  /** A faster way for many states, if there is one. */
  expander?(batch: Batch, expansion: Expansion): Expander
}

/** Callbacks during expansion. The words are valid during the call only. */
export interface Expansion {
  /** A state without successors. */
  dead(words: Int32Array, offset: number): void
  /** A spec function failed on a state. */
  failed(failure: Failure, words: Int32Array, offset: number): void
  /** A step that changes something, from `words[from..]` to `after[to..]`; undefined if nobody watches steps. */
  readonly stepped?:
    ((words: Int32Array, from: number, after: Int32Array, to: number, instance: number) => void) | undefined
  /** Whether steps of an instance need a call of `stepped`. Once false, it stays false. */
  watchesStepsOf?(instance: number): boolean
}

/** Callbacks during a search. The words are valid during the call only. */
export interface Observer extends Expansion {
  /** Called once for each new state. Pass `step` to `Watch.check`. */
  discovered(words: Int32Array, offset: number, step: number): void
  /** Whether `discovered` may have anything to do. */
  suspects(words: Int32Array, offset: number, step: number): boolean
  /** Whether the state is within the constraints. Called for new and known states; undefined without constraints. */
  readonly admits?: ((words: Int32Array, offset: number, step: number) => boolean) | undefined
}

export interface Expander {
  /**
   * Expands the states in `words[from..to)`. Appends the successors that change something, and counts all successors.
   * Stops after a state when the batch has enough entries.
   *
   * @returns where it stopped
   */
  expand(words: Int32Array, from: number, to: number): number
}

/** Watches predicates over states. Each has an expected truth value. */
export interface Watch {
  /**
   * Reports the indexes of the predicates that have the unexpected value in the state at `words[offset..]`.
   *
   * @param step - the `Successors.step` of a step to this state from a state where each predicate had its expected
   *   value, or `UNKNOWN_STEP`. A known step lets `check` skip predicates that cannot have changed.
   * @throws {Failure} if a spec function failed
   */
  check(words: Int32Array, offset: number, step: number, report: (index: number) => void): void
  /**
   * Whether `check` with the same arguments may have something to report or to learn. Fast. False is always correct.
   */
  suspects(words: Int32Array, offset: number, step: number): boolean
  /** Stops watching some predicates. */
  drop(indexes: readonly number[]): void
}

/** Watches predicates over steps. Each has an expected truth value. */
export interface StepWatch {
  /**
   * Reports the indexes of the predicates that have the unexpected value on the step by `instance` from `words[from..]`
   * to `after[to..]`.
   *
   * @throws {Failure} if a spec function failed
   */
  check(
    words: Int32Array,
    from: number,
    after: Int32Array,
    to: number,
    instance: number,
    report: (index: number) => void,
  ): void
  /** Whether `check` may have something to report for a step of this instance. Once false, it stays false. */
  concerns(instance: number): boolean
  /** Stops watching some predicates. */
  drop(indexes: readonly number[]): void
}

/** A predicate and its expected value. */
export interface Watched {
  readonly predicate: PredicateInstance
  readonly expected: boolean
}

/** A measure that a watch evaluates. */
export interface Measured {
  readonly measure: MeasureInstance
  /** Receives each value of the measure at least once, but not at each occurrence. */
  readonly note: (value: number) => void
}

/** Evaluation statistics of one action, for `--profile`. */
export interface EvaluationProfile {
  /** `learned`, unless an instance fell back to reference evaluation. */
  readonly evaluation: 'learned' | 'interpreted'
  readonly specCalls: number
  /** Nodes of the trees of all instances; null without trees. */
  readonly treeNodes: number | undefined
  /** The largest number of slots that one instance was seen to read; null if unknown. */
  readonly slotsRead: number | undefined
  /** A remark for the author, such as why an action fell back. */
  readonly remark: string | undefined
}

/** A remark for the author about a function that cannot be learned. */
export interface Remark {
  readonly kind: 'action' | 'property' | 'measure'
  readonly name: string
  /** A predicate, such as "reads 34 of 40 slots ...". */
  readonly remark: string
}

/** A way to evaluate a model: its next-state relation, and predicates over it. */
export interface Evaluator {
  readonly next: NextState
  /**
   * @param measures - the measures to evaluate in each checked state. A watch with measures may always have something
   *   to learn.
   */
  watch(predicates: readonly Watched[], measures?: readonly Measured[]): Watch
  /** @param measures - the measures to evaluate on each checked step */
  watchSteps(predicates: readonly Watched[], measures?: readonly Measured[]): StepWatch
  /** Calls of the spec's functions so far, predicates included. */
  readonly specCalls: number
  /**
   * Called between two levels with the number of states expanded so far. Decides what is worth learning.
   */
  review?(states: number): void
  /** Called before other threads evaluate the same model. */
  shareLearning?(): void
  /**
   * The knowledge gained since the last call, for `mergeDelta` of the same evaluator in another thread. It can be sent.
   */
  drainDelta?(): unknown
  mergeDelta?(delta: unknown): void
  /** What is worth learning, for `applyDecisions` of the same evaluator in another thread. It can be sent. */
  decisions?(): unknown
  applyDecisions?(decisions: unknown): void
  /**
   * The slots read according to `delta`, as triples of numbers for `mergeSlotsRead` of the same evaluator in another
   * thread.
   */
  slotsReadIn?(delta: unknown): number[]
  mergeSlotsRead?(triples: Int32Array): void
  /** The number of functions whose learned evaluation relies on the promise of `exists`, `every` or `count`. */
  readonly promised?: number
  /**
   * Evaluates those functions by reference in a state and on its steps. Calls do not count as calls of the spec.
   *
   * @throws {Leaked} if the results differ from learned evaluation
   */
  confirm?(words: Int32Array): void
  /** Remarks on functions that could not be learned, one for each function. */
  remarks(): readonly Remark[]
  profile(action: number): EvaluationProfile
}
