/**
 * Successors on their way from the expansion of states to the seen set.
 *
 * They are collected, some hundreds at a time, so that looking them up can overlap: a table larger than the caches answers each
 * look-up after a hundred nanoseconds, but many at once in little more. An entry is `stride` numbers:
 *
 *     │ word 0 … word w-1 │ hash │ step │ instance │
 *
 * A filter in front remembers the states that were appended last, each in the one place that its hash gives. Breadth-first,
 * neighbours in the frontier have successors in common, so a small filter catches most repeats (three quarters of those of
 * two-phase commit) before they cost a look-up.
 */
import { finish, mix } from './hash.ts'
import { grown } from './grown.ts'

/** Numbers of an entry after its words: hash, step and instance. */
export const TRAILER = 3

/** Entries after which a batch is to be emptied. More would fall out of the first cache, fewer would overlap less. */
const ENOUGH = 512

/** Words that the filter may hold: it is to stay in the second cache. */
const FILTER_WORDS = 2 ** 16

export class Batch {
  readonly width: number
  readonly stride: number
  /** The entries. Replaced by a longer array if one state has more successors than there is room. */
  entries: Int32Array
  /** Numbers in use: `stride` for each entry. */
  size = 0
  /** Size from which the batch is to be emptied before another state is expanded. */
  readonly enough: number
  /** How many successors each action instance gave, self-loops and repeats included. */
  readonly generated: Float64Array
  /** The filter: `width` words for each of its places. */
  readonly recent: Int32Array
  /** A place in the filter is `hash & recentMask`. 0 with one place if nothing is to be filtered. */
  readonly recentMask: number
  readonly isFiltered: boolean
  /** Where in `entries` those of each state end that were expanded by the last call of an expander; undefined unless that is asked for. */
  readonly ends: Int32Array | undefined

  /**
   * @param generated - counts successors by action instance
   * @param isFiltered - whether repeats may be left out; not so where every step to a state counts
   * @param marked - how many states may be expanded at a time, if it is to be said which entries are whose
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

  /** Makes room for `more` further entries. */
  reserve(more: number): void {
    const needed = this.size + more * this.stride
    if (needed > this.entries.length) this.entries = grown(this.entries, Math.max(needed, 2 * this.entries.length))
  }

  /**
   * Appends a successor, unless the filter knows it. There must be room.
   *
   * @returns where its entry is or, filtered out, would have been
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

  /** Keeps the entries that `admits` accepts. */
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

  /** Whether the filter knows the state of an entry; it does from now on. */
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
