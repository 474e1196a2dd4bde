/** Packed states one after another: a level of the search. */
import { allocate } from './memory.ts'

export class StateQueue {
  readonly width: number
  /** How many states there are. */
  size = 0
  /** Their words; those beyond `size * width` mean nothing. */
  words: Int32Array

  constructor(width: number, capacity: number = 1024) {
    this.width = width
    this.words = new Int32Array(capacity * width)
  }

  get bytes(): number {
    return this.words.byteLength
  }

  /** Appends the state at `words[offset..]`. @throws {OutOfMemory} */
  push(words: Int32Array, offset: number): void {
    const base = this.size * this.width
    if (base + this.width > this.words.length) {
      const bigger = allocate(this.words.length * 2)
      bigger.set(this.words)
      this.words = bigger
    }
    for (let word = 0; word < this.width; word++) this.words[base + word] = words[offset + word]!
    this.size++
  }

  /** The states alone, copied. */
  copy(): Int32Array {
    return this.words.slice(0, this.size * this.width)
  }
}

/**
 * Compares packed states as sequences of unsigned words: the order in which "the least state" is meant.
 *
 * @returns negative, 0 or positive
 */
export function compareStates(a: Int32Array, from: number, b: Int32Array, at: number, width: number): number {
  for (let word = 0; word < width; word++) {
    const difference = (a[from + word]! >>> 0) - (b[at + word]! >>> 0)
    if (difference !== 0) return difference
  }
  return 0
}
