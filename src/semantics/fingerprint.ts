/**
 * Fingerprints of states: 64 bits that are the same in each thread and run. They serve to count states, never to
 * distinguish them.
 *
 * A fingerprint consists of two sums over the words, as in `hash.ts`, with their own multipliers and a final mix. The
 * number of an open value depends on the order of discovery, which may differ between threads. So an open slot
 * contributes a hash of its value instead of its number.
 */
import { unpack, type Layout } from '../state/layout.ts'
import { textOf } from '../state/order.ts'
import { mix, scramble } from './hash.ts'

/** 2³²: the weight of the high half in a number. */
const HIGH = 2 ** 32

/** Bits of the high half that do not fit into a double. */
const SPARE_BITS = 11

export class Fingerprint {
  /** The halves of the last fingerprint. */
  low = 0
  high = 0
  readonly #layout: Layout
  readonly #open: readonly number[]
  readonly #slots: Int32Array
  /** By number of an open value: a hash of its text. */
  readonly #contents: number[] = []

  constructor(layout: Layout) {
    this.#layout = layout
    this.#open = [...layout.slots.keys()].filter((slot) => layout.slots[slot]!.open)
    this.#slots = new Int32Array(layout.slots.length)
  }

  /** Computes the fingerprint of the packed state at `words[offset..]`. */
  take(words: Int32Array, offset: number): void {
    if (this.#open.length === 0) return this.#sum(words, offset, this.#layout.width)
    const slots = this.#slots
    unpack(this.#layout, words, offset, slots)
    for (const slot of this.#open) slots[slot] = this.#contentOf(slots[slot]!)
    this.#sum(slots, 0, slots.length)
  }

  /** 53 bits of the fingerprint, as a number. */
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
