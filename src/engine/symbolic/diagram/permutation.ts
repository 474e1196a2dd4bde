/**
 * Reorders the places of the tuples of a set.
 *
 * For each new place, the algorithm moves the wanted old place to the front, then continues below. The cache shares
 * that work among all sets that contain the same list.
 */
import { FRONT, type Diagram, type Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'
import { NOT_CACHED } from './operation-cache.ts'

export class Permutation {
  readonly #diagrams: Diagrams
  /** By new place: the offset of the wanted place among the places that are left. */
  readonly #offsets: readonly number[]
  readonly #operation: number

  /** @param places - the old places, in their new order */
  constructor(diagrams: Diagrams, places: readonly number[]) {
    this.#diagrams = diagrams
    this.#offsets = places.map((place, index) => place - places.slice(0, index).filter((it) => it < place).length)
    this.#operation = diagrams.newOperation()
  }

  /** The permuted set. Its size, and so the work, may be exponentially larger. */
  of(set: Diagram): Diagram {
    return this.#from(set, 0)
  }

  /** Reorders the rest of a set, from a new place on. */
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

  /** The set with one place moved to the front. */
  #front(set: Diagram, place: number): Diagram {
    if (place === 0) return set
    const diagrams = this.#diagrams
    const { cache } = diagrams
    const known = cache.get(set, place, FRONT)
    if (known !== NOT_CACHED) return known
    // By content of the moved place: the values before it, ascending, with the lists below.
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
