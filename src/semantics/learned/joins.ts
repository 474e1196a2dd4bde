/**
 * Joins in the tree of one function, so that it does not learn a path for each combination of values.
 *
 * While a function runs a quantifier, only the answer of each predicate call matters for what follows. So the function
 * reports frames: it begins a frame, reads, and ends the frame with a key. What follows depends on the place in the
 * tree where the frame began, and on the key. All paths that agree in both join, and share the tree below.
 *
 * A **place** is where a path is after some reads. Each place has a cell for the node or leaf that follows:
 *
 *     0      the cell is the root of the function
 *     > 0    the cell is in the array of the nodes: the child of a dense node for one content
 *     < 0    a join, or the child of a sparse node
 *
 * A function is deterministic, so at each place it does the same on all states that get there: it reads a slot, joins,
 * or ends.
 */
import type { Slot } from '../../state/shape.ts'
import type { Way } from '../../state/tracked/reader.ts'
import { UNKNOWN, type DecisionTrees } from './decision-tree.ts'
import { AT_ROOT, goOn, keyOf, type WayHash } from './learned-delta.ts'
import { sameOutcome, type FunctionResult } from './observation.ts'

type Place = number

const ROOT: Place = 0

interface Join {
  /** Where the frame began, and how many frames that are still open had begun there before. */
  readonly base: Place
  readonly depth: number
  /** Negative within the frame, from 0 at its end. */
  readonly key: number
  next: number
}

interface SparseCell {
  readonly node: number
  readonly content: number
}

/** A frame that a call is in. */
interface Frame {
  readonly place: Place
  readonly depth: number
  readonly hash: WayHash
}

/** A way of a state through a tree, as far as it is known. */
export interface KnownWay {
  /** All slots read. */
  readonly reads: ReadonlySet<Slot>
  /** The slots that the outcome may depend on: those not read in a frame that has ended with a join. */
  readonly known: ReadonlySet<Slot>
  /** Undefined if the way is not known to its end. */
  readonly outcome: FunctionResult | undefined
}

/** What a tree needs for its joins. Made with the first frame, because most functions have none. */
class JoinTables {
  readonly cells: (Join | SparseCell)[] = []
  /** By place: the join that follows. */
  readonly joins: Map<Place, Place> = new Map()
  readonly joinBy: Map<string, Place> = new Map()
  readonly sparse: Map<number, Map<number, Place>> = new Map()
  /** By last place: the outcome. */
  readonly outcomes: Map<Place, FunctionResult> = new Map()
}

/** The tree of one function while it is learned. */
export class JoiningTree {
  root: number = UNKNOWN
  /**
   * The number of branches: a path that leaves the tree adds one. Without joins that is the number of paths. It is the
   * number of places where a path ends or joins, less the number of joins that a node follows.
   */
  paths = 0
  nodes = 0
  /** Whether joins rely on promises of the author; see `Asker.promise`. */
  isPromised = false
  readonly trees: DecisionTrees
  #tables: JoinTables | undefined

  constructor(trees: DecisionTrees) {
    this.trees = trees
  }

  /** Whether the function has reported a frame. */
  get hasFrames(): boolean {
    return this.#tables !== undefined
  }

  /** The node, leaf or `UNKNOWN` at a place. */
  at(place: Place): number {
    if (place > 0) return this.trees.nodes[place]!
    if (place === ROOT) return this.root
    const cell = this.#cell(place)
    return 'node' in cell ? this.trees.sparseChild(cell.node, cell.content) : cell.next
  }

  set(place: Place, next: number): void {
    if (place > 0) this.trees.nodes[place] = next
    else if (place === ROOT) this.root = next
    else {
      const cell = this.#cell(place)
      if ('node' in cell) this.trees.setChild(cell.node, cell.content, next)
      else cell.next = next
    }
  }

  /** The place after a node has read `content`. */
  after(node: number, content: number): Place {
    if (node > 0) return node + 1 + content
    const { sparse, cells } = this.tables
    let places = sparse.get(node)
    if (places === undefined) sparse.set(node, (places = new Map()))
    let place = places.get(content)
    if (place === undefined) places.set(content, (place = -cells.push({ node, content })))
    return place
  }

