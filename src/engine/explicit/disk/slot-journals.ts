/**
 * The journals of the slots: every state found, in files.
 *
 * A slot has the states whose hashes have the same high bits. Its journal has each of them once, in the order of the
 * levels.
 */
import { hash } from '../../../semantics/hash.ts'
import { ALL_HASHES } from '../../../store/state-set.ts'
import type { WordFile } from '../../../store/word-file.ts'

export const SLOTS = 64

/** Hashes of a slot. */
export const SLOT_HASHES: number = ALL_HASHES / SLOTS

/** A slot is the hash without these bits. */
const SLOT_SHIFT = 32 - Math.log2(SLOTS)

/** The slot of a state with this hash. */
export function slotOf(hashed: number): number {
  return hashed >>> SLOT_SHIFT
}

export class SlotJournals {
  readonly files: readonly WordFile[]
  readonly #width: number
  /** Words that wait for a file: of each slot at most `#share`. */
  readonly #waiting: Int32Array
  readonly #share: number
  /** By slot: the number of words that wait. */
  readonly #used: Int32Array = new Int32Array(SLOTS)

  /** @param maxBytes - memory for states that wait for a file, unless not even one state of each slot fits */
  constructor(files: readonly WordFile[], width: number, maxBytes: number) {
    this.files = files
    this.#width = width
    const states = Math.floor(maxBytes / (SLOTS * width * Int32Array.BYTES_PER_ELEMENT))
    this.#share = Math.max(1, states) * width
    this.#waiting = new Int32Array(SLOTS * this.#share)
  }

  get bytes(): number {
    return this.#waiting.byteLength
  }

  /** States of a slot. */
  sizeOf(slot: number): number {
    return (this.files[slot]!.length + this.#used[slot]!) / this.#width
  }

  /** Adds the state at `words[offset..]`. @throws {OutOfDisk} */
  add(words: Int32Array, offset: number): void {
    const width = this.#width
    const slot = slotOf(hash(words, offset, width))
    if (this.#used[slot] === this.#share) this.#write(slot)
    const at = slot * this.#share + this.#used[slot]!
    for (let word = 0; word < width; word++) this.#waiting[at + word] = words[offset + word]!
    this.#used[slot]! += width
  }

  /** Writes what waits. @throws {OutOfDisk} */
  flush(): void {
    for (let slot = 0; slot < SLOTS; slot++) this.#write(slot)
  }

  #write(slot: number): void {
    const used = this.#used[slot]!
    if (used === 0) return
    const at = slot * this.#share
    this.files[slot]!.append(this.#waiting.subarray(at, at + used))
    this.#used[slot] = 0
  }
}
