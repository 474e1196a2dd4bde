/**
 * Turns a path over representatives into a behavior of the model.
 *
 * Two consecutive representatives are connected only up to a permutation. The behavior visits the same orbits. It
 * begins in a real initial state, and each step goes to the least successor in the next orbit, so it depends on the
 * spec alone. Its last state is a permutation of the finding's state, so the finding is permuted in the same way.
 */
import { notSymmetric } from '../errors.ts'
import { type NextState } from '../semantics/contract.ts'
import { Successors } from '../semantics/successors.ts'
import { compareStates, type StateOrder } from '../state/order.ts'
import { composed, inverse, type Permutation, type Symmetry } from '../state/symmetry/symmetry.ts'
import type { ActionInstance } from '../spec/instances.ts'
import type { Path } from './path.ts'

export interface ConcretizeContext {
  readonly symmetry: Symmetry
  readonly next: NextState
  readonly initial: Int32Array
  readonly instances: readonly ActionInstance[]
  readonly order: StateOrder
  readonly width: number
}

/**
 * The least behavior through the orbits of a path.
 *
 * @param path - its states are representatives
 * @throws {CheckerError} KR508 if there is none
 */
export function concretize(behaviors: ConcretizeContext, { states, instances }: Path): Path {
  const { symmetry, next, initial, order, width } = behaviors
  const out = new Successors(width)
  const leastIn = (orbit: Int32Array, words: Int32Array, end: number): number => {
    const own = words.slice(0, end)
    let least = -1
    for (let offset = 0; offset < end; offset += width) {
      symmetry.represent(own, offset)
      if (compareStates(own, offset, orbit, 0, width) !== 0) continue
      if (least < 0 || order(words, offset, words, least) < 0) least = offset
    }
    return least
  }
  const first = leastIn(states[0]!, initial, initial.length)
  if (first < 0) throw notSymmetric('init')
  const made = [initial.slice(first, first + width)]
  const taken = [-1]
  for (let index = 1; index < states.length; index++) {
    next.successors(made.at(-1)!, 0, out)
    const offset = leastIn(states[index]!, out.words, out.size * width)
    if (offset < 0) throw notSymmetric(behaviors.instances[instances[index]!]!.who)
    made.push(out.words.slice(offset, offset + width))
    taken.push(out.instance[offset / width]!)
  }
  return { states: made, instances: taken }
}

/** A permutation that maps one state to another state of the same orbit. */
export function permutationBetween(symmetry: Symmetry, one: Int32Array, other: Int32Array): Permutation {
  const there = symmetry.represent(one.slice(), 0).slice()
  return composed(there, inverse(symmetry.represent(other.slice(), 0)))
}
