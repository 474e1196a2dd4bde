/**
 * A model as diagrams: its actions and constraints as far as they are learned, in the space of one order of variables.
 *
 * Moving to another order takes what is learned along: no function of the spec is called again for it.
 */
import type { LearnedEvaluator } from '../learn/learned.ts'
import { predicateInstances, type ActionInstance } from '../spec/instances.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import { unpack, type Layout } from '../state/layout.ts'
import type { Slot } from '../state/shape.ts'
import { MOST_CONTENTS } from './diagram/relations.ts'
import { Diagrams, type Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { initialSet } from './initial-set.ts'
import { Space } from './space.ts'
import { ActionStudy, PredicateStudy } from './study.ts'

/**
 * Operations on diagrams recur from slot to slot, up to four calls for each, and Node has room for some five thousand
 * calls that are not optimized yet.
 */
const MOST_SLOTS = 1000

/** Something that has diagrams in the space of a model. */
export interface Tenant {
  /** Makes the diagrams anew, in another space. */
  move(space: Space): void
  /** The diagrams that are to outlive a collection. */
  roots(): Iterable<Diagram>
}

/** What a model is made of. */
export interface Parts {
  readonly layout: Layout
  readonly evaluator: LearnedEvaluator
  readonly instances: readonly ActionInstance[]
  /** Packed. */
  readonly initial: Int32Array
  readonly constraints: readonly PropertyDefinition<'constraint'>[]
  readonly maxBytes: number
}

/** States within the constraints, and beyond. */
export interface Divided {
  readonly inside: Diagram
  readonly outside: Diagram
}

export class SymbolicModel {
  readonly layout: Layout
  readonly diagrams: Diagrams
  readonly actions: readonly ActionStudy[]
  readonly constraints: readonly PredicateStudy[]
  /** The initial states, packed, repeats included. */
  readonly #initial: Int32Array
  space: Space
  readonly #tenants: Tenant[] = []

  constructor({ layout, evaluator, instances, initial, constraints, maxBytes }: Parts) {
    this.layout = layout
    this.diagrams = new Diagrams(maxBytes)
    this.actions = instances.map((it, index) => new ActionStudy(it, evaluator.actions, index, evaluator.leaves))
    const watched = constraints.flatMap(predicateInstances).map((predicate) => ({ predicate, expected: true }))
    const { pupil } = evaluator.watch(watched)
    this.constraints = watched.map(({ predicate }, index) => new PredicateStudy(predicate, true, pupil, index))
    this.#initial = initial
    this.space = new Space(this.diagrams, [...layout.slots.keys()])
    for (const study of [...this.actions, ...this.constraints]) this.admit(study)
  }

  /** Why no model of this layout can be made diagrams of; undefined if one can. */
  static refusal({ slots }: Layout): string | undefined {
    const most = (count: number): string => count.toLocaleString('en')
    if (slots.length > MOST_SLOTS) {
      return `its states have ${most(slots.length)} slots, and there may be ${most(MOST_SLOTS)}`
    }
    const wide = slots.find(({ size }) => size > MOST_CONTENTS)
    return wide && `${wide.name} has ${most(wide.size)} values, and there may be ${most(MOST_CONTENTS)}`
  }

  /** Lets something have diagrams in the space of this model. */
  admit(tenant: Tenant): void {
    this.#tenants.push(tenant)
  }

  /** Has it no more. */
  dismiss(tenant: Tenant): void {
    this.#tenants.splice(this.#tenants.indexOf(tenant), 1)
  }

  /** Moves to another order of variables. All diagrams but those of tenants are lost. */
  moveTo(order: readonly Slot[]): void {
    this.vacate(order, [])
    this.occupy()
  }

  /**
   * Goes over to another order of variables: the first half of moving, after which tenants have no diagrams.
   *
   * @param kept - diagrams that are good in the new space
   */
  vacate(order: readonly Slot[], kept: Iterable<Diagram>): void {
    this.diagrams.collect(kept)
    this.space = new Space(this.diagrams, order)
  }

  /** Makes the diagrams of tenants: the second half of moving, which may be broken off and done again. */
  occupy(): void {
    for (const tenant of this.#tenants) tenant.move(this.space)
  }

  /** Frees what is not needed any more, if it is likely much. To be called between operations; `others` are diagrams that are. */
  tidy(others: Iterable<Diagram>): void {
    this.diagrams.tidy(() => this.#needed(others))
  }

  /** Frees what is not needed any more. To be called between operations; `others` are diagrams that are. */
  collect(others: Iterable<Diagram>): void {
    this.diagrams.collect(this.#needed(others))
  }

  #needed(others: Iterable<Diagram>): Diagram[] {
    this.space.census.clear()
    return [...others, ...this.#tenants.flatMap((tenant) => [...tenant.roots()])]
  }

  /** The initial states, as a set. */
  start(): Diagram {
    return initialSet(this.diagrams, this.space.order, this.layout, this.#initial)
  }

  /** How many initial states are in a set, repeats counted. */
  initialIn(set: Diagram): number {
    if (set === EMPTY) return 0
    const { width, slots } = this.layout
    const unpacked = new Int32Array(slots.length)
    let count = 0
    for (let offset = 0; offset < this.#initial.length; offset += width) {
      unpack(this.layout, this.#initial, offset, unpacked)
      if (this.space.has(set, unpacked)) count++
    }
    return count
  }

  /** Divides a set by the constraints, learning what it has to. */
  divide(set: Diagram): Divided {
    let inside = set
    for (const constraint of this.constraints) {
      constraint.learn(this.space, inside)
      inside = this.diagrams.minus(inside, this.space.relations.image(inside, constraint.departing))
    }
    return { inside, outside: this.diagrams.minus(set, inside) }
  }

  /** How many cubes the actions have. */
  get cubes(): number {
    return this.actions.reduce((sum, { cubes }) => sum + cubes.length, 0)
  }

  /** The slots of each function that was learned. */
  edges(): Slot[][] {
    return this.actions.map(({ slots, written }) => [...new Set([...slots, ...written])])
  }
}
