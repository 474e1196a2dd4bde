/**
 * The order of places in which the diagram of a set is small, found by sifting: each place in turn is moved through all
 * others, and left where the diagram is smallest.
 *
 * For that the diagram is taken apart into levels, one for each place, whose lists of siblings have numbers of their own.
 * When two neighbors change places the lists of the upper level keep their numbers, and those of the lower one are made
 * anew. No other level is touched, and how large the diagram is comes out of the two.
 *
 * Source: R. Rudell, "Dynamic variable ordering for ordered binary decision diagrams" (ICCAD 1993).
 */
import type { Diagram, Diagrams } from './diagrams.ts'
import { EMPTY, NodeTable, UNIT } from './node-table.ts'

/** A place goes no further in a direction when the diagram is larger by this factor than where it was smallest. */
const MAX_GROWTH = 1.2

/** All places are moved again as long as that leaves at most this part of the diagram. */
const MUCH_SMALLER = 0.95

/** Nodes that a level has room for at first, at least. There are many small ones. */
const MIN_CAPACITY = 2 ** 4

/** One place of a set that was taken apart. */
interface Level {
  /** Which place of the set as it was given. */
  readonly place: number
  /** Here `down` is the number of a list of the next level. */
  readonly table: NodeTable
  /** By number, from 1: the first node of the list. Of lists that are the beginning of a set, each is here once. */
  readonly lists: number[]
}

export class Sifting {
  /** Nodes of the diagram, in the order found so far. */
  size: number
  /** Nodes that were made, those of levels that were left again included: a measure of work. */
  made = 0
  readonly #diagrams: Diagrams
  readonly #levels: Level[]
  readonly #most: number
  /** The whole work, with a pause after each exchange. */
  readonly #swaps: Iterator<void> = this.#sift()

  /**
   * @param places - the length of the tuples
   * @param most - nodes that may be made
   */
  constructor(diagrams: Diagrams, set: Diagram, places: number, most: number) {
    this.#diagrams = diagrams
    this.#levels = levelsOf(diagrams, set, places)
    this.#most = most
    this.size = this.#levels.reduce((sum, level) => sum + sizeOf(level), 0)
  }

  /** Exchanges two neighbors. Returns false once there is nothing more to do; before that the order may be a bad one. */
  step(): boolean {
    return this.#swaps.next().done !== true
  }

  /** The places of the set as it was given, in the order found so far. */
  get places(): number[] {
    return this.#levels.map(({ place }) => place)
  }

  /** The set in that order. */
  set(): Diagram {
    const { table } = this.#diagrams
    let below: Diagram[] = [EMPTY, UNIT]
    for (const { lists, table: level } of this.#levels.toReversed()) {
      const copies = new Map([[EMPTY, EMPTY]])
      const copy = (node: number, right: Diagram): Diagram =>
        table.make(level.nodes[4 * node]!, below[level.nodes[4 * node + 1]!]!, right)
      below = lists.map((list) => copyOf(list, level.nodes, copies, copy))
    }
    return below[1]!
  }

  /** Moves place after place, those of most nodes first. */
  *#sift(): Generator<void, void> {
    for (let before = Infinity; this.size <= MUCH_SMALLER * before;) {
      before = this.size
      const places = this.#levels.toSorted((a, b) => sizeOf(b) - sizeOf(a)).map(({ place }) => place)
      for (const next of places) {
        if (this.made >= this.#most) return
        yield* this.#move(this.#levels.findIndex(({ place }) => place === next))
      }
    }
  }

