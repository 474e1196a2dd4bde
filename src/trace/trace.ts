/**
 * Traces: the behavior up to the relevant state, as data.
 *
 * All printed, saved and sent forms of a counterexample are derived from this one.
 */
import type { OrderedMap } from 'immutable'
import type { CheckerError } from '../errors.ts'
import type { FairnessDefinition, PropertyKind, ThreadStep } from '../spec/model.ts'
import type { Bindings } from '../spec/bindings.ts'
import type { Fairness } from '../spec/fairness.ts'
import type { Change, PlaceValue } from '../state/describe.ts'

/**
 * One entry of a trace. The first entry is an initial state with the action `init`. A step that changes nothing has the
 * action `stutter`.
 */
export interface TraceStep<S = any> {
  readonly action: string
  readonly bindings: Bindings
  /** The values that `anyOf` and `anySubset` chose, by name; absent if the step chose nothing. */
  readonly chosen?: Bindings
  /** For a thread's step: the thread, the label, the parameter that names the instance, and the procedure. */
  readonly thread: ThreadStep | undefined
  readonly state: S
  /** The changes by the step. Empty for the first entry. */
  readonly changes: readonly Change[]
  /** The note of its author; absent without one. */
  readonly note?: string
  /** What the model's alias shows instead of the variables; undefined without an alias, or if it failed. */
  readonly alias?: ShownValues | undefined
}

/** Named values that stand for a state in reports, and how they differ from those of the entry before. */
export interface ShownValues {
  readonly values: OrderedMap<string, unknown>
  readonly changes: readonly Change[]
}

/** A conjunct that is false at the end of a trace, and the values that it read. */
export interface FailedConjunct {
  /** '' for a property without named conjuncts. */
  readonly name: string
  /** The first bindings of the conjunct's own parameters for which it is false. */
  readonly bindings: Bindings
  readonly read: readonly PlaceValue[]
}

/** How the cycle of a lasso meets a fairness constraint. */
export interface FairnessWitness {
  /** The name of the constraint. */
  readonly name: string
  readonly bindings: Bindings
  readonly fairness: Fairness
  /**
   * `taken`: in the step. `disabled`: after the step. `never-enabled`: in the whole cycle, which begins after the step.
   */
  readonly how: 'taken' | 'disabled' | 'never-enabled'
  /** Index of a step of the trace. */
  readonly step: number
}

/** A step of an abstract spec. */
export interface AbstractAction {
  /** `init` for an initial state, `stutter` if nothing changes there. */
  readonly action: string
  readonly bindings: Bindings
}

/** A state of a trace as a refinement maps it. */
export interface AbstractEntry {
  /** Undefined if a value is outside its domain. */
  readonly state: unknown
  /** The error about that value. */
  readonly outside: CheckerError | undefined
  /** What the abstract spec does at this step; undefined if it does not allow the step. */
  readonly by: AbstractAction | undefined
  readonly changes: readonly Change[]
}

/** A step that the abstract spec allows where a refinement is violated, or an initial state of it. */
export interface AbstractOption extends AbstractAction {
  readonly state: unknown
  /** For an initial state: the differences from the mapped state. */
  readonly changes: readonly Change[]
}

/** The abstract behavior of a trace. */
export interface AbstractBehavior {
  /** The name of the abstract spec. */
  readonly spec: string
  /** For each entry of the trace. */
  readonly entries: readonly AbstractEntry[]
  /** Where a refinement is violated: what the abstract spec allows instead. */
  readonly options?: readonly AbstractOption[]
}

/** A trace to a state or step that decides a property. */
export interface Trace<S = any> {
  readonly property: string
  /** `error` for a trace to a state on which a spec function failed. */
  readonly kind: PropertyKind | 'error'
  readonly steps: readonly TraceStep<S>[]
  /** The index of the step to which the last one returns, with the same state; undefined without a lasso. */
  readonly loop: number | undefined
  /** The values of the parameters for which the property is violated or reached. */
  readonly bindings: Bindings
  readonly failed: readonly FailedConjunct[]
  /** For a lasso: how it meets each fairness constraint. */
  readonly fairness?: readonly FairnessWitness[]
  /**
   * For a lasso that a check found: whether no violating lasso takes fewer steps, stem and cycle together. False for
   * another trace that a reduced search found. Other traces are shortest.
   */
  readonly isShortest?: boolean
  /** For a property of a refinement. */
  readonly abstract?: AbstractBehavior
  /** Why the trace does not have the values of the model's alias, and the entry for which it failed. */
  readonly aliasFailure?: { readonly error: CheckerError; readonly step: number }
}

/** A behavior as reports show it: a trace, or a path that does not decide a property. */
export type ShownTrace = Trace | PathTrace

export interface PathTrace extends Omit<Trace, 'kind'> {
  readonly kind: 'path'
  /** For a lasso: the fairness constraints that its cycle does not meet. */
  readonly unmet?: readonly FairnessDefinition[]
}

/** Whether the system does nothing. An action of a spec may have the same name, but it changes something. */
export function isStutter({ action, changes }: Pick<TraceStep, 'action' | 'changes'>): boolean {
  return action === 'stutter' && changes.length === 0
}

/** For each entry of a trace, the number of steps so far. A stutter does not count. */
export function stepNumbers({ steps }: Pick<Trace, 'steps'>): number[] {
  let count = 0
  return steps.map((step, index) => (index === 0 || isStutter(step) ? count : ++count))
}

/** The number of steps along a trace, without stutters. */
export function stepCount(trace: Pick<Trace, 'steps'>): number {
  return stepNumbers(trace).at(-1) ?? 0
}
