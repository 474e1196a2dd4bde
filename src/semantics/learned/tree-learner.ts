/**
 * Grows the trees of a list of functions.
 *
 * Learned actions, predicates and measures share this part. It decides when to call the oracle, what to store, and when
 * a tree does not pay.
 */
import { impure } from '../../errors.ts'
import { type Remark } from '../contract.ts'
import { Failure } from '../failure.ts'
import type { Slot } from '../../state/shape.ts'
import { howToReadLess } from './advice.ts'
import { INTERPRET, UNKNOWN, type DecisionTrees } from './decision-tree.ts'
import { NO_DELTA, pathKey, type LearnedDelta } from './learned-delta.ts'
import type { FunctionResult } from './observation.ts'
import type { LearnableFunction, Oracle } from './oracle.ts'

/**
 * When to give up a tree. Learning a path costs about as much as ten reference evaluations. So a tree that needs a new
 * path in more than one of ten evaluations costs more than it saves. Every tree does so at first. The decision is made
 * between levels, where the numbers of states and paths depend on the model alone.
 */
const MANY_PATHS = 4096
const MIN_EVALUATIONS_PER_PATH = 10

/** A tree with this many paths stops growing even within a level. */
const MAX_PATHS = 2 ** 17

const COMPARES_IDENTITY =
  'compares immutable values with ===, so Kripke cannot learn it and runs slower; use is() or .equals() instead'

function tooManyPaths(of: LearnableFunction['of'], read: number, slots: number): string {
  return (
    `reads ${read} of ${slots} slots in too many combinations, so Kripke cannot learn it and runs slower; ` +
    howToReadLess(of)
  )
}

/** The learning progress of one function. */
export interface LearningProgress {
  /** Paths learned. */
  paths: number
  /** Tracked calls of the spec's function. */
  trackedCalls: number
  nodes: number
  /** Slots read on any path. */
  readonly slots: Set<Slot>
  /**
   * Slots read on paths of other threads. This thread's trees need not read them. But perhaps only another thread has
   * evaluated the function on the state before a step.
   */
  readElsewhere: Set<Slot> | undefined
  /** Why the function is evaluated by reference, with advice; undefined while it is learned. */
  remark: string | undefined
}

/** The number of slots that any thread saw a function read. */
export function slotsRead({ slots, readElsewhere }: LearningProgress): number {
  return readElsewhere === undefined ? slots.size : new Set([...slots, ...readElsewhere]).size
}

export class TreeLearner {
  /** The root of each function's tree: a node, a leaf, `UNKNOWN` or `INTERPRET`. */
  readonly roots: Int32Array
  readonly trees: DecisionTrees
  readonly progress: readonly LearningProgress[]
  /** Increases when a tree reads a slot for the first time. */
  epoch = 0
  /** The number of paths learned, over all functions. */
  learned = 0
  readonly #functions: readonly LearnableFunction[]
  /** Functions whose trees have many paths. */
  readonly #large: number[] = []
  #slotCount = 0
  /** The delta for other threads; undefined if there are none. */
  #delta: { paths: number[]; slots: number[]; distrusted: number[] } | undefined
  /** By function: the keys of the paths that any thread took. */
  readonly #paths = new Map<number, Set<number>>()
  readonly #oracle: Oracle
  readonly #leafOf: (outcome: FunctionResult, index: number) => number

  /** @param leafOf - the leaf for an outcome of a function, by its index */
  constructor(
    functions: readonly LearnableFunction[],
    oracle: Oracle,
    trees: DecisionTrees,
    leafOf: (outcome: FunctionResult, index: number) => number,
  ) {
    this.#functions = functions
    this.#oracle = oracle
    this.#leafOf = leafOf
    this.trees = trees
    this.roots = new Int32Array(functions.length)
    this.progress = functions.map(() => ({
      paths: 0,
      trackedCalls: 0,
      nodes: 0,
      slots: new Set<Slot>(),
      readElsewhere: undefined,
      remark: undefined,
    }))
  }

  /**
   * The leaf of function `index` on the state in `slots`, learned if necessary; `INTERPRET` if the function needs
   * reference evaluation.
   *
   * @throws {Failure} if the function is impure
   */
  resolve(index: number, slots: Int32Array): number {
    const known = this.trees.walk(this.roots[index]!, slots)
    return known === UNKNOWN ? this.#learn(index, slots) : known
  }

  /**
   * The path of function `index` on the state in `slots`, learned if necessary: the slots that it reads, in order, and
   * its leaf.
   *
   * @throws {Failure} if the function is impure
   */
  path(index: number, slots: Int32Array): { readonly reads: readonly Slot[]; readonly leaf: number } {
    const leaf = this.resolve(index, slots)
    return { reads: this.trees.path(this.roots[index]!, slots), leaf }
  }

