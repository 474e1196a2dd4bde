/**
 * Candidates: states that may be new, because what would tell is on disk.
 *
 * A search whose seen set does not fit into memory looks a successor up later, together with many others. That is the
 * delayed duplicate detection of U. Stern and D. Dill ("Using magnetic disk instead of main memory in the Murphi
 * verifier", CAV 1998). The candidates of a level are in a table. A pass reads the known states from the disk one after
 * the other, and marks each candidate that is one of them. The others are new.
 *
 * Homes follow the order of hashes. The states on disk are in slots by the high bits of their hashes, as in A. W.
 * Roscoe's partitions (1994), so the candidates of a slot are close together and stay in the caches while the slot is
 * read.
 */
import { finishSource, mixSource } from '../semantics/hash.ts'
import { makeInserter, type Entries, type Insert } from './inserter.ts'
import { ALL_HASHES, OVERFLOW, StateSet } from './state-set.ts'

/** States of the page that an inserter writes to. Nobody reads it. */
const PAGE_STATES = 512

/** Places of the smallest table. */
const MIN_PLACES = OVERFLOW + 512

export class Candidates {
  readonly width: number
  readonly #maxBytes: number
  readonly #instances: number
  readonly #mark: Mark
  /** Undefined until `low` is set. */
  #table: Table | undefined
  /** Candidates have an unsigned hash of at least this. */
  #low = ALL_HASHES

  /**
   * @param maxBytes - maximal size of the table, unless not even a small one fits
   * @param instances - action instances of the model
   */
  constructor(width: number, maxBytes: number, instances: number) {
    this.width = width
    this.#maxBytes = maxBytes
    this.#instances = instances
    this.#mark = markFor(width)
  }

  get size(): number {
    return this.#table?.set.size ?? 0
  }

  get bytes(): number {
    return this.#table === undefined ? 0 : this.#table.set.bytes + this.#table.marks.length
  }

  /** The lowest hash of candidates. There must be none when it changes. */
  get low(): number {
    return this.#low
  }

  set low(low: number) {
    this.#low = low
    const { set } = (this.#table ??= tableFor(this.width, this.#maxBytes, this.#instances))
    set.range = ALL_HASHES - low
    set.scale = set.capacity / set.range
  }

  /** How many more entries may be inserted. */
  get room(): number {
    return this.#table?.set.room ?? 0
  }

  /**
   * Inserts entries of a batch from a position on. Instead of its hash, each has the hash minus `low`.
   *
   * @returns where it stopped: at the end, or at an entry that needs the table to be emptied first
   */
  insert(entries: Entries, from: number): number {
    return this.#table!.insert(entries, from)
  }

  /** Marks the candidates among `words`, which are known states. */
  mark(words: Int32Array): void {
    const { set, marks } = this.#table!
    this.#mark(words, set.table, marks, this.#low, set.scale)
  }

  /** Gives the candidates that are not marked, in the order of their places, and empties the table. */
  drain(take: (words: Int32Array, offset: number) => void): void {
    if (this.#table === undefined || this.size === 0) return
    const { set, marks } = this.#table
    const { table, lastPlace, width } = set
    for (let base = 0, place = 0; base < lastPlace; base += width, place++) {
      if (table[base + width - 1] !== 0 && marks[place] === 0) take(table, base)
    }
    set.clear()
    this.low = this.#low
    marks.fill(0)
  }
}

interface Table {
  readonly set: StateSet
  /** By place: whether the candidate is a known state. */
  readonly marks: Uint8Array
  readonly insert: Insert
}

function tableFor(width: number, maxBytes: number, instances: number): Table {
  const places = Math.max(MIN_PLACES, Math.floor(maxBytes / (width * Int32Array.BYTES_PER_ELEMENT + 1)))
  const set = new StateSet(width, 0, places - OVERFLOW)
  const page = { words: new Int32Array(PAGE_STATES * width), at: 0, turn: (): void => void (page.at = 0) }
  const nothing = { suspects: () => false, discovered() {} }
  const insert = makeInserter(set, page, nothing, new Float64Array(instances))
  return { set, marks: new Uint8Array(set.places), insert }
}

type Mark = (words: Int32Array, table: Int32Array, marks: Uint8Array, low: number, scale: number) => void

const known = new Map<number, Mark>()

/** Marks the places of states that are in the table. The code is generated for the width, as in `inserter.ts`. */
function markFor(width: number): Mark {
  const found = known.get(width)
  if (found !== undefined) return found
  const made = (new Function(`return ${markSource(width)}`) as () => Mark)()
  known.set(width, made)
  return made
}

function markSource(width: number): string {
  const last = width - 1
  const words = Array.from({ length: width }, (_, word) => word)
  const isSame =
    words
      .slice(0, last)
      .map((word) => `table[p + ${word}] === w${word}`)
      .join(' && ') || 'true'
  return `(words, table, marks, low, scale) => {
    'use strict'
    let x = 0, h = 0
    for (let at = 0; at < words.length; at += ${width}) {
      ${words.map((word) => `const w${word} = words[at + ${word}]`).join('\n')}
      const hash = ${finishSource(`${words.map((word) => mixSource(`w${word}`, word, 'x')).join(' + ')} | 0`, 'h')}
      let place = Math.floor((hash - low >>> 0) * scale)
      for (let p = place * ${width}; ; p += ${width}, place++) {
        const found = table[p + ${last}]
        if (found === 0) break
        if (found === w${last} && ${isSame}) { marks[place] = 1; break }
      }
    }
  }`
}
