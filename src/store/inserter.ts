/**
 * Inserts batches of successors into the seen set or one partition of it. The code is generated for the width of the
 * states.
 *
 * It keeps the words of a state in variables. A version for any width would be `if (set.add(entry)) {
 * writer.push(entry); discovered(entry) }`, and a test compares the two. The first loop touches the home of each entry,
 * so that cache misses overlap. The second loop looks the entries up in order. The output may overwrite the entries
 * themselves: a state is shorter than its entry, and the loop has finished with the entry before it writes the state.
 */
import type { Batch } from '../semantics/successor-batch.ts'
import { TRAILER } from '../semantics/successor-batch.ts'
import type { PageWriter } from './pages.ts'
import type { StateSet } from './state-set.ts'

/** Words of a cache line. The line after a home is touched too, because a run of full places often continues there. */
const LINE = 16

/** Indexes from here on do not fit into 32-bit integers. */
const MAX_INTEGER = 2 ** 31 - 2 ** 16

/** Callbacks for new states. */
export interface NewStates {
  /** Whether a new state may need a report. If so, `discovered` is called. */
  suspects(words: Int32Array, offset: number, step: number): boolean
  discovered(words: Int32Array, offset: number, step: number): void
}

/**
 * Inserts the entries of a batch, beginning at `from`. The set must have room for all of them.
 *
 * @returns where it stopped: at the batch's size, or at an entry that needs a larger table
 */
export type Insert = (batch: Entries, from: number) => number

/** The part of a batch that an inserter reads. */
export type Entries = Pick<Batch, 'entries' | 'size'>

/** Receives new states; see `PageWriter`. */
export type Output = Pick<PageWriter, 'words' | 'at' | 'turn'>

/**
 * The number of generated functions. Each source contains its number, because V8 shares type feedback among functions
 * with the same source.
 */
let made = 0

/** The inserter for a set. `newBy` counts new states by the action instance that reached them first. */
export function makeInserter(set: StateSet, writer: Output, newStates: NewStates, newBy: Float64Array): Insert {
  const make = (isLarge: boolean): Insert => {
    const source = `// ${++made}\n${insertSource(set.width, isLarge)}`
    return (new Function('set', 'writer', 'newStates', 'newBy', source) as (...given: unknown[]) => Insert)(
      set,
      writer,
      newStates,
      newBy,
    )
  }
  let insert = make(false)
  let isLarge = false
  return (batch, from) => {
    if (!isLarge && set.lastPlace >= MAX_INTEGER) {
      isLarge = true
      insert = make(true)
    }
    return insert(batch, from)
  }
}

function insertSource(width: number, isLarge: boolean): string {
  const last = width - 1
  const others = Array.from({ length: last }, (_, word) => word)
  const stride = width + TRAILER
  // Narrow states live in variables. Of wide states only the last word does; it decides most comparisons.
  const isNarrow = width <= 8
  const content = (word: number): string => (isNarrow ? `n${word}` : word === last ? 'last' : `entries[e + ${word}]`)
  const declared = isNarrow
    ? Array.from({ length: width }, (_, word) => `const n${word} = entries[e + ${word}]`)
    : [`const last = entries[e + ${last}]`]
  const isSame = others.map((word) => `table[p + ${word}] === ${content(word)}`).join(' && ') || 'true'
  const copies = (array: string, at: string): string =>
    others.map((word) => `${array}[${at} + ${word}] = ${content(word)}`).join('; ')
  // The loop is twice as fast if V8 knows that the index is a 32-bit integer.
  const home = (hash: string): string =>
    isLarge ? `Math.floor((${hash} >>> 0) * scale) * ${width}` : `((${hash} >>> 0) * scale | 0) * ${width} | 0`
  return `'use strict'
    let sink = 0
    return (batch, from) => {
      const { entries, size } = batch
      const { table, scale, lastPlace } = set
      for (let e = from; e < size; e += ${stride}) {
        const p = ${home(`entries[e + ${width}]`)}
        sink ^= table[p] ^ table[p + ${LINE}]
      }
      let fresh = 0
      let e = from
      let page = writer.words, at = writer.at, end = page.length
      for (; e < size; e += ${stride}) {
        ${declared.join('\n')}
        let p = ${home(`entries[e + ${width}]`)}
        let known = false
        for (;; p += ${width}) {
          const found = table[p + ${last}]
          if (found === 0) break
          if (found === ${content(last)} && ${isSame}) { known = true; break }
        }
        if (known) continue
        if (p >= lastPlace) break
        ${copies('table', 'p')}
        table[p + ${last}] = ${content(last)}
        if (newStates.suspects(entries, e, entries[e + ${width + 1}])) newStates.discovered(entries, e, entries[e + ${width + 1}])
        if (at === end) { writer.at = at; writer.turn(); page = writer.words; at = 0; end = page.length }
        ${copies('page', 'at')}
        page[at + ${last}] = ${content(last)}
        at += ${width}
        fresh++
        newBy[entries[e + ${width + 2}]]++
      }
      writer.at = at
      set.size += fresh
      return e
    }`
}