  /** Gives up trees that do not pay. `evaluations` is an upper bound on the evaluations of each function so far. */
  review(evaluations: number): void {
    for (const index of this.#large) {
      const { remark } = this.progress[index]!
      const paths = this.#pathsOf(index)
      const pays = paths < MAX_PATHS && evaluations >= paths * MIN_EVALUATIONS_PER_PATH
      if (!pays && remark === undefined)
        this.#abandon(
          index,
          tooManyPaths(this.#functions[index]!.of, slotsRead(this.progress[index]!), this.#slotCount),
        )
    }
  }

  /** Starts to collect deltas. Call this before other threads start. */
  shareLearning(): void {
    this.#delta = { paths: [], slots: [], distrusted: [] }
  }

  /** The delta since the last call. */
  drainDelta(): LearnedDelta {
    const delta = this.#delta
    if (delta === undefined || delta.paths.length + delta.slots.length + delta.distrusted.length === 0) return NO_DELTA
    this.shareLearning()
    return delta
  }

  /** Merges the delta of another thread. */
  mergeDelta({ paths, slots, distrusted }: LearnedDelta): void {
    for (let at = 0; at < paths.length; at += 2) this.#notePath(paths[at]!, paths[at + 1]!)
    for (let at = 0; at < slots.length; at += 2) {
      this.noteRead(slots[at]!, slots[at + 1]!)
    }
    for (const index of distrusted)
      if (this.progress[index]!.remark === undefined) this.#abandon(index, COMPARES_IDENTITY)
  }

  /** Records that a function reads a slot, perhaps in another thread. */
  noteRead(index: number, slot: Slot): void {
    const progress = this.progress[index]!
    if (progress.slots.has(slot) || progress.readElsewhere?.has(slot) === true) return
    progress.readElsewhere = (progress.readElsewhere ?? new Set()).add(slot)
    this.epoch++
  }

  /** The functions that are given up. */
  abandoned(): number[] {
    return [...this.progress.keys()].filter((index) => this.progress[index]!.remark !== undefined)
  }

  /** Gives up functions that the deciding thread gave up. */
  applyAbandoned(abandoned: readonly number[]): void {
    for (const index of abandoned) if (this.progress[index]!.remark === undefined) this.#abandon(index, 'given up')
  }

  #pathsOf(index: number): number {
    const { paths } = this.progress[index]!
    return Math.max(paths, this.#paths.get(index)?.size ?? 0)
  }

  #notePath(index: number, key: number): void {
    const known = this.#paths.get(index) ?? new Set()
    if (known.size === 0) this.#paths.set(index, known)
    known.add(key)
    this.#delta!.paths.push(index, key)
    if (known.size === MANY_PATHS) this.#large.push(index)
  }

  #learn(index: number, slots: Int32Array): number {
    const progress = this.progress[index]!
    const fn = this.#functions[index]!
    if (progress.paths >= MAX_PATHS) return this.#abandon(index, tooManyPaths(fn.of, progress.slots.size, slots.length))
    const { trackedCalls } = this.#oracle
    const { observation, trusted } = this.#oracle.sample(fn, slots)
    progress.trackedCalls += this.#oracle.trackedCalls - trackedCalls
    if (!trusted) {
      this.#delta?.distrusted.push(index)
      return this.#abandon(index, COMPARES_IDENTITY)
    }
    const leaf = this.#leafOf(observation.outcome, index)
    const inserted = this.trees.insert(this.roots[index]!, observation.reads, slots, leaf)
    if (inserted === undefined) {
      throw new Failure(fn.of, impure(fn.of.who, 'read the same values twice and then behaved differently'))
    }
    const { root, added } = inserted
    this.roots[index] = root
    progress.paths++
    if (this.#delta !== undefined) this.#notePath(index, pathKey(observation.reads, slots))
    else if (progress.paths === MANY_PATHS) this.#large.push(index)
    this.#slotCount = slots.length
    this.learned++
    progress.nodes += added
    for (const slot of observation.reads) {
      if (progress.slots.has(slot)) continue
      this.epoch++
      progress.slots.add(slot)
      this.#delta?.slots.push(index, slot)
    }
    return leaf
  }

  /** Remarks on functions that are evaluated by reference. */
  remarks(): Remark[] {
    return this.#functions.flatMap(({ of }, index) => {
      const { remark } = this.progress[index]!
      return remark === undefined
        ? []
        : [{ kind: 'run' in of ? 'action' : 'holds' in of ? 'property' : 'measure', name: of.definition.name, remark }]
    })
  }

  #abandon(index: number, remark: string): number {
    this.progress[index]!.remark = remark
    this.epoch++
    this.learned++
    return (this.roots[index] = INTERPRET)
  }
}
