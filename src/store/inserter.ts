/**
 * Puts batches of successors into the seen set, or a part of it: generated for the width of the states.
 *
 * What is generated is the loop below, with the words of a state in variables of their own; written out for any width it would be
 * `if (set.add(entry)) { writer.push(entry); discovered(entry) }`, and a test holds it against exactly that. First the home of every
 * entry is read, so that the cache misses overlap; then the entries are looked up in order. What is new may be written over the entries
 * themselves, as it takes less room: an entry is done with before the state goes out.
 */
import type { Batch } from '../semantics/successor-batch.ts'
import { TRAILER } from '../semantics/successor-batch.ts'
import type { PageWriter } from './pages.ts'
import type { StateSet } from './state-set.ts'

/** Words of a cache line: the one after a home is read too, since a run of full places often goes on there. */
const LINE = 16

/** Indexes from here on are no 32-bit integers. */
const MAX_INTEGER = 2 ** 31 - 2 ** 16

/** What happens to entries that are new. */
export interface NewStates {
  /** Whether something may have to be reported about a new state; `discovered` is then called. */
  suspects(words: Int32Array, offset: number, step: number): boolean
  discovered(words: Int32Array, offset: number, step: number): void
}

/**
 * Inserts the entries of a batch from the one at `from` on; the set must have room for all.
 *
 * @returns where it stopped: at the batch's size, or at an entry for which the table has overflowed and must grow first
 */
export type Insert = (batch: Entries, from: number) => number

/** As much of a batch as an inserter looks at. */
export type Entries = Pick<Batch, 'entries' | 'size'>

/** Where states go that are new; as `PageWriter`. */
export type Output = Pick<PageWriter, 'words' | 'at' | 'turn'>

/** How many were made. Each has it in its source, since V8 lets functions of the same source share what it learns of them. */
let made = 0

/** The inserter for a set. `newBy` counts the new states by the action instance that led to them first. */
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
  // Few words live in variables; of many only the last, which decides most comparisons.
  const isNarrow = width <= 8
  const content = (word: number): string => (isNarrow ? `n${word}` : word === last ? 'last' : `entries[e + ${word}]`)
  const declared = isNarrow
    ? Array.from({ length: width }, (_, word) => `const n${word} = entries[e + ${word}]`)
    : [`const last = entries[e + ${last}]`]
  const isSame = others.map((word) => `table[p + ${word}] === ${content(word)}`).join(' && ') || 'true'
  const copies = (array: string, at: string): string =>
    others.map((word) => `${array}[${at} + ${word}] = ${content(word)}`).join('; ')
  // An index that V8 knows to be a 32-bit integer makes the loop twice as fast.
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
