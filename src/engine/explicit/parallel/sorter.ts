/** Takes the successors that belong to other threads out of a batch: generated for the width of the states. */
import { TRAILER, type Batch } from '../../../semantics/successor-batch.ts'
import { UNKNOWN_STEP } from '../../../semantics/successors.ts'
import type { NewStates } from '../../../store/inserter.ts'
import { ownerSource } from '../../../store/owner.ts'

/** In place of the step of a successor that is sent and need not be reported if it is new: the keys of steps are a thread's own. */
const HARMLESS_STEP = -1

/** What a thread does with new states that others sent: their senders have said whether they may have to be reported. */
export function fromOthers(observer: NewStates): NewStates {
  return {
    suspects: (_words, _offset, step) => step !== HARMLESS_STEP,
    discovered: (words, offset, step) => observer.discovered(words, offset, step),
  }
}

/** What is being filled for other threads, by thread. */
export interface Outgoing {
  readonly contents: Int32Array[]
  /** Words in use. */
  readonly loads: Int32Array
  /** Sees to it that there is room for an entry to this thread. */
  turn(to: number): void
}

/** Leaves in a batch what belongs to this thread, and appends the rest to what is outgoing. */
export type Sort = (batch: Batch) => void

/** The function for one of several threads. */
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
