/** Walks as data: their states, and the step to each of them. */
import type { Path } from '../../trace/path.ts'

/** A path with the index of each successor among those of its instance, from 0; -1 for the initial state. */
export interface Walk extends Path {
  readonly choices: readonly number[]
}

/** A step to repeat from another state: the action instance, and the index of the successor. */
export interface WalkStep {
  readonly instance: number
  readonly choice: number
}

export function movesOf({ instances, choices }: Walk): WalkStep[] {
  return instances.slice(1).map((instance, index) => ({ instance, choice: choices[index + 1]! }))
}

/** Part of a walk, from the state at `from` to the state before `to`. */
export function part({ states, instances, choices }: Walk, from: number, to?: number): Walk {
  return { states: states.slice(from, to), instances: instances.slice(from, to), choices: choices.slice(from, to) }
}

/** Concatenates walks. Each walk begins with the last state of the one before, and that state occurs once. */
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

/** The walk without its cycles: the part between two visits of a state is removed. */
export function withoutCycles(walk: Walk): Walk {
  const lastAt = new Map(walk.states.map((words, index) => [keyOf(words), index]))
  const kept: number[] = []
  for (let at = 0; at < walk.states.length; at++) {
    kept.push(at)
    at = lastAt.get(keyOf(walk.states[at]!))!
  }
  // A kept state is its last occurrence, but with the step to its first one.
  return {
    states: kept.map((at) => walk.states[at]!),
    instances: kept.map((at) => walk.instances[at]!),
    choices: kept.map((at) => walk.choices[at]!),
  }
}

/** Equal states have the same text. */
export function keyOf(words: Int32Array): string {
  return String.fromCharCode(...new Uint16Array(words.buffer, words.byteOffset, 2 * words.length))
}
