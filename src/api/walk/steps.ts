/** What a state of a walk allows. */
import type { CheckerError } from '../../errors.ts'
import type { Bindings } from '../../spec/bindings.ts'
import type { PropertyKind, State, ThreadStep } from '../../spec/model.ts'
import type { PlaceValue } from '../../state/describe.ts'
import type { TraceStep } from '../../trace/trace.ts'

/** A property that a state or step violates, or a goal that a state reaches. */
export interface Verdict {
  readonly property: string
  readonly kind: PropertyKind
  readonly isGood: boolean
}

/** A step that a state allows. */
export interface EnabledStep extends TraceStep<State> {
  /** What tells the step from all others of its state: `write(task1) {kept: block1}`. See `step-names.ts`. */
  readonly name: string
  /** Whether the step leads back to its own state. */
  readonly isSelfLoop: boolean
  /** Whether the constraints exclude the state after it. */
  readonly isOutside: boolean
  /** The transition properties and refinements that the step violates. */
  readonly violates: readonly Verdict[]
}

/** An action instance whose function failed on a state. */
export interface FailedStep {
  readonly action: string
  readonly bindings: Bindings
  readonly thread: ThreadStep | undefined
  readonly error: CheckerError
}

/** An action instance without a step in a state. */
export interface DisabledStep {
  readonly action: string
  readonly bindings: Bindings
  readonly thread: ThreadStep | undefined
  /** Whether the thread is at the label of the step. Undefined for an action that is not a thread's step. */
  readonly isAtLabel: boolean | undefined
  /** The values that the function read before it gave no step, in order. The last one decided. */
  readonly read: readonly PlaceValue[]
}

/** What a state allows. */
export interface Steps {
  readonly enabled: readonly EnabledStep[]
  readonly failed: readonly FailedStep[]
}
