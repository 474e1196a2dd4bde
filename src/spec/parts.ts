/** Checks the common arguments of calls with parameters, for authors who write JavaScript. */
import { badDefinition } from '../errors.ts'
import { here, place } from './origin.ts'
import { inWords } from './show.ts'

/**
 * @param right - the correct call, for the hint
 * @throws {CheckerError} KR206 unless `parameters` is an object of domains by name
 */
export function requireParameters(call: string, parameters: unknown, right: string): void {
  // A parameter may have the name "kind". In a domain, `kind` is a string.
  const isDomain = typeof (parameters as { kind?: unknown } | null | undefined)?.kind === 'string'
  if (typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters) && !isDomain) return
  const found = isDomain ? 'a domain' : inWords(parameters)
  throw badDefinition(
    `${call}(...)`,
    `must be given an object of parameters first, but was given ${found}`,
    `write ${right}`,
    place(here()),
  )
}

/**
 * @param right - the correct call, for the hint
 * @throws {CheckerError} KR206 unless `body` is a function
 */
export function requireFunction(call: string, body: unknown, right: string): void {
  if (typeof body === 'function') return
  throw badDefinition(
    `${call}(...)`,
    `must be given a function after its parameters, but was given ${inWords(body)}`,
    `write ${right}`,
    place(here()),
  )
}

/**
 * @param right - the correct call, for the hint
 * @throws {CheckerError} KR206 unless `options` is an object with only the options in `known`
 */
export function requireOptions(call: string, options: unknown, known: readonly string[], right: string): void {
  const isNamed = typeof options === 'object' && options !== null
  const stray = isNamed ? Object.keys(options).find((name) => !known.includes(name)) : undefined
  if (isNamed && stray === undefined) return
  const found = isNamed ? `the option "${stray}"` : inWords(options)
  throw badDefinition(
    `${call}(...)`,
    `must be given only the ${known.length === 1 ? 'option' : 'options'} ${known.join(', ')}, but was given ${found}`,
    `write ${right}`,
    place(here()),
  )
}
