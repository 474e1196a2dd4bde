/** Leaves one engine for another in the middle of a run. */
import type { Outcome } from './outcome.ts'

/** Operations on diagrams that trying them may take: some seconds. */
export const MOST_OPERATIONS: number = 2 ** 23

/** Thrown when another engine has the outcome. */
export class Diverted extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super('diverted')
    this.outcome = outcome
  }
}

/** Another way to the outcome, to be tried once when there are many states. */
export class Diversion {
  wasTried = false
  readonly #from: number
  readonly #go: () => Promise<Outcome | undefined>

  constructor(from: number, go: () => Promise<Outcome | undefined>) {
    this.#from = from
    this.#go = go
  }

  /** Whether it is time to try, between two levels. */
  isDue(found: number): boolean {
    return !this.wasTried && found >= this.#from
  }

  /** Goes the other way. @throws {Diverted} if that leads to the outcome */
  async go(found: number): Promise<void> {
    this.wasTried = true
    const outcome = await this.#go()
    if (outcome === undefined) return
    const engineChange = `the explicit engine had found ${found} states, and was not done`
    throw new Diverted({ ...outcome, engineChange })
  }
}

/** None. */
export const NO_DIVERSION: Diversion = new Diversion(Infinity, async () => undefined)
