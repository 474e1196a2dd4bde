/** Levels of the search, read from the journals, and steps between them. */
import { StateSet } from '../../../store/state-set.ts'
import { decodeRecord } from './messages.ts'
import type { Journals } from './transport.ts'

export class Levels {
  readonly #journals: Journals
  readonly #layout: number
  readonly #width: number
  /** By slot, then by depth: pieces of states. */
  readonly #slots = new Map<number, Map<number, Int32Array[]>>()

  constructor(journals: Journals, layout: number, width: number) {
    this.#journals = journals
    this.#layout = layout
    this.#width = width
  }

  /** Reads a slot unless it is here. @throws {CheckerError} KR114 if the journal is damaged */
  async read(slot: number): Promise<void> {
    if (this.#slots.has(slot)) return
    const levels = new Map<number, Int32Array[]>()
    const seen = new StateSet(this.#width)
    for await (const bytes of this.#journals.read(slot)) {
      const { depth, states } = decodeRecord(bytes, this.#layout)
      const fresh: number[] = []
      for (let offset = 0; offset < states.length; offset += this.#width) {
        if (!seen.add(states, offset)) continue
        for (let word = 0; word < this.#width; word++) fresh.push(states[offset + word]!)
      }
      const pieces = levels.get(depth) ?? []
      pieces.push(Int32Array.from(fresh))
      levels.set(depth, pieces)
    }
    this.#slots.set(slot, levels)
  }

  /** The states of a depth in these slots. */
  *states(slots: readonly number[], depth: number): Generator<Int32Array> {
    for (const slot of slots) yield* this.#slots.get(slot)?.get(depth) ?? []
  }
}
