/**
 * Grows the trees of a list of functions.
 *
 * Learned actions, predicates and measures share this part. It decides when to call the oracle, what to store, and when
 * a tree does not pay.
 */
import { type Remark } from '../contract.ts'
import type { Slot } from '../../state/shape.ts'
import { mayRemember } from '../../spec/predicate-text.ts'
import { howToReadLess } from './advice.ts'
import { INTERPRET, UNKNOWN, type DecisionTrees } from './decision-tree.ts'
import { JoiningTree, TreeWay } from './joins.ts'
import { NO_DELTA, type LearnedDelta, type LearningDecisions } from './learned-delta.ts'
import type { FunctionResult } from './observation.ts'
import { Leaked } from '../leaked.ts'
import { confirms, refer, type Growing, type LearnableFunction, type Oracle } from './oracle.ts'
import { INTERPRETED_RATE, MIN_PATHS, Sampling } from './sampling.ts'

/** A tree with this many paths is given up, even within a level. */
const MAX_PATHS = 2 ** 17

/** In a run with fewer evaluations, nobody notices that only a sample of the paths is learned. */
const WORTH_A_REMARK = 2048

const COMPARES_IDENTITY =
  'compares immutable values with ===, so Kripke cannot learn it and runs slower; use is() or .equals() instead'

/** The learning progress of one function. */
export interface LearningProgress {
  /** Paths learned; see `JoiningTree.paths`. */
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
  /** By function, once it is learned. */
  readonly #growing: Tree[] = []
  /** An upper bound on the evaluations of each function, as of the last review. */
  #evaluations = 0
  #slotCount = 0
  /** The delta for other threads; undefined if there are none. */
  #delta: { paths: number[]; slots: number[]; distrusted: number[]; promised: number[] } | undefined
  readonly #promised = new Set<number>()
  /** By function: the keys of the paths that any thread took, and their number; see `TreeWay`. */
  readonly #paths = new Map<number, { readonly keys: Set<number>; count: number }>()
  readonly #oracle: Oracle
  readonly #leafOf: (outcome: FunctionResult, index: number) => number
  readonly #samples: boolean

