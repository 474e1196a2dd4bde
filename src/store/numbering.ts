/**
 * Numbers the states of a seen set in the order of discovery. The code is generated for the width of the states, as in
 * the inserter.
 *
 * A version for any width would be `numbers[place of the state] ||= ++count`. The lookups of a batch overlap, as in the
 * inserter. A filter in front holds the states looked up last, here with their numbers:
 *
 *     recent   │ word 0 … word w-1 │ number │ ...      by the low bits of the hash
 *
 * A state that occurs twice in a batch may not have its number yet at the second occurrence. Then the filter, and the
 * result for the later entry, refer to the entry of the first occurrence: by the complement of its index, which is
 * negative.
 */
import { TRAILER } from '../semantics/successor-batch.ts'
import { OutOfMemory } from './memory.ts'
import { ownerSource } from './owner.ts'
import type { StateIndex } from './state-index.ts'

/** Stands for the number of a state outside the set. */
export const OUTSIDE: number = -(2 ** 31)

/** Words of the filter. */
const FILTER_WORDS = 2 ** 16

/** A place must be a 32-bit integer. */
const MAX_PLACES = 2 ** 31 - 2 ** 16

/** States with at most this many words live in variables. */
const NARROW = 8

/** The part of a batch that numbering reads. */
interface Entries {
  readonly entries: Int32Array
  readonly size: number
  readonly stride: number
}

type Assign = (entries: Int32Array, size: number, found: Int32Array, waiting: Int32Array) => void

export class Numbering {
  /** The number of numbered states. Numbers are dense from 0. */
  count = 0
  /** By number: the state's place. */
  readonly order: Int32Array
  /** By place: the state's number plus 1; 0 if it has none. */
  readonly numbers: Int32Array
  readonly recent: Int32Array
  readonly #index: StateIndex
  readonly #width: number
  readonly #assign: Assign
  #found = new Int32Array(1024)
  #waiting = new Int32Array(1024)

  /**
   * @param states - number of states in the set
   * @throws {OutOfMemory}
   */
  constructor(index: StateIndex, width: number, states: number) {
    if (index.places > MAX_PLACES) throw new OutOfMemory()
    this.#index = index
    this.#width = width
    this.order = new Int32Array(states)
    this.numbers = new Int32Array(index.places)
    const places = 2 ** Math.floor(Math.log2(Math.max(1, FILTER_WORDS / (width + 1))))
    this.recent = new Int32Array(places * (width + 1))
    const source = numberingSource(width, index, places - 1)
    this.#assign = (new Function('state', 'tables', source) as (...given: unknown[]) => Assign)(
      ...[this, index.partitions.map(({ table }) => table)],
    )
  }

  /**
   * The number of each entry's state, or `OUTSIDE`. New states get the next numbers in the order of the entries. The
   * result is valid until the next call.
   */
  assign({ entries, size, stride }: Entries): Int32Array {
    const count = size / stride
    if (count > this.#found.length) {
      this.#found = new Int32Array(2 * count)
      this.#waiting = new Int32Array(2 * count)
    }
    this.#assign(entries, size, this.#found, this.#waiting)
    return this.#found
  }

  /** Copies the states with numbers `from` to below `to` into `into`. */
  read(from: number, to: number, into: Int32Array): void {
    for (let number = from, at = 0; number < to; number++, at += this.#width) {
      this.#index.readPlace(this.order[number]!, into, at)
    }
  }
}

function numberingSource(width: number, { partitions: parts, places }: StateIndex, mask: number): string {
  const last = width - 1
  const all = Array.from({ length: width }, (_, word) => word)
  const isNarrow = width <= NARROW
  const content = (word: number): string => (isNarrow ? `n${word}` : `entries[e + ${word}]`)
  const declared = isNarrow ? `const ${all.map((word) => `n${word} = entries[e + ${word}]`).join(', ')}` : ''
  const same = (array: string, at: string): string =>
    all.map((word) => `${array}[${at} + ${word}] === ${content(word)}`).join(' && ')
  const isOne = parts.length === 1
  const isLarge = parts.some(({ table }) => table.length > MAX_PLACES)
  const part = isOne ? '' : `const part = ${ownerSource('h', parts.length)}, T = tables[part], scale = scales[part]`
  const home = isLarge ? 'Math.floor((h >>> 0) * scale)' : '((h >>> 0) * scale | 0)'
  const base = isOne ? '' : ` + part * ${places / parts.length}`
  return `'use strict'
    const { order, numbers, recent: R } = state
    const scales = [${parts.map(({ scale }) => scale).join(', ')}]
    ${isOne ? 'const T = tables[0], scale = scales[0]' : ''}
    let sink = 0
    return (entries, size, found, waiting) => {
      let count = state.count, left = 0
      for (let e = 0, i = 0; e < size; e += ${width + TRAILER}, i++) {
        ${declared}
        const h = entries[e + ${width}], r = (h & ${mask}) * ${width + 1}
        if (${same('R', 'r')}) { found[i] = R[r + ${width}]; continue }
        ${all.map((word) => `R[r + ${word}] = ${content(word)}`).join('; ')}
        R[r + ${width}] = ~i
        waiting[left++] = i
        ${part}
        const p = ${home}
        sink ^= T[p * ${width}] ^ numbers[p${base}]
      }
      for (let w = 0; w < left; w++) {
        const i = waiting[w], e = i * ${width + TRAILER}
        ${declared}
        const h = entries[e + ${width}], r = (h & ${mask}) * ${width + 1}
        ${part}
        let p = ${home}
        let number = ${OUTSIDE}
        for (;; p++) {
          if (T[p * ${width} + ${last}] === 0) break
          if (${same('T', `p * ${width}`)}) {
            const place = p${base}
            number = numbers[place] - 1
            if (number < 0) { order[count] = place; number = count++; numbers[place] = count }
            break
          }
        }
        found[i] = number
        if (R[r + ${width}] === ~i) R[r + ${width}] = number
      }
      for (let e = 0, i = 0; e < size; e += ${width + TRAILER}, i++) {
        if (found[i] < 0 && found[i] !== ${OUTSIDE}) found[i] = found[~found[i]]
      }
      state.count = count
    }`
}
