/**
 * Sets of tuples as decision diagrams, and operations on them.
 *
 * An operation walks two sibling lists side by side and recurs downwards. So the depth of recursion is the length of
 * the tuples, however many values a place can hold. A stack collects the siblings of a result, and the result is built
 * from the last sibling to the first.
 */
import { grown } from '../../../semantics/grown.ts'
import { EMPTY, NodeTable, UNIT } from './node-table.ts'
import { NOT_CACHED, OperationCache } from './operation-cache.ts'

/**
 * A set of tuples, or a relation between them: a node number. It is valid until a collection that does not list it as a
 * root.
 */
export type Diagram = number

/**
 * Operation numbers in the cache. They take the place of the third operand in binary operations, so they are negative.
 */
export const UNION = -1
export const MINUS = -2
export const INTERSECT = -3
export const IMAGE = -4
export const COVER = -5
export const FRONT = -6
export const ENDED = -7

/** With fewer nodes a collection does not pay. */
const MIN_GARBAGE = 2 ** 18

/** An upper bound: the node, its bucket, and its share of the cache. */
const BYTES_PER_NODE = 16 + 4 + 16

export class Diagrams {
  readonly table: NodeTable
  readonly cache: OperationCache = new OperationCache()
  /** Siblings of the lists that are being built: pairs of a value and the node below. */
  #pending: Int32Array = new Int32Array(1024)
  #top = 0
  #collectAt = MIN_GARBAGE
  #operations = ENDED
  /** Operation numbers by kind and operands. */
  readonly #operationsBy = new Map<string, number>()
  /** The number of collections so far. After each one, a number may stand for another diagram. */
  collections = 0

  /** @param maxBytes - limit for nodes and cached results */
  constructor(maxBytes: number = Infinity) {
    this.table = new NodeTable(Math.max(2 ** 14, Math.floor(maxBytes / BYTES_PER_NODE)))
  }

  get bytes(): number {
    return this.table.bytes + this.cache.bytes
  }

  /** The first value of the first tuple. */
  value(node: Diagram): number {
    return this.table.nodes[4 * node]!
  }

  /** The rest of the tuples that begin with the first value. */
  down(node: Diagram): Diagram {
    return this.table.nodes[4 * node + 1]!
  }

  /** The tuples with greater first values. */
  right(node: Diagram): Diagram {
    return this.table.nodes[4 * node + 2]!
  }

  /** The tuples of a set that begin with `value`, without that value. */
  follow(set: Diagram, value: number): Diagram {
    const { nodes } = this.table
    let node = set
    while (node !== EMPTY && nodes[4 * node]! < value) node = nodes[4 * node + 2]!
    return node !== EMPTY && nodes[4 * node] === value ? nodes[4 * node + 1]! : EMPTY
  }

  tuple(values: ArrayLike<number>): Diagram {
    let node = UNIT
    for (let index = values.length - 1; index >= 0; index--) node = this.table.make(values[index]!, node, EMPTY)
    return node
  }

  has(set: Diagram, values: ArrayLike<number>): boolean {
    let node = set
    for (let index = 0; index < values.length && node !== EMPTY; index++) node = this.follow(node, values[index]!)
    return node !== EMPTY
  }

  union(one: Diagram, other: Diagram): Diagram {
    if (one === other || other === EMPTY) return one
    if (one === EMPTY) return other
    const [a, b] = one < other ? [one, other] : [other, one]
    const known = this.cache.get(a, b, UNION)
    if (known !== NOT_CACHED) return known
    const base = this.#top
    let x = a
    let y = b
    while (x !== y && x !== EMPTY && y !== EMPTY) {
      const difference = this.value(x) - this.value(y)
      const least = difference <= 0 ? x : y
      this.put(this.value(least), difference === 0 ? this.union(this.down(x), this.down(y)) : this.down(least))
      if (difference <= 0) x = this.right(x)
      if (difference >= 0) y = this.right(y)
    }
    return this.cache.set(a, b, UNION, this.build(base, x === EMPTY ? y : x))
  }

