/** What the leaves of predicate trees say: true, false, or that evaluating failed. */
import { assert, type CheckerError } from '../errors.ts'
import type { Outcome } from './observation.ts'

/** The leaf of a predicate that is true. */
export const TRUE = -1

/** The leaf of a predicate that is false. */
export const FALSE = -2

export class Truths {
  readonly #errors: CheckerError[] = []

  /** The leaf for an outcome of a predicate. */
  leaf(outcome: Outcome): number {
    if (outcome.kind === 'truth') return outcome.truth ? TRUE : FALSE
    assert(outcome.kind === 'error', 'a predicate gave successors')
    return FALSE - this.#errors.push(outcome.error)
  }

  /** The error at a leaf that is neither `TRUE` nor `FALSE`. */
  errorAt(leaf: number): CheckerError {
    const error = this.#errors[FALSE - leaf - 1]
    assert(error !== undefined, `no predicate has the leaf ${leaf}`)
    return error
  }
}
