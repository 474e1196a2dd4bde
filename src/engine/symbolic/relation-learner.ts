/**
 * Functions of the spec as diagrams: learned on sets of states, not on single states.
 *
 * A path of a function's tree is a cube. A learner keeps the union of the cubes seen so far. It looks for a state in a
 * set that no cube covers, follows the tree there, and adds the new cube, until there is no such state. The tree calls
 * the spec where it ends. So the spec is called once for each path, however many states take it.
 */
import { howToReadLess } from '../../semantics/learned/advice.ts'
import { INTERPRET } from '../../semantics/learned/decision-tree.ts'
import type { Leaves } from '../../semantics/learned/leaves.ts'
import type { TreeLearner } from '../../semantics/learned/tree-learner.ts'
import { FALSE, TRUE } from '../../semantics/learned/truths.ts'
import type { ActionInstance, PredicateInstance, Question } from '../../spec/instances.ts'
import type { Slot } from '../../state/shape.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { nothingCovered, type Contents } from './diagram/relations.ts'
import type { Space } from './space.ts'

/** A path of a tree: the contents that it read, and its leaf. */
export interface Cube {
  readonly reads: Contents
  readonly leaf: number
}

/**
 * Maximal number of cubes of an action. With more, it distinguishes nearly all states, and diagrams of its cubes do not
 * help. Learning so many takes about ten seconds.
 */
const MAX_CUBES = 2 ** 16

/** Maximal number of cubes of a question. Other verdicts do not need its answer and should not wait long. */
export const MAX_CUBES_OF_QUESTION = 10_000

/** Learning a path takes as long as this many diagram operations, because it calls the spec several times. */
const WORK_OF_A_PATH = 2 ** 8

/** Making the diagram of a cube takes as long as this many operations. */
const WORK_OF_A_CUBE = 2 ** 3

const NOTHING: Contents = new Map()

/** Thrown when diagrams do not suit a function. */
export class Unsuited extends Error {
  readonly of: ActionInstance | Question
  /** A predicate, such as "is evaluated by reference". */
  readonly why: string

  constructor(of: ActionInstance | Question, why: string) {
    super(`${of.who} ${why}`)
    this.name = 'Unsuited'
    this.of = of
    this.why = why
  }
}

export abstract class RelationLearner {
  readonly cubes: Cube[] = []
  /** The states that some cube covers, as a relation that writes nothing. */
  known: Diagram = EMPTY
  readonly of: ActionInstance | Question
  readonly #learner: TreeLearner
  readonly #index: number
  /** The space of its diagrams, and the number of cubes that they contain. */
  #space: Space | undefined
  #entered = 0

  constructor(of: ActionInstance | Question, learner: TreeLearner, index: number) {
    this.of = of
    this.#learner = learner
    this.#index = index
  }

  /** Rebuilds the diagrams of all cubes in another space. If it is aborted, the next call resumes. */
  move(space: Space): void {
    if (this.#space !== space) {
      this.#space = space
      this.#entered = 0
      this.known = EMPTY
      this.forget()
    }
    for (; this.#entered < this.cubes.length; this.#entered++) this.#enter(space, this.cubes[this.#entered]!)
  }

  /**
   * Learns the function on all states of a set.
   *
   * @throws {Unsuited}; {Failure} if the function is impure
   */
  learn(space: Space, set: Diagram): void {
    const covered = nothingCovered()
    for (let slots; (slots = space.witness(this.known, set, covered)) !== undefined;) {
      const cube = this.#cubeAt(slots)
      this.#enter(space, cube)
      // Last, because an operation above may be aborted and rerun.
      this.#entered = this.cubes.push(cube)
      noteLearning(space)
    }
  }

  /** The cube of a state that no known cube covers. */
  #cubeAt(slots: Int32Array): Cube {
    const { reads, leaf } = this.#learner.path(this.#index, slots)
    if (leaf === INTERPRET) throw new Unsuited(this.of, this.#learner.progress[this.#index]!.remark ?? 'is not learned')
    if (this.cubes.length >= this.mostCubes) {
      throw new Unsuited(this.of, tooManyCubes(this.of, this.slots, slots.length, this.mostCubes))
    }
    return { reads: new Map(reads.map((slot) => [slot, slots[slot]!])), leaf: this.leafAt(slots, leaf) }
  }

  /** The leaf of a state. */
  protected leafOn(slots: Int32Array): number {
    return this.#learner.resolve(this.#index, slots)
  }

  /** The slots that the function was seen to read. */
  get slots(): ReadonlySet<Slot> {
    return this.#learner.progress[this.#index]!.slots
  }

  protected get mostCubes(): number {
    return MAX_CUBES_OF_QUESTION
  }

  /** The diagrams that must survive a collection. */
  roots(): Diagram[] {
    return [this.known]
  }

  #enter(space: Space, cube: Cube): void {
    const guard = space.cube(cube.reads, NOTHING)
    space.diagrams.cache.charge(WORK_OF_A_CUBE)
    this.enter(space, cube, guard)
    this.known = space.diagrams.union(this.known, guard)
  }

  /** The leaf that a cube stores for a leaf of the tree. */
  protected leafAt(_slots: Int32Array, leaf: number): number {
    return leaf
  }

