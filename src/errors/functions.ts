/** KR5xx: spec functions at run time. */
import { CheckerError, type Detail, type ErrorParts, type SpecFunction } from './checker-error.ts'

/** KR501: learned and reference evaluation disagree. */
export function disagreement(who: string, what: string): CheckerError {
  return new CheckerError({
    code: 'KR501',
    message: `learned and reference evaluation disagree about ${who}: ${what}`,
    hint: 'run again with --interpret to get a verdict now, and please report the spec',
  })
}

/** KR502: the result of a spec function depends on more than the state and its parameters. */
export function impure(who: string, evidence: string): CheckerError {
  return new CheckerError({
    code: 'KR502',
    message: `${who} must depend only on the state and its parameters, but ${evidence}`,
    hint: 'read only the state and the parameters: do not use clocks, random numbers, or variables that change outside',
  })
}

/** KR503: a spec function threw. */
export function threw(who: string, thrown: string, hint?: string): CheckerError {
  return new CheckerError({ code: 'KR503', message: `${who} threw ${thrown}`, ...(hint === undefined ? {} : { hint }) })
}

/** KR504: an action returned a value that is not a state. */
export function notAState(who: string, returned: string): CheckerError {
  return new CheckerError({
    code: 'KR504',
    message: `${who} must return states, but returned ${returned}`,
    hint: returned.includes('a promise')
      ? NOT_ASYNC
      : returned.includes('a plain object')
        ? "return s.set('name', value) or s.merge({ ... }): spreading a state does not make a state"
        : 'return the next state, an iterable of next states, or undefined if the action is not enabled',
  })
}

const MISSING_RETURN = 'return a value on every path: a return may be missing'
const NOT_ASYNC = 'return the value itself: a spec function must not be async'

/** KR505: a step does not move its thread to a label. */
export function badStep(who: string, problem: string, hint: string): CheckerError {
  return new CheckerError({ code: 'KR505', message: `${who} ${problem}`, hint })
}

/** KR506: a predicate returned a value that is not a boolean. */
export function notABoolean(who: string, returned: string, source?: SpecFunction): CheckerError {
  return new CheckerError({
    code: 'KR506',
    message: `${who} must return a boolean, but returned ${returned}`,
    hint:
      returned === 'undefined'
        ? MISSING_RETURN
        : returned === 'a promise'
          ? NOT_ASYNC
          : 'return true or false, for example by a comparison such as !== null or > 0',
    source,
  })
}

/** KR513: the mapping of a refinement does not give an abstract state. */
export function notAnAbstractState(who: string, spec: string, problem: string): CheckerError {
  return new CheckerError({
    code: 'KR513',
    message: `${who} must map to the variables of "${spec}", but ${problem}`,
    hint: 'return a value for each variable of the abstract spec: (s) => ({ queue: s.sent })',
  })
}

/** KR514: a view returned a value that cannot be compared. */
export function notAView(returned: string): CheckerError {
  return new CheckerError({
    code: 'KR514',
    message: `view must return a value that can be compared, but returned ${returned}`,
    hint: returned.includes('a promise') ? NOT_ASYNC : 'return a value, an array, an object, or an immutable.js value',
  })
}

/** KR511: an alias returned a value that is not an object of named values. */
export function notAnAlias(who: string, returned: string): CheckerError {
  return new CheckerError({
    code: 'KR511',
    message: `${who} must return an object of named values, but returned ${returned}`,
    hint: returned.includes('a promise') ? NOT_ASYNC : 'return ({ name: value, ... })',
  })
}

/** KR507: an action returned too many states. */
export function tooManySuccessors(who: string, limit: number): CheckerError {
  return new CheckerError({
    code: 'KR507',
    message: `${who} must return at most ${limit.toLocaleString('en')} states, but returned more`,
    hint: 'return fewer next states, and end the iterable',
  })
}

/** KR508: a spec function distinguishes members of a symmetric set. Callers omit an unknown `permutation`. */
export function notSymmetric(
  who: string,
  permutation?: string,
  details: readonly Detail[] = [],
  where: Pick<ErrorParts, 'at' | 'source'> = {},
): CheckerError {
  const swap = permutation === undefined ? 'swapping members' : `swapping members (${permutation})`
  return new CheckerError({
    code: 'KR508',
    message: `${who} is not symmetric: ${swap} changes its result`,
    details,
    hint: 'do not name a member or depend on the order of members; or drop { symmetric: true }; or use --symmetry off',
    ...where,
  })
}

/** KR509: a measure returned a value that is not a safe integer. */
export function notAnInteger(who: string, returned: string): CheckerError {
  return new CheckerError({
    code: 'KR509',
    message: `${who} must return a safe integer, but returned ${returned}`,
    hint: returned === 'undefined' ? MISSING_RETURN : 'return a whole number',
  })
}

/** KR510: a spec function did not return before the run ended. */
export function neverReturned(who: string, waitedMs: number, details: readonly Detail[] = []): CheckerError {
  return new CheckerError({
    code: 'KR510',
    message: `${who} must return, but has not returned after ${(waitedMs / 1000).toFixed(1)} s`,
    details,
    hint: 'look for a loop or recursion that never ends; if the function is only slow, give the run more time',
  })
}

/** KR512: a step calls a procedure while as many calls are in progress as its thread allows. */
export function callTooDeep(who: string, procedure: string, depth: number): CheckerError {
  const calls = depth === 1 ? 'one call' : `${depth} calls`
  return new CheckerError({
    code: 'KR512',
    message: `${who} must not call "${procedure}" while ${calls} of its thread ${depth === 1 ? 'is' : 'are'} in progress, but does`,
    hint: `raise the depth of the thread in the schema: { calls: [...], depth: ${depth + 1} }`,
  })
}

/** KR515: a note did not return a text. */
export function badNote(who: string, returned: string, source?: SpecFunction): CheckerError {
  return new CheckerError({
    code: 'KR515',
    message: `${who} must return a text or nothing, but returned ${returned}`,
    hint: 'write note: ({ after }) => `...`',
    source,
  })
}

/** KR516: the predicate of a quantifier assigns a variable outside. */
export function doesMoreThanAnswer(call: string, variable: string, at: string | undefined): CheckerError {
  return new CheckerError({
    code: 'KR516',
    message: `the predicate of ${call}(...) must do nothing but answer, but assigns the outer variable "${variable}"`,
    hint: 'return true or false only; to collect something, use filter, count or reduce',
    at,
  })
}
