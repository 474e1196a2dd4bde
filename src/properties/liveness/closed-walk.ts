/**
 * Finds a shortest lasso with a fair cycle in the fair parts of a tight product.
 *
 * The search tries nodes in order of distance as the first node of the cycle. Later searches leave out a tried node,
 * because a cycle through it could begin there. From each node it extends walks breadth-first over pairs of a node and
 * the marks of the walk, until one is back with all required marks. It skips nodes from which a walk cannot return
 * within the length of the best known lasso.
 *
 * Finding a shortest fair cycle is NP-hard in the number of constraints (Clarke, Grumberg, McMillan and Zhao,
 * "Efficient generation of counterexamples and witnesses in symbolic model checking", DAC 1995). So the search has a
 * bound on its work.
 */
import type { FairComponents } from './fair-components.ts'
import { GrowingStack } from './growing-stack.ts'
import { WorkExceeded, type WorkBudget } from './work-budget.ts'

/** A path to the first node of a cycle, and the cycle. */
export interface ClosedWalk {
  /** Numbers of nodes in the fair parts, with the first one repeated at the end. */
  readonly cycle: readonly number[]
  /** Steps of the path and of the cycle, without stutters. */
  readonly length: number
}

/** Walks extended between two checks of the clock. */
const CLOCK_INTERVAL = 4096

/** A lookup takes as long as this many edges. */
const LOOK_UP = 3

/** Not reached. */
const UNREACHED = 2 ** 29

/** A cycle: its nodes, with the first one repeated at the end, and its steps. */
interface Cycle {
  readonly nodes: readonly number[]
  readonly length: number
}

/** The result of a search. */
export interface Searched {
  /** The shortest lasso found; undefined if there is none. */
  readonly walk: ClosedWalk | undefined
  /** Whether the bound on work allowed a complete search. */
  readonly isDone: boolean
}

/** Searches for a shortest lasso with fewer than `limit` steps. Yields when `pause` returns true. */
export function* shortestClosedWalk(
  parts: FairComponents,
  limit: number,
  work: WorkBudget,
  pause: () => boolean,
): Generator<void, Searched> {
  const { product, nodes } = parts
  let walk: ClosedWalk | undefined
  let bound = limit
  try {
    const required = requiredMarksOf(parts, work)
    const search = new Search(parts, required, work, pause)
    for (let start = 0; start < nodes.length; start++) {
      if (pause()) yield
      const distance = product.distances.at(nodes[start]!)
      if (distance >= bound) break
      if (
        required.some(({ distanceTo, distanceFrom }) => distance + distanceTo[start]! + distanceFrom[start]! >= bound)
      )
        continue
      const cycle = yield* search.from(start, bound - 1 - distance)
      if (cycle === undefined) continue
      bound = distance + cycle.length
      walk = { cycle: cycle.nodes, length: bound }
    }
    return { walk, isDone: true }
  } catch (thrown) {
    if (!(thrown instanceof WorkExceeded)) throw thrown
    return { walk, isDone: false }
  }
}

/** A mark that a cycle must have. */
interface RequiredMark {
  readonly word: number
  readonly mask: number
  /** By node: the distance to the end of the nearest edge with the mark. */
  readonly distanceTo: Int32Array
  /** By node: the distance from the end of the nearest edge with the mark. */
  readonly distanceFrom: Int32Array
}

/** The marks that every cycle must have, with distances to and from their edges. */
function requiredMarksOf(parts: FairComponents, work: WorkBudget): RequiredMark[] {
  const { product, nodes, firsts, targets, lengths, marks } = parts
  const { required, words } = product.marks
  const bits = Array.from({ length: 32 * words }, (_, bit) => ({ word: bit >>> 5, mask: 1 << (bit & 31) }))
  return bits
    .filter(({ word, mask }) => (required[word]! & mask) !== 0)
    .map(({ word, mask }) => {
      work.spend(2 * targets.length)
      const distanceTo = new Int32Array(nodes.length).fill(UNREACHED)
      const distanceFrom = new Int32Array(nodes.length).fill(UNREACHED)
      for (let node = 0; node < nodes.length; node++) {
        for (let edge = firsts[node]!; edge < firsts[node + 1]!; edge++) {
          if ((product.markWords.at(marks[edge]! * words + word) & mask) === 0) continue
          distanceTo[node] = Math.min(distanceTo[node]!, lengths[edge]!)
          distanceFrom[targets[edge]!] = 0
        }
      }
      spread(distanceTo, parts.backFirsts, parts.sources, parts.backLengths)
      spread(distanceFrom, firsts, targets, lengths)
      return { word, mask, distanceTo, distanceFrom }
    })
}

