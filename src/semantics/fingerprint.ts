/**
 * Fingerprints of states: 64 bits that are the same in every thread and on every run, to count states with, never to tell them apart.
 *
 * Two sums over the words, as in `hash.ts`, with multipliers of their own, and each mixed once more. Open values are numbered in the
 * order in which they are met, which is not the same everywhere, so in place of its number an open slot counts what the value holds.
 */
import { unpack, type Layout } from '../state/layout.ts'
import { textOf } from '../state/order.ts'
import { mix, scramble } from './hash.ts'

/** 2³²: the worth of the high half in a number. */
const HIGH = 2 ** 32

/** Bits of the high half that a double has no room for. */
const SPARE_BITS = 11

export class Fingerprint {
  /** The halves of the fingerprint taken last. */
  low = 0
  high = 0
  readonly #layout: Layout
  readonly #open: readonly number[]
  readonly #slots: Int32Array
  /** By the number of an open value: a hash of its text. */
  readonly #contents: number[] = []

  constructor(layout: Layout) {
    this.#layout = layout
    this.#open = [...layout.slots.keys()].filter((slot) => layout.slots[slot]!.open)
    this.#slots = new Int32Array(layout.slots.length)
  }

  /** Takes the fingerprint of the packed state at `words[offset..]`. */
  take(words: Int32Array, offset: number): void {
    if (this.#open.length === 0) return this.#sum(words, offset, this.#layout.width)
    const slots = this.#slots
    unpack(this.#layout, words, offset, slots)
    for (const slot of this.#open) slots[slot] = this.#contentOf(slots[slot]!)
    this.#sum(slots, 0, slots.length)
  }

  /** 53 bits of it, as a number. */
  get number(): number {
    return (this.high >>> SPARE_BITS) * HIGH + (this.low >>> 0)
  }

  #sum(words: Int32Array, offset: number, width: number): void {
    let low = 0
    let high = 0
    for (let word = 0; word < width; word++) {
      const content = words[offset + word]!
      low = (low + mix(content, 2 * word)) | 0
      high = (high + mix(content, 2 * word + 1)) | 0
    }
    this.low = scramble(low)
    this.high = scramble(high ^ this.low)
  }

  #contentOf(number: number): number {
    return (this.#contents[number] ??= hashOf(textOf(this.#layout.interner.value(number))))
  }
}

/** FNV-1a over UTF-16 units, then mixed. */
function hashOf(text: string): number {
  let sum = 0x811c9dc5
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
  return scramble(sum)
}
