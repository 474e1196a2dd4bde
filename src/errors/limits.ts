/** KR4xx: limits. */
import { CheckerError, type SpecFunction } from './checker-error.ts'

/** KR402: open variables have more distinct values than their capacity. */
export function tooManyValues(limit: number): CheckerError {
  return new CheckerError({
    code: 'KR402',
    message: `open variables must have at most ${limit.toLocaleString('en')} distinct values, but have more`,
    hint: 'give value() a larger capacity, use a finite domain, or limit the search with a constraint',
  })
}

/** KR403: a graph has too many nodes or states. */
export function graphTooLarge(what: string, limit: number): CheckerError {
  return new CheckerError({
    code: 'KR403',
    message: `the graph must have at most ${limit.toLocaleString('en')} ${what}, but has more`,
    hint: 'choose smaller constants with -c, merge states with --project a,b, or allow more with --max-states',
  })
}

/** KR404: the symbolic engine cannot explore the model. */
export function unsuitedForDiagrams(why: string, source?: SpecFunction): CheckerError {
  return new CheckerError({
    code: 'KR404',
    message: `the symbolic engine cannot explore this model: ${why}`,
    hint: 'use --engine explicit',
    source,
  })
}

/** KR405: the run reached the heap limit of Node.js. */
export function heapExhausted(): CheckerError {
  return new CheckerError({
    code: 'KR405',
    message: 'the run reached the heap limit of Node.js',
    hint: 'limit the search, for example with --max-states, or raise the heap limit: NODE_OPTIONS=--max-old-space-size=8192',
  })
}
