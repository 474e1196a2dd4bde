/**
 * A round: walks that several threads make at once, each taking the next number that nobody has.
 *
 * What is found must not depend on who walks what. So a round ends with the first walk, by number, that finds something: walks before it
 * are made to their end, and what threads told of this round is thrown away and found again by one thread, up to that walk.
 */
import type { Walker } from './random-walk.ts'
import type { TallyParts } from './tally.ts'
import type { SerializedError } from '../threads/serialized-error.ts'

/** Words of a board, which the threads share. */
const TAKEN = 0
const LEAST = 1
const HALT = 2
const WORDS = 3

/** No walk found anything. */
const NONE = 2 ** 31 - 1

/** What threads tell each other while they walk. */
export class RoundControl {
  readonly memory: Int32Array

  constructor(memory: Int32Array = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT))) {
    this.memory = memory
  }

  /** Begins a round. To be called while nobody walks. */
  begin(): void {
    this.memory[TAKEN] = 0
    this.memory[LEAST] = NONE
  }

  /** The next walk of the round that nobody has taken. Two threads never get the same. */
  take(): number {
    return Atomics.add(this.memory, TAKEN, 1)
  }

  /** The first walk that found something, so far; undefined if none did. */
  get least(): number | undefined {
    const least = Atomics.load(this.memory, LEAST)
    return least === NONE ? undefined : least
  }

  /** Says that a walk found something. */
  report(walk: number): void {
    for (let known = Atomics.load(this.memory, LEAST); walk < known;) {
      // Another thread may have reported a walk since: then it is asked again which is less.
      const before = Atomics.compareExchange(this.memory, LEAST, known, walk)
      if (before === known) return
      known = before
    }
  }

  /** Tells everyone to stop where they are. */
  halt(): void {
    Atomics.store(this.memory, HALT, 1)
  }

  get isHalted(): boolean {
    return Atomics.load(this.memory, HALT) === 1
  }
}

/** A round to take part in: walks `from` up to but not including `from + count`. */
export interface Round {
  readonly from: number
  readonly count: number
}

/** What a thread has to tell of a round. */
export interface RoundReport {
  readonly error: SerializedError | undefined
  readonly tally: TallyParts
  /** Calls of the spec's functions so far. */
  readonly specCalls: number
}

/** One thread's part in a round. */
export class RoundPart {
  readonly #walker: Walker
  readonly #board: RoundControl
  readonly #round: Round
  /** The walk under way, by its place in the round. */
  #taken: number | undefined

  constructor(walker: Walker, board: RoundControl, round: Round) {
    this.#walker = walker
    this.#board = board
    this.#round = round
  }

  /** Walks until the round is over, or `pause` says so; returns whether it is over. */
  work(pause: () => boolean): boolean {
    const board = this.#board
    const { from, count } = this.#round
    for (;;) {
      const walk = (this.#taken ??= board.take())
      if (walk >= count || walk > (board.least ?? NONE)) return true
      if (!this.#walker.advance(from + walk, pause)) return false
      this.#taken = undefined
      if (this.#walker.found === undefined) continue
      board.report(walk)
      return true
    }
  }
}
