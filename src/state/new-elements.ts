/**
 * Elements that sparse sets hold.
 *
 * A sparse set (`messages(domain)`) has slots only for the elements that some state was found to hold. The elements are
 * fixed for a run. If a step adds another one, the run begins again with a slot for it.
 */

import type { State } from '../spec/model.ts'

/** By number of the sparse set: the positions of its elements in their domain, in ascending order. */
export type Elements = readonly (readonly number[])[]

/** An element: the number of the sparse set, and the position in the domain. */
export type Element = readonly [set: number, position: number]

/** Thrown if a state has elements without slots. */
export class NewElements extends Error {
  readonly found: readonly Element[]
  /** The state, if this thread has it. */
  state: State | undefined

  constructor(found: readonly Element[]) {
    super('a set holds elements without slots')
    this.found = found
  }
}

/** Adds elements. */
export function withElements(elements: Elements, added: Iterable<Element>): Elements {
  const sets = elements.map((positions) => new Set(positions))
  for (const [set, position] of added) {
    while (sets.length <= set) sets.push(new Set())
    sets[set]!.add(position)
  }
  return sets.map((positions) => [...positions].sort((one, other) => one - other))
}
