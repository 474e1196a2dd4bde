/**
 * Replays a path by reference evaluation, and turns it into the steps of a trace.
 *
 * Kripke shows only steps that another call of the spec's own functions confirms.
 */
import { assert, disagreement } from '../errors.ts'
import { compareStates } from '../state/order.ts'
import type { ReferenceEvaluator } from '../semantics/reference.ts'
import type { Bindings } from '../spec/bindings.ts'
import type { ActionInstance } from '../spec/instances.ts'
import type { Model } from '../spec/model.ts'
import { packInto, type Layout } from '../state/layout.ts'
import { STUTTER, type Path } from './path.ts'
import { standing, traceStep } from './trace-step.ts'
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
    if (index === 0) return standing('init', state)
    const before = reference.decode(states[index - 1]!, 0)
    if (taken[index] === STUTTER) {
      assert(state.equals(before), 'stuttering changed something')
      return standing('stutter', state)
    }
    const instance = instances[taken[index]!]!
    const packed = new Int32Array(layout.width)
    const choices: Bindings[] = []
    const confirmed = reference.successorSlots(instance, before, undefined, choices).findIndex((slots) => {
      packInto(layout, slots, packed, 0)
      return compareStates(packed, 0, words, 0, layout.width) === 0
    })
    if (confirmed < 0) throw disagreement(instance.who, 'the action does not make the step that Kripke learned')
    return traceStep(layout, { instance, before, after: state, chosen: choices[confirmed]! })
  })
}
