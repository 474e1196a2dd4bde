/**
 * The seen set: every state met, each once, exactly.
 *
 * Open addressing with linear probing over packed states, inline:
 *
 *     │ word 0 … word w-1 │ word 0 … word w-1 │ ...  capacity  ... │ ... overflow │ ... reserved, untouched ...
 *                  └ 0 in an empty place: every packed state has bit 31 of its last word set
 *
 * Looking a state up costs one cache miss in the common case, and there is no index, pointer or fingerprint to pay for.
 * Probing does not wrap around: the last places overflow into a few beyond the capacity. That lets the table double in place
 * (see `#rehash`), so that growing never takes twice the memory. Laarman, van de Pol and Weber ("Boosting Multi-Core
 * Reachability Performance with Shared Hash Tables", FMCAD 2010) keep a table of hashes beside the states; inline states of a
 * few words need none.
 */
import { assert } from '../errors.ts'
import { allocate, OutOfMemory, reserve } from './memory.ts'

/** Fullest the table may get before it doubles. Linear probing then looks at 2.5 places to find a state, 8.5 to miss one. */
const MOST_FULL = 0.75

/** Places beyond the capacity, for what the last places overflow. A longer run of full places makes the table double. */
const OVERFLOW = 512

/** From this many words on the table lives in reserved memory. Smaller ones are copied, which is cheap. */
const SMALL_WORDS = 2 ** 20

const BYTES = Int32Array.BYTES_PER_ELEMENT

export class StateSet {
  readonly width: number
  /** How many states are in the set. */
  size = 0
  /** A power of two. */
  #capacity: number
  /** Places that may hold a state: the capacity, and as far as it overflowed. */
  #reach: number
  #table: Int32Array
  readonly #maxBytes: number

  /**
   * @param width - words in a packed state
   * @param maxBytes - what the table may take
   * @param capacity - places at first, a power of two
   */
  constructor(width: number, maxBytes: number = Infinity, capacity: number = 1024) {
    this.width = width
    this.#maxBytes = maxBytes
    this.#capacity = capacity
    this.#reach = capacity
    this.#table = allocate((capacity + OVERFLOW) * width)
  }

  /** Bytes of the table in use, reserved ones not counted. */
  get bytes(): number {
    return (this.#capacity + OVERFLOW) * this.width * BYTES
  }

  /**
   * Adds the state at `words[offset..]`.
   *
   * @returns whether it was new
   * @throws {OutOfMemory} if the table must grow and may not
   */
  add(words: Int32Array, offset: number): boolean {
    const { width } = this
    const base = this.#find(words, offset)
    const table = this.#table
    if (table[base + width - 1] !== 0) return false
    if (this.size >= this.#capacity * MOST_FULL || base >= (this.#capacity + OVERFLOW - 1) * width) {
      this.#grow()
      return this.add(words, offset)
    }
    if (base >= this.#reach * width) this.#reach = base / width + 1
    for (let word = 0; word < width; word++) table[base + word] = words[offset + word]!
    this.size++
    return true
  }

  /** Empties the set; the memory is kept. */
  clear(): void {
    this.#table.fill(0, 0, (this.#capacity + OVERFLOW) * this.width)
    this.size = 0
    this.#reach = this.#capacity
  }

  /** Whether the state at `words[offset..]` is in the set. */
  has(words: Int32Array, offset: number): boolean {
    return this.#table[this.#find(words, offset) + this.width - 1] !== 0
  }

  /** A copy of the first state at or after the place that `ticket`, a number from 0 to 1, denotes. There must be a state. */
  pick(ticket: number): Int32Array {
    let place = Math.min(Math.floor(ticket * this.#reach), this.#reach - 1)
    while (this.#table[place * this.width + this.width - 1] === 0) place = (place + 1) % this.#reach
    return this.#table.slice(place * this.width, (place + 1) * this.width)
  }

  /** Index of the first word of the state, or of the empty place where it would go. */
  #find(words: Int32Array, offset: number): number {
    const { width } = this
    const table = this.#table
    const last = width - 1
    const wanted = words[offset + last]!
    for (let base = (hash(words, offset, width) & (this.#capacity - 1)) * width; ; base += width) {
      const found = table[base + last]!
      if (found === 0) return base
      if (found !== wanted) continue
      let word = 0
      while (word < last && table[base + word] === words[offset + word]) word++
      if (word === last) return base
    }
  }

  #grow(): void {
    const { width } = this
    const used = (this.#capacity + OVERFLOW) * width
    const needed = (this.#capacity * 2 + OVERFLOW) * width
    if (needed * BYTES > this.#maxBytes) throw new OutOfMemory()
    if (needed > this.#table.length) {
      const bigger = needed < SMALL_WORDS ? allocate(needed) : reserve(needed, this.#maxBytes)
      bigger.set(this.#table.subarray(0, used))
      this.#table = bigger
    }
    const capacity = this.#capacity
    this.#capacity *= 2
    this.#reach = this.#capacity
    this.#rehash(capacity)
  }

  /**
   * Moves every state to where the doubled capacity wants it, in place.
   *
   * A state's place is never before its home, and the places between are full. Going up from the first place, all of them have
   * been dealt with when its turn comes, so it finds a place no later than its own, or one in the new upper half, where nobody
   * has to move any more. The overflow lies in that upper half, so it is taken out first.
   */
  #rehash(oldCapacity: number): void {
    const { width } = this
    const table = this.#table
    const overflow = table.slice(oldCapacity * width, (oldCapacity + OVERFLOW) * width)
    table.fill(0, oldCapacity * width, (oldCapacity + OVERFLOW) * width)
    const moving = new Int32Array(width)
    for (let base = 0; base < oldCapacity * width; base += width) {
      if (table[base + width - 1] === 0) continue
      for (let word = 0; word < width; word++) {
        moving[word] = table[base + word]!
        table[base + word] = 0
      }
      this.#put(moving, 0)
    }
    for (let base = 0; base < overflow.length; base += width) {
      if (overflow[base + width - 1] !== 0) this.#put(overflow, base)
    }
  }

  /** Stores a state that is not in the table. */
  #put(words: Int32Array, offset: number): void {
    const base = this.#find(words, offset)
    assert(base < (this.#capacity + OVERFLOW - 1) * this.width, 'a half-empty table overflowed')
    this.#reach = Math.max(this.#reach, base / this.width + 1)
    for (let word = 0; word < this.width; word++) this.#table[base + word] = words[offset + word]!
  }
}

/** A 32-bit hash of a packed state: the mixing steps of MurmurHash3 (A. Appleby, public domain), one multiplication a word. */
export function hash(words: Int32Array, offset: number, width: number): number {
  let mixed = 0x9e3779b9 | 0
  for (let word = 0; word < width; word++) {
    mixed = Math.imul(mixed ^ words[offset + word]!, 0x85ebca6b)
    mixed ^= mixed >>> 15
  }
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
