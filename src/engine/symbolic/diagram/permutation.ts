/**
 * Sets with the places of their tuples in another order.
 *
 * Place by place the one that is to be next is brought to the front, then the same is done below. What is brought to the
 * front of one list is known for all that share it.
 */
import { FRONT, type Diagram, type Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'
import { NOT_CACHED } from './operation-cache.ts'

export class Permutation {
  readonly #diagrams: Diagrams
  /** By new place: how many places of those that are left come before the one that is to be next. */
  readonly #offsets: readonly number[]
  readonly #operation: number

  /** @param places - the old places, in the new order */
  constructor(diagrams: Diagrams, places: readonly number[]) {
    this.#diagrams = diagrams
    this.#offsets = places.map((place, index) => place - places.slice(0, index).filter((it) => it < place).length)
    this.#operation = diagrams.newOperation()
  }

  /** The set, permuted. Its size, and so the work, may be exponentially larger than before. */
  of(set: Diagram): Diagram {
    return this.#from(set, 0)
  }

  /** The tuples of what is left of a set, from a new place on. */
  #from(set: Diagram, place: number): Diagram {
    if (set <= UNIT) return set
    const { cache } = this.#diagrams
    const known = cache.get(set, place, this.#operation)
    if (known !== NOT_CACHED) return known
    const diagrams = this.#diagrams
    const { base } = diagrams
    for (let node = this.#front(set, this.#offsets[place]!); node !== EMPTY; node = diagrams.right(node)) {
      diagrams.put(diagrams.value(node), this.#from(diagrams.down(node), place + 1))
    }
    return cache.set(set, place, this.#operation, diagrams.build(base, EMPTY))
  }

  /** A set with one place brought to the front. */
  #front(set: Diagram, place: number): Diagram {
    if (place === 0) return set
    const diagrams = this.#diagrams
    const { cache } = diagrams
    const known = cache.get(set, place, FRONT)
    if (known !== NOT_CACHED) return known
    // By the content of the place: the lists of what comes before it, values ascending.
    const lists = new Map<number, [value: number, down: Diagram][]>()
    for (let node = set; node !== EMPTY; node = diagrams.right(node)) {
      for (let front = this.#front(diagrams.down(node), place - 1); front !== EMPTY; front = diagrams.right(front)) {
        const value = diagrams.value(front)
        const list = lists.get(value)
        if (list === undefined) lists.set(value, [[diagrams.value(node), diagrams.down(front)]])
        else list.push([diagrams.value(node), diagrams.down(front)])
      }
    }
    const { table } = diagrams
    const listed = (list: readonly [number, Diagram][]): Diagram =>
      list.reduceRight<Diagram>((rest, [value, down]) => table.make(value, down, rest), EMPTY)
    const values = [...lists.keys()].sort((a, b) => a - b)
    return cache.set(set, place, FRONT, listed(values.map((value) => [value, listed(lists.get(value)!)])))
  }
}
