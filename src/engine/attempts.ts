/**
 * Decides when the auto policy tries the symbolic engine, and with how much work.
 *
 * Only a try shows whether the symbolic engine helps, and a useless try costs time. So the policy waits until the
 * search has grown fourfold since the last try, and then allows four times as much work. All tries together take a
 * bounded share of the time. The next level counts in advance, as if it grew like the last one. All limits are counts
 * of states and operations, never seconds. So the model alone determines which engine gives the verdicts.
 */
import type { AttemptsRecord } from './checkpoint.ts'
import type { SearchProgress } from './engine.ts'

/** Work of the first try, in diagram operations: a fifth to half a second. */
const FIRST_OPERATIONS = 2 ** 19

/** Generating this many successors takes as long as storing a new state. */
const SUCCESSORS = 32

/**
 * Symmetry reduction makes each explicit state this much more expensive, so a symbolic attempt gets this much more
 * budget.
 */
const REDUCTION = 8

const GROWTH = 4

export class Attempts {
  /** The number of tries so far. */
  made = 0
  #last: AttemptsRecord['last'] = {
    distinct: 0,
    frontier: 0,
    generated: 0,
    isReduced: false,
  }
  /** States of the level before the last one. */
  #before = 0
  #from: number
  #operations = FIRST_OPERATIONS

  /** @param from - number of states before the first try */
  constructor(from: number) {
    this.#from = from
  }

  /** Whether a try is due. */
  isDue(progress: SearchProgress): boolean {
    if (progress.distinct !== this.#last.distinct) {
      this.#before = this.#last.frontier
      this.#last = progress
    }
    return this.#expected >= this.#from
  }

  /** The operations that the next try may take. No other try is due until the search has grown again. */
  next(): number {
    this.made++
    // A level may be larger than all levels before it.
    while (this.#from * GROWTH <= this.#expected) this.#grow()
    const operations = this.#last.isReduced ? REDUCTION * this.#operations : this.#operations
    this.#grow()
    return operations
  }

  record(): AttemptsRecord {
    const { distinct, frontier, generated, isReduced } = this.#last
    const last = { distinct, frontier, generated, isReduced }
    return { made: this.made, last, before: this.#before, from: this.#from, operations: this.#operations }
  }

  /** Goes on from the record of other attempts. */
  restore({ made, last, before, from, operations }: AttemptsRecord): void {
    this.made = made
    this.#last = last
    this.#before = before
    this.#from = from
    this.#operations = operations
  }

  /** The expected work up to the next level, in units of states. */
  get #expected(): number {
    const { distinct, frontier, generated, isReduced } = this.#last
    const next = this.#before === 0 ? 0 : frontier ** 2 / this.#before
    return (distinct + next) * (1 + generated / distinct / (isReduced ? 1 : SUCCESSORS))
  }

  #grow(): void {
    this.#from *= GROWTH
    this.#operations *= GROWTH
  }
}
