/**
 * The space of states under one order of variables: which place of a tuple each slot has.
 *
 * The order decides how large diagrams become, and nothing else.
 */
import type { Slot } from '../state/shape.ts'
import { Census } from './diagram/census.ts'
import { leastOf } from './diagram/choice.ts'
import { type Diagram, type Diagrams } from './diagram/diagrams.ts'
import { Permutation } from './diagram/permutation.ts'
import { Relations, type Contents } from './diagram/relations.ts'

export class Space {
  readonly diagrams: Diagrams
  readonly relations: Relations
  readonly census: Census
  /** By place: the slot. */
  readonly order: readonly Slot[]
  /** By slot: the place. */
  readonly #places: Int32Array

  constructor(diagrams: Diagrams, order: readonly Slot[]) {
    this.diagrams = diagrams
    this.relations = new Relations(diagrams)
    this.census = new Census(diagrams)
    this.order = order
    this.#places = new Int32Array(order.length)
    order.forEach((slot, place) => (this.#places[slot] = place))
  }

  /** The set of one state. */
  state(slots: Int32Array): Diagram {
    return this.diagrams.tuple(this.order.map((slot) => slots[slot]!))
  }

  has(set: Diagram, slots: Int32Array): boolean {
    return this.diagrams.has(
      set,
      this.order.map((slot) => slots[slot]!),
    )
  }

  /** What a set of this space is in the space of another order. */
  inOrder(order: readonly Slot[], set: Diagram): Diagram {
    return new Permutation(
      this.diagrams,
      order.map((slot) => this.#places[slot]!),
    ).of(set)
  }

  /** The relation of one cube, given by slots. */
  cube(reads: Contents, writes: Contents): Diagram {
    return this.relations.cube(reads, writes, this.#places)
  }

  /** A state of a set that a relation does not speak of; undefined if it speaks of all. */
  witness(relation: Diagram, set: Diagram): Int32Array | undefined {
    const values = this.relations.witness(relation, set)
    return values && this.#slots(values)
  }

  /** The state of a set numbered `index`. */
  at(set: Diagram, index: bigint): Int32Array {
    return this.#slots(this.census.at(set, index))
  }

  /**
   * The least state of a set that has one, the last slot weighing most; see `orderOf`.
   *
   * @param compare - two contents of a slot
   */
  least(set: Diagram, compare: (slot: Slot, one: number, other: number) => number): Int32Array {
    const heaviestFirst = [...this.#places].reverse()
    const byPlace = (place: number, one: number, other: number): number => compare(this.order[place]!, one, other)
    return this.#slots(leastOf(this.diagrams, this.relations, set, heaviestFirst, byPlace))
  }

  #slots(values: readonly number[]): Int32Array {
    const slots = new Int32Array(values.length)
    values.forEach((value, place) => (slots[this.order[place]!] = value))
    return slots
  }
}
