/**
 * A buffer for successors, between the expansion of states and the seen set.
 *
 * It collects some hundreds of successors, so that their lookups overlap. A table larger than the caches takes a
 * hundred nanoseconds for one lookup, but little more for many at once. An entry is `stride` numbers:
 *
 *     │ word 0 … word w-1 │ hash │ step │ instance │
 *
 * A filter holds the states appended last, each in the place that its hash selects. In breadth-first order, neighbors
 * in the frontier have common successors. So a small filter removes most repeats before the lookup (three quarters in
 * two-phase commit).
 */
import { finish, mix } from './hash.ts'
import { grown } from './grown.ts'

/** Numbers of an entry after its words: hash, step and instance. */
export const TRAILER = 3

/**
 * Entries after which a batch should be emptied. More would not fit into the first-level cache; fewer would overlap
 * less.
 */
const ENOUGH = 512

/** Words of the filter: it should stay in the second-level cache. */
const FILTER_WORDS = 2 ** 16

export class Batch {
  readonly width: number
  readonly stride: number
  /** The entries. Replaced by a longer array if one state has more successors than fit. */
  entries: Int32Array
  /** Numbers in use: `stride` for each entry. */
  size = 0
  /** Empty the batch at this size before expanding another state. */
  readonly enough: number
  /** The number of successors of each action instance, self-loops and repeats included. */
  readonly generated: Float64Array
  /** The filter: `width` words for each place. */
  readonly recent: Int32Array
  /** A state's place in the filter is `hash & recentMask`. Without filtering, there is one place and the mask is 0. */
  readonly recentMask: number
  readonly isFiltered: boolean
  /** By state of the last expansion: where its entries end in `entries`; undefined unless requested. */
  readonly ends: Int32Array | undefined

  /**
   * @param generated - counts successors by action instance
   * @param isFiltered - whether repeats may be left out; false if every step to a state matters
   * @param marked - maximal number of states in one expansion, if `ends` is requested
   */
  constructor(width: number, generated: Float64Array, isFiltered: boolean, marked: number = 0) {
    this.width = width
    this.stride = width + TRAILER
    this.enough = ENOUGH * this.stride
    this.entries = new Int32Array(2 * this.enough)
    this.generated = generated
    this.isFiltered = isFiltered
    this.ends = marked > 0 ? new Int32Array(marked) : undefined
    const places = isFiltered ? 2 ** Math.floor(Math.log2(Math.max(1, FILTER_WORDS / width))) : 1
    this.recent = new Int32Array(places * width)
    this.recentMask = places - 1
  }

  /** Makes room for `more` entries. */
  reserve(more: number): void {
    const needed = this.size + more * this.stride
    if (needed > this.entries.length) this.entries = grown(this.entries, Math.max(needed, 2 * this.entries.length))
  }

  /**
   * Appends a successor unless the filter contains it. There must be room.
   *
   * @returns the position of its entry, even if it was filtered out
   */
  append(words: Int32Array, offset: number, step: number, instance: number): number {
    const { width, size, entries } = this
    let sum = 0
    for (let word = 0; word < width; word++) {
      const content = words[offset + word]!
      entries[size + word] = content
      sum = (sum + mix(content, word)) | 0
    }
    entries[size + width] = finish(sum)
    entries[size + width + 1] = step
    entries[size + width + 2] = instance
    if (!this.isFiltered || !this.#isRecent(size)) this.size = size + this.stride
    return size
  }

  keep(admits: (words: Int32Array, offset: number, step: number) => boolean): void {
    const { entries, size, stride, width } = this
    let kept = 0
    for (let entry = 0; entry < size; entry += stride) {
      if (!admits(entries, entry, entries[entry + width + 1]!)) continue
      entries.copyWithin(kept, entry, entry + stride)
      kept += stride
    }
    this.size = kept
  }

  /** Whether the filter contains the state of an entry. Adds the state otherwise. */
  #isRecent(entry: number): boolean {
    const { width, entries, recent } = this
    const place = (entries[entry + width]! & this.recentMask) * width
    let word = 0
    while (word < width && recent[place + word] === entries[entry + word]) word++
    if (word === width) return true
    for (let rest = 0; rest < width; rest++) recent[place + rest] = entries[entry + rest]!
    return false
  }
}
