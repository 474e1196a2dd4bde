/**
 * Counts tuples exactly, and finds a tuple by its number.
 *
 * Counts stay cached until diagrams are collected, because a diagram that grew a little shares most nodes with its
 * predecessor.
 */
import type { Diagram, Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'

export class Counter {
  readonly #diagrams: Diagrams
  readonly #counts = new Map<Diagram, bigint>()

  constructor(diagrams: Diagrams) {
    this.#diagrams = diagrams
  }

  count(set: Diagram): bigint {
    if (set <= UNIT) return BigInt(set)
    const known = this.#counts.get(set)
    if (known !== undefined) return known
    let sum = 0n
    for (let node = set; node !== EMPTY; node = this.#diagrams.right(node)) sum += this.count(this.#diagrams.down(node))
    this.#counts.set(set, sum)
    return sum
  }

  /** The tuple with number `index`, from 0, in the order of their values. */
  at(set: Diagram, index: bigint): number[] {
    const values: number[] = []
    let left = index
    for (let node = set; node !== UNIT;) {
      const count = this.count(this.#diagrams.down(node))
      if (left >= count) {
        left -= count
        node = this.#diagrams.right(node)
      } else {
        values.push(this.#diagrams.value(node))
        node = this.#diagrams.down(node)
      }
    }
    return values
  }

  /** The tuples of a set, or undefined if there are more than `most`. */
  few(set: Diagram, most: number): readonly (readonly number[])[] | undefined {
    const count = this.count(set)
    return count > most ? undefined : Array.from({ length: Number(count) }, (_, index) => this.at(set, BigInt(index)))
  }

  /** Forgets the counts. Call this when diagrams are collected. */
  clear(): void {
    this.#counts.clear()
  }
}
