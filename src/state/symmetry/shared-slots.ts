/**
 * The effect of exchanging two members on the slots of unions.
 *
 * The tag says which place uses a shared slot. It may hold a member in one variant and a number in another; it may move
 * in one and stay in another. So an exchange first reads the tags to find the places that the state has. Then it writes
 * the new contents of these places, and 0 to all other slots of the union.
 */
import type { Slot } from '../shape.ts'

/** A state has a place only while the slot holds at least `least` and at most `most`. */
export interface Guard {
  readonly slot: Slot
  readonly least: number
  readonly most: number
}

/** The target of a place's content, and the two contents that the exchange swaps; `one` is -1 if it swaps none. */
export interface Transfer {
  readonly slot: Slot
  readonly to: Slot
  readonly one: number
  readonly other: number
  readonly guards: readonly Guard[]
}

/** The part of an exchange that changes unions. */
export class SharedSlots {
  readonly #transfers: readonly (Transfer & { readonly index: number })[]
  readonly #slots: Int32Array
  /** By index in `#slots`: the contents after the exchange. */
  readonly #made: Int32Array

  /** @param transfers - all places in the unions concerned */
  constructor(transfers: readonly Transfer[]) {
    const slots = [...new Set(transfers.map(({ to }) => to))]
    const indexes = new Map(slots.map((slot, index) => [slot, index]))
    this.#transfers = transfers.map((transfer) => ({ ...transfer, index: indexes.get(transfer.to)! }))
    this.#slots = Int32Array.from(slots)
    this.#made = new Int32Array(slots.length)
  }

  exchange(slots: Int32Array): void {
    this.#make(slots)
    for (let index = 0; index < this.#slots.length; index++) slots[this.#slots[index]!] = this.#made[index]!
  }

  /** Whether the exchange leaves these slots as they are. */
  isUnchanged(slots: Int32Array): boolean {
    this.#make(slots)
    for (let index = 0; index < this.#slots.length; index++) {
      if (slots[this.#slots[index]!] !== this.#made[index]) return false
    }
    return true
  }

  #make(slots: Int32Array): void {
    this.#made.fill(0)
    for (const { slot, one, other, guards, index } of this.#transfers) {
      const content = slots[slot]!
      if (content === 0 && one < 0) continue
      if (!isThere(guards, slots)) continue
      this.#made[index] = content === one ? other : content === other ? one : content
    }
  }
}

/** Whether a state has the place. */
export function isThere(guards: readonly Guard[], slots: Int32Array): boolean {
  for (let at = 0; at < guards.length; at++) {
    const { slot, least, most } = guards[at]!
    const content = slots[slot]!
    if (content < least || content > most) return false
  }
  return true
}
