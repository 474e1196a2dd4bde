/** Paths through the state graph: packed states and action instances. */
import type { Successors } from '../semantics/successors.ts'
import { compareStates } from '../state/order.ts'

/** Stands for an action instance in a step that keeps the state. */
export const STUTTER = -1

/**
 * The states from an initial one to the target, and for each the action instance that led to it: -1 for the initial
 * state, or `STUTTER`.
 */
export interface Path {
  readonly states: readonly Int32Array[]
  readonly instances: readonly number[]
}

/** The first action instance with the successor `target`; -1 if there is none. */
export function stepTo({ words, size, width, instance }: Successors, target: Int32Array): number {
  for (let index = 0; index < size; index++) {
    if (compareStates(words, index * width, target, 0, width) === 0) return instance[index]!
  }
  return -1
}
