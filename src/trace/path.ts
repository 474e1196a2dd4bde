/** Paths through the state graph, as packed states and action instances: what a trace is made of. */
import type { Successors } from '../semantics/successors.ts'
import { compareStates } from '../state/order.ts'

/** Instead of an action instance: the state stays as it is. */
export const STUTTER = -1

/** States from an initial one to the target, and the action instance that led to each; -1 for the initial one, or `STUTTER`. */
export interface Path {
  readonly states: readonly Int32Array[]
  readonly instances: readonly number[]
}

/** The first action instance that gave `target`; -1 if none did. */
export function stepTo({ words, size, width, instance }: Successors, target: Int32Array): number {
  for (let index = 0; index < size; index++) {
    if (compareStates(words, index * width, target, 0, width) === 0) return instance[index]!
  }
  return -1
}
