/**
 * The leaves of the trees of predicates and measures: true, false, or a failed evaluation. A measure's value is
 * recorded elsewhere.
 */
import { assert, type CheckerError } from '../../errors.ts'
import type { FunctionResult } from './observation.ts'

/** The leaf of a true predicate, and each leaf of a measure. The learner of a measure records the value itself. */
export const TRUE = -1

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

  /** The error of a leaf other than `TRUE` and `FALSE`. */
  errorAt(leaf: number): CheckerError {
    const error = this.#errors[FALSE - leaf - 1]
    assert(error !== undefined, `no predicate has the leaf ${leaf}`)
    return error
  }
}
