/** The error of a run in which a spec function failed, with the way to the state on which it did. */
import { CheckerError } from '../errors.ts'
import type { Trace } from '../trace/trace.ts'
import type { Outcome } from './outcome.ts'

/** What was found before a spec function failed. */
export type FoundBefore = Pick<Outcome, 'properties' | 'traces'>

/** A spec function failed. */
export class FailedRun<Found extends FoundBefore = Outcome> extends CheckerError {
  /** Ends in the state on which the function failed. */
  readonly trace: Trace
  /** What was found before. */
  readonly found: Found

  constructor({ code, message, details, hint, at, source }: CheckerError, trace: Trace, found: Found) {
    super({ code, message, details, at, source, ...(hint === undefined ? {} : { hint }) })
    this.trace = trace
    this.found = found
  }
}
