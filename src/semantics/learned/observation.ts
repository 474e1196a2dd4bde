/**
 * A tracked call of a spec function: the slots that it read, in order, and its result.
 *
 * The function is deterministic, so the contents read so far determine the next read. All states that agree in the
 * slots read have the same outcome. Therefore the trees of `decision-tree.ts` are exact.
 */
import type { CheckerError } from '../../errors.ts'
import { failureOf } from '../failure.ts'
import { beginCall, endCall } from '../../spec/calls.ts'
import { purely } from '../../spec/purity.ts'
import { withAsker } from '../../spec/questions.ts'
import { stepView } from '../reference.ts'
import type { ActionInstance, Question } from '../../spec/instances.ts'
import type { State } from '../../spec/model.ts'
import type { Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'
import { writesOf, type Writes } from '../../state/tracked/changes.ts'
import { Reader, Recording, type Way } from '../../state/tracked/reader.ts'

/**
 * The outcome of an evaluation: successors as the slots that they write, a truth value, a number, or an error in the
 * spec.
 */
export type FunctionResult =
  | { readonly kind: 'successors'; readonly writes: readonly Writes[] }
  | { readonly kind: 'truth'; readonly truth: boolean }
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'error'; readonly error: CheckerError }

export interface Observation {
  /**
   * In the order of the first read, without those in frames that ended. The slots of a step's second state are numbered
   * after all slots of the first.
   */
  readonly reads: readonly Slot[]
  readonly outcome: FunctionResult
}

/** The outcome of a call that was stopped, which says nothing. */
const STOPPED: FunctionResult = { kind: 'truth', truth: false }

export function observeAction(layout: Layout, instance: ActionInstance, slots: Int32Array, way?: Way): Observation {
  return observe(instance, layout, slots, way, (recording) => {
    const reader = new Reader(slots, recording)
    const successors = instance.run(reader.value(layout.shape) as State)
    const written = Array.from(successors, (successor) => writesOf(reader, layout.shape, successor))
    for (const writes of written) {
      for (const [slot, content] of writes) if (reader.knows(slot, content)) writes.delete(slot)
    }
    return { kind: 'successors', writes: written }
  })
}

/** Evaluates a question on the state in `slots`. */
export function observeState(layout: Layout, question: Question, slots: Int32Array, way?: Way): Observation {
  return observe(question, layout, slots, way, (recording) =>
    answer(question, new Reader(slots, recording).value(layout.shape)),
  )
}

/** Evaluates a question on a step. `slots` holds the state before, followed by the state after. */
export function observeStep(
  layout: Layout,
  question: Question,
  by: ActionInstance,
  slots: Int32Array,
  way?: Way,
): Observation {
  const count = layout.slots.length
  return observe(question, layout, slots, way, (recording) => {
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
  way: Way | undefined,
  evaluate: (recording: Recording) => FunctionResult,
): Observation {
  const recording = new Recording(way)
  try {
    beginCall(subject.who, layout.interner.isShared ? undefined : slots)
    const outcome = purely(() =>
      way?.asks !== true ? evaluate(recording) : withAsker(recording, () => evaluate(recording)),
    )
    return { reads: recording.reads, outcome }
  } catch (thrown) {
    if (way?.isStopped === true) return { reads: recording.reads, outcome: STOPPED }
    const error = failureOf(subject, thrown)
    return { reads: recording.reads, outcome: { kind: 'error', error } }
  } finally {
    endCall()
    recording.close()
  }
}

/** Whether two observations of one state are the same, as purity requires. */
export function sameObservation(one: Observation, other: Observation): boolean {
  return (
    one.reads.length === other.reads.length &&
    one.reads.every((slot, index) => slot === other.reads[index]) &&
    sameOutcome(one.outcome, other.outcome)
  )
}

/** Whether two outcomes of one state are the same. */
export function sameOutcome(one: FunctionResult, other: FunctionResult): boolean {
  if (one.kind === 'truth') return other.kind === 'truth' && one.truth === other.truth
  if (one.kind === 'value') return other.kind === 'value' && one.value === other.value
  if (one.kind === 'error') return other.kind === 'error' && one.error.code === other.error.code
  if (other.kind !== 'successors' || one.writes.length !== other.writes.length) return false
  return one.writes.every((writes, index) => sameWrites(writes, other.writes[index]!))
}

function sameWrites(one: Writes, other: Writes): boolean {
  return one.size === other.size && [...one].every(([slot, content]) => other.get(slot) === content)
}
