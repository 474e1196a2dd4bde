/** Checks the options of a test before it runs, so that a mistake in them does not look like a test that passes. */
import { badOption, unknownOption } from '../errors.ts'
import { inWords } from '../spec/show.ts'
import type { AnyDriver } from './driver.ts'

/** The options of a driver. */
export const DRIVER: { readonly [name in keyof AnyDriver]-?: true } = {
  constants: true,
  setup: true,
  actions: true,
  observe: true,
  results: true,
  teardown: true,
  hidden: true,
  hiddenSteps: true,
  skip: true,
  chosenByTest: true,
  timeoutMs: true,
}

/** The longest delay of a timer, in milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/**
 * @param known - the names of the options, among them those of a driver
 * @throws {CheckerError} KR101 for an unknown option, or one with a value of another kind
 */
export function requireDriver(options: unknown, known: object): void {
  if (!isObject(options)) {
    throw badOption(`the options must be an object, but are ${inWords(options)}`, 'pass { setup, actions, observe }')
  }
  requireKnown(options, known, 'option')
  requireFunction('setup', options['setup'], 'write setup: () => ..., which makes a new system')
  for (const name of ['observe', 'teardown']) {
    if (options[name] !== undefined) requireFunction(name, options[name])
  }
  requireFunctions('actions', options['actions'])
  if (options['results'] !== undefined) requireFunctions('results', options['results'])
  for (const name of ['hidden', 'skip', 'chosenByTest', 'project']) {
    const value = options[name]
    if (value !== undefined && !isNames(value))
      throw badOption(`${name} must be an array of names, but is ${inWords(value)}`)
  }
  const { hiddenSteps, timeoutMs } = options
  if (hiddenSteps !== undefined) requireCount('hiddenSteps', hiddenSteps, 0)
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) {
    throw badOption(`timeoutMs must be a positive number up to ${MAX_TIMEOUT_MS}, but is ${inWords(timeoutMs)}`)
  }
}

/** @throws {CheckerError} KR101 for a name that is not among those of `known` */
export function requireKnown(given: object, known: object, what: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) throw unknownOption(what, unknown, Object.keys(known))
}

/** @throws {CheckerError} KR101 for a value that is neither an integer from `least` on nor `Infinity` */
export function requireCount(name: string, value: unknown, least: 0 | 1): void {
  if (value === Infinity || (Number.isSafeInteger(value) && (value as number) >= least)) return
  throw badOption(`${name} must be an integer from ${least} on, but is ${inWords(value)}`)
}

/** @throws {CheckerError} KR101 for a value that is not a positive integer */
export function requirePositive(name: string, value: unknown): void {
  if (Number.isSafeInteger(value) && (value as number) > 0) return
  throw badOption(`${name} must be a positive integer, but is ${inWords(value)}`)
}

/** @throws {CheckerError} KR101 for a value that is not an integer */
export function requireSeed(value: unknown): void {
  if (!Number.isSafeInteger(value)) throw badOption(`seed must be an integer, but is ${inWords(value)}`)
}

export function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is an array of strings. */
export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((it) => typeof it === 'string')
}

function requireFunctions(name: string, value: unknown): void {
  if (!isObject(value)) {
    throw badOption(`${name} must be an object with a function for each action, but is ${inWords(value)}`)
  }
  for (const [action, call] of Object.entries(value)) {
    if (call !== undefined) requireFunction(`${name}.${action}`, call)
  }
}

function requireFunction(name: string, value: unknown, hint?: string): void {
  if (typeof value !== 'function') throw badOption(`${name} must be a function, but is ${inWords(value)}`, hint)
}