  /** Moves the place of one level to wherever the diagram is smallest, looking at the nearer end first. */
  *#move(start: number): Generator<void, void> {
    const last = this.#levels.length - 1
    let at = start
    let best = { at, size: this.size }
    const go = (by: number): void => {
      this.#swap(Math.min(at, at + by))
      at += by
    }
    const mayGo = (by: number): boolean =>
      at + by >= 0 && at + by <= last && this.size <= MAX_GROWTH * best.size && this.made < this.#most
    for (const by of start > last / 2 ? [1, -1] : [-1, 1]) {
      while (mayGo(by)) {
        go(by)
        if (this.size < best.size) best = { at, size: this.size }
        yield
      }
    }
    for (; at !== best.at; yield) go(Math.sign(best.at - at))
  }

  /** Exchanges the places of a level and the next one. */
  #swap(at: number): void {
    const [upper, lower] = [this.#levels[at]!, this.#levels[at + 1]!]
    // Most levels stay about as large.
    const newUpper = emptyLevel(lower.place, sizeOf(upper))
    const newLower = emptyLevel(upper.place, sizeOf(lower))
    const numbers = new Map<number, number>()
    for (let list = 1; list < upper.lists.length; list++) {
      const exchanged = exchangedOf(upper.lists[list]!, upper, lower)
      let node = EMPTY
      const values = [...exchanged.keys()]
      if (values.length > 1) values.sort((a, b) => b - a)
      for (const value of values) {
        const siblings = exchanged.get(value)!
        let below = EMPTY
        for (let index = siblings.length - 2; index >= 0; index -= 2) {
          below = newLower.table.make(siblings[index]!, siblings[index + 1]!, below)
        }
        this.made += siblings.length / 2
        let number = numbers.get(below)
        if (number === undefined) {
          number = newLower.lists.push(below) - 1
          numbers.set(below, number)
        }
        node = newUpper.table.make(value, number, node)
      }
      newUpper.lists.push(node)
    }
    this.size += sizeOf(newUpper) + sizeOf(newLower) - sizeOf(upper) - sizeOf(lower)
    this.#levels[at] = newUpper
    this.#levels[at + 1] = newLower
  }
}

/** Of a list of one level, by value of the next: pairs of a value of the first that goes with it, ascending, and what follows. */
function exchangedOf(list: number, { table: { nodes } }: Level, { table, lists }: Level): Map<number, number[]> {
  const below = table.nodes
  const exchanged = new Map<number, number[]>()
  for (let node = list; node !== EMPTY; node = nodes[4 * node + 2]!) {
    for (let other = lists[nodes[4 * node + 1]!]!; other !== EMPTY; other = below[4 * other + 2]!) {
      const siblings = exchanged.get(below[4 * other]!)
      if (siblings === undefined) exchanged.set(below[4 * other]!, [nodes[4 * node]!, below[4 * other + 1]!])
      else siblings.push(nodes[4 * node]!, below[4 * other + 1]!)
    }
  }
  return exchanged
}

/** A level with room for so many nodes. */
function emptyLevel(place: number, nodes: number = 0): Level {
  const capacity = Math.max(MIN_CAPACITY, 2 ** Math.ceil(Math.log2(nodes + UNIT + 1)))
  return { place, table: new NodeTable(undefined, capacity), lists: [EMPTY] }
}

/** Nodes of a level; `EMPTY` and `UNIT` are none. */
function sizeOf({ table }: Level): number {
  return table.size - UNIT - 1
}

/** Takes a set apart. */
function levelsOf(diagrams: Diagrams, set: Diagram, places: number): Level[] {
  let heads: Iterable<Diagram> = [set]
  return Array.from({ length: places }, (_, place) => {
    const level = emptyLevel(place)
    const numbers = new Map<Diagram, number>()
    const copies = new Map([[EMPTY, EMPTY]])
    const copy = (node: Diagram, right: number): number => {
      const down = diagrams.down(node)
      if (!numbers.has(down)) numbers.set(down, numbers.size + 1)
      return level.table.make(diagrams.value(node), numbers.get(down)!, right)
    }
    for (const head of heads) level.lists.push(copyOf(head, diagrams.table.nodes, copies, copy))
    heads = numbers.keys()
    return level
  })
}

/**
 * The copy of a list of siblings. Lists may be long, so it is made from the end, without recursion.
 *
 * @param nodes - that the list is among
 * @param copies - by node, those that were made
 * @param copy - makes one of a node, given that of its right
 */
function copyOf(
  list: number,
  nodes: Int32Array,
  copies: Map<number, number>,
  copy: (node: number, right: number) => number,
): number {
  const siblings: number[] = []
  let node = list
  for (; !copies.has(node); node = nodes[4 * node + 2]!) siblings.push(node)
  let right = copies.get(node)!
  for (const sibling of siblings.reverse()) copies.set(sibling, (right = copy(sibling, right)))
  return right
}
