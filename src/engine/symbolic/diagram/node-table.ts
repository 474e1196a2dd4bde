/**
 * The nodes of decision diagrams, each stored once.
 *
 * A diagram is a set of tuples of numbers with the same length: a list decision diagram, after Blom and van de Pol. A
 * node stands for the tuples that begin with its value and continue as `down` says, and for the tuples of `right`,
 * whose first values are greater:
 *
 *     nodes[4n]    value
 *     nodes[4n+1]  down: the rest of the tuples that begin with the value; never EMPTY
 *     nodes[4n+2]  right: the tuples that begin with a greater value
 *     nodes[4n+3]  the next node in the same bucket; in a free node, the next free node
 *
 * Two sets are equal if and only if their nodes are the same number. A number keeps its meaning until its node is
 * collected.
 *
 * Source: S. Blom, J. van de Pol, "Symbolic reachability for process algebras with recursive data types" (ICTAC 2008).
 */

/** The empty set. */
export const EMPTY = 0

/** The set that contains only the empty tuple. */
export const UNIT = 1

/** Thrown when the table is full. The running operation is lost; all existing diagrams stay valid. */
export class TableFull extends Error {
  constructor() {
    super('no room for another node')
    this.name = 'TableFull'
  }
}

const FIRST_CAPACITY = 2 ** 13

/** A typed array may be longer, but node numbers have 31 bits, and four times a number must be exact. */
const MAX_NODES = 2 ** 27

export class NodeTable {
  /** A growing table replaces this array by a longer one. */
  nodes: Int32Array
  #buckets: Int32Array
  #mask: number
  /** Nodes used at any time, including free ones. */
  #used = 2
  #free = 0
  #freeCount = 0
  readonly #limit: number
  /** Nodes freed since the table was made. */
  #freed = 0

  /**
   * @param limit - maximal number of nodes
   * @param capacity - initial capacity in nodes: a power of two
   */
  constructor(limit: number = MAX_NODES, capacity: number = FIRST_CAPACITY) {
    this.#limit = Math.min(limit, MAX_NODES)
    this.nodes = new Int32Array(4 * capacity)
    this.#buckets = new Int32Array(capacity)
    this.#mask = capacity - 1
  }

  get size(): number {
    return this.#used - this.#freeCount
  }

  /** Nodes made since the table was made, including freed ones. */
  get made(): number {
    return this.size + this.#freed
  }

  /** Nodes that fit without growing. */
  get capacity(): number {
    return this.#buckets.length
  }

  get bytes(): number {
    return this.nodes.byteLength + this.#buckets.byteLength
  }

  /** Whether a collection may pay because the table is nearly full. */
  get isNearlyFull(): boolean {
    return this.size > 0.75 * this.#limit
  }

  /** The node with these contents, made if it does not exist. @throws {TableFull} */
  make(value: number, down: number, right: number): number {
    if (down === EMPTY) return right
    const { nodes } = this
    const bucket = hash(value, down, right) & this.#mask
    for (let node = this.#buckets[bucket]!; node !== 0; node = nodes[4 * node + 3]!) {
      const at = 4 * node
      if (nodes[at + 1] === down && nodes[at] === value && nodes[at + 2] === right) return node
    }
    return this.#add(value, down, right)
  }

  #add(value: number, down: number, right: number): number {
    if (this.#free === 0 && this.#used >= this.capacity) this.#grow()
    let node = this.#free
    if (node === 0) node = this.#used++
    else {
      this.#free = this.nodes[4 * node + 3]!
      this.#freeCount--
    }
    const { nodes } = this
    const at = 4 * node
    nodes[at] = value
    nodes[at + 1] = down
    nodes[at + 2] = right
    this.#link(node)
    return node
  }

  #link(node: number): void {
    const { nodes } = this
    const at = 4 * node
    const bucket = hash(nodes[at]!, nodes[at + 1]!, nodes[at + 2]!) & this.#mask
    nodes[at + 3] = this.#buckets[bucket]!
    this.#buckets[bucket] = node
  }

  #grow(): void {
    if (this.#used >= this.#limit) throw new TableFull()
    const capacity = 2 * this.capacity
    const longer = new Int32Array(4 * capacity)
    longer.set(this.nodes)
    this.nodes = longer
    this.#index(capacity)
  }

  /** Rebuilds the buckets for all nodes in use. */
  #index(capacity: number): void {
    if (capacity === this.capacity) this.#buckets.fill(0)
    else this.#buckets = new Int32Array(capacity)
    this.#mask = capacity - 1
    for (let node = 2; node < this.#used; node++) if (this.nodes[4 * node + 1] !== EMPTY) this.#link(node)
  }

  /** Frees every node that no root reaches. */
  collect(roots: Iterable<number>): void {
    const { nodes, size } = this
    const isLive = new Uint8Array(this.#used)
    const pending: number[] = []
    const mark = (start: number): void => {
      for (let node = start; node > UNIT && isLive[node] === 0; node = nodes[4 * node + 2]!) {
        isLive[node] = 1
        pending.push(nodes[4 * node + 1]!)
      }
    }
    for (const root of roots) {
      mark(root)
      while (pending.length > 0) mark(pending.pop()!)
    }
    this.#free = 0
    this.#freeCount = 0
    for (let node = this.#used - 1; node > UNIT; node--) if (isLive[node] === 0) nodes[4 * node + 1] = EMPTY
    this.#index(this.capacity)
    for (let node = this.#used - 1; node > UNIT; node--) {
      if (isLive[node] === 1) continue
      nodes[4 * node + 3] = this.#free
      this.#free = node
      this.#freeCount++
    }
    this.#freed += size - this.size
  }
}

function hash(value: number, down: number, right: number): number {
  let mixed = Math.imul(value + 1, 0x9e3779b1) ^ Math.imul(down, 0x85ebca6b) ^ Math.imul(right, 0xc2b2ae35)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}
