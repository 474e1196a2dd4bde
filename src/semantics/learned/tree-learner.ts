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
import { NO_DELTA, pathKey, type LearnedDelta, type LearningDecisions } from './learned-delta.ts'
import type { FunctionResult } from './observation.ts'
import type { LearnableFunction, Oracle } from './oracle.ts'
import { MAX_RATE, MIN_PATHS, Sampling } from './sampling.ts'

/** A tree with this many paths is given up, even within a level. */
const MAX_PATHS = 2 ** 17

const COMPARES_IDENTITY =
  'compares immutable values with ===, so Kripke cannot learn it and runs slower; use is() or .equals() instead'

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
  /** Why the function is mostly evaluated by reference, with advice; undefined while it is learned. */
  remark: string | undefined
  /** Whether some states were evaluated by reference, so that the tree lacks paths that were taken. */
  isPartial: boolean
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
  /** Functions with enough paths to judge whether learning pays. */
  readonly #large: number[] = []
  readonly #samplings: Sampling[]
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
    this.#samplings = functions.map(() => new Sampling())
    this.progress = functions.map(() => ({
      paths: 0,
      trackedCalls: 0,
      nodes: 0,
      slots: new Set<Slot>(),
      readElsewhere: undefined,
      remark: undefined,
      isPartial: false,
    }))
  }

  /**
   * The leaf of function `index` on the state in `slots`, learned if necessary; `INTERPRET` if this state needs reference
   * evaluation.
   *
   * @throws {Failure} if the function is impure
   */
  resolve(index: number, slots: Int32Array): number {
    const known = this.trees.walk(this.roots[index]!, slots)
    if (known !== UNKNOWN) return known
    return this.#samplings[index]!.includes(slots) ? this.#learn(index, slots) : INTERPRET
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

  /** Decides which paths to learn from now on. `evaluations` is an upper bound on the evaluations of each function. */
  review(evaluations: number): void {
    for (const index of this.#large) {
      if (this.roots[index] === INTERPRET) continue
      const paths = this.#paths.get(index)!.size
      if (paths >= MAX_PATHS) this.#abandon(index, this.#tooManyPaths(index))
      else if (this.#samplings[index]!.judge(evaluations, paths, () => this.#read(index))) this.#noteSample(index)
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
    for (const index of distrusted) if (this.roots[index] !== INTERPRET) this.#abandon(index, COMPARES_IDENTITY)
  }

  /** Records that a function reads a slot, perhaps in another thread. */
  noteRead(index: number, slot: Slot): void {
    const progress = this.progress[index]!
    if (progress.slots.has(slot) || progress.readElsewhere?.has(slot) === true) return
    progress.readElsewhere = (progress.readElsewhere ?? new Set()).add(slot)
    this.epoch++
  }

  /** What to learn, for `applyDecisions` in other threads. */
  decisions(): LearningDecisions {
    const abandoned = [...this.roots.keys()].filter((index) => this.roots[index] === INTERPRET)
    return { abandoned, samples: this.#large.map((index) => [index, this.#samplings[index]!.sample]) }
  }

  /** Applies what the deciding thread decided. */
  applyDecisions({ abandoned, samples }: LearningDecisions): void {
    for (const index of abandoned) if (this.roots[index] !== INTERPRET) this.#abandon(index, 'given up')
    for (const [index, sample] of samples) {
      const sampling = this.#samplings[index]!
      if (sampling.sample?.rate === sample?.rate) continue
      sampling.sample = sample
      this.#noteSample(index)
    }
  }

  #noteSample(index: number): void {
    const progress = this.progress[index]!
    const { sample } = this.#samplings[index]!
    progress.isPartial = true
    progress.remark = sample?.rate === MAX_RATE ? this.#tooManyPaths(index) : undefined
    this.epoch++
    this.learned++
  }

  /** The slots that any thread saw a function read, in ascending order. */
  #read(index: number): Slot[] {
    const { slots, readElsewhere } = this.progress[index]!
    return [...new Set([...slots, ...(readElsewhere ?? [])])].sort((one, other) => one - other)
  }

  #tooManyPaths(index: number): string {
    const read = slotsRead(this.progress[index]!)
    return (
      `reads ${read} of ${this.#slotCount} slots in too many combinations, so Kripke cannot learn it and runs slower; ` +
      howToReadLess(this.#functions[index]!.of)
    )
  }

  #notePath(index: number, key: number): void {
    const known = this.#paths.get(index) ?? new Set()
    if (known.size === 0) this.#paths.set(index, known)
    known.add(key)
    this.#delta?.paths.push(index, key)
    if (known.size === MIN_PATHS && !this.#large.includes(index)) this.#large.push(index)
  }

  #learn(index: number, slots: Int32Array): number {
    const progress = this.progress[index]!
    const fn = this.#functions[index]!
    if (progress.paths >= MAX_PATHS) return this.#abandon(index, this.#tooManyPaths(index))
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
    this.#notePath(index, pathKey(observation.reads, slots))
    this.#slotCount = slots.length
    // Code for the paths of a sample would soon be out of date.
    if (this.#samplings[index]!.sample === undefined) this.learned++
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