  /** Forgets the diagrams of the subclass. */
  protected abstract forget(): void

  /** Adds a cube to the diagrams of the subclass. `guard` relates the states of the cube to themselves. */
  protected abstract enter(space: Space, cube: Cube, guard: Diagram): void
}

/** A predicate that says why diagrams do not suit a function. */
export function tooManyCubes(of: RelationLearner['of'], read: ReadonlySet<Slot>, slots: number, most: number): string {
  return (
    `reads ${read.size} of ${slots} slots in more than ${most.toLocaleString('en')} combinations, too many for the symbolic engine; ` +
    howToReadLess(of)
  )
}

/** Records that a path was learned. This may exceed the limit. */
export function noteLearning({ diagrams: { cache } }: Space): void {
  cache.charge(WORK_OF_A_PATH)
  cache.kept++
  cache.onWork()
}

/** The steps to one of the successors that an action gives, by its index among them. */
export interface Move {
  /** The states, related to themselves. */
  guard: Diagram
  /** The states, related to their successors. */
  step: Diagram
}

/** Steps that write the same contents. */
export interface Writing {
  readonly writes: Contents
  /** The index of the successor among the successors of the action. */
  readonly which: number
  /** The states that have such a step, related to themselves. */
  guard: Diagram
}

export class ActionLearner extends RelationLearner {
  override readonly of: ActionInstance
  /** By index of the successor. */
  moves: Move[] = []
  /** By contents written and index of the successor. */
  readonly writings: Map<string, Writing> = new Map()
  /** The states in which the action fails. */
  failing: Diagram = EMPTY
  /** The slots that it was seen to write. */
  readonly written: Set<Slot> = new Set()
  readonly #leaves: Leaves
  readonly #byLeaf = new Map<number, readonly Writing[]>()

  constructor(of: ActionInstance, learner: TreeLearner, index: number, leaves: Leaves) {
    super(of, learner, index)
    this.of = of
    this.#leaves = leaves
  }

  protected override get mostCubes(): number {
    return MAX_CUBES
  }

  override roots(): Diagram[] {
    const writings = Array.from(this.writings.values(), ({ guard }) => guard)
    return [this.known, this.failing, ...this.moves.flatMap(({ guard, step }) => [guard, step]), ...writings]
  }

  protected override forget(): void {
    this.moves = []
    for (const writing of this.writings.values()) writing.guard = EMPTY
    this.failing = EMPTY
  }

  protected override enter(space: Space, { reads, leaf }: Cube, guard: Diagram): void {
    const { diagrams } = space
    if (this.#leaves.errorAt(leaf) !== undefined) {
      this.failing = diagrams.union(this.failing, guard)
      return
    }
    const writings = this.#writingsAt(leaf)
    diagrams.cache.charge(WORK_OF_A_CUBE * writings.length)
    writings.forEach((writing, which) => {
      const { writes } = writing
      const move = (this.moves[which] ??= { guard: EMPTY, step: EMPTY })
      move.guard = diagrams.union(move.guard, guard)
      if (writes.size > 0) move.step = diagrams.union(move.step, space.cube(reads, writes))
      writing.guard = diagrams.union(writing.guard, guard)
    })
  }

  /** What the steps from a state write. The action must be learned on that state. */
  writesOn(slots: Int32Array): readonly Contents[] {
    const leaf = this.leafOn(slots)
    return this.#leaves.errorAt(leaf) === undefined ? this.#leaves.writesAt(leaf) : []
  }

  protected override leafAt(slots: Int32Array, leaf: number): number {
    if (this.#leaves.errorAt(leaf) === undefined) this.#writingsAt(leaf)
    return super.leafAt(slots, leaf)
  }

  #writingsAt(leaf: number): readonly Writing[] {
    const known = this.#byLeaf.get(leaf)
    if (known !== undefined) return known
    const writings = this.#leaves.writesAt(leaf).map((writes, which) => this.#writing(which, writes))
    this.#byLeaf.set(leaf, writings)
    for (const { writes } of writings) for (const slot of writes.keys()) this.written.add(slot)
    return writings
  }

  #writing(which: number, writes: Contents): Writing {
    const key = `${which}:${[...writes].sort(([a], [b]) => a - b).join(';')}`
    const writing = this.writings.get(key) ?? { writes, which, guard: EMPTY }
    this.writings.set(key, writing)
    return writing
  }
}

export class PredicateLearner extends RelationLearner {
  override readonly of: PredicateInstance
  /** The states in which the predicate has the unexpected value, related to themselves. */
  departing: Diagram = EMPTY
  failing: Diagram = EMPTY
  readonly #expected: number

  constructor(of: PredicateInstance, expected: boolean, learner: TreeLearner, index: number) {
    super(of, learner, index)
    this.of = of
    this.#expected = expected ? TRUE : FALSE
  }

  override roots(): Diagram[] {
    return [this.known, this.departing, this.failing]
  }

  protected override forget(): void {
    this.departing = EMPTY
    this.failing = EMPTY
  }

  protected override enter({ diagrams }: Space, { leaf }: Cube, guard: Diagram): void {
    if (leaf === this.#expected) return
    if (leaf === TRUE || leaf === FALSE) this.departing = diagrams.union(this.departing, guard)
    else this.failing = diagrams.union(this.failing, guard)
  }
}
