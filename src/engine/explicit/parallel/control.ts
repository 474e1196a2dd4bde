/**
 * What the threads of a search share besides states and messages: counters in one `Int32Array`, every one named here.
 *
 * `specs/seen-set.ts` models how messages travel and how the end of a level is noticed; the words `PENDING`, `inboxOf`, `returnsOf` and
 * `wakeupOf` (`bell` in the spec) are its words.
 */

/** Threads that still expand states of the level, and messages that are not yet unpacked. At 0 the level is done. */
export const PENDING = 0

/** Pages that were ever taken, and messages. */
export const TAKEN_PAGES = 1
export const TAKEN_MESSAGES = 2

/** `GO`; `HALT`: leave the level unfinished; `ABANDON`: some thread is lost, and nobody is to wait for it. */
export const ORDER = 3
export const GO = 0
export const HALT = 1
export const ABANDON = 2

/** Which of every thread's two lists of pages is of the level; the other is of the one that follows. */
export const PARITY = 4

/** How many threads work on the level. */
export const WORKING = 5

/** From here on, for every thread, what it alone writes and then, in a cache line of their own, what others write to. */
const THREADS = 16
const LINE = 16

/** States in a thread's part of the seen set, and its homes. */
export function sizeOf(thread: number): number {
  return THREADS + 2 * thread * LINE
}
export function capacityOf(thread: number): number {
  return sizeOf(thread) + 1
}

/** Pages in a thread's list of the following level. */
export function nextPagesOf(thread: number): number {
  return sizeOf(thread) + 2
}

/** Messages sent to a thread, and those that come back to it empty: number of the last one, plus 1. */
export function inboxOf(thread: number): number {
  return sizeOf(thread) + LINE
}
export function returnsOf(thread: number): number {
  return inboxOf(thread) + 1
}

/** Changes whenever a thread that waits has to look again. */
export function wakeupOf(thread: number): number {
  return inboxOf(thread) + 2
}

/** Pages in a thread's list of the level, and how many of them are taken: by the thread itself, or by others that ran out. */
export function pagesOf(thread: number): number {
  return inboxOf(thread) + 3
}
export function takenOf(thread: number): number {
  return inboxOf(thread) + 4
}

/** Words for so many threads. */
export function controlWords(threads: number): number {
  return sizeOf(threads)
}
