/** KR3xx: values outside their domains. */
import { CheckerError } from './checker-error.ts'

/** KR301: a variable is undefined. */
export function undefinedValue(variable: string): CheckerError {
  return new CheckerError({
    code: 'KR301',
    message: `variable "${variable}" must be in its domain, but is undefined`,
    hint: 'write a value of the domain; for a value that may be missing, declare optional(...) and write null',
  })
}

/** KR302: a variable has a value outside its domain. */
export function outsideDomain(
  variable: string,
  value: string,
  domain: string,
  hint = 'widen the domain, or guard the step that writes the value',
): CheckerError {
  return new CheckerError({
    code: 'KR302',
    message: `variable "${variable}" must be in its domain, but is ${value}`,
    details: [['domain', domain]],
    hint,
  })
}

/** KR303: an open variable holds an object that Kripke cannot compare by content. */
export function notAValue(
  variable: string,
  value: string,
  hint = 'use strings, numbers, booleans, or the immutable Map, Set, List and Record',
): CheckerError {
  return new CheckerError({
    code: 'KR303',
    message: `variable "${variable}" must hold a value that Kripke can compare by content, but holds ${value}`,
    hint,
  })
}
