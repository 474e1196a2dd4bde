/**
 * Finds a shortest lasso with a fair cycle in the fair parts of a tight product.
 *
 * The search tries nodes in order of distance as the first node of the cycle. Later searches leave out a tried node, because a
 * cycle through it could begin there. From each node it extends walks breadth-first over pairs of a node and the marks of the
 * walk, until one is back with all required marks. It skips nodes from which a walk cannot return within the length of the best
 * known lasso.
 *
 * Finding a shortest fair cycle is NP-hard in the number of constraints (Clarke, Grumberg, McMillan and Zhao, "Efficient
 * generation of counterexamples and witnesses in symbolic model checking", DAC 1995). So the search has a bound on its work.
 */
import type { FairComponents } from './fair-parts.ts'
import { GrowingStack } from './growing-stack.ts'
import { WorkExceeded, type WorkBudget } from './work-budget.ts'

/** A path to the first node of a cycle, and the cycle. */
export interface ClosedWalk {
  /** Numbers of nodes in the fair parts, with the first one repeated at the end. */
  readonly cycle: readonly number[]
  /** Steps of the path and of the cycle, without stutters. */
  readonly length: number
}

/** Walks extended between two looks at the clock. */
const CLOCK_INTERVAL = 4096

/** A look-up costs as much as this many edges. */
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

/** Searches for a shortest lasso with fewer than `limit` steps. Yields when `pause` says so. */
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
    const goals = goalsOf(parts, work)
    const search = new Search(parts, goals, work, pause)
    for (let start = 0; start < nodes.length; start++) {
      if (pause()) yield
      const distance = product.distances.at(nodes[start]!)
      if (distance >= bound) break
      if (goals.some(({ there, back }) => distance + there[start]! + back[start]! >= bound)) continue
      const round = yield* search.from(start, bound - 1 - distance)
      if (round === undefined) continue
      bound = distance + round.length
      walk = { cycle: round.nodes, length: bound }
    }
    return { walk, isDone: true }
  } catch (thrown) {
    if (!(thrown instanceof WorkExceeded)) throw thrown
    return { walk, isDone: false }
  }
}

/** A mark that a cycle must have. */
interface Goal {
  readonly word: number
  readonly mask: number
  /** By node: the distance to the end of the nearest edge with the mark. */
  readonly there: Int32Array
  /** By node: the distance from the end of the nearest edge with the mark. */
  readonly back: Int32Array
}