/** Spreads distances to all nodes. At first each is 0, 1 or unknown. */
function spread(distances: Int32Array, firsts: Int32Array, targets: Int32Array, lengths: Uint8Array): void {
  const layers: [number[], number[]] = [[], []]
  distances.forEach((distance, node) => distance <= 1 && layers[distance]!.push(node))
  let [layer, next] = layers
  for (let distance = 0; layer.length > 0 || next.length > 0; distance++) {
    for (let index = 0; index < layer.length; index++) {
      const node = layer[index]!
      if (distances[node] !== distance) continue
      for (let edge = firsts[node]!; edge < firsts[node + 1]!; edge++) {
        const target = targets[edge]!
        const along = distance + lengths[edge]!
        if (along >= distances[target]!) continue
        distances[target] = along
        ;(lengths[edge] === 0 ? layer : next).push(target)
      }
    }
    ;[layer, next] = [next, []]
  }
}

/** Searches from one node after the other. */
class Search {
  readonly #parts: FairComponents
  readonly #required: readonly RequiredMark[]
  readonly #work: WorkBudget
  readonly #pause: () => boolean
  /** By required mark: the least distance to the start of the cycle after an edge with its mark. */
  readonly #returnDistances: Int32Array
  /** By node: the distance to the start of the cycle, and from it. Unknown between two searches. */
  readonly #distanceToStart: Int32Array
  readonly #distanceFromStart: Int32Array
  readonly #walks: Walks

  constructor(parts: FairComponents, required: readonly RequiredMark[], work: WorkBudget, pause: () => boolean) {
    this.#parts = parts
    this.#pause = pause
    this.#required = required
    this.#returnDistances = new Int32Array(required.length)
    this.#work = work
    this.#distanceToStart = new Int32Array(parts.nodes.length).fill(UNREACHED)
    this.#distanceFromStart = new Int32Array(parts.nodes.length).fill(UNREACHED)
    this.#walks = new Walks(parts.product.marks.words)
  }

  /** A shortest cycle through a node and nodes after it, of `limit` steps at most. */
  *from(start: number, limit: number): Generator<void, Cycle | undefined> {
    const { firsts, targets, lengths, backFirsts, sources, backLengths } = this.#parts
    const near = this.#distancesWithin(start, limit, this.#distanceToStart, backFirsts, sources, backLengths)
    const far = this.#distancesWithin(start, limit, this.#distanceFromStart, firsts, targets, lengths)
    const forbidden = this.#forbiddenMarks(far, start, limit)
    const found = forbidden && (yield* this.#shortestCycle(start, limit, forbidden))
    for (const node of near) this.#distanceToStart[node] = UNREACHED
    for (const node of far) this.#distanceFromStart[node] = UNREACHED
    return found
  }

  /** Finds distances of at most `limit` over nodes numbered from `start` on. Returns the nodes. */
  #distancesWithin(
    start: number,
    limit: number,
    distances: Int32Array,
    firsts: Int32Array,
    targets: Int32Array,
    lengths: Uint8Array,
  ): number[] {
    const isBack = distances === this.#distanceToStart
    distances[start] = 0
    const reached = [start]
    let layer = [start]
    for (let distance = 0; layer.length > 0; distance++) {
      const next: number[] = []
      for (let index = 0; index < layer.length; index++) {
        const node = layer[index]!
        if (distances[node] !== distance) continue
        this.#work.spend(1 + firsts[node + 1]! - firsts[node]!)
        for (let edge = firsts[node]!; edge < firsts[node + 1]!; edge++) {
          const target = targets[edge]!
          const along = distance + lengths[edge]!
          const left = isBack ? 0 : this.#distanceToStart[target]!
          if (target < start || along >= distances[target]! || along + left > limit) continue
          if (distances[target] === UNREACHED) reached.push(target)
          distances[target] = along
          ;(lengths[edge] === 0 ? layer : next).push(target)
        }
      }
      layer = next
    }
    return reached
  }

