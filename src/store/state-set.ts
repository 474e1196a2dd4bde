/**
 * The seen set: every state met, each once, exactly.
 *
 * Open addressing with linear probing over packed states, inline:
 *
 *     │ word 0 … word w-1 │ word 0 … word w-1 │ ...  capacity  ... │ ... overflow │ ... reserved, untouched ...
 *                  └ 0 in an empty place: every packed state has bit 31 of its last word set
 *
 * Looking a state up costs one cache miss in the common case, and there is no index, pointer or fingerprint to pay for. The home
 * of a state is `hash * capacity / 2^32` (Lemire, "Fast random integer generation in an interval", 2019), so the capacity may be
 * any number and the table need never be much larger than what it holds; and it lies in the order of hashes, so that the table can
 * grow in place (see `grow`), by a quarter at a time. Probing does not wrap around: the last places overflow into a few beyond the
 * capacity. Laarman, van de Pol and Weber ("Boosting Multi-Core Reachability Performance with Shared Hash Tables", FMCAD 2010)
 * keep a table of hashes beside the states; inline states of a few words need none.
 */
import { hash } from '../semantics/hash.ts'
import { redistributorFor } from './redistribute.ts'
import { allocate, OutOfMemory, reserve, type Sharing } from './memory.ts'
import type { Partition, StateIndex } from './state-index.ts'

/** Fullest the table may get before it grows. */
const MAX_FULL = 0.84

/** By how much it then grows. What remains is at least two thirds full: 1.5 times what the states themselves take. */
const GROWTH = 1.25

/** Below this many words the table doubles instead: growing costs more than the memory is worth. */
const SMALL_WORDS = 2 ** 23

/** From this many words on the table lives in reserved memory. Smaller ones are copied, which is cheap. */
const COPIED_WORDS = 2 ** 20

/** Places beyond the capacity, for what the last places overflow. A longer run of full places makes the table grow. */
const OVERFLOW = 1024

const BYTES = Int32Array.BYTES_PER_ELEMENT

export class StateSet implements StateIndex {
  readonly width: number
  /** How many states are in the set. */
  size = 0
  /** Homes. */
  capacity: number
  /** The home of a state is the integer part of its hash, unsigned, times this. */
  scale: number
  /** The places. Replaced by a longer array while the table is small. */
  table: Int32Array
  readonly #maxBytes: number
  /** Whether the table must not be replaced: others look at it too. */
  #isFixed: boolean

  /**
   * @param width - words in a packed state
   * @param maxBytes - what the table may take
   * @param capacity - homes at first
   * @param sharing - whether several threads are to see the table; it then never moves
   */
  constructor(width: number, maxBytes: number = Infinity, capacity: number = 1024, sharing: Sharing = 'plain') {
    this.width = width
    this.#maxBytes = maxBytes
    this.#isFixed = sharing === 'shared'
    this.capacity = capacity
    this.scale = capacity / 2 ** 32
    const words = (capacity + OVERFLOW) * width
    this.table = sharing === 'plain' ? allocate(words) : reserve(words, maxBytes, sharing)
  }

  /** The set that another thread made over a table that both share. */
  static over(table: Int32Array, width: number, capacity: number, maxBytes: number): StateSet {
    const set = new StateSet(width, maxBytes, 1, 'plain')
    set.table = table
    set.#isFixed = true
    set.adopt(capacity)
    return set
  }

  /** Bytes of the table in use, reserved ones not counted. */
  get bytes(): number {
    return (this.capacity + OVERFLOW) * this.width * BYTES
  }

  /** How many more states there is room for before the table has to grow. */
  get room(): number {
    return Math.floor(this.capacity * MAX_FULL) - this.size
  }

  /** Index of the first word of the last place, which is always empty: no probe goes beyond it. */
  get lastPlace(): number {
    return (this.capacity + OVERFLOW - 1) * this.width
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
    const { table } = this
    if (table[base + width - 1] !== 0) return false
    if (this.room <= 0 || base >= this.lastPlace) {
      this.grow()
      return this.add(words, offset)
    }
    for (let word = 0; word < width; word++) table[base + word] = words[offset + word]!
    this.size++
    return true
  }

