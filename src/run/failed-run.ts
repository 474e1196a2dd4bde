/** The error of a run in which a spec function failed, with the way to the state on which it did. */
import { CheckerError } from '../errors.ts'
import type { Trace } from '../trace/trace.ts'
import type { Outcome } from './outcome.ts'

/** A spec function failed. */
export class FailedRun extends CheckerError {
  /** Ends in the state on which the function failed. */
  readonly trace: Trace
  /** What was found before. */
  readonly found: Outcome

  constructor({ code, message, details, hint, at, source }: CheckerError, trace: Trace, found: Outcome) {
    super({ code, message, details, at, source, ...(hint === undefined ? {} : { hint }) })
    this.trace = trace
    this.found = found
  }
}
