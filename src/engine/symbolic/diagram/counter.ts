/**
 * Counts of tuples, exact, and the choice of one by its number.
 *
 * What was counted is kept until diagrams are collected: a diagram that has grown a little has most of its nodes from
 * before.
 */
import type { Diagram, Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'

export class Counter {
  readonly #diagrams: Diagrams
  readonly #counts = new Map<Diagram, bigint>()

  constructor(diagrams: Diagrams) {
    this.#diagrams = diagrams
  }

  /** How many tuples are in a set. */
  count(set: Diagram): bigint {
    if (set <= UNIT) return BigInt(set)
    const known = this.#counts.get(set)
    if (known !== undefined) return known
    let sum = 0n
    for (let node = set; node !== EMPTY; node = this.#diagrams.right(node)) sum += this.count(this.#diagrams.down(node))
    this.#counts.set(set, sum)
    return sum
  }

  /** The tuple numbered `index`, from 0, in the order of their values. */
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

  /** The tuples of a set, if they are so many or fewer. */
  few(set: Diagram, most: number): readonly (readonly number[])[] | undefined {
    const count = this.count(set)
    return count > most ? undefined : Array.from({ length: Number(count) }, (_, index) => this.at(set, BigInt(index)))
  }

  /** Forgets the counts: to be called when diagrams are collected. */
  clear(): void {
    this.#counts.clear()
  }
}