  /**
   * @param leafOf - the leaf for an outcome of a function, by its index
   * @param samples - false to learn all paths, up to the maximal number, even if most are taken once only
   */
  constructor(
    functions: readonly LearnableFunction[],
    oracle: Oracle,
    trees: DecisionTrees,
    leafOf: (outcome: FunctionResult, index: number) => number,
    samples: boolean = true,
  ) {
    this.#samples = samples
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
    this.#evaluations = evaluations
    for (const index of this.#large) {
      if (this.roots[index] === INTERPRET) continue
      const paths = this.#paths.get(index)!.count
      if (paths >= MAX_PATHS) this.#abandon(index, this.#tooManyPaths(index))
      else if (!this.#samples) continue
      else if (this.#samplings[index]!.judge(evaluations, paths, () => this.#read(index))) this.#noteSample(index)
    }
  }

  /** Starts to collect deltas. Call this before other threads start. */
  shareLearning(): void {
    this.#delta = { paths: [], slots: [], distrusted: [], promised: [] }
  }

  /** The delta since the last call. */
  drainDelta(): LearnedDelta {
    const delta = this.#delta
    if (delta === undefined || Object.values(delta).every((part) => part.length === 0)) return NO_DELTA
    this.shareLearning()
    return delta
  }

  /** Merges the delta of another thread. */
  mergeDelta({ paths, slots, distrusted, promised }: LearnedDelta): void {
    for (const index of promised) this.#promised.add(index)
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
    progress.remark = sample !== undefined && sample.rate >= INTERPRETED_RATE ? this.#tooManyPaths(index) : undefined
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
    const known = this.#paths.get(index) ?? { keys: new Set(), count: 0 }
    if (known.keys.size === 0) this.#paths.set(index, known)
    this.#delta?.paths.push(index, key)
    if (known.keys.has(key)) return
    known.keys.add(key)
    known.count += key < 0 ? -1 : 1
    if (known.count === MIN_PATHS && !this.#large.includes(index)) this.#large.push(index)
  }

  #learn(index: number, slots: Int32Array): number {
    const progress = this.progress[index]!
    const fn = this.#functions[index]!
    if (progress.paths >= MAX_PATHS) return this.#abandon(index, this.#tooManyPaths(index))
    const { trackedCalls } = this.#oracle
    const tree = (this.#growing[index] ??= new Tree(this.trees, this.#oracle.asks && !mayRemember(fn.of.source)))
    tree.learnOn(
      slots,
      (key) => this.#notePath(index, key),
      (slot) => this.#noteOwnRead(index, slot),
    )
    const { outcome, trusted } = this.#oracle.sample(fn, slots, tree)
    if (tree.isPromised && !this.#promised.has(index)) {
      this.#promised.add(index)
      this.#delta?.promised.push(index)
    }
    progress.trackedCalls += this.#oracle.trackedCalls - trackedCalls
    if (!trusted) {
      this.#delta?.distrusted.push(index)
      return this.#abandon(index, COMPARES_IDENTITY)
    }
    const leaf = this.#leafOf(outcome, index)
    tree.finish(leaf)
    this.roots[index] = tree.root
    progress.paths = tree.paths
    progress.nodes = tree.nodes
    this.#slotCount = slots.length
    // Code for the paths of a sample would soon be out of date.
    if (this.#samplings[index]!.sample === undefined) this.learned++
    const found = this.trees.walk(tree.root, slots)
    return found === UNKNOWN ? leaf : found
  }

  #noteOwnRead(index: number, slot: Slot): void {
    const { slots } = this.progress[index]!
    if (slots.has(slot)) return
    this.epoch++
    slots.add(slot)
    this.#delta?.slots.push(index, slot)
  }

  /** Functions whose trees rely on promises of the author, in any thread; see `Asker.promise`. */
  get promised(): ReadonlySet<number> {
    return this.#promised
  }

  /**
   * Evaluates a function by reference on the state in `slots`, if its tree has an outcome for that state.
   *
   * @throws {Leaked} if the outcomes differ
   */
  confirm(index: number, slots: Int32Array): void {
    const outcome = this.roots[index] === INTERPRET ? undefined : this.#growing[index]?.outcomeOn(slots)
    const fn = this.#functions[index]!
    if (outcome !== undefined && !confirms(outcome, slots, refer(fn, slots))) throw new Leaked(fn.of.who)
  }

  /** Remarks on functions that are evaluated by reference. */
  remarks(): Remark[] {
    return this.#functions.flatMap(({ of }, index) => {
      const { remark } = this.progress[index]!
      const isBrief = this.roots[index] !== INTERPRET && this.#evaluations < WORTH_A_REMARK
      return remark === undefined || isBrief
        ? []
        : [
            {
              kind: 'run' in of ? 'action' : of.definition.kind === 'measure' ? 'measure' : 'property',
              name: of.definition.name,
              remark,
            },
          ]
    })
  }

  #abandon(index: number, remark: string): number {
    this.progress[index]!.remark = remark
    this.epoch++
    this.learned++
    return (this.roots[index] = INTERPRET)
  }
}

/** The number of states to keep, for probes. */
const RECENT = 8

/** The tree of one function, for the oracle. */
class Tree extends JoiningTree implements Growing {
  readonly recent: Int32Array[] = []
  readonly #asks: boolean
  #learned = 0
  #way: TreeWay | undefined
  #next: (() => TreeWay) | undefined

  constructor(trees: DecisionTrees, asks: boolean) {
    super(trees)
    this.#asks = asks
  }

  /** Says which state is learned next. */
  learnOn(slots: Int32Array, notePath: (key: number) => void, noteSlot: (slot: Slot) => void): void {
    this.#next = () => new TreeWay(this, slots, notePath, noteSlot, this.#asks)
    if (this.hasFrames) this.recent[this.#learned++ % RECENT] = slots.slice()
  }

  begin(): TreeWay {
    return (this.#way = this.#next!())
  }

  outcomeOn(slots: Int32Array): FunctionResult | undefined {
    return this.trees.walk(this.root, slots) === UNKNOWN ? undefined : this.follow(slots).outcome
  }

  /** Ends the last way with a leaf, unless it stopped because the rest was known. */
  finish(leaf: number): void {
    if (this.#way!.isStopped) return
    this.#way!.finish(leaf)
  }
}
