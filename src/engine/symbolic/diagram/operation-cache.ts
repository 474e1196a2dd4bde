/**
 * A cache of results of operations on diagrams. Each result has one place, and overwrites the previous result there.
 *
 *     entries[4p]    first operand
 *     entries[4p+1]  second operand
 *     entries[4p+2]  third operand, or an operation's own number, which is negative
 *     entries[4p+3]  the result
 */

export const NOT_CACHED = -1

const FIRST_CAPACITY = 2 ** 13
const MAX_ENTRIES = 2 ** 24

/** Stored results between two checks of the clock. */
const STRIDE = 2 ** 15

export class OperationCache {
  /** Called from time to time during operations. It may throw to abort the operation; cached results stay valid. */
  onWork: () => void = () => {}
  /** Results stored since the cache was made: a measure of work that does not depend on the clock. */
  stored = 0
  /** Paths learned. Learners keep them, so a rerun of an aborted operation does not repeat them. */
  kept = 0
  /** Other work, in units of operations that take as long. */
  #charged = 0
  #entries: Int32Array
  #mask: number

  constructor() {
    this.#entries = new Int32Array(4 * FIRST_CAPACITY)
    this.#mask = FIRST_CAPACITY - 1
  }

  get bytes(): number {
    return this.#entries.byteLength
  }

  /** All work since the cache was made: stored results and charged operations. */
  get work(): number {
    return this.stored + this.#charged
  }

  /** Counts work that stores no results, in units of operations. */
  charge(operations: number): void {
    this.#charged += operations
  }

  /** The result of an operation, or `NOT_CACHED`. */
  get(a: number, b: number, c: number): number {
    const entries = this.#entries
    const at = 4 * (hash(a, b, c) & this.#mask)
    return entries[at] === a && entries[at + 1] === b && entries[at + 2] === c ? entries[at + 3]! : NOT_CACHED
  }

  /** Stores a result and returns it. */
  set(a: number, b: number, c: number, result: number): number {
    const entries = this.#entries
    const at = 4 * (hash(a, b, c) & this.#mask)
    entries[at] = a
    entries[at + 1] = b
    entries[at + 2] = c
    entries[at + 3] = result
    if (++this.stored % STRIDE === 0) this.onWork()
    return result
  }

  /**
   * Enlarges the cache for operations on so many nodes. Known results keep their places except where two of them
   * collide.
   */
  reserve(nodes: number): void {
    if (this.#mask + 1 >= Math.min(nodes, MAX_ENTRIES)) return
    const old = this.#entries
    const capacity = 4 * (this.#mask + 1)
    this.#entries = new Int32Array(4 * capacity)
    this.#mask = capacity - 1
    for (let at = 0; at < old.length; at += 4) {
      if (old[at + 2] === 0) continue
      const to = 4 * (hash(old[at]!, old[at + 1]!, old[at + 2]!) & this.#mask)
      this.#entries.set(old.subarray(at, at + 4), to)
    }
  }

  /** Forgets everything. Call this after a collection, because freed node numbers are reused. */
  clear(): void {
    this.#entries.fill(0)
  }
}

function hash(a: number, b: number, c: number): number {
  let mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}