  /**
   * The marks that no edge of the cycle may have, as words: a step of a strong fairness constraint is enabled, but the
   * cycle cannot take such a step. Undefined if no edge has one of the required marks. Also finds the distances back
   * from the required marks.
   */
  #forbiddenMarks(nodes: readonly number[], start: number, limit: number): Int32Array | undefined {
    const { product, firsts, targets } = this.#parts
    const { marks } = product
    const required = this.#required
    const returns = this.#returnDistances.fill(UNREACHED)
    const done = new Int32Array(marks.words)
    for (const node of nodes) {
      for (let edge = firsts[node]!; edge < firsts[node + 1]!; edge++) {
        if (this.#distanceFromStart[node]! + this.#lengthToStart(edge, start) > limit) continue
        for (let word = 0; word < marks.words; word++)
          done[word] = marks.joined(word, done[word]!, this.#marksOf(edge, word))
        const back = this.#distanceToStart[targets[edge]!]!
        for (let index = 0; index < required.length; index++) {
          const { word, mask } = required[index]!
          if (back < returns[index]! && (this.#marksOf(edge, word) & mask) !== 0) returns[index] = back
        }
      }
    }
    if (returns.includes(UNREACHED)) return undefined
    return done.map((own, word) => own & marks.enabledNotTaken[word]!)
  }

  /**
   * Whether a walk at `node`, with the marks in `#walks.nextMarks`, can get the other marks and return within `left`
   * steps.
   */
  #canEnd(node: number, left: number): boolean {
    const { nextMarks } = this.#walks
    for (let index = 0; index < this.#required.length; index++) {
      const { word, mask, distanceTo } = this.#required[index]!
      if ((nextMarks[word]! & mask) === 0 && distanceTo[node]! + this.#returnDistances[index]! > left) return false
    }
    return true
  }

  /** Steps of an edge and of the shortest path back after it. */
  #lengthToStart(edge: number, start: number): number {
    const target = this.#parts.targets[edge]!
    return target < start || this.#distanceToStart[target] === UNREACHED
      ? UNREACHED
      : this.#parts.lengths[edge]! + this.#distanceToStart[target]!
  }

  #marksOf(edge: number, word: number): number {
    const { product, marks } = this.#parts
    return product.markWords.at(marks[edge]! * product.marks.words + word)
  }

  /** A shortest cycle, over pairs of a node and the marks so far. */
  *#shortestCycle(start: number, limit: number, forbidden: Int32Array): Generator<void, Cycle | undefined> {
    const walks = this.#walks
    walks.clear()
    walks.begin(start)
    let layer = [0]
    for (let length = 0; layer.length > 0; length++) {
      const next: number[] = []
      // Stuttering first, because it leads to nodes of the same layer.
      for (const step of [0, 1]) {
        for (let index = 0; index < layer.length; index++) {
          if (index % CLOCK_INTERVAL === CLOCK_INTERVAL - 1 && this.#pause()) yield
          const walk = layer[index]!
          const end = this.#extend(walk, step, start, limit - length, forbidden, step === 0 ? layer : next)
          if (end) return { nodes: [...walks.pathTo(walk), start], length: length + step }
        }
      }
      layer = next
    }
    return undefined
  }

  /**
   * Extends a walk by the edges of one length, and adds new walks to `found`. Returns whether one of them closes the
   * cycle.
   */
  #extend(walk: number, step: number, start: number, left: number, forbidden: Int32Array, found: number[]): boolean {
    const { product, firsts, targets, lengths } = this.#parts
    const { marks } = product
    const walks = this.#walks
    const node = walks.nodes.at(walk)
    this.#work.spend(1 + firsts[node + 1]! - firsts[node]!)
    for (let edge = firsts[node]!; edge < firsts[node + 1]!; edge++) {
      if (lengths[edge] !== step || this.#lengthToStart(edge, start) > left) continue
      let isForbidden = false
      for (let word = 0; word < marks.words; word++) {
        const does = this.#marksOf(edge, word)
        isForbidden ||= (does & forbidden[word]!) !== 0
        walks.nextMarks[word] = marks.joined(word, walks.marks.at(walk * marks.words + word), does)
      }
      if (isForbidden) continue
      if (targets[edge] === start && marks.isEnough(walks.nextMarks, 0)) return true
      if (!this.#canEnd(targets[edge]!, left - step)) continue
      this.#work.spend(LOOK_UP)
      const added = walks.add(targets[edge]!, walk)
      if (added >= 0) found.push(added)
    }
    return false
  }
}

/**
 * Walks by number: the last node of each, its marks, and the walk that it extends. No two walks share both node and
 * marks.
 */
class Walks {
  readonly nodes = new GrowingStack()
  readonly marks = new GrowingStack()
  /** The marks of the walk that is added next. */
  readonly nextMarks: Int32Array
  readonly #extended = new GrowingStack()
  /** By hash: the number plus 1. */
  #places = new Int32Array(1024)

  constructor(words: number) {
    this.nextMarks = new Int32Array(words)
  }

  clear(): void {
    const count = this.nodes.length
    if (8 * count > this.#places.length) this.#places.fill(0)
    else for (let walk = 0; walk < count; walk++) this.#places[this.#placeOf(walk)] = 0
    for (const stack of [this.nodes, this.marks, this.#extended]) stack.length = 0
  }

  /** Adds the empty walk. */
  begin(node: number): void {
    this.nextMarks.fill(0)
    this.add(node, -1)
  }

  /** Adds a walk, unless there is one with the same node and marks. Returns its number, or -1. */
  add(node: number, before: number): number {
    const { nodes, marks, nextMarks } = this
    const words = nextMarks.length
    let place = this.#hash(node, nextMarks, 0)
    for (; this.#places[place] !== 0; place = (place + 1) % this.#places.length) {
      const other = this.#places[place]! - 1
      if (nodes.at(other) !== node) continue
      let word = 0
      while (word < words && marks.at(other * words + word) === nextMarks[word]) word++
      if (word === words) return -1
    }
    nodes.push(node)
    this.#extended.push(before)
    for (let word = 0; word < words; word++) marks.push(nextMarks[word]!)
    this.#places[place] = nodes.length
    if (2 * nodes.length > this.#places.length) this.#grow()
    return nodes.length - 1
  }

  /** The nodes of a walk. */
  pathTo(walk: number): number[] {
    const path: number[] = []
    for (let at = walk; at >= 0; at = this.#extended.at(at)) path.push(this.nodes.at(at))
    return path.reverse()
  }

  #grow(): void {
    const { length } = this.#places
    this.#places = new Int32Array(2 * length)
    for (let walk = 0; walk < this.nodes.length; walk++) {
      let place = this.#hash(this.nodes.at(walk), this.marks.values, walk * this.nextMarks.length)
      while (this.#places[place] !== 0) place = (place + 1) % this.#places.length
      this.#places[place] = walk + 1
    }
  }

  #placeOf(walk: number): number {
    let place = this.#hash(this.nodes.at(walk), this.marks.values, walk * this.nextMarks.length)
    while (this.#places[place] !== walk + 1) place = (place + 1) % this.#places.length
    return place
  }

  #hash(node: number, marks: Int32Array, at: number): number {
    let hash = Math.imul(node + 1, 0x9e37_79b1)
    for (let word = 0; word < this.nextMarks.length; word++)
      hash = Math.imul(hash ^ marks[at + word]!, 0x85eb_ca6b) + word
    hash ^= hash >>> 15
    return (hash >>> 0) % this.#places.length
  }
}
