/**
 * Traces: a behavior up to the point that matters, as data.
 *
 * Everything printed, saved or sent of a counterexample is derived from this.
 */
import type { PropertyKind, State } from '../spec/model.ts'
import type { Bindings } from '../spec/bindings.ts'
import type { Fairness } from '../spec/fairness.ts'
import type { Change, PlaceValue } from '../state/describe.ts'

/** One entry of a trace. The first is an initial state, by the action `init`; a step that changes nothing has the action `stutter`. */
export interface TraceStep {
  readonly action: string
  readonly bindings: Bindings
  /** Of a thread's step: the thread, its label, and the parameter that names the instance. */
  readonly thread: { readonly name: string; readonly label: string; readonly instance: string | undefined } | undefined
  readonly state: State
  /** What the step changed; of the first entry, nothing. */
  readonly changes: readonly Change[]
}

/** A conjunct that is false at the end of a trace, and what it read to find out. */
export interface FailedConjunct {
  /** '' for a property without named conjuncts. */
  readonly name: string
  /** The first for which it is false, of the conjunct's own parameters. */
  readonly bindings: Bindings
  readonly read: readonly PlaceValue[]
}

/** How the cycle of a lasso meets a fairness constraint. */
export interface FairnessWitness {
  /** Of the constraint. */
  readonly name: string
  readonly bindings: Bindings
  readonly fairness: Fairness
  /** `taken`: in the step. `disabled`: after the step. `never-enabled`: anywhere in the cycle, which begins after the step. */
  readonly how: 'taken' | 'disabled' | 'never-enabled'
  /** Index of a step of the trace. */
  readonly step: number
}

/** A trace to a state, or by a step, that decides a property. */
export interface Trace {
  readonly property: string
  /** `error` for a trace to a state on which a spec function failed. */
  readonly kind: PropertyKind | 'error'
  readonly steps: readonly TraceStep[]
  /** The index of the step to which the last one returns, whose state is the last one's; null unless it is a lasso. */
  readonly loop: number | null
  /** The parameters for which the property is violated, or reached. */
  readonly bindings: Bindings
  readonly failed: readonly FailedConjunct[]
  /** Of a lasso: how each fairness constraint is met. */
  readonly fairness?: readonly FairnessWitness[]
  /** Of a lasso that a check found: whether it is known that none takes fewer steps, stem and cycle together. */
  readonly isShortest?: boolean
}

/** Whether the system does nothing. An action of a spec may have the same name, but it changes something. */
export function isStutter({ action, changes }: Pick<TraceStep, 'action' | 'changes'>): boolean {
  return action === 'stutter' && changes.length === 0
}

/** For each entry of a trace the steps that the system has taken by then. A stutter does not count. */
export function stepNumbers({ steps }: Pick<Trace, 'steps'>): number[] {
  let count = 0
  return steps.map((step, index) => (index === 0 || isStutter(step) ? count : ++count))
}

/** The steps that the system takes along a trace. */
export function stepCount(trace: Pick<Trace, 'steps'>): number {
  return stepNumbers(trace).at(-1) ?? 0
}
