/**
 * A model as diagrams: its actions and constraints as far as they are learned, under one order of variables.
 *
 * Learned paths survive a move to another order, so the move calls no function of the spec.
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
 * Diagram operations recur from slot to slot, with up to four calls for each. Node's stack holds about five thousand
 * calls of code that is not optimized yet.
 */
const MAX_SLOTS = 1000

/**
 * The minimal number of contents that makes splitting a wide slot pay. Many slots have few: two philosophers use a
 * fork.
 */
const MANY_CONTENTS = 16

/** Maximal number of states to evaluate one by one. */
const FEW = 8

/** A set with more nodes for each place counts as large; its states are not counted. */
const NODES_PER_PLACE = 4

/** An owner of diagrams in the space of a model. */
export interface RootHolder {
  /** Rebuilds the diagrams in another space. */
  move(space: Space): void
  /** The diagrams that must survive a collection. */
  roots(): Iterable<Diagram>
}

export interface Parts {
  readonly layout: Layout
  readonly evaluator: LearnedEvaluator
  readonly instances: readonly ActionInstance[]
  /** Packed. */
  readonly initial: Int32Array
  readonly constraints: readonly PropertyDefinition<'constraint'>[]
  readonly maxBytes: number
}

/** The steps of all actions as one relation, and the versions of its inputs. */
export interface AllSteps {
  readonly cubes: number
  readonly space: Space
  readonly collections: number
  /** The successors of a set. */
  image(set: Diagram): Diagram
  /** The states of `within` that have a successor in `goal`. */
  preimage(within: Diagram, goal: Diagram): Diagram
}

/** States within and outside the constraints. */
export interface Divided {
  readonly inside: Diagram
  readonly outside: Diagram
}

export class SymbolicModel {
  readonly layout: Layout
  readonly diagrams: Diagrams
  /**
   * The longest sequence in which the same steps found something new each time. If they found few states each time, the
   * states form long chains.
   */
  turns = 0
  /** The contents of places: whole slots, until some are split. */
  digits: Digits
  readonly actions: readonly ActionLearner[]
  readonly constraints: readonly PredicateLearner[]
  /** The initial states, packed, repeats included. */
  readonly #initial: Int32Array
  space: Space
  /** Cached until the steps, the space or the node numbers change. */
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

  /** A clause that says why diagrams do not suit this layout; undefined if they do. */
  static refusal({ slots }: Layout): string | undefined {
    const most = (count: number): string => count.toLocaleString('en')
    if (slots.length > MAX_SLOTS) {
      return `a state must have at most ${most(MAX_SLOTS)} slots, but has ${most(slots.length)}`
    }
    const wide = slots.find(({ size }) => size > MAX_CONTENTS)
    return wide && `a slot must have at most ${most(MAX_CONTENTS)} values, but ${wide.name} has ${most(wide.size)}`
  }

  /** Records that the same steps found something new this many times in a row. */
  noteTurns(turns: number): void {
    this.turns = Math.max(this.turns, turns)
  }

  /** Registers an owner of diagrams. */
  admit(holder: RootHolder): void {
    this.#holders.push(holder)
  }

  dismiss(holder: RootHolder): void {
    this.#holders.splice(this.#holders.indexOf(holder), 1)
  }

  /**
   * Splits wide slots that have many contents. If it splits any, all diagrams are lost, and holders stay without
   * diagrams until the model moves to an order.
   *
   * @param contents - the number of contents seen of a slot
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

  /** The number of contents that an unsplit slot has in a set. */
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
   * The first half of a move to another order. Afterwards holders have no diagrams.
   *
   * @param kept - diagrams that are valid in the new space
   */
  vacate(order: readonly Digit[], kept: Iterable<Diagram>): void {
    this.diagrams.collect(kept)
    this.space = new Space(this.diagrams, this.digits, order)
  }

  /** The second half of a move: rebuilds the diagrams of holders. It may be aborted and rerun. */
  occupy(): void {
    for (const holder of this.#holders) holder.move(this.space)
  }

  /**
   * Collects if there is probably much to free. Call this between operations; `others` are needed diagrams besides
   * those of holders.
   */
  collectIfFull(others: Iterable<Diagram>): void {
    this.diagrams.tidy(() => this.#needed(others))
  }

  /**
   * Frees diagrams that nothing needs. Call this between operations; `others` are needed diagrams besides those of
   * holders.
   */
  collect(others: Iterable<Diagram>): void {
    this.diagrams.collect(this.#needed(others))
  }

  #needed(others: Iterable<Diagram>): Diagram[] {
    this.space.counter.clear()
    return [...others, ...this.#holders.flatMap((holder) => [...holder.roots()])]
  }

  start(): Diagram {
    return initialSet(this.diagrams, this.space.order, this.digits.packed(this.layout), this.#initial)
  }

  /** The number of initial states in a set, repeats included. */
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

  /** Divides a set by the constraints, and learns the constraints where necessary. */
  divide(set: Diagram): Divided {
    let inside = set
    for (const constraint of this.constraints) {
      constraint.learn(this.space, inside)
      inside = this.diagrams.minus(inside, this.space.relations.image(inside, constraint.departing))
    }
    return { inside, outside: this.diagrams.minus(set, inside) }
  }

  /**
   * The states of a small set. Evaluating each of them is then cheaper than an image by a whole relation, whose cubes
   * may fail to match only after many places.
   */
  few(set: Diagram): readonly Int32Array[] | undefined {
    const { diagrams, space } = this
    return diagrams.isAtMost(set, NODES_PER_PLACE * this.digits.count) ? space.few(set, FEW) : undefined
  }

  /** The successors of a set on which all actions are learned. */
  after(set: Diagram): Diagram {
    const few = this.few(set)
    if (few === undefined) return this.steps().image(set)
    return few.reduce<Diagram>((all, slots) => this.diagrams.union(all, this.successors(slots, this.actions)), EMPTY)
  }

  /** The predecessors of a state in a set on which all actions are learned. */
  before(set: Diagram, slots: Int32Array): Diagram {
    const { diagrams, space } = this
    const goal = space.state(slots)
    const few = this.few(set)
    if (few === undefined) return this.steps().preimage(set, goal)
    const leadsThere = (one: Int32Array): boolean =>
      diagrams.intersect(this.successors(one, this.actions), goal) !== EMPTY
    return few.filter(leadsThere).reduce<Diagram>((all, one) => diagrams.union(all, space.state(one)), EMPTY)
  }

  /** The successors of a state on which the actions are learned. */
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

  /** The steps of all actions as one relation, as far as they are learned. Call this again in each piece of work. */
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

  get cubes(): number {
    return this.actions.reduce((sum, { cubes }) => sum + cubes.length, 0)
  }

  /** The number of slots known to be read or written, over all actions. `edges` changes only if this number does. */
  get slotsKnown(): number {
    return this.actions.reduce((sum, { slots, written }) => sum + slots.size + written.size, 0)
  }

  /** The slots of each learned function. */
  edges(): Slot[][] {
    return this.actions.map(({ slots, written }) => [...new Set([...slots, ...written])])
  }
}
