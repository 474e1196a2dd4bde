/**
 * Sifting: finds an order of places that makes the diagram of a set small. It moves one place at a time through all
 * positions, and leaves it where the diagram is smallest.
 *
 * For this purpose the diagram is split into levels, one for each place, and each level numbers its sibling lists. When
 * two neighbors are exchanged, the lists of the upper level keep their numbers, and the lower level gets new lists. No
 * other level changes, so the sizes of these two levels give the new size of the diagram.
 *
 * Source: R. Rudell, "Dynamic variable ordering for ordered binary decision diagrams" (ICCAD 1993).
 */
import type { Diagram, Diagrams } from './diagrams.ts'
import { EMPTY, NodeTable, UNIT } from './node-table.ts'

/** Stop moving a place in a direction if the diagram is this many times larger than its smallest size. */
const MAX_GROWTH = 1.2

/** Start another round only if the last one shrank the diagram to this share of its size or less. */
const MUCH_SMALLER = 0.95

/** Minimal capacity of a level in nodes. Many levels are small. */
const MIN_CAPACITY = 2 ** 4

/** One place of the set. */
interface Level {
  /** The place in the original set. */
  readonly place: number
  /** Here `down` is the number of a list in the next level. */
  readonly table: NodeTable
  /**
   * By number, from 1: the first node of the list. A list that is only the rest of another has no number.
   *
   */
  readonly lists: number[]
}

export class Sifting {
  /** Nodes of the diagram in the current order. */
  size: number
  /** Nodes made, including those of discarded levels: a measure of work. */
  made = 0
  readonly #diagrams: Diagrams
  readonly #levels: Level[]
  readonly #most: number
  /** The whole work. It yields after each exchange. */
  readonly #swaps: Iterator<void> = this.#sift()

  /**
   * @param places - the length of the tuples
   * @param most - maximal number of nodes to make
   */
  constructor(diagrams: Diagrams, set: Diagram, places: number, most: number) {
    this.#diagrams = diagrams
    this.#levels = levelsOf(diagrams, set, places)
    this.#most = most
    this.size = this.#levels.reduce((sum, level) => sum + sizeOf(level), 0)
  }

  /** Exchanges two neighbors. Returns false when sifting is done; before that, the current order may be a bad one. */
  step(): boolean {
    return this.#swaps.next().done !== true
  }

  /** The original places, in the current order. */
  get places(): number[] {
    return this.#levels.map(({ place }) => place)
  }

  /** The set in the current order. */
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

  /** Moves one place after another, the place with the most nodes first. */
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

  /** Moves one place to the position where the diagram is smallest. Tries the nearer end first. */
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

  /** Exchanges a level with the next one. */
  #swap(at: number): void {
    const [upper, lower] = [this.#levels[at]!, this.#levels[at + 1]!]
    // Most levels keep about the same size.
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

/**
 * For a list of the upper level, by value of the lower: pairs of an upper value, ascending, and the list below both.
 */
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

function emptyLevel(place: number, nodes: number = 0): Level {
  const capacity = Math.max(MIN_CAPACITY, 2 ** Math.ceil(Math.log2(nodes + UNIT + 1)))
  return { place, table: new NodeTable(undefined, capacity), lists: [EMPTY] }
}

/** The nodes of a level, without `EMPTY` and `UNIT`. */
function sizeOf({ table }: Level): number {
  return table.size - UNIT - 1
}

/** Splits a set into levels. */
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
 * Copies a sibling list. The list may be long, so the copy is built from its end, without recursion.
 *
 * @param nodes - the table that contains the list
 * @param copies - the copies made so far, by node
 * @param copy - makes the copy of one node, given the copy of its right sibling
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