  minus(a: Diagram, b: Diagram): Diagram {
    if (a === b || a === EMPTY) return EMPTY
    if (b === EMPTY) return a
    const known = this.cache.get(a, b, MINUS)
    if (known !== NOT_CACHED) return known
    const base = this.#top
    let x = a
    let y = b
    while (x !== y && x !== EMPTY && y !== EMPTY) {
      const difference = this.value(x) - this.value(y)
      if (difference === 0) this.put(this.value(x), this.minus(this.down(x), this.down(y)))
      else if (difference < 0) this.put(this.value(x), this.down(x))
      if (difference <= 0) x = this.right(x)
      if (difference >= 0) y = this.right(y)
    }
    return this.cache.set(a, b, MINUS, this.build(base, x === y ? EMPTY : x))
  }

  intersect(one: Diagram, other: Diagram): Diagram {
    if (one === other) return one
    if (one === EMPTY || other === EMPTY) return EMPTY
    const [a, b] = one < other ? [one, other] : [other, one]
    const known = this.cache.get(a, b, INTERSECT)
    if (known !== NOT_CACHED) return known
    const base = this.#top
    let x = a
    let y = b
    while (x !== y && x !== EMPTY && y !== EMPTY) {
      const difference = this.value(x) - this.value(y)
      if (difference === 0) this.put(this.value(x), this.intersect(this.down(x), this.down(y)))
      if (difference <= 0) x = this.right(x)
      if (difference >= 0) y = this.right(y)
    }
    return this.cache.set(a, b, INTERSECT, this.build(base, x === y ? x : EMPTY))
  }

  /** An operation number that no cached result uses yet. */
  newOperation(): number {
    return --this.#operations
  }

  /** The operation number for a kind and two numbers. It stays the same until diagrams are collected. */
  operationOf(kind: string, one: number, other: number): number {
    const key = `${kind}:${one}:${other}`
    const known = this.#operationsBy.get(key)
    if (known !== undefined) return known
    const made = this.newOperation()
    this.#operationsBy.set(key, made)
    return made
  }

  /** Where the next list begins on the stack: pass it to `build`. */
  get base(): number {
    return this.#top
  }

  /** Adds a sibling to the list that is being built. Values must ascend. A sibling above the empty set is left out. */
  put(value: number, down: Diagram): void {
    if (down === EMPTY) return
    if (this.#top + 2 > this.#pending.length) this.#pending = grown(this.#pending, 2 * this.#pending.length)
    this.#pending[this.#top++] = value
    this.#pending[this.#top++] = down
  }

  /** The list of the siblings put since `base`, followed by `rest`. */
  build(base: number, rest: Diagram): Diagram {
    let node = rest
    this.cache.charge((this.#top - base) >> 2)
    while (this.#top > base) {
      this.#top -= 2
      node = this.table.make(this.#pending[this.#top]!, this.#pending[this.#top + 1]!, node)
    }
    return node
  }

  /** Discards the lists of an operation that threw. */
  recover(): void {
    this.#top = 0
  }

  /** Collects if there is probably much to free, and enlarges the cache. Call this between operations only. */
  tidy(roots: () => Iterable<Diagram>): void {
    if (this.table.size > this.#collectAt || this.table.isNearlyFull) this.collect(roots())
    this.cache.reserve(this.table.size)
  }

  /** Frees every node that no root reaches. */
  collect(roots: Iterable<Diagram>): void {
    this.table.collect(roots)
    this.cache.clear()
    this.#operationsBy.clear()
    this.recover()
    this.collections++
    this.#collectAt = Math.max(MIN_GARBAGE, 3 * this.table.size)
  }

  isAtMost(diagram: Diagram, most: number): boolean {
    return this.size(diagram, most) <= most
  }

  /**
   * The number of nodes of a diagram.
   *
   * @param enough - stop counting above this number
   */
  size(diagram: Diagram, enough: number = Infinity): number {
    const seen = new Set<number>()
    const pending = [diagram]
    while (pending.length > 0 && seen.size <= enough) {
      for (let node = pending.pop()!; node > UNIT && !seen.has(node); node = this.right(node)) {
        seen.add(node)
        pending.push(this.down(node))
      }
    }
    return seen.size
  }
}