  /** Empties the set; the memory is kept. */
  clear(): void {
    this.table.fill(0, 0, (this.capacity + OVERFLOW) * this.width)
    this.size = 0
  }

  /** Whether the state at `words[offset..]` is in the set. */
  has(words: Int32Array, offset: number): boolean {
    return this.table[this.#find(words, offset) + this.width - 1] !== 0
  }

  get partitions(): readonly Partition[] {
    return [this]
  }

  get places(): number {
    return this.capacity + OVERFLOW
  }

  placeOf(words: Int32Array, offset: number, hashed: number): number {
    const { width, table } = this
    const last = width - 1
    for (let base = home(hashed, this.scale) * width; ; base += width) {
      const found = table[base + last]!
      if (found === 0) return -1
      if (found !== words[offset + last]) continue
      let word = 0
      while (word < last && table[base + word] === words[offset + word]) word++
      if (word === last) return base / width
    }
  }

  readPlace(place: number, into: Int32Array, at: number): void {
    const { width, table } = this
    for (let word = 0, base = place * width; word < width; word++) into[at + word] = table[base + word]!
  }

  /** A copy of the first state at or after the place that `ticket`, a number from 0 to 1, denotes. There must be a state. */
  pick(ticket: number): Int32Array {
    const { width, table } = this
    const places = this.capacity + OVERFLOW
    let place = Math.min(Math.floor(ticket * places), places - 1)
    while (table[place * width + width - 1] === 0) place = (place + 1) % places
    return table.slice(place * width, (place + 1) * width)
  }

  /**
   * Grows in place.
   *
   * The states are moved up to the end of the larger table, and dealt out again from the bottom: in the order of their hashes, so
   * that each goes to a place at or below the one it is taken from. Within a run of full places the order is not quite that of the
   * hashes, and a state may be put among those still to be dealt out; then it is dealt out once more when its turn comes.
   *
   * @throws {OutOfMemory} if the table may not grow
   */
  grow(): void {
    const { width, capacity } = this
    const places = capacity + OVERFLOW
    const larger = capacity * width < SMALL_WORDS ? capacity * 2 : Math.ceil(capacity * GROWTH)
    const needed = (larger + OVERFLOW) * width
    if (needed * BYTES > this.#maxBytes) throw new OutOfMemory()
    if (needed > this.table.length) this.#move(needed)
    this.capacity = larger
    this.scale = larger / 2 ** 32
    const { table } = this
    const shift = (larger - capacity) * width
    table.copyWithin(shift, 0, places * width)
    table.fill(0, 0, Math.min(shift, places * width))
    if (shift > places * width) table.fill(0, places * width, shift)
    redistributorFor(width, needed)(table, shift, needed, this.scale)
  }

  /** Takes over what another thread that shares the table did to it. */
  adopt(capacity: number): void {
    this.capacity = capacity
    this.scale = capacity / 2 ** 32
  }

  #move(words: number): void {
    if (this.#isFixed) throw new OutOfMemory()
    const bigger = words < COPIED_WORDS ? allocate(words) : reserve(words, this.#maxBytes)
    bigger.set(this.table)
    this.table = bigger
  }

  /** Index of the first word of the state, or of the empty place where it would go. */
  #find(words: Int32Array, offset: number): number {
    const { width, table } = this
    const last = width - 1
    const wanted = words[offset + last]!
    for (let base = home(hash(words, offset, width), this.scale) * width; ; base += width) {
      const found = table[base + last]!
      if (found === 0) return base
      if (found !== wanted) continue
      let word = 0
      while (word < last && table[base + word] === words[offset + word]) word++
      if (word === last) return base
    }
  }
}

/** The home of a state with this hash. */
function home(hashed: number, scale: number): number {
  return Math.floor((hashed >>> 0) * scale)
}
