/**
 * Moves the successors of other threads from a batch to messages. The code is generated for the width of the states.
 */
import { TRAILER, type Batch } from '../../../semantics/successor-batch.ts'
import { UNKNOWN_STEP } from '../../../semantics/successors.ts'
import type { NewStates } from '../../../store/inserter.ts'
import { ownerSource } from '../../../store/owner.ts'

/**
 * Replaces the step of a successor that needs no report if it is new. Step keys are private to a thread, so a message
 * cannot contain them.
 */
const HARMLESS_STEP = -1

/** How a thread treats new states from other threads. The sender has decided whether they may need a report. */
export function fromOthers(observer: NewStates): NewStates {
  return {
    suspects: (_words, _offset, step) => step !== HARMLESS_STEP,
    discovered: (words, offset, step) => observer.discovered(words, offset, step),
  }
}

/** The messages being filled, by thread. */
export interface Outgoing {
  readonly contents: Int32Array[]
  /** Words in use. */
  readonly loads: Int32Array
  /** Makes room for an entry to this thread. */
  turn(to: number): void
}

/** Keeps this thread's entries in the batch, and appends the others to messages. */
export type Sort = (batch: Batch) => void

export function makeSort(
  width: number,
  thread: number,
  threads: number,
  outgoing: Outgoing,
  arrivals: Pick<NewStates, 'suspects'>,
): Sort {
  const stride = width + TRAILER
  const step = width + 1
  const copied = Array.from({ length: stride }, (_, word) => word).filter((word) => word !== step)
  const isShort = stride <= 16
  const copy = (to: string, at: string, words: readonly number[]): string =>
    isShort
      ? words.map((word) => `${to}[${at} + ${word}] = entries[e + ${word}]`).join('; ')
      : `for (let word = 0; word < ${stride}; word++) ${to}[${at} + word] = entries[e + word]`
  const source = `'use strict'
    const { contents, loads } = outgoing
    return (batch) => {
      const { entries, size } = batch
      let kept = 0
      for (let e = 0; e < size; e += ${stride}) {
        const owner = ${ownerSource(`entries[e + ${width}]`, threads)}
        if (owner === ${thread}) {
          if (kept !== e) { ${copy('entries', 'kept', [...copied, step])} }
          kept += ${stride}
          continue
        }
        if (loads[owner] >= contents[owner].length) outgoing.turn(owner)
        const into = contents[owner], at = loads[owner]
        ${copy('into', 'at', copied)}
        into[at + ${step}] = arrivals.suspects(entries, e, entries[e + ${step}]) ? ${UNKNOWN_STEP} : ${HARMLESS_STEP}
        loads[owner] = at + ${stride}
      }
      batch.size = kept
    }`
  return (new Function('outgoing', 'arrivals', source) as (...given: unknown[]) => Sort)(outgoing, arrivals)
}
