/**
 * What the threads of a search share besides states: counters in one `Int32Array`, every one named here.
 *
 * `specs/seen-set.ts` models how the table grows while several threads insert; the words gate, parked, active and room are its words.
 */

/**
 * Whether threads may insert, and how often the table has grown, in one word: `4 * epoch + phase`. The phase is `OPEN`, `CLOSED` when
 * the table has to grow, `GROWING` while one thread does that. In one word, so that a thread that found everybody parked and was
 * then delayed cannot grow the table in a later epoch (the design `gate-without-epoch` of the spec).
 */
export const GATE = 0
export const OPEN = 0
export const CLOSED = 1
export const GROWING = 2

/** The phase of a gate's value. */
export function phaseOf(gate: number): number {
  return gate & 3
}

/** The epoch of a gate's value. */
export function epochOf(gate: number): number {
  return gate >>> 2
}

/** Threads that wait at the gate. */
export const PARKED = 1

/** Threads that have work on the current level, or are about to begin. */
export const ACTIVE = 2

/** How many states may be inserted, beyond what was drawn from it, before the table has to grow. */
export const ROOM = 4

/** Homes of the table. */
export const CAPACITY = 5

/** The page of the level that is to be expanded next, and how many there are. */
export const NEXT_PAGE = 6
export const LEVEL_PAGES = 7

/** How many pages the following level has so far. */
export const FOLLOWING_PAGES = 8

/** Pages that were ever taken. */
export const TAKEN_PAGES = 9

/** `GO`; `HALT`: leave the level unfinished; `ABANDON`: some thread is lost, and nobody is to wait for it. */
export const ORDER = 10
export const GO = 0
export const HALT = 1
export const ABANDON = 2

/** 1 if memory ran out. */
export const EXHAUSTED = 11

/** Which of the two lists of pages is the level; the other is the one that follows. */
export const PARITY = 12

/** Threads that have loaded the spec and wait for work. */
export const READY = 13

/** Index of the next thread to come up. */
export const ARRIVED = 14

/** From here on, in a cache line of its own for every thread: how many states it inserted. */
const INSERTED = 16
const LINE = 16

/** Where the number of states is that a thread inserted. */
export function insertedBy(thread: number): number {
  return INSERTED + thread * LINE
}

/** Words for so many threads. */
export function controlWords(threads: number): number {
  return insertedBy(threads)
}
