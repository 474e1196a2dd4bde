/**
 * One tracked evaluation of a spec's function: which slots it read, in order, and what came of it.
 *
 * The function being deterministic, what it read so far determines what it reads next. So for every state with the same
 * contents in the slots read, the outcome is the same: that is what makes the trees of `decision-tree.ts` exact.
 */
import type { CheckerError } from '../../errors.ts'
import { failureOf } from '../failure.ts'
import { beginCall, endCall } from '../../spec/calls.ts'
import { purely } from '../../spec/purity.ts'
import { stepView } from '../reference.ts'
import type { ActionInstance, Question } from '../../spec/instances.ts'
import type { State } from '../../spec/model.ts'
import type { Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'
import { writesOf, type Writes } from '../../state/tracked/changes.ts'
import { Reader, Recording } from '../../state/tracked/reader.ts'

/** What came of an evaluation: successors as the slots they write, a truth value, a number, or a mistake in the spec. */
export type FunctionResult =
  | { readonly kind: 'successors'; readonly writes: readonly Writes[] }
  | { readonly kind: 'truth'; readonly truth: boolean }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'error'; readonly error: CheckerError }

export interface Observation {
  /** In the order of their first read. Slots of a step's second state are numbered after all of the first's. */
  readonly reads: readonly Slot[]
  readonly outcome: FunctionResult
}

/** Calls an action on the state in `slots`. */
export function observeAction(layout: Layout, instance: ActionInstance, slots: Int32Array): Observation {
  return observe(instance, layout, slots, (recording) => {
    const reader = new Reader(slots, recording)
    const successors = instance.run(reader.value(layout.shape) as State)
    const written = successors.map((successor) => writesOf(reader, layout.shape, successor))
    for (const writes of written) {
      for (const [slot, content] of writes) if (reader.knows(slot, content)) writes.delete(slot)
    }
    return { kind: 'successors', writes: written }
  })
}

/** Asks about the state in `slots`. */
export function observeState(layout: Layout, question: Question, slots: Int32Array): Observation {
  return observe(question, layout, slots, (recording) =>
    answer(question, new Reader(slots, recording).value(layout.shape)),
  )
}

/** Asks about a step: `slots` are those of the state before, then those of the state after. */
export function observeStep(layout: Layout, question: Question, by: ActionInstance, slots: Int32Array): Observation {
  const count = layout.slots.length
  return observe(question, layout, slots, (recording) => {
    const before = new Reader(slots.subarray(0, count), recording).value(layout.shape) as State
    const after = new Reader(slots.subarray(count), recording, count).value(layout.shape) as State
    return answer(question, stepView(by, before, after))
  })
}

function answer(question: Question, subject: unknown): FunctionResult {
  if ('holds' in question) return { kind: 'truth', truth: question.holds(subject as never) }
  return { kind: 'value', value: question.value(subject as never) }
}

function observe(
  subject: ActionInstance | Question,
  layout: Layout,
  slots: Int32Array,
  evaluate: (recording: Recording) => FunctionResult,
): Observation {
  const recording = new Recording()
  try {
    beginCall(subject.who, layout.interner.isShared ? undefined : slots)
    return { reads: recording.reads, outcome: purely(() => evaluate(recording)) }
  } catch (thrown) {
    const error = failureOf(subject, thrown)
    return { reads: recording.reads, outcome: { kind: 'error', error } }
  } finally {
    endCall()
    recording.close()
  }
}

/** Whether two observations of one state are the same, as they must be. */
export function sameObservation(one: Observation, other: Observation): boolean {
  return (
    one.reads.length === other.reads.length &&
    one.reads.every((slot, index) => slot === other.reads[index]) &&
    sameOutcome(one.outcome, other.outcome)
  )
}

function sameOutcome(one: FunctionResult, other: FunctionResult): boolean {
  if (one.kind === 'truth') return other.kind === 'truth' && one.truth === other.truth
  if (one.kind === 'value') return other.kind === 'value' && one.value === other.value
  if (one.kind === 'error') return other.kind === 'error' && one.error.code === other.error.code
  if (other.kind !== 'successors' || one.writes.length !== other.writes.length) return false
  return one.writes.every((writes, index) => sameWrites(writes, other.writes[index]!))
}

function sameWrites(one: Writes, other: Writes): boolean {
  return one.size === other.size && [...one].every(([slot, content]) => other.get(slot) === content)
}
