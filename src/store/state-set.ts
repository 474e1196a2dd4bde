/**
 * The seen set: stores each state found, exactly and once.
 *
 * Open addressing with linear probing over packed states, inline:
 *
 *     │ word 0 … word w-1 │ word 0 … word w-1 │ ...  capacity  ... │ ... overflow │ ... reserved, untouched ...
 *                  └ 0 in an empty place: every packed state has bit 31 of its last word set
 *
 * A lookup costs one cache miss in the common case, and the table needs no index, pointers or fingerprints. The home of
 * a state, where probing begins, is `hash * capacity / 2^32` (Lemire, "Fast random integer generation in an interval",
 * 2019). So the capacity may be any number, and the table need not be much larger than its contents. Homes follow the
 * order of hashes, so the table can grow in place (see `grow`), by a quarter at a time. Probing does not wrap around:
 * the last places overflow into a few places beyond the capacity. Laarman, van de Pol and Weber ("Boosting Multi-Core
 * Reachability Performance with Shared Hash Tables", FMCAD 2010) keep a table of hashes beside the states; inline
 * states of a few words do not need one.
 */
import { hash } from '../semantics/hash.ts'
import { redistributorFor } from './redistribute.ts'
import { allocate, OutOfMemory, reserve, type Sharing } from './memory.ts'
import type { Partition, StateIndex } from './state-index.ts'

/** The table grows when it is fuller than this. */
const MAX_FULL = 0.84

/**
 * Growth factor. A grown table is at least two thirds full, so the table takes at most 1.5 times the size of its
 * states.
 */
const GROWTH = 1.25

/** A table with fewer words doubles instead: growing in small steps costs more than the memory is worth. */
const SMALL_WORDS = 2 ** 23

/** A table with this many words or more lives in reserved memory. Smaller ones are copied, which is cheap. */
const COPIED_WORDS = 2 ** 20

/** Places beyond the capacity for overflow of the last places. A longer run of full places makes the table grow. */
export const OVERFLOW: number = 1024

/**
 * Homes for each state of a known number. They must exist from the start if the states come in the order of their
 * hashes, which would crowd a table that grows.
 */
const SPACE = 1.3

const BYTES = Int32Array.BYTES_PER_ELEMENT

/** The number of hashes. */
export const ALL_HASHES: number = 2 ** 32

export class StateSet implements StateIndex {
  readonly width: number
  /** The number of states. */
  size = 0
  /** The number of homes. */
  capacity: number
  /** The set takes only states whose unsigned hash is below this; see `narrow`. */
  range: number = ALL_HASHES
  /** The home of a state is the integer part of its unsigned hash times this. */
  scale: number
  /** The places. A small table is replaced by a longer array when it grows. */
  table: Int32Array
  readonly #maxBytes: number
  /** Whether the table must not be replaced, because other threads use it too. */
  #isFixed: boolean

  /**
   * @param width - words of a packed state
   * @param maxBytes - maximal size of the table
   * @param capacity - initial number of homes
   * @param sharing - whether several threads use the table; if so, it never moves
   */
  constructor(width: number, maxBytes: number = Infinity, capacity: number = 1024, sharing: Sharing = 'plain') {
    this.width = width
    this.#maxBytes = maxBytes
    this.#isFixed = sharing === 'shared'
    this.capacity = capacity
    this.scale = capacity / this.range
    const words = (capacity + OVERFLOW) * width
    this.table = sharing === 'plain' ? allocate(words) : reserve(words, maxBytes, sharing)
  }

  /** A set over the table of another thread's set. */
  static over(table: Int32Array, width: number, capacity: number, maxBytes: number): StateSet {
    const set = new StateSet(width, maxBytes, 1, 'plain')
    set.table = table
    set.#isFixed = true
    set.adopt(capacity)
    return set
  }

  /** Bytes of the table in use, without reserved memory. */
  get bytes(): number {
    return (this.capacity + OVERFLOW) * this.width * BYTES
  }

  /** The number of states that fit before the table must grow. */
  get room(): number {
    return Math.floor(this.capacity * MAX_FULL) - this.size
  }

  /** Whether only a few states fit before the table would exceed its maximal size. */
  get isNearlyFull(): boolean {
    return this.room < this.capacity / 16 && !this.mayGrow
  }

