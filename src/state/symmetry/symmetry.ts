/** The symmetry of a layout: representatives of packed states, and permutations of states. */
import type { SymmetricSet } from '../../spec/symmetric-sets.ts'
import { packInto, unpack, type Layout } from '../layout.ts'
import { Canonizer } from './canonizer.ts'
import { exchange, Exchanges, NOBODY, slotsAfter } from './exchanges.ts'
import type { Renaming } from './permuted.ts'

/** By member, over all sets: the member of the same set that it becomes. */
export type Permutation = Int32Array

export class Symmetry {
  readonly sets: readonly SymmetricSet[]
  /** The number of members over all sets. */
  readonly members: number
  readonly #layout: Layout
  readonly #exchanges: Exchanges
  readonly #canonizer: Canonizer
  readonly #slots: Int32Array

  /** @param sets - at least one */
  constructor(layout: Layout, sets: readonly SymmetricSet[]) {
    this.sets = sets
    this.#layout = layout
    this.#exchanges = new Exchanges(layout, sets)
    this.members = this.#exchanges.names.length
    this.#canonizer = new Canonizer(this.#exchanges, layout.slots.length)
    this.#slots = new Int32Array(layout.slots.length)
  }

  /**
   * Replaces the packed state at `words[offset..]` by the representative of its orbit.
   *
   * @returns a permutation that maps the state to the representative. This array is valid until the next call.
   */
  represent(words: Int32Array, offset: number): Permutation {
    unpack(this.#layout, words, offset, this.#slots)
    const permutation = this.#canonizer.canonize(this.#slots)
    packInto(this.#layout, this.#slots, words, offset)
    return permutation
  }

  /** Permutes the members in the packed state at `words[offset..]`. */
  permute(words: Int32Array, offset: number, permutation: Permutation): void {
    unpack(this.#layout, words, offset, this.#slots)
    const now = Int32Array.from(permutation, (_, member) => member)
    for (let member = 0; member < permutation.length; member++) {
      const at = now[member]!
      const to = permutation[member]!
      if (at === to) continue
      exchange(this.#exchanges.of(at, to), this.#slots)
      now[now.indexOf(to)] = at
      now[member] = to
    }
    packInto(this.#layout, this.#slots, words, offset)
  }

  /** The exchanges of neighbors in each set. Each permutation is a product of them. */
  neighbors(): Permutation[] {
    const { setOf } = this.#exchanges
    return Array.from({ length: this.members - 1 }, (_, member) => member)
      .filter((member) => setOf[member] === setOf[member + 1])
      .map((member) => this.exchangeOf(member, member + 1))
  }

  /** Every exchange of two members. */
  exchanges(): Permutation[] {
    const { setOf } = this.#exchanges
    const members = Array.from({ length: this.members }, (_, member) => member)
    return members.flatMap((one) =>
      members.filter((other) => other > one && setOf[one] === setOf[other]).map((other) => this.exchangeOf(one, other)),
    )
  }

  /** A random permutation. `rng` gives numbers from 0 to below its argument. */
  shuffle(rng: (bound: number) => number): Permutation {
    const { first } = this.#exchanges
    const permutation = Int32Array.from({ length: this.members }, (_, member) => member)
    for (let set = 0; set < this.sets.length; set++) {
      for (let last = first[set + 1]! - 1; last > first[set]!; last--) {
        const other = first[set]! + rng(last - first[set]! + 1)
        const held = permutation[last]!
        permutation[last] = permutation[other]!
        permutation[other] = held
      }
    }
    return permutation
  }

  /** The permutation as a renaming of members. */
  renaming(permutation: Permutation): Renaming {
    return (name) => {
      const member = this.#exchanges.numberOf(name)
      return member === NOBODY ? name : this.#exchanges.names[permutation[member]!]!
    }
  }

  /** The permutation as text, such as `rm1 ↔ rm2`, or `a1 → a2 → a3 → a1` for a longer cycle. */
  inWords(permutation: Permutation): string {
    const { names } = this.#exchanges
    const isDone = permutation.map(() => 0)
    const cycles: string[] = []
    for (let start = 0; start < permutation.length; start++) {
      const cycle: string[] = []
      for (let member = start; isDone[member] === 0; member = permutation[member]!) {
        isDone[member] = 1
        cycle.push(names[member]!)
      }
      if (cycle.length === 2) cycles.push(cycle.join(' ↔ '))
      else if (cycle.length > 2) cycles.push([...cycle, cycle[0]].join(' → '))
    }
    return cycles.join(', ')
  }

  /** The effect on slots of an exchange of two neighbors, one of `neighbors()`. */
  onSlots(permutation: Permutation): { readonly places: Int32Array; exchange(slots: Int32Array): void } {
    const one = permutation.findIndex((member, at) => member !== at)
    const lists = this.#exchanges.of(one, permutation[one]!)
    return { places: slotsAfter(lists, this.#slots.length), exchange: (slots) => exchange(lists, slots) }
  }

  exchangeOf(one: number, other: number): Permutation {
    const member = (at: number): number => (at === one ? other : at === other ? one : at)
    return Int32Array.from({ length: this.members }, (_, at) => member(at))
  }
}

/** The permutation that applies `first`, then `second`. */
export function composed(first: Permutation, second: Permutation): Permutation {
  return first.map((member) => second[member]!)
}

/** The inverse permutation. */
export function inverse(permutation: Permutation): Permutation {
  const undone = new Int32Array(permutation.length)
  permutation.forEach((to, member) => (undone[to] = member))
  return undone
}
