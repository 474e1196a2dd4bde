/**
 * The space of states under one order of variables: which place of a tuple each slot has, or each of its digits.
 *
 * The order affects the size of diagrams only.
 */
import type { Slot } from '../../state/shape.ts'
import { Counter } from './diagram/counter.ts'
import { leastOf } from './diagram/choice.ts'
import { type Diagram, type Diagrams } from './diagram/diagrams.ts'
import { Permutation } from './diagram/permutation.ts'
import { Relations, type Contents, type Covered } from './diagram/relations.ts'
import type { Digit, Digits } from './digits.ts'

export class Space {
  readonly diagrams: Diagrams
  readonly relations: Relations
  readonly counter: Counter
  /** By place: the digit. */
  readonly order: readonly Digit[]
  readonly #digits: Digits
  /** By digit: the place. */
  readonly #places: Int32Array

  constructor(diagrams: Diagrams, digits: Digits, order: readonly Digit[]) {
    this.diagrams = diagrams
    this.#digits = digits
    this.relations = new Relations(diagrams)
    this.counter = new Counter(diagrams)
    this.order = order
    this.#places = new Int32Array(order.length)
    order.forEach((digit, place) => (this.#places[digit] = place))
  }

  /** The set of one state. */
  state(slots: Int32Array): Diagram {
    return this.diagrams.tuple(this.#tuple(slots))
  }

  has(set: Diagram, slots: Int32Array): boolean {
    return this.diagrams.has(set, this.#tuple(slots))
  }

  /** Converts a set of this space to the space of another order. */
  inOrder(order: readonly Digit[], set: Diagram): Diagram {
    return new Permutation(
      this.diagrams,
      order.map((digit) => this.#places[digit]!),
    ).of(set)
  }

  /** The relation of one cube, given by slots. */
  cube(reads: Contents, writes: Contents): Diagram {
    return this.relations.cube(this.#split(reads), this.#split(writes), this.#places)
  }

  /** A state of a set that no cube of a relation covers; undefined if all are covered. See `Relations.witness`. */
  witness(relation: Diagram, set: Diagram, covered: Covered): Int32Array | undefined {
    const values = this.relations.witness(relation, set, covered)
    return values && this.#slots(values)
  }

  /** The states of a set, or undefined if there are more than `most`. */
  few(set: Diagram, most: number): readonly Int32Array[] | undefined {
    return this.counter.few(set, most)?.map((values) => this.#slots(values))
  }

  /** The state of a set numbered `index`. */
  at(set: Diagram, index: bigint): Int32Array {
    return this.#slots(this.counter.at(set, index))
  }

  /**
   * The least state of a nonempty set. The last slot is the most significant; see `orderOf`.
   *
   * @param compare - compares two contents of a slot
   */
  least(set: Diagram, compare: (slot: Slot, one: number, other: number) => number): Int32Array {
    const heaviestFirst = Array.from({ length: this.#digits.slots }, (_, slot) =>
      this.#digits.of(slot).map((digit) => this.#places[digit]!),
    ).reverse()
    const bySlot = (values: readonly number[], index: number): number => this.#content(heaviestFirst[index]!, values)
    const byContent = (index: number, one: readonly number[], other: readonly number[]): number =>
      compare(heaviestFirst.length - 1 - index, bySlot(one, index), bySlot(other, index))
    return this.#slots(leastOf(this.diagrams, this.relations, set, heaviestFirst, byContent))
  }

  /** The content of a slot, given the places of its digits and all values. */
  #content(places: readonly number[], values: readonly number[]): number {
    return values.reduce((sum, value, index) => sum + this.#digits.contentOf(this.order[places[index]!]!, value), 0)
  }

  #tuple(slots: Int32Array): number[] {
    const digits = this.#digits
    return this.order.map((digit) => digits.valueOf(digit, slots[digits.slotOf(digit)]!))
  }

  /** Converts contents of slots to contents of digits. */
  #split(contents: Contents): Contents {
    const digits = this.#digits
    if (!digits.isAnySplit) return contents
    return new Map(
      Array.from(contents).flatMap(([slot, content]) =>
        digits.of(slot).map((digit) => [digit, digits.valueOf(digit, content)] as const),
      ),
    )
  }

  #slots(values: readonly number[]): Int32Array {
    const digits = this.#digits
    const slots = new Int32Array(digits.slots)
    values.forEach((value, place) => {
      const digit = this.order[place]!
      slots[digits.slotOf(digit)]! += digits.contentOf(digit, value)
    })
    return slots
  }
}
