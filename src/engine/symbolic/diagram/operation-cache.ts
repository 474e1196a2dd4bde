/**
 * What operations on diagrams came to, for as long as there is room: each result has one place, and gives way to the
 * next one there.
 *
 *     entries[4p]    first operand
 *     entries[4p+1]  second operand
 *     entries[4p+2]  third operand, or an operation's own number, which is negative
 *     entries[4p+3]  the result
 */

/** No result is known. */
export const NOT_CACHED = -1

const FIRST_CAPACITY = 2 ** 13
const MAX_ENTRIES = 2 ** 24

/** Results stored between two looks at the clock. */
const STRIDE = 2 ** 15

export class OperationCache {
  /** Called now and then while operations work; may throw to end one. What is known by then stays known. */
  onWork: () => void = () => {}
  /** Results that were stored since the cache was made: a measure of work that no clock enters into. */
  stored = 0
  /** How many paths were learned. They are kept elsewhere, so a rerun need not learn them again. */
  kept = 0
  /** What else was done meanwhile, reckoned in operations that take as long. */
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

  /** All work that was done since the cache was made: results stored, and what was charged. */
  get work(): number {
    return this.stored + this.#charged
  }

  /** Takes note of work that stores no results, as that of so many operations. */
  charge(operations: number): void {
    this.#charged += operations
  }

  /** The result of an operation, or `NONE`. */
  get(a: number, b: number, c: number): number {
    const entries = this.#entries
    const at = 4 * (hash(a, b, c) & this.#mask)
    return entries[at] === a && entries[at + 1] === b && entries[at + 2] === c ? entries[at + 3]! : NOT_CACHED
  }

  /** Remembers a result, and gives it back. */
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

  /** Makes room for the results of operations on so many nodes. What was known is kept as far as it has a place. */
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

  /** Forgets everything: to be called when nodes were collected, whose numbers others may get. */
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
