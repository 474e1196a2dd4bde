/**
 * The shared counters of a search, in one `Int32Array`. This file names each of them.
 *
 * `specs/seen-set.ts` models how messages travel and how threads detect the end of a level. It uses the words
 * `PENDING`, `inboxOf`, `returnsOf` and `wakeupOf` (`bell` in the spec).
 */

/** Threads that still expand states of the level, plus messages that are not unpacked yet. At 0 the level is done. */
export const PENDING = 0

/** Pages allocated so far, and messages. */
export const TAKEN_PAGES = 1
export const TAKEN_MESSAGES = 2

/**
 * `GO`; `HALT`: leave the level unfinished; `ABANDON`: a thread is lost, so stop waiting; `PAUSE`: leave the level
 * as soon as no message is under way. Each thread keeps the rest of its page.
 */
export const ORDER = 3
export const GO = 0
export const HALT = 1
export const ABANDON = 2
export const PAUSE = 3

/** Orders `HALT`, unless a thread is lost. */
export function halt(control: Int32Array): void {
  for (const order of [GO, PAUSE]) Atomics.compareExchange(control, ORDER, order, HALT)
}

/**
 * Each thread has two page lists. This word selects the list of the current level; the other list belongs to the next
 * level.
 */
export const PARITY = 4

/** The number of threads that work on the level. */
export const WORKING = 5

/** From here on: for each thread, a cache line that it alone writes, then a line that others write. */
const THREADS = 16
const LINE = 16

/** States in a thread's partition of the seen set, and its capacity. */
export function sizeOf(thread: number): number {
  return THREADS + 2 * thread * LINE
}
export function capacityOf(thread: number): number {
  return sizeOf(thread) + 1
}

/** Pages in a thread's list of the next level. */
export function nextPagesOf(thread: number): number {
  return sizeOf(thread) + 2
}

/** The page of which a thread keeps the rest during a pause, plus 1, or 0; and where the rest begins. */
export function keptPageOf(thread: number): number {
  return sizeOf(thread) + 3
}
export function keptFrom(thread: number): number {
  return sizeOf(thread) + 4
}

/** Messages sent to a thread, and its own messages that came back: the number of the last one, plus 1. */
export function inboxOf(thread: number): number {
  return sizeOf(thread) + LINE
}
export function returnsOf(thread: number): number {
  return inboxOf(thread) + 1
}

/** Changes whenever a waiting thread must check for work. */
export function wakeupOf(thread: number): number {
  return inboxOf(thread) + 2
}

/**
 * Pages in a thread's list of the current level, and how many of them are taken: by the thread itself, or by others
 * that ran out of pages.
 */
export function pagesOf(thread: number): number {
  return inboxOf(thread) + 3
}
export function takenOf(thread: number): number {
  return inboxOf(thread) + 4
}

export function controlWords(threads: number): number {
  return sizeOf(threads)
}