  /** Whether the table may grow once more. */
  get mayGrow(): boolean {
    return this.#grownWords(this.#grownCapacity) * BYTES <= this.#maxBytes
  }

  /** The number of states that fit into a table of maximal size. */
  get most(): number {
    return Math.floor((this.#maxBytes / (this.width * BYTES) - OVERFLOW) * MAX_FULL)
  }

  get #grownCapacity(): number {
    const { width, capacity } = this
    return capacity * width < SMALL_WORDS ? capacity * 2 : Math.ceil(capacity * GROWTH)
  }

  #grownWords(capacity: number): number {
    return (capacity + OVERFLOW) * this.width
  }

  /** Index of the first word of the last place. That place is always empty, so no probe goes beyond it. */
  get lastPlace(): number {
    return (this.capacity + OVERFLOW - 1) * this.width
  }

  /**
   * Adds the state at `words[offset..]`.
   *
   * @returns whether it was new
   * @throws {OutOfMemory} if the table must grow but may not
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

  /** Empties the set, which takes all states again. The memory is kept. */
  clear(): void {
    this.table.fill(0, 0, (this.capacity + OVERFLOW) * this.width)
    this.size = 0
    this.range = ALL_HASHES
    this.scale = this.capacity / this.range
  }

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

  /**
   * A copy of the first state at or after the place that `ticket` selects, a number from 0 to 1. The set must not be
   * empty.
   */
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
   * The states move to the end of the larger table, and are then redistributed from the bottom. They are ordered by
   * hash, so each goes to its place or to a lower one. Within a run of full places, the order may deviate from that of
   * the hashes. Then a state may land among the states that still wait, and is redistributed once more later.
   *
   * @throws {OutOfMemory} if the table may not grow
   */
  grow(): void {
    if (!this.mayGrow) throw new OutOfMemory()
    this.#spread(this.capacity + OVERFLOW, this.#grownCapacity)
  }

  /**
   * Removes the states whose unsigned hash is not below `range`, and refuses such states from now on. The others get the
   * whole table, which grows to its maximal size first.
   *
   * @returns how many states it removed
   */
  narrow(range: number): number {
    const { width, table, size } = this
    // Homes follow the order of hashes, so all states to remove are from here on.
    const first = Math.floor(range * this.scale)
    let used = first
    for (let place = first; place < this.places; place++) {
      const base = place * width
      if (table[base + width - 1] === 0) continue
      if (hash(table, base, width) >>> 0 < range) used = place + 1
      else {
        table.fill(0, base, base + width)
        this.size--
      }
    }
    this.range = range
    const most = Math.floor(this.#maxBytes / (width * BYTES)) - OVERFLOW
    this.#spread(used, Number.isFinite(most) ? Math.max(most, this.capacity) : this.capacity)
    return size - this.size
  }

  /** Spreads the states of the first `used` places over `capacity` homes. */
  #spread(used: number, capacity: number): void {
    const { width } = this
    const needed = this.#grownWords(capacity)
    if (needed > this.table.length) this.#move(needed)
    this.capacity = capacity
    this.scale = capacity / this.range
    const { table } = this
    if (used === 0) return
    const shift = needed - used * width
    table.copyWithin(shift, 0, used * width)
    table.fill(0, 0, Math.min(shift, used * width))
    if (shift > used * width) table.fill(0, used * width, shift)
    redistributorFor(width, needed)(table, shift, needed, this.scale)
  }

  /** Adopts the growth of the table by another thread. */
  adopt(capacity: number): void {
    this.capacity = capacity
    this.scale = capacity / this.range
  }

  #move(words: number): void {
    if (this.#isFixed) throw new OutOfMemory()
    const bigger = words < COPIED_WORDS ? allocate(words) : reserve(words, this.#maxBytes)
    bigger.set(this.table)
    this.table = bigger
  }

  /** Index of the first word of the state, or of the empty place for it. */
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

function home(hashed: number, scale: number): number {
  return Math.floor((hashed >>> 0) * scale)
}

/** The number of homes for so many states of `width` words, as far as `maxBytes` allow. */
export function homesFor(states: number, width: number, maxBytes: number): number {
  const most = Math.floor(maxBytes / (width * BYTES)) - OVERFLOW
  return Math.max(1024, Math.min(most, Math.ceil(states * SPACE) + 1024))
}
