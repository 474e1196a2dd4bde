/**
 * A model as diagrams: its actions and constraints as far as they are learned, in the space of one order of variables.
 *
 * Moving to another order takes what is learned along: no function of the spec is called again for it.
 */
import type { LearnedEvaluator } from '../../semantics/learned/learned-evaluator.ts'
import { predicateInstances, type ActionInstance } from '../../spec/instances.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import { unpack, type Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'
import { valuesAt } from './diagram/choice.ts'
import { Joint } from './diagram/joint.ts'
import { MAX_CONTENTS } from './diagram/relations.ts'
import { Diagrams, type Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { Digits, MAX_WHOLE, type Digit } from './digits.ts'
import { initialSet } from './initial-set.ts'
import { Space } from './space.ts'
import { ActionLearner, PredicateLearner } from './relation-learner.ts'

/**
 * Operations on diagrams recur from slot to slot, up to four calls for each, and Node has room for some five thousand
 * calls that are not optimized yet.
 */
const MAX_SLOTS = 1000

/** The least number of contents for which a wide slot is split. Many have few: a fork is used by two of all philosophers. */
const MANY_CONTENTS = 16

/** The most states that are evaluated one by one. */
const FEW = 8

/** A set with more nodes for each place is taken as large without counting its states. */
const NODES_PER_PLACE = 4

/** Something that has diagrams in the space of a model. */
export interface RootHolder {
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

/** The steps of all actions as one relation, and what it was made from. */
export interface AllSteps {
  readonly cubes: number
  readonly space: Space
  readonly collections: number
  /** Where they lead from a set. */
  image(set: Diagram): Diagram
  /** The part of a set from which one leads to a state of `goal`. */
  preimage(within: Diagram, goal: Diagram): Diagram
}

/** States within the constraints, and beyond. */
export interface Divided {
  readonly inside: Diagram
  readonly outside: Diagram
}

export class SymbolicModel {
  readonly layout: Layout
  readonly diagrams: Diagrams
  /**
   * The most times in a row that the same steps found something new. If they found few states each time, the states
   * form long chains.
   */
  turns = 0
  /** What places hold: whole slots, before some are split. */
  digits: Digits
  readonly actions: readonly ActionLearner[]
  readonly constraints: readonly PredicateLearner[]
  /** The initial states, packed, repeats included. */
  readonly #initial: Int32Array
  space: Space
  /** The steps of all actions, for as long as nothing of them changes. */
  #steps: AllSteps | undefined
  readonly #holders: RootHolder[] = []

  constructor({ layout, evaluator, instances, initial, constraints, maxBytes }: Parts) {
    this.layout = layout
    this.diagrams = new Diagrams(maxBytes)
    this.digits = new Digits(layout.slots)
    this.actions = instances.map((it, index) => new ActionLearner(it, evaluator.actions, index, evaluator.leaves))
    const watched = constraints.flatMap(predicateInstances).map((predicate) => ({ predicate, expected: true }))
    const { learner } = evaluator.watch(watched)
    this.constraints = watched.map(({ predicate }, index) => new PredicateLearner(predicate, true, learner, index))
    this.#initial = initial
    this.space = new Space(this.diagrams, this.digits, this.digits.sideBySide([...layout.slots.keys()]))
    for (const learner of [...this.actions, ...this.constraints]) this.admit(learner)
  }

  /** Why no model of this layout can be made diagrams of; undefined if one can. */
  static refusal({ slots }: Layout): string | undefined {
    const most = (count: number): string => count.toLocaleString('en')
    if (slots.length > MAX_SLOTS) {
      return `its states have ${most(slots.length)} slots, and there may be ${most(MAX_SLOTS)}`
    }
    const wide = slots.find(({ size }) => size > MAX_CONTENTS)
    return wide && `${wide.name} has ${most(wide.size)} values, and there may be ${most(MAX_CONTENTS)}`
  }

  /** Notes that the same steps found something new this many times in a row. */
  noteTurns(turns: number): void {
    this.turns = Math.max(this.turns, turns)
  }

  /** Lets something have diagrams in the space of this model. */
  admit(holder: RootHolder): void {
    this.#holders.push(holder)
  }

  /** Has it no more. */
  dismiss(holder: RootHolder): void {
    this.#holders.splice(this.#holders.indexOf(holder), 1)
  }

  /**
   * Splits wide slots that have many contents. If there are any, all diagrams are lost, and holders have none until the
   * model moves to an order.
   *
   * @param contents - how many contents of a slot were seen
   * @returns whether any slot was split
   */
  split(contents: (slot: Slot) => number): boolean {
    const { slots } = this.layout
    const isWide = (slot: Slot): boolean => slots[slot]!.size > MAX_WHOLE && this.digits.of(slot).length === 1
    const many = [...slots.keys()].filter((slot) => isWide(slot) && contents(slot) >= MANY_CONTENTS)
    if (many.length === 0) return false
    const before = this.digits
    const isSplit = (slot: Slot): boolean => before.of(slot).length > 1 || many.includes(slot)
    const digits = new Digits(slots, isSplit, MAX_SLOTS)
    if (digits.count === before.count) return false
    this.digits = digits
    this.vacate(digits.sideBySide([...slots.keys()]), [])
    return true
  }

  /** How many contents a slot that is not split has in a set. */
  contentsIn(set: Diagram, slot: Slot): number {
    const [digit] = this.digits.of(slot)
    return valuesAt(this.diagrams, set, this.space.order.indexOf(digit!)).size
  }

  /** Moves to another order of variables. All diagrams but those of holders are lost. */
  moveTo(order: readonly Digit[]): void {
    this.vacate(order, [])
    this.occupy()
  }

  /**
   * Goes over to another order of variables: the first half of moving, after which holders have no diagrams.
   *
   * @param kept - diagrams that are good in the new space
   */
  vacate(order: readonly Digit[], kept: Iterable<Diagram>): void {
    this.diagrams.collect(kept)
    this.space = new Space(this.diagrams, this.digits, order)
  }

  /** Makes the diagrams of holders: the second half of moving, which may be broken off and done again. */
  occupy(): void {
    for (const holder of this.#holders) holder.move(this.space)
  }

  /** Frees what is not needed any more, if it is likely much. To be called between operations; `others` are diagrams that are. */
  collectIfFull(others: Iterable<Diagram>): void {
    this.diagrams.tidy(() => this.#needed(others))
  }

  /** Frees what is not needed any more. To be called between operations; `others` are diagrams that are. */
  collect(others: Iterable<Diagram>): void {
    this.diagrams.collect(this.#needed(others))
  }

  #needed(others: Iterable<Diagram>): Diagram[] {
    this.space.counter.clear()
    return [...others, ...this.#holders.flatMap((holder) => [...holder.roots()])]
  }

  /** The initial states, as a set. */
  start(): Diagram {
    return initialSet(this.diagrams, this.space.order, this.digits.packed(this.layout), this.#initial)
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

  /**
   * The states of a set if they are few. Evaluating each is then less work than following a whole relation, whose cubes
   * may turn out not to apply only after many places.
   */
  few(set: Diagram): readonly Int32Array[] | undefined {
    const { diagrams, space } = this
    return diagrams.isAtMost(set, NODES_PER_PLACE * this.digits.count) ? space.few(set, FEW) : undefined
  }

  /** Where all actions lead from a set on which they were learned. */
  after(set: Diagram): Diagram {
    const few = this.few(set)
    if (few === undefined) return this.steps().image(set)
    return few.reduce<Diagram>((all, slots) => this.diagrams.union(all, this.successors(slots, this.actions)), EMPTY)
  }

  /** The part of a set, on which all actions were learned, from which one leads to a state. */
  before(set: Diagram, slots: Int32Array): Diagram {
    const { diagrams, space } = this
    const goal = space.state(slots)
    const few = this.few(set)
    if (few === undefined) return this.steps().preimage(set, goal)
    const leadsThere = (one: Int32Array): boolean =>
      diagrams.intersect(this.successors(one, this.actions), goal) !== EMPTY
    return few.filter(leadsThere).reduce<Diagram>((all, one) => diagrams.union(all, space.state(one)), EMPTY)
  }

  /** Where some actions lead from a state on which they were learned. */
  successors(slots: Int32Array, actions: readonly ActionLearner[]): Diagram {
    const { diagrams, space } = this
    const { cache } = diagrams
    let set = EMPTY
    cache.charge(actions.length >> 3)
    for (const action of actions) {
      for (const writes of action.writesOn(slots)) {
        const after = slots.slice()
        for (const [slot, content] of writes) after[slot] = content
        cache.charge(space.order.length >> 3)
        set = diagrams.union(set, space.state(after))
      }
    }
    cache.onWork()
    return set
  }

  /** The steps of all actions as one relation, as far as they are known. Ask for it in each piece of work anew. */
  steps(): AllSteps {
    const { diagrams, cubes, space } = this
    const { collections } = diagrams
    const known = this.#steps
    if (known?.cubes === cubes && known.space === space && known.collections === collections) return known
    const joint = new Joint(diagrams)
    const relation = joint.joined(this.actions.flatMap(({ moves }) => moves.map(({ step }) => step)))
    const image = (set: Diagram): Diagram => joint.image(set, relation)
    const preimage = (within: Diagram, goal: Diagram): Diagram => joint.preimage(within, goal, relation)
    return (this.#steps = { cubes, space, collections, image, preimage })
  }

  /** How many cubes the actions have. */
  get cubes(): number {
    return this.actions.reduce((sum, { cubes }) => sum + cubes.length, 0)
  }

  /** How many slots are known to be read or written, over all actions: what `edges` gives changes only if that does. */
  get slotsKnown(): number {
    return this.actions.reduce((sum, { slots, written }) => sum + slots.size + written.size, 0)
  }

  /** The slots of each function that was learned. */
  edges(): Slot[][] {
    return this.actions.map(({ slots, written }) => [...new Set([...slots, ...written])])
  }
}
