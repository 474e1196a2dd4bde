/**
 * Puts batches of successors into the seen set: generated for the width of the states and for one thread or several.
 *
 * What is generated is the loop below, with the words of a state in variables of their own; written out for any width it would be
 * `if (set.add(entry)) { writer.push(entry); discovered(entry) }`, and a test holds it against exactly that. First the home of every
 * entry is read, so that the cache misses overlap; then the entries are looked up in order.
 *
 * With several threads a place is claimed by a compare-and-swap of its last word from 0 to `LOCKED`; then the other words are
 * written, then the last word is published. A plain read of it can be stale, but only show 0 or `LOCKED` in place of a state, and
 * both are looked at again atomically. So can plain reads of the other words; they can only show 0 in place of what was written. Where
 * one does, the last word is read atomically first, which orders their reads after the write that published them (docs/seen-set.md;
 * specs/seen-set.ts checks it).
 */
import type { Batch } from '../next/batch.ts'
import { TRAILER } from '../next/batch.ts'
import type { Sharing } from './memory.ts'
import type { PageWriter } from './pages.ts'
import type { StateSet } from './state-set.ts'

/** The last word of a place that is claimed and not yet written. No state has it: theirs have bit 31 set. */
export const LOCKED = 1

/** Words of a cache line: the one after a home is read too, since a run of full places often goes on there. */
const LINE = 16

/** Indexes from here on are no 32-bit integers. */
const MOST_INTEGER = 2 ** 31 - 2 ** 16

/** What happens to entries that are new. */
export interface Arrivals {
  /** Whether something may have to be reported about a new state; `discovered` is then called. */
  suspects(words: Int32Array, offset: number, step: number): boolean
  discovered(words: Int32Array, offset: number, step: number): void
  /** Called while waiting for another thread; throws if there is no use in waiting. */
  waiting?(): void
}

/**
 * Inserts the entries of a batch from the one at `from` on; the set must have room for all.
 *
 * @returns where it stopped: at the batch's size, or at an entry for which the table has overflowed and must grow first
 */
export type Insert = (batch: Batch, from: number) => number

/** The inserter for a set. `newBy` counts the new states by the action instance that led to them first. */
export function makeInserter(
  set: StateSet,
  writer: PageWriter,
  arrivals: Arrivals,
  newBy: Float64Array,
  sharing: Sharing,
): Insert {
  const make = (isLarge: boolean): Insert => {
    const source = insertSource(set.width, sharing, isLarge)
    return (new Function('set', 'writer', 'arrivals', 'newBy', source) as (...given: unknown[]) => Insert)(
      ...[set, writer, arrivals, newBy],
    )
  }
  let insert = make(false)
  let isLarge = false
  return (batch, from) => {
    if (!isLarge && set.lastPlace >= MOST_INTEGER) {
      isLarge = true
      insert = make(true)
    }
    return insert(batch, from)
  }
}

function insertSource(width: number, sharing: Sharing, isLarge: boolean): string {
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
  const lookUp = sharing === 'plain' ? plainLookUp : sharedLookUp
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
        ${lookUp({ width, last: content(last), lastWord: last, isSame, copies: copies('table', 'p') })}
        if (at === end) { writer.at = at; writer.turn(); page = writer.words; at = 0; end = page.length }
        ${copies('page', 'at')}
        page[at + ${last}] = ${content(last)}
        at += ${width}
        fresh++
        newBy[entries[e + ${width + 2}]]++
        if (arrivals.suspects(entries, e, entries[e + ${width + 1}])) arrivals.discovered(entries, e, entries[e + ${width + 1}])
      }
      writer.at = at
      set.size += fresh
      return e
    }`
}

interface LookUp {
  readonly width: number
  /** Expression of the entry's last word. */
  readonly last: string
  readonly lastWord: number
  /** Expression: whether the other words of the place at `p` are the entry's. */
  readonly isSame: string
  /** Statements that write the other words to the place at `p`. */
  readonly copies: string
}

function plainLookUp({ width, last, lastWord, isSame, copies }: LookUp): string {
  return `
        let known = false
        for (;; p += ${width}) {
          const found = table[p + ${lastWord}]
          if (found === 0) break
          if (found === ${last} && ${isSame}) { known = true; break }
        }
        if (known) continue
        if (p >= lastPlace) break
        ${copies}
        table[p + ${lastWord}] = ${last}`
}

function sharedLookUp({ width, last, lastWord, isSame, copies }: LookUp): string {
  const word = `p + ${lastWord}`
  // One word is claimed and published in one.
  const claim = width === 1 ? last : LOCKED
  const isUnwritten =
    Array.from({ length: lastWord }, (_, other) => `table[p + ${other}] === 0`).join(' || ') || 'false'
  return `
        let state = 0 // 0: looking, 1: known, 2: claimed, 3: overflowed
        for (;; p += ${width}) {
          let found = table[${word}]
          if (found === 0) {
            if (p >= lastPlace) { state = 3; break }
            found = Atomics.compareExchange(table, ${word}, 0, ${claim})
            if (found === 0) { state = 2; break }
          } else if (found === ${last} && (${isUnwritten})) {
            found = Atomics.load(table, ${word})
          }
          while (found === ${LOCKED}) {
            arrivals.waiting()
            found = Atomics.load(table, ${word})
          }
          if (found === ${last} && ${isSame}) { state = 1; break }
        }
        if (state === 1) continue
        if (state === 3) break
        ${width === 1 ? '' : `${copies}; Atomics.store(table, ${word}, ${last})`}`
}
