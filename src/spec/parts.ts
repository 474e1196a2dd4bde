/** The parts that calls with parameters have in common, checked for those who write JavaScript. */
import { badDefinition } from '../errors.ts'
import { here, place } from './origin.ts'

/** @throws {CheckerError} KR206 unless there are parameters by name, and functions of them */
export function requireParts(call: string, parameters: unknown, functions: readonly unknown[]): void {
  const isNamed = typeof parameters === 'object' && parameters !== null && !('kind' in parameters)
  if (isNamed && functions.length > 0 && functions.every((one) => typeof one === 'function')) return
  throw badDefinition(
    `${call}(...)`,
    isNamed ? 'was not given a function after its parameters' : 'was not given parameters by name first',
    `write ${call}({ file: File }, (s, { file }) => ...)`,
    place(here()),
  )
}
