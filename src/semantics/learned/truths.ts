/** What the leaves of the trees of predicates and measures say: true, false, a value that is noted, or that evaluating failed. */
import { assert, type CheckerError } from '../../errors.ts'
import type { FunctionResult } from './observation.ts'

/** The leaf of a predicate that is true, and every leaf of a measure: who learns one takes note of the value. */
export const TRUE = -1

/** The leaf of a predicate that is false. */
export const FALSE = -2

export class Truths {
  readonly #errors: CheckerError[] = []

  /** The leaf for an outcome of a predicate or measure. */
  leaf(outcome: FunctionResult): number {
    if (outcome.kind === 'value') return TRUE
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
