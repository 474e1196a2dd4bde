/**
 * The narrow waist between specs and exploration.
 *
 * Above it a state is an immutable.js value and an action a TypeScript function. Below it a state is `width` 32-bit words
 * and an action instance an index. Reference and learned evaluation take this one shape, so an explorer cannot tell them
 * apart, and neither can a mistake hide in only one of them for long.
 */
import type { MeasureInstance, PredicateInstance } from '../spec/instances.ts'
import type { Failure } from './failure.ts'
import type { Batch } from './successor-batch.ts'
import type { Successors } from './successors.ts'

/** The next-state relation. */
export interface NextState {
  /**
   * Replaces the content of `out` by the successors of the state at `words[offset..]`: in the order of instances, and of
   * what each returned; repeats and self-loops included.
   */
  successors(words: Int32Array, offset: number, out: Successors): void
  /** A faster way to do the same for many states; left out where there is none. */
  expander?(batch: Batch, expansion: Expansion): Expander
}

/** What is told while states are expanded. Words are borrowed for the call. */
export interface Expansion {
  /** A state without successors. */
  dead(words: Int32Array, offset: number): void
  /** A spec function failed on a state. */
  failed(failure: Failure, words: Int32Array, offset: number): void
  /**
   * A step that changes something, from `words[from..]` to `after[to..]`; left out when nobody watches steps.
   */
  readonly stepped?:
    ((words: Int32Array, from: number, after: Int32Array, to: number, instance: number) => void) | undefined
  /** Whether `stepped` need be called for the steps of an instance. Once it is not so, it never is again. */
  watchesStepsOf?(instance: number): boolean
}

/** What a search tells, as it happens. Words are borrowed for the call. */
export interface Observer extends Expansion {
  /** A state met for the first time. `step` is for `Watch.check`. */
  discovered(words: Int32Array, offset: number, step: number): void
  /** Whether `discovered` may have anything to do. */
  suspects(words: Int32Array, offset: number, step: number): boolean
  /** Whether to explore from a state that is not known to be new; left out when there are no constraints. */
  readonly admits?: ((words: Int32Array, offset: number, step: number) => boolean) | undefined
}

/** Expands states into a batch. */
export interface Expander {
  /**
   * Appends the successors of the states in `words[from..to)` that change something, and counts all. Stops after a state when the
   * batch has enough.
   *
   * @returns where it stopped
   */
  expand(words: Int32Array, from: number, to: number): number
}

/** Predicates watched over states, each expected to have a certain truth. */
export interface Watch {
  /**
   * Reports the indexes of the watched predicates whose truth in the state at `words[offset..]` is not the expected one.
   *
   * @param step - if not `UNKNOWN_STEP`: the `Successors.step` of the step to this state from one where every predicate was as
   *   expected; those that cannot have changed are then not looked at
   * @throws {Failure} if a spec function failed
   */
  check(words: Int32Array, offset: number, step: number, report: (index: number) => void): void
  /**
   * Whether `check`, with the same arguments, may have something to report, or something to learn. Quick, and never wrong when it
   * says no.
   */
  suspects(words: Int32Array, offset: number, step: number): boolean
  /** Stops watching some predicates. */
  drop(indexes: readonly number[]): void
}

/** Predicates watched over steps, each expected to have a certain truth. */
export interface StepWatch {
  /**
   * Reports the indexes of the predicates whose truth of the step by `instance`, from `words[from..]` to `after[to..]`, is not
   * the expected one.
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
  /** Whether `check` may have something to report of a step by this instance. Once it has not, it never has again. */
  concerns(instance: number): boolean
  /** Stops watching some predicates. */
  drop(indexes: readonly number[]): void
}

/** A predicate and the truth it is expected to have. */
export interface Watched {
  readonly predicate: PredicateInstance
  readonly expected: boolean
}

/** A measure that is taken of what a watch looks at. */
export interface Measured {
  readonly measure: MeasureInstance
  /** Is told every value that the measure has, though not each time that it has it. */
  readonly note: (value: number) => void
}

/** How often and how one action was evaluated, for `--profile`. */
export interface EvaluationProfile {
  /** `learned`, unless an instance fell back to reference evaluation. */
  readonly evaluation: 'learned' | 'interpreted'
  /** Calls of the spec's function. */
  readonly specCalls: number
  /** Nodes of all instances' trees; null if there are none. */
  readonly treeNodes: number | null
  /** The largest number of slots that one instance was seen to read; null if not known. */
  readonly slotsRead: number | null
  /** What an author should know, such as why an action fell back. */
  readonly remark: string | undefined
}

/** What an author should know about a function that cannot be learned. */
export interface Remark {
  readonly kind: 'action' | 'property' | 'measure'
  readonly name: string
  /** A predicate, such as "reads 34 of 40 slots ...". */
  readonly remark: string
}

/** One way of evaluating a model: its next-state relation and any predicates over it. */
export interface Evaluator {
  readonly next: NextState
  /** @param measures - to be taken, if there are any, of every state that is checked; so such a watch may always have something to learn */
  watch(predicates: readonly Watched[], measures?: readonly Measured[]): Watch
  /** @param measures - to be taken, if there are any, of every step that is checked */
  watchSteps(predicates: readonly Watched[], measures?: readonly Measured[]): StepWatch
  /** Calls of the spec's functions so far, predicates included. */
  readonly specCalls: number
  /** Between two levels, with the number of states expanded so far: time to judge what is worth learning. */
  review?(states: number): void
  /** From now on other threads evaluate the same model. */
  shareLearning?(): void
  /** What was learned since the last call, for `mergeDelta` of the same evaluator in another thread. May be sent to it. */
  drainDelta?(): unknown
  mergeDelta?(delta: unknown): void
  /** What is not worth learning any more, for `applyAbandoned` of the same evaluator in another thread. */
  abandoned?(): unknown
  applyAbandoned?(abandoned: unknown): void
  /** Writes what was read, according to `delta`, as triples of numbers for `mergeSlotsRead` of the same evaluator in another thread. */
  slotsReadIn?(delta: unknown): number[]
  mergeSlotsRead?(triples: Int32Array): void
  /** Functions that could not be learned, each once. */
  remarks(): readonly Remark[]
  /** The profile of an action, by its index. */
  profile(action: number): EvaluationProfile
}
