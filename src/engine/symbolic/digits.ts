/**
 * The places of a tuple: a place holds a slot, or one digit of a wide slot.
 *
 * A sibling list has a node for each content of its place. Adding a content at the end rebuilds the whole list, so a
 * counter with thousands of values would make millions of nodes. An interval of digits needs a few nodes for each
 * digit, and so does adding a content to it.
 */
import type { Layout } from '../../state/layout.ts'
import type { Slot, SlotSpec } from '../../state/shape.ts'

/**
 * The number of a digit. A variable order lists these numbers. If no slot is split, a digit's number is the number of
 * its slot.
 */
export type Digit = number

/** A slot with more contents is wide. Adding so many contents one at a time makes at most two thousand nodes. */
export const MAX_WHOLE = 64

/** Maximal number of bits of a digit. */
const BITS = 4

/** The position of slots or digits in packed states. */
type Packing = Pick<Layout, 'word' | 'shift' | 'mask' | 'width'>

/** The digits of a layout's slots. */
export class Digits {
  readonly count: number
  /** By slot: its digits, the most significant first. */
  readonly #bySlot: readonly (readonly Digit[])[]
  /** By digit: its slot. */
  readonly #slots: Slot[] = []
  /** By digit: how many bits of the slot are less significant. */
  readonly #shifts: number[] = []
  readonly #masks: number[] = []

  /**
   * @param isSplit - whether to split a slot
   * @param most - maximal number of digits; the widest slots are split first
   * @param maxBits - maximal number of bits of a digit
   */
  constructor(
    slots: readonly Pick<SlotSpec, 'size'>[],
    isSplit: (slot: Slot) => boolean = () => false,
    most: number = Infinity,
    maxBits: number = BITS,
  ) {
    const counts = slots.map(() => 1)
    let count = slots.length
    const widestFirst = [...slots.keys()].sort((a, b) => slots[b]!.size - slots[a]!.size || a - b)
    for (const slot of widestFirst) {
      const wanted = Math.ceil(bitsOf(slots[slot]!.size) / maxBits)
      if (!isSplit(slot) || count + wanted - 1 > most) continue
      counts[slot] = wanted
      count += wanted - 1
    }
    this.count = count
    this.#bySlot = counts.map((digits, slot) => {
      const bits = Math.ceil(bitsOf(slots[slot]!.size) / digits)
      return Array.from({ length: digits }, (_, index) => {
        this.#shifts.push((digits - 1 - index) * bits)
        // The first digit takes the remaining bits.
        this.#masks.push(index === 0 ? -1 : 2 ** bits - 1)
        return this.#slots.push(slot) - 1
      })
    })
  }

  get slots(): number {
    return this.#bySlot.length
  }

  get isAnySplit(): boolean {
    return this.count > this.#bySlot.length
  }

  /** The digits of a slot, the most significant first. */
  of(slot: Slot): readonly Digit[] {
    return this.#bySlot[slot]!
  }

  slotOf(digit: Digit): Slot {
    return this.#slots[digit]!
  }

  /** A digit of a slot's content. */
  valueOf(digit: Digit, content: number): number {
    return (content >>> this.#shifts[digit]!) & this.#masks[digit]!
  }

  /** The contribution of a digit to the content of its slot. */
  contentOf(digit: Digit, value: number): number {
    return value << this.#shifts[digit]!
  }

  /** The positions of the digits in packed states, in the form in which a layout gives the positions of slots. */
  packed({ word, shift, mask, width }: Packing): Packing {
    const place = (where: Int32Array, of: (value: number, digit: Digit) => number): Int32Array =>
      Int32Array.from(this.#slots, (slot, digit) => of(where[slot]!, digit))
    return {
      word: place(word, (value) => value),
      shift: place(shift, (value, digit) => value + this.#shifts[digit]!),
      mask: place(mask, (value, digit) => (value >>> this.#shifts[digit]!) & this.#masks[digit]!),
      width,
    }
  }

  /** The digits of slots in a given order. The digits of a slot stay together. */
  sideBySide(slots: readonly Slot[]): Digit[] {
    return slots.flatMap((slot) => this.of(slot))
  }

  /**
   * Moves split slots to the front. A slot with many contents distinguishes most cubes of a relation, so operations
   * follow few cubes further down.
   */
  splitFirst(slots: readonly Slot[]): Slot[] {
    const isSplit = (slot: Slot): boolean => this.of(slot).length > 1
    return [...slots.filter(isSplit), ...slots.filter((slot) => !isSplit(slot))]
  }

  /**
   * The digits of slots in a given order. Adjacent split slots are interleaved: digits of the same weight are
   * neighbors. That gives small diagrams for slots that count together or are compared.
   */
  interleaved(slots: readonly Slot[]): Digit[] {
    const order: Digit[] = []
    for (let at = 0; at < slots.length;) {
      let end = at + 1
      if (this.of(slots[at]!).length > 1) while (end < slots.length && this.of(slots[end]!).length > 1) end++
      const run = slots.slice(at, end).map((slot) => this.of(slot))
      for (let weight = Math.max(...run.map(({ length }) => length)); weight > 0; weight--) {
        for (const digits of run) if (digits.length >= weight) order.push(digits[digits.length - weight]!)
      }
      at = end
    }
    return order
  }
}

/** Bits that distinguish so many contents. */
function bitsOf(size: number): number {
  return size <= 1 ? 1 : 32 - Math.clz32(size - 1)
}
