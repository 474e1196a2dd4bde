/**
 * Functions of the spec as diagrams: learned from sets of states, not from state to state.
 *
 * A path of a function's tree is a cube. What a learner knows is the union of the cubes met so far. Of a set of states
 * it looks for one that no cube speaks of, and shows it to the tree, which asks the spec where it has to, until there
 * is none. So the spec is called once for each path, however many states take it.
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

/** A path of a tree: what it read, and the leaf that it ends in. */
export interface Cube {
  readonly reads: Contents
  readonly leaf: number
}

/**
 * Cubes that an action may have. One with more tells nearly every state apart, and diagrams of its cubes are of no use.
 * So many take some ten seconds.
 */
const MAX_CUBES = 2 ** 16

/** Cubes that a question may have. Others can do without its answer, and should not wait long. */
export const MAX_CUBES_OF_QUESTION = 10_000

/** Operations on diagrams that take as long as learning a path, which calls the spec several times. */
const WORK_OF_A_PATH = 2 ** 8

/** Operations on diagrams that take as long as making the one of a cube. */
const WORK_OF_A_CUBE = 2 ** 3

const NOTHING: Contents = new Map()

/** Thrown when a function cannot be made cubes of. */
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
  /** The states that some cube speaks of, as a relation that writes nothing. */
  known: Diagram = EMPTY
  readonly of: ActionInstance | Question
  readonly #learner: TreeLearner
  readonly #index: number
  /** Where its diagrams are good, and of how many cubes they are made. */
  #space: Space | undefined
  #entered = 0

  constructor(of: ActionInstance | Question, learner: TreeLearner, index: number) {
    this.of = of
    this.#learner = learner
    this.#index = index
  }

  /** Makes diagrams of all known cubes in another space. If that is broken off, the next call goes on from there. */
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
   * Learns what there is to know of the states of a set.
   *
   * @throws {Unsuited}; {Failure} if the function is impure
   */
  learn(space: Space, set: Diagram): void {
    const covered = nothingCovered()
    for (let slots; (slots = space.witness(this.known, set, covered)) !== undefined;) {
      const cube = this.#cubeAt(slots)
      this.#enter(space, cube)
      // Last: an operation may be broken off before, and is then done once more.
      this.#entered = this.cubes.push(cube)
      noteLearning(space)
    }
  }

  /** The cube that speaks of a state, which no other did. */
  #cubeAt(slots: Int32Array): Cube {
    const { reads, leaf } = this.#learner.path(this.#index, slots)
    if (leaf === INTERPRET) throw new Unsuited(this.of, this.#learner.progress[this.#index]!.remark ?? 'is not learned')
    if (this.cubes.length >= this.mostCubes) {
      throw new Unsuited(this.of, tooManyCubes(this.of, this.slots, slots.length, this.mostCubes))
    }
    return { reads: new Map(reads.map((slot) => [slot, slots[slot]!])), leaf: this.leafAt(slots, leaf) }
  }

  /** The leaf that its tree comes to on a state. */
  protected leafOn(slots: Int32Array): number {
    return this.#learner.resolve(this.#index, slots)
  }

  /** Slots that it was seen to read. */
  get slots(): ReadonlySet<Slot> {
    return this.#learner.progress[this.#index]!.slots
  }

  /** How many cubes it may have. */
  protected get mostCubes(): number {
    return MAX_CUBES_OF_QUESTION
  }

  /** Everything that is to outlive a collection. */
  roots(): Diagram[] {
    return [this.known]
  }

  #enter(space: Space, cube: Cube): void {
    const guard = space.cube(cube.reads, NOTHING)
    space.diagrams.cache.charge(WORK_OF_A_CUBE)
    this.enter(space, cube, guard)
    this.known = space.diagrams.union(this.known, guard)
  }

  /** What a cube is to remember of a leaf that the tree came to. */
  protected leafAt(_slots: Int32Array, leaf: number): number {
    return leaf
  }

  /** Forgets the diagrams that a subclass made. */
  protected abstract forget(): void

  /** Adds to the diagrams of a subclass. `guard` relates the states that the cube speaks of to themselves. */
  protected abstract enter(space: Space, cube: Cube, guard: Diagram): void
}

/** Why a function that reads some of so many slots cannot be made cubes of: a predicate. */
export function tooManyCubes(of: RelationLearner['of'], read: ReadonlySet<Slot>, slots: number, most: number): string {
  return (
    `reads ${read.size} of ${slots} slots in more than ${most.toLocaleString('en')} combinations, too many for diagrams; ` +
    howToReadLess(of)
  )
}

/** Takes note that a path was learned, which may have been one too many. */
export function noteLearning({ diagrams: { cache } }: Space): void {
  cache.charge(WORK_OF_A_PATH)
  cache.kept++
  cache.onWork()
}

/** What an action does where it is enabled in one way: of several successors that it gives, one. */
export interface Move {
  /** The states, related to themselves. */
  guard: Diagram
  /** The states, related to their successors. */
  step: Diagram
}

/** Steps that write the same. */
export interface Writing {
  readonly writes: Contents
  /** Which of the successors that are given it leads to. */
  readonly which: number
  /** The states from which such a step is made, related to themselves. */
  guard: Diagram
}

/** An action instance. */
export class ActionLearner extends RelationLearner {
  override readonly of: ActionInstance
  /** The moves to the first successor that is given, to the second, and so on. */
  moves: Move[] = []
  /** The steps by what they write, and by which of the successors they lead to. */
  readonly writings: Map<string, Writing> = new Map()
  /** The states on which it fails. */
  failing: Diagram = EMPTY
  /** Slots that it was seen to write. */
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

  /** What is written on the ways from a state to its successors; it must have been learned on that state. */
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

/** A predicate over states. */
export class PredicateLearner extends RelationLearner {
  override readonly of: PredicateInstance
  /** The states on which it is not what it is expected to be, related to themselves. */
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
