/** A list of packed states in pieces, which an inserter can append to. */
import { allocate } from '../../../store/memory.ts'
import { pageWords } from '../../../store/pages.ts'
import type { Output } from '../../../store/inserter.ts'

export class StateList implements Output {
  /** The piece being filled. */
  words: Int32Array = new Int32Array()
  /** Where the next state goes. */
  at = 0
  readonly #width: number
  readonly #full: Int32Array[] = []

  constructor(width: number) {
    this.#width = width
  }

  /** Begins another piece. @throws {OutOfMemory} */
  turn(): void {
    if (this.at > 0) this.#full.push(this.words)
    this.words = allocate(pageWords(this.#width))
    this.at = 0
  }

  /** @throws {OutOfMemory} */
  push(states: Int32Array, offset: number): void {
    if (this.at === this.words.length) this.turn()
    for (let word = 0; word < this.#width; word++) this.words[this.at++] = states[offset + word]!
  }

  /** The number of pieces that will not change. */
  get fullPieces(): number {
    return this.#full.length
  }

  /** All pieces, from the one with this number on. */
  pieces(from = 0): Int32Array[] {
    return [...this.#full.slice(from), this.words.subarray(0, this.at)]
  }

  /** The number of states. */
  get size(): number {
    return this.bytesUsed / (this.#width * Int32Array.BYTES_PER_ELEMENT)
  }

  /** Bytes of the states. */
  get bytesUsed(): number {
    const words = this.#full.reduce((sum, { length }) => sum + length, this.at)
    return words * Int32Array.BYTES_PER_ELEMENT
  }
}
