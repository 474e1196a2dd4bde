/** Walks as data: which states, and how each was come to. */
import type { Path } from '../../trace/path.ts'

/** A path that says of each step also which of the instance's successors was taken, from 0; -1 for the initial state. */
export interface Walk extends Path {
  readonly choices: readonly number[]
}

/** A step to repeat from another state: the action instance, and which of its successors to take. */
export interface WalkStep {
  readonly instance: number
  readonly choice: number
}

/** The steps of a walk. */
export function movesOf({ instances, choices }: Walk): WalkStep[] {
  return instances.slice(1).map((instance, index) => ({ instance, choice: choices[index + 1]! }))
}

/** Part of a walk, from the state at `from` to the one before `to`. */
export function part({ states, instances, choices }: Walk, from: number, to?: number): Walk {
  return { states: states.slice(from, to), instances: instances.slice(from, to), choices: choices.slice(from, to) }
}

/** Walks one after another; of each but the first the first state, which the one before ends with, is left out. */
export function joined(first: Walk, ...rest: readonly Walk[]): Walk {
  return rest.reduce<Walk>((walk, more) => {
    const { states, instances, choices } = part(more, 1)
    return {
      states: [...walk.states, ...states],
      instances: [...walk.instances, ...instances],
      choices: [...walk.choices, ...choices],
    }
  }, first)
}

/** The walk without its detours: where a state is come to again, what lies between is left out. */
export function withoutCycles(walk: Walk): Walk {
  const lastAt = new Map(walk.states.map((words, index) => [keyOf(words), index]))
  const kept: number[] = []
  for (let at = 0; at < walk.states.length; at++) {
    kept.push(at)
    at = lastAt.get(keyOf(walk.states[at]!))!
  }
  // A state that is kept stands for its last occurrence, and is come to as at its first.
  return {
    states: kept.map((at) => walk.states[at]!),
    instances: kept.map((at) => walk.instances[at]!),
    choices: kept.map((at) => walk.choices[at]!),
  }
}

/** Text that equal states share. */
export function keyOf(words: Int32Array): string {
  return String.fromCharCode(...new Uint16Array(words.buffer, words.byteOffset, 2 * words.length))
}
