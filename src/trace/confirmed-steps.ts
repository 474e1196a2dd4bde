/**
 * Replays a path by reference evaluation, and turns it into the steps of a trace.
 *
 * Kripke shows only steps that another call of the spec's own functions confirms.
 */
import { assert, disagreement } from '../errors.ts'
import { compareStates } from '../state/order.ts'
import type { ReferenceEvaluator } from '../semantics/reference.ts'
import type { ActionInstance } from '../spec/instances.ts'
import type { Model } from '../spec/model.ts'
import { changesBetween } from '../state/describe.ts'
import { packInto, type Layout } from '../state/layout.ts'
import { STUTTER, type Path } from './path.ts'
import type { TraceStep } from './trace.ts'

export interface ReplayContext {
  readonly model: Model
  readonly layout: Layout
  readonly instances: readonly ActionInstance[]
  readonly reference: ReferenceEvaluator
}

/**
 * The steps of a path.
 *
 * @throws {CheckerError} KR501 if an action does not lead from one state to the next
 */
export function confirmedSteps(
  { layout, instances, reference }: ReplayContext,
  { states, instances: taken }: Path,
): TraceStep[] {
  return states.map((words, index) => {
    const state = reference.decode(words, 0)
    if (index === 0) return { action: 'init', bindings: {}, thread: undefined, state, changes: [] }
    const before = reference.decode(states[index - 1]!, 0)
    if (taken[index] === STUTTER) {
      assert(state.equals(before), 'stuttering changed something')
      return { action: 'stutter', bindings: {}, thread: undefined, state, changes: [] }
    }
    const instance = instances[taken[index]!]!
    const packed = new Int32Array(layout.width)
    const confirmed = reference.successorSlots(instance, before).some((slots) => {
      packInto(layout, slots, packed, 0)
      return compareStates(packed, 0, words, 0, layout.width) === 0
    })
    if (!confirmed) throw disagreement(instance.who, 'the action does not make the step that Kripke learned')
    const { definition, bindings } = instance
    const changes = changesBetween(layout, before, state)
    return { action: definition.name, bindings, thread: definition.thread, state, changes }
  })
}