  /** The join that follows a place; undefined if none does or is known. */
  joinAt(place: Place): Place | undefined {
    return this.#tables?.joins.get(place)
  }

  /** Whether a place is a join, and not the child of a node. */
  isJoin(place: Place): boolean {
    return place < 0 && 'key' in this.#cell(place)
  }

  /** The key if `join` ends a frame that began at `base`. */
  endOf(join: Place, base: Place, depth: number): number | undefined {
    const it = this.#cell(join) as Join
    return it.base === base && it.depth === depth && it.key >= 0 ? it.key : undefined
  }

  /** The join of a frame with a key. */
  joinOf(base: Place, depth: number, key: number): Place {
    const { joinBy, cells } = this.tables
    const name = `${base} ${depth} ${key}`
    let join = joinBy.get(name)
    if (join === undefined) joinBy.set(name, (join = -cells.push({ base, depth, key, next: UNKNOWN })))
    return join
  }

  /** Makes a place continue at a join. */
  setJoin(place: Place, join: Place): void {
    this.tables.joins.set(place, join)
  }

  /** The outcome of the paths that end at a place, if it is known. */
  outcomeAt(place: Place): FunctionResult | undefined {
    return this.#tables?.outcomes.get(place)
  }

  /** Notes the outcome of the paths that end at a place. */
  setOutcome(place: Place, outcome: FunctionResult): void {
    this.#tables?.outcomes.set(place, outcome)
  }

