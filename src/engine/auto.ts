/**
 * Leaves one engine for another in the middle of a run.
 *
 * Whether the other is of any use is known only when it has been tried, and a try in vain is time lost. So tries are
 * made when what was done has grown fourfold since the last, and each may do four times as much: all of them together
 * take a part of the time. The level to come is counted in, as if it grew like the last. Both are reckoned in states
 * and operations, never in seconds, and between two levels: which engine gives the verdicts depends on the model alone.
 */
import type { Outcome } from '../api/outcome.ts'

/** Work of the first try, in operations on diagrams: a fifth to half a second. */
const FIRST_WORK = 2 ** 19

/** Successors that take as long as finding a state. */
const SUCCESSORS = 32

/** As many times longer it takes to find states up to symmetry, and as much more may a try do then. */
const REDUCTION = 8

const GROWTH = 4

/** Thrown when another engine has the outcome. */
export class Diverted extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super('diverted')
    this.outcome = outcome
  }
}

/** How far a search has come, between two levels. */
export interface SearchProgress {
  /** All states found, and those of the last level. */
  readonly found: number
  readonly level: number
  readonly generated: number
}

/** Another way to the outcome, to be tried now and then when there are many states. */
export class Diversion {
  wasTried = false
  #standing: SearchProgress = { found: 0, level: 0, generated: 0 }
  /** States of the level before the last. */
  #before = 0
  #from: number
  #work = FIRST_WORK
  readonly #isReduced: boolean
  readonly #go: (work: number) => Promise<Outcome | undefined>

  /**
   * @param from - states before the first try
   * @param isReduced - whether they are counted up to symmetry
   * @param go - tries, with so much work to do; undefined if that leads nowhere
   */
  constructor(from: number, isReduced: boolean, go: (work: number) => Promise<Outcome | undefined>) {
    this.#from = from
    this.#isReduced = isReduced
    this.#go = go
  }

  /** Whether it is time to try. */
  isDue(standing: SearchProgress): boolean {
    if (standing.found !== this.#standing.found) {
      this.#before = this.#standing.level
      this.#standing = standing
    }
    return this.#expected >= this.#from
  }

  /** What will have been done when the next level is found, in states that take as long. */
  get #expected(): number {
    const { found, level, generated } = this.#standing
    const next = this.#before === 0 ? 0 : level ** 2 / this.#before
    return (found + next) * (1 + generated / found / (this.#isReduced ? 1 : SUCCESSORS))
  }

  /** Goes the other way. @throws {Diverted} if that leads to the outcome */
  async go(): Promise<void> {
    this.wasTried = true
    // One level may be larger than all before.
    while (this.#from * GROWTH <= this.#expected) this.#grow()
    const outcome = await this.#go(this.#isReduced ? REDUCTION * this.#work : this.#work)
    this.#grow()
    if (outcome === undefined) return
    const found = this.#standing.found.toLocaleString('en')
    const states = this.#isReduced ? 'states up to symmetry' : 'states'
    const engineChange = `the explicit engine had found ${found} ${states}, and was not done`
    throw new Diverted({ ...outcome, engineChange })
  }

  #grow(): void {
    this.#from *= GROWTH
    this.#work *= GROWTH
  }
}

/** None. */
export const NO_DIVERSION: Diversion = new Diversion(Infinity, false, async () => undefined)
