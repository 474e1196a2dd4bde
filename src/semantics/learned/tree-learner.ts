/**
 * The trees of a list of functions, grown as states come that no tree knows.
 *
 * The part that learned actions, predicates and measures share: when to ask the oracle, what to remember, and when a tree is
 * not worth growing.
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
 * When to stop growing a tree. Learning a path costs about as much as ten reference evaluations, so a tree that is missed
 * more often than once in ten evaluations costs more than it saves; but every tree is missed often at first. That is judged
 * between levels, when the number of states evaluated and of paths they took depends on the model alone.
 */
const MANY_PATHS = 4096
const MIN_EVALUATIONS_PER_PATH = 10

/** A tree of so many paths is not grown even within a level. */
const MAX_PATHS = 2 ** 17

const COMPARES_IDENTITY =
  'compares immutable values with ===, so it is evaluated by reference; use is() or .equals() instead'

function tooManyPaths(of: LearnableFunction['of'], read: number, slots: number): string {
  return (
    `reads ${read} of ${slots} slots in too many combinations, so it is evaluated by reference; ` + howToReadLess(of)
  )
}

/** What became of a function. */
export interface LearningProgress {
  /** Paths learned. */
  paths: number
  /** Calls of the spec's function with tracking. */
  trackedCalls: number
  nodes: number
  /** Slots read on any path. */
  readonly slots: Set<Slot>
  /**
   * Slots read on paths of other threads. The trees of this one need not read them; but the state before a step may be one that only
   * another thread evaluated the function on.
   */
  readElsewhere: Set<Slot> | undefined
  /** Why it is evaluated by reference, and what to do about it; undefined while it is learned. */
  remark: string | undefined
}

/** How many slots a function was seen to read by any thread. */
export function slotsRead({ slots, readElsewhere }: LearningProgress): number {
  return readElsewhere === undefined ? slots.size : new Set([...slots, ...readElsewhere]).size
}

export class TreeLearner {
  /** The root of each subject's tree: a node, a leaf, `UNKNOWN`, or `INTERPRET`. */
  readonly roots: Int32Array
  readonly trees: DecisionTrees
  readonly progress: readonly LearningProgress[]
  /** Counts the times a tree came to read a slot that it had not read before. */
  epoch = 0
  /** Counts the paths learned, over all functions. */
  learned = 0
  readonly #functions: readonly LearnableFunction[]
  /** Subjects whose trees have many paths. */
  readonly #large: number[] = []
  #slotCount = 0
  /** What is to be told to other threads; undefined if there are none. */
  #delta: { paths: number[]; slots: number[]; distrusted: number[] } | undefined
  /** By function: the paths that any thread took. */
  readonly #paths = new Map<number, Set<number>>()
  readonly #oracle: Oracle
  readonly #leafOf: (outcome: FunctionResult, index: number) => number

  /** @param leafOf - the leaf for what was learned of a function, by its index */
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
   * The leaf for function `index` on the state in `slots`, learned if it was not known; `INTERPRET` if the function is to be
   * evaluated by reference.
   *
   * @throws {Failure} if the function is impure
   */
  resolve(index: number, slots: Int32Array): number {
    const known = this.trees.walk(this.roots[index]!, slots)
    return known === UNKNOWN ? this.#learn(index, slots) : known
  }

  /**
   * The path of function `index` on the state in `slots`, learned if it was not known: the slots that it reads, in order, and its leaf.
   *
   * @throws {Failure} if the function is impure
   */
  path(index: number, slots: Int32Array): { readonly reads: readonly Slot[]; readonly leaf: number } {
    const leaf = this.resolve(index, slots)
    return { reads: this.trees.path(this.roots[index]!, slots), leaf }
  }

  /** Gives up the trees that do not pay. `evaluations` is how often each function was, or may have been, evaluated so far. */
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

  /** From now on there are other threads, which send deltas and get them. */
  shareLearning(): void {
    this.#delta = { paths: [], slots: [], distrusted: [] }
  }

  /** What was learned since the last call. */
  drainDelta(): LearnedDelta {
    const delta = this.#delta
    if (delta === undefined || delta.paths.length + delta.slots.length + delta.distrusted.length === 0) return NO_DELTA
    this.shareLearning()
    return delta
  }

  /** Takes note of what another thread learned. */
  mergeDelta({ paths, slots, distrusted }: LearnedDelta): void {
    for (let at = 0; at < paths.length; at += 2) this.#notePath(paths[at]!, paths[at + 1]!)
    for (let at = 0; at < slots.length; at += 2) {
      this.noteRead(slots[at]!, slots[at + 1]!)
    }
    for (const index of distrusted)
      if (this.progress[index]!.remark === undefined) this.#abandon(index, COMPARES_IDENTITY)
  }

  /** Takes note that a function reads a slot: on a state, perhaps, that another thread evaluated it on. */
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

  /** Gives up functions that the judge has given up. */
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
      throw new Failure(fn.of, impure(fn.of.who, 'having read the same twice, it went on differently'))
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

  /** What an author should know about functions that are evaluated by reference. */
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