  /** The way of a state. */
  follow(slots: Int32Array): KnownWay {
    const { joins, outcomes } = this.tables
    const reads = new Set<Slot>()
    const known: Slot[] = []
    const knownAt = new Map<Place, number>()
    const result = (outcome: FunctionResult | undefined): KnownWay => ({ reads, known: new Set(known), outcome })
    for (let place = ROOT; ;) {
      knownAt.set(place, known.length)
      const outcome = outcomes.get(place)
      if (outcome !== undefined) return result(outcome)
      const join = joins.get(place)
      if (join !== undefined) {
        place = join
        known.length = knownAt.get((this.#cell(join) as Join).base)!
        continue
      }
      const node = this.at(place)
      const slot = node === UNKNOWN ? -1 : this.trees.slotOf(node)
      if (slot < 0) return result(undefined)
      reads.add(slot)
      known.push(slot)
      place = this.after(node, slots[slot]!)
    }
  }

  /** Made when they are first needed. */
  get tables(): JoinTables {
    return (this.#tables ??= new JoinTables())
  }

  #cell(place: Place): Join | SparseCell {
    return this.tables.cells[-1 - place]!
  }
}

/** The way of one tracked call through a tree, which grows where it ends. */
export class TreeWay implements Way {
  readonly asks: boolean
  isStopped = false
  /** Whether the call did something else than an earlier call on an equal state. */
  isBroken = false
  readonly #tree: JoiningTree
  readonly #slots: Int32Array
  readonly #notePath: (key: number) => void
  readonly #noteSlot: (slot: Slot) => void
  readonly #frames: Frame[] = []
  /** The present place, or `undefined` while it is the child of the sparse node `#node` for `#content`. */
  #place: Place | undefined = ROOT
  #node = 0
  #content = 0
  #hash: WayHash = AT_ROOT
  /** Places that continue at the present join, whose cells are not known yet. */
  #pending: Place[] = []

  /**
   * @param notePath - called with a key for each new place where a path ends or joins, and with a negative key for each
   *   join that a node follows; see `JoiningTree.paths`
   * @param noteSlot - called with the slot of each new node
   */
  constructor(
    tree: JoiningTree,
    slots: Int32Array,
    notePath: (key: number) => void,
    noteSlot: (slot: Slot) => void,
    asks: boolean,
  ) {
    this.asks = asks
    this.#tree = tree
    this.#slots = slots
    this.#notePath = notePath
    this.#noteSlot = noteSlot
  }

  read(slot: Slot, content: number): void {
    if (this.isStopped || this.isBroken) return
    const tree = this.#tree
    const { trees } = tree
    let node = this.#next()
    if (tree.hasFrames && tree.joinAt(this.#fixed()) !== undefined) {
      this.isBroken = true
      return
    }
    if (node === UNKNOWN) {
      node = trees.make(slot)
      tree.nodes++
      if (tree.hasFrames && tree.isJoin(this.#fixed())) {
        tree.paths--
        this.#notePath(-keyOf(this.#hash))
      }
      this.#noteSlot(slot)
      this.#continueWith(node)
    } else if (trees.slotOf(node) !== slot) {
      this.isBroken = true
      return
    }
    this.#place = node > 0 ? node + 1 + content : undefined
    this.#node = node
    this.#content = content
    this.#hash = goOn(this.#hash, slot, content)
  }

  begin(): void {
    const place = this.#fixed()
    let depth = 0
    for (const frame of this.#frames) if (frame.place === place) depth++
    this.#frames.push({ place, depth, hash: this.#hash })
  }

  skip(): number | undefined {
    if (this.isStopped || this.isBroken) return undefined
    const tree = this.#tree
    const { place: base, depth } = this.#frames.at(-1)!
    const pending: Place[] = []
    for (let place = base; ;) {
      const join = tree.joinAt(place)
      const node = tree.at(place)
      if (join !== undefined) {
        if (node === UNKNOWN) pending.push(place)
        const key = tree.endOf(join, base, depth)
        if (key !== undefined) {
          this.#pending.push(...pending)
          this.#moveTo(join, key)
          this.#frames.pop()
          return key
        }
        place = join
        continue
      }
      const slot = node === UNKNOWN ? -1 : tree.trees.slotOf(node)
      if (slot < 0) return undefined
      place = tree.after(node, this.#slots[slot]!)
    }
  }

  join(key: number): void {
    if (this.isStopped || this.isBroken) return
    const tree = this.#tree
    const place = this.#fixed()
    const { place: base, depth } = this.#frames.at(-1)!
    const join = tree.joinOf(base, depth, key)
    const present = tree.joinAt(place)
    const next = tree.at(place)
    if (present === undefined ? next !== UNKNOWN : present !== join) {
      this.isBroken = true
      return
    }
    if (present === undefined) {
      tree.setJoin(place, join)
      if (!tree.isJoin(place)) this.#exit()
    }
    if (next === UNKNOWN) this.#pending.push(place)
    this.#moveTo(join, key)
  }

  end(): void {
    this.#frames.pop()
  }

  stop(): void {
    this.isStopped = true
  }

  promise(): void {
    this.#tree.isPromised = true
  }

  /** Notes that the call ended here, and its outcome. */
  conclude(outcome: FunctionResult): void {
    const tree = this.#tree
    if (!tree.hasFrames) return
    const place = this.#fixed()
    if (tree.joinAt(place) !== undefined) this.isBroken = true
    else if (!this.isBroken) {
      const known = tree.outcomeAt(place)
      if (known === undefined) tree.setOutcome(place, outcome)
      else if (!sameOutcome(known, outcome)) this.isBroken = true
    }
  }

  /** Ends the path with a leaf. If an earlier path ended here, its leaf stays; the outcomes are equal. */
  finish(leaf: number): void {
    const present = this.#next()
    if (present !== UNKNOWN) return
    if (!this.#tree.hasFrames || !this.#tree.isJoin(this.#fixed())) this.#exit()
    this.#continueWith(leaf)
  }

  #exit(): void {
    this.#tree.paths++
    this.#notePath(keyOf(this.#hash))
  }

  #moveTo(join: Place, key: number): void {
    const { hash, depth } = this.#frames.at(-1)!
    this.#hash = goOn(hash, -1 - depth, key)
    this.#place = join
    const next = this.#tree.at(join)
    if (next !== UNKNOWN) this.#continueWith(next)
  }

  /** The present place, which gets a number if it has none yet. */
  #fixed(): Place {
    return (this.#place ??= this.#tree.after(this.#node, this.#content))
  }

  #next(): number {
    return this.#place === undefined
      ? this.#tree.trees.sparseChild(this.#node, this.#content)
      : this.#tree.at(this.#place)
  }

  /** Sets what follows the present place, and the places that lead here by joins. */
  #continueWith(next: number): void {
    if (this.#place === undefined) this.#tree.trees.setChild(this.#node, this.#content, next)
    else this.#tree.set(this.#place, next)
    for (const place of this.#pending) this.#tree.set(place, next)
    this.#pending = []
  }
}
