/** Failures of spec functions that are asked again, to confirm what they said before. */
import { impure } from '../errors.ts'
import { Failure } from '../semantics/contract.ts'

/** What to throw when a function fails that did not before: that it is impure, unless it says so itself. Anything else as it is. */
export function failureOnRepeat(thrown: unknown): unknown {
  if (!(thrown instanceof Failure)) return thrown
  const { subject, cause } = thrown
  return cause.code === 'KR502' ? cause : impure(subject.who, `asked again on the same state, ${cause.message}`)
}