/** The marks that every cycle must have, with distances to and from their edges. */
function goalsOf(parts: FairComponents, work: WorkBudget): Goal[] {
  const { product, nodes, firsts, targets, lengths, marks } = parts
  const { goal, words } = product.marks
  const bits = Array.from({ length: 32 * words }, (_, bit) => ({ word: bit >>> 5, mask: 1 << (bit & 31) }))
  return bits
    .filter(({ word, mask }) => (goal[word]! & mask) !== 0)
    .map(({ word, mask }) => {
      work.spend(2 * targets.length)
      const there = new Int32Array(nodes.length).fill(UNREACHED)
      const back = new Int32Array(nodes.length).fill(UNREACHED)
      for (let node = 0; node < nodes.length; node++) {
        for (let edge = firsts[node]!; edge < firsts[node + 1]!; edge++) {
          if ((product.markWords.at(marks[edge]! * words + word) & mask) === 0) continue
          there[node] = Math.min(there[node]!, lengths[edge]!)
          back[targets[edge]!] = 0
        }
      }
      spread(there, parts.backFirsts, parts.sources, parts.backLengths)
      spread(back, firsts, targets, lengths)
      return { word, mask, there, back }
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
  readonly #goals: readonly Goal[]
  readonly #work: WorkBudget
  readonly #pause: () => boolean
  /** By goal: the least distance to the start of the cycle after an edge with its mark. */
  readonly #returns: Int32Array
  /** By node: the distance to the start of the cycle, and from it. Unknown between two searches. */
  readonly #back: Int32Array
  readonly #there: Int32Array
  readonly #walks: Walks

  constructor(parts: FairComponents, goals: readonly Goal[], work: WorkBudget, pause: () => boolean) {
    this.#parts = parts
    this.#pause = pause
    this.#goals = goals
    this.#returns = new Int32Array(goals.length)
    this.#work = work
    this.#back = new Int32Array(parts.nodes.length).fill(UNREACHED)
    this.#there = new Int32Array(parts.nodes.length).fill(UNREACHED)
    this.#walks = new Walks(parts.product.marks.words)
  }

  /** A shortest cycle through a node and nodes after it, of `limit` steps at most. */
  *from(start: number, limit: number): Generator<void, Cycle | undefined> {
    const { firsts, targets, lengths, backFirsts, sources, backLengths } = this.#parts
    const near = this.#near(start, limit, this.#back, backFirsts, sources, backLengths)
    const far = this.#near(start, limit, this.#there, firsts, targets, lengths)
    const barred = this.#barred(far, start, limit)
    const found = barred && (yield* this.#round(start, limit, barred))
    for (const node of near) this.#back[node] = UNREACHED
    for (const node of far) this.#there[node] = UNREACHED
    return found
  }

  /** Finds distances of at most `limit` over nodes numbered from `start` on. Returns the nodes. */
  #near(
    start: number,
    limit: number,
    distances: Int32Array,
    firsts: Int32Array,
    targets: Int32Array,
    lengths: Uint8Array,
  ): number[] {
    const isBack = distances === this.#back
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
          const left = isBack ? 0 : this.#back[target]!
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
   * The marks that no edge of the cycle may have, as words: a step of a strong fairness constraint is enabled, but the cycle cannot
   * take such a step. Undefined if no edge has one of the required marks. Also finds the distances back from the required
   * marks.
   */
  #barred(nodes: readonly number[], start: number, limit: number): Int32Array | undefined {
    const { product, firsts, targets } = this.#parts
    const { marks } = product
    const goals = this.#goals
    const returns = this.#returns.fill(UNREACHED)
    const done = new Int32Array(marks.words)
    for (const node of nodes) {
      for (let edge = firsts[node]!; edge < firsts[node + 1]!; edge++) {
        if (this.#there[node]! + this.#left(edge, start) > limit) continue
        for (let word = 0; word < marks.words; word++)
          done[word] = marks.joined(word, done[word]!, this.#does(edge, word))
        const back = this.#back[targets[edge]!]!
        for (let index = 0; index < goals.length; index++) {
          const { word, mask } = goals[index]!
          if (back < returns[index]! && (this.#does(edge, word) & mask) !== 0) returns[index] = back
        }
      }
    }
    if (returns.includes(UNREACHED)) return undefined
    return done.map((own, word) => own & marks.owing[word]!)
  }

  /** Whether a walk at `node`, with the marks in `#walks.done`, can get the other marks and return within `left` steps. */
  #canEnd(node: number, left: number): boolean {
    const { done } = this.#walks
    for (let index = 0; index < this.#goals.length; index++) {
      const { word, mask, there } = this.#goals[index]!
      if ((done[word]! & mask) === 0 && there[node]! + this.#returns[index]! > left) return false
    }
    return true
  }

  /** Steps of an edge and of the shortest path back after it. */
  #left(edge: number, start: number): number {
    const target = this.#parts.targets[edge]!
    return target < start || this.#back[target] === UNREACHED
      ? UNREACHED
      : this.#parts.lengths[edge]! + this.#back[target]!
  }

  #does(edge: number, word: number): number {
    const { product, marks } = this.#parts
    return product.markWords.at(marks[edge]! * product.marks.words + word)
  }

  /** A shortest cycle, over pairs of a node and the marks so far. */
  *#round(start: number, limit: number, barred: Int32Array): Generator<void, Cycle | undefined> {
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
          const end = this.#follow(walk, step, start, limit - length, barred, step === 0 ? layer : next)
          if (end) return { nodes: [...walks.pathTo(walk), start], length: length + step }
        }
      }
      layer = next
    }
    return undefined
  }

  /** Extends a walk by the edges of one length, and adds new walks to `found`. Returns whether one of them closes the cycle. */
  #follow(walk: number, step: number, start: number, left: number, barred: Int32Array, found: number[]): boolean {
    const { product, firsts, targets, lengths } = this.#parts
    const { marks } = product
    const walks = this.#walks
    const node = walks.nodes.at(walk)
    this.#work.spend(1 + firsts[node + 1]! - firsts[node]!)
    for (let edge = firsts[node]!; edge < firsts[node + 1]!; edge++) {
      if (lengths[edge] !== step || this.#left(edge, start) > left) continue
      let isBarred = false
      for (let word = 0; word < marks.words; word++) {
        const does = this.#does(edge, word)
        isBarred ||= (does & barred[word]!) !== 0
        walks.done[word] = marks.joined(word, walks.marks.at(walk * marks.words + word), does)
      }
      if (isBarred) continue
      if (targets[edge] === start && marks.isEnough(walks.done, 0)) return true
      if (!this.#canEnd(targets[edge]!, left - step)) continue
      this.#work.spend(LOOK_UP)
      const added = walks.add(targets[edge]!, walk)
      if (added >= 0) found.push(added)
    }
    return false
  }
}

/** Walks by number: the last node of each, its marks, and the walk that it extends. No two walks share both node and marks. */
class Walks {
  readonly nodes = new GrowingStack()
  readonly marks = new GrowingStack()
  /** The marks of the walk that is added next. */
  readonly done: Int32Array
  readonly #before = new GrowingStack()
  /** By hash: the number plus 1. */
  #places = new Int32Array(1024)

  constructor(words: number) {
    this.done = new Int32Array(words)
  }

  clear(): void {
    const count = this.nodes.length
    if (8 * count > this.#places.length) this.#places.fill(0)
    else for (let walk = 0; walk < count; walk++) this.#places[this.#placeOf(walk)] = 0
    for (const stack of [this.nodes, this.marks, this.#before]) stack.length = 0
  }

  /** Adds the empty walk. */
  begin(node: number): void {
    this.done.fill(0)
    this.add(node, -1)
  }

  /** Adds a walk, unless there is one with the same node and marks. Returns its number, or -1. */
  add(node: number, before: number): number {
    const { nodes, marks, done } = this
    const words = done.length
    let place = this.#hash(node, done, 0)
    for (; this.#places[place] !== 0; place = (place + 1) % this.#places.length) {
      const other = this.#places[place]! - 1
      if (nodes.at(other) !== node) continue
      let word = 0
      while (word < words && marks.at(other * words + word) === done[word]) word++
      if (word === words) return -1
    }
    nodes.push(node)
    this.#before.push(before)
    for (let word = 0; word < words; word++) marks.push(done[word]!)
    this.#places[place] = nodes.length
    if (2 * nodes.length > this.#places.length) this.#grow()
    return nodes.length - 1
  }

  /** The nodes of a walk. */
  pathTo(walk: number): number[] {
    const path: number[] = []
    for (let at = walk; at >= 0; at = this.#before.at(at)) path.push(this.nodes.at(at))
    return path.reverse()
  }

  #grow(): void {
    const { length } = this.#places
    this.#places = new Int32Array(2 * length)
    for (let walk = 0; walk < this.nodes.length; walk++) {
      let place = this.#hash(this.nodes.at(walk), this.marks.values, walk * this.done.length)
      while (this.#places[place] !== 0) place = (place + 1) % this.#places.length
      this.#places[place] = walk + 1
    }
  }

  #placeOf(walk: number): number {
    let place = this.#hash(this.nodes.at(walk), this.marks.values, walk * this.done.length)
    while (this.#places[place] !== walk + 1) place = (place + 1) % this.#places.length
    return place
  }

  #hash(node: number, marks: Int32Array, at: number): number {
    let hash = Math.imul(node + 1, 0x9e37_79b1)
    for (let word = 0; word < this.done.length; word++) hash = Math.imul(hash ^ marks[at + word]!, 0x85eb_ca6b) + word
    hash ^= hash >>> 15
    return (hash >>> 0) % this.#places.length
  }
}
