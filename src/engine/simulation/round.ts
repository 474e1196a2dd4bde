/**
 * A round: walks that several threads make at once. Each thread takes the next free number.
 *
 * Findings must not depend on which thread makes a walk. So a round ends with the first walk, by number, that finds
 * something. The walks before it are completed. Then the results of this round are discarded, and one thread repeats
 * the walks up to the finding.
 */
import type { Walker } from './random-walk.ts'
import type { TallyParts } from './tally.ts'
import type { SerializedError } from '../threads/serialized-error.ts'

/** Words of the shared memory. */
const TAKEN = 0
const LEAST = 1
const HALT = 2
const WORDS = 3

/** No walk found anything. */
const NONE = 2 ** 31 - 1

/** Shared state of the threads during a round. */
export class RoundControl {
  readonly memory: Int32Array

  constructor(memory: Int32Array = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT))) {
    this.memory = memory
  }

  /** Begins a round. Call this while no thread walks. */
  begin(): void {
    this.memory[TAKEN] = 0
    this.memory[LEAST] = NONE
  }

  /** Takes the next walk of the round. Two threads never get the same one. */
  take(): number {
    return Atomics.add(this.memory, TAKEN, 1)
  }

  /** The first walk, by number, that found something so far; undefined if none did. */
  get least(): number | undefined {
    const least = Atomics.load(this.memory, LEAST)
    return least === NONE ? undefined : least
  }

  /** Records that a walk found something. */
  report(walk: number): void {
    for (let known = Atomics.load(this.memory, LEAST); walk < known;) {
      // Another thread may have reported a walk meanwhile: compare again.
      const before = Atomics.compareExchange(this.memory, LEAST, known, walk)
      if (before === known) return
      known = before
    }
  }

  /** Tells all threads to stop where they are. */
  halt(): void {
    Atomics.store(this.memory, HALT, 1)
  }

  get isHalted(): boolean {
    return Atomics.load(this.memory, HALT) === 1
  }
}

/** Walks `from` to below `from + count`. */
export interface Round {
  readonly from: number
  readonly count: number
}

/** A thread's report on a round. */
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
  /** The current walk, by its index in the round. */
  #taken: number | undefined

  constructor(walker: Walker, board: RoundControl, round: Round) {
    this.#walker = walker
    this.#board = board
    this.#round = round
  }

  /** Walks until the round is over or `pause` returns true. Returns whether the round is over. */
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
