/**
 * When the auto policy tries the symbolic engine, and with how much work.
 *
 * Whether the symbolic engine is of use is known only after a try, and a useless try is time lost. So the policy tries when the
 * search has grown fourfold since the last try, and each try may do four times as much: all tries together take a part of the time.
 * The next level is counted in, as if it grew like the last. Both are counted in states and operations, never in seconds: which
 * engine gives the verdicts depends on the model alone.
 */
import type { SearchProgress } from './engine.ts'

/** Work of the first try, in operations on diagrams: a fifth to half a second. */
const FIRST_OPERATIONS = 2 ** 19

/** Successors that take as long as finding a state. */
const SUCCESSORS = 32

/** Symmetry reduction makes each explicit state this much more expensive, so a try may do this much more. */
const REDUCTION = 8

const GROWTH = 4

export class Attempts {
  /** How many tries there were. */
  made = 0
  #last: Pick<SearchProgress, 'distinct' | 'frontier' | 'generated' | 'isReduced'> = {
    distinct: 0,
    frontier: 0,
    generated: 0,
    isReduced: false,
  }
  /** States of the level before the last. */
  #before = 0
  #from: number
  #operations = FIRST_OPERATIONS

  /** @param from - states before the first try */
  constructor(from: number) {
    this.#from = from
  }

  /** Whether it is time to try. */
  isDue(progress: SearchProgress): boolean {
    if (progress.distinct !== this.#last.distinct) {
      this.#before = this.#last.frontier
      this.#last = progress
    }
    return this.#expected >= this.#from
  }

  /** The operations that the next try may take. Until the search has grown again, no other is due. */
  next(): number {
    this.made++
    // One level may be larger than all before.
    while (this.#from * GROWTH <= this.#expected) this.#grow()
    const operations = this.#last.isReduced ? REDUCTION * this.#operations : this.#operations
    this.#grow()
    return operations
  }

  /** What will have been done when the next level is found, in states that take as long. */
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
