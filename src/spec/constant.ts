/** Constants: the parameters of a spec. They have a name, a type, documentation, a default and a domain. */
import { badConstant, badDefinition, unknownName } from '../errors.ts'
import { cardinality, describe, MAX_ENUMERATED, valuesOf } from './domain-values.ts'
import type { Domain } from './domain.ts'
import { here, place } from './origin.ts'
import { isForConstants, isScalar, Misfit, plainValue, type Plain } from './constant-value.ts'
import { inWords } from './show.ts'

/** A constant's domain, default and documentation. */
export interface Constant<T = unknown> {
  readonly kind: 'constant'
  readonly domain: Domain<unknown>
  readonly initial: T
  readonly doc: string
}

/** Constants by name. */
export type Constants = { readonly [name: string]: Constant }

/** The values of constants. */
export type ConstantValues<C extends Constants> = {
  readonly [K in keyof C]: C[K] extends Constant<infer T> ? T : never
}

/** Values for some constants of a spec; the others take their defaults. */
export type GivenConstants<C extends Constants> = 0 extends 1 & C
  ? { readonly [name: string]: any }
  : [keyof C] extends [never]
    ? // Unlike `{}`, this does not accept every object.
      { readonly [name: string]: undefined }
    : { readonly [K in keyof C]?: ConstantValues<C>[K] | undefined }

/** The names of the constants of a spec. */
export type ConstantName<C extends Constants> = keyof C & string

/**
 * Declares a constant.
 *
 * Its value is plain data: a list or set is an array, a record an object.
 *
 * @param domain - `oneOf`, `range`, `bool` or a member set; or `optional`, `listOf`, `setOf` and `record` of these
 * @param initial - the default
 * @param doc - one line for `kripke info`
 */
export function constant<T>(domain: Domain<T>, initial: NoInfer<Plain<T>>, doc: string = ''): Constant<Plain<T>> {
  if (!isForConstants(domain)) {
    const found = `must have a domain of single values, lists, sets or records, but has ${describe(domain)}`
    throw badDefinition('a constant', found, 'use oneOf, range, bool, optional, listOf, setOf or record', place(here()))
  }
  return { kind: 'constant', domain, initial: defaultIn(domain, initial) as Plain<T>, doc }
}

function defaultIn(domain: Domain<unknown>, initial: unknown): unknown {
  try {
    // A text would be read as on a command line.
    if (typeof initial === 'string' && isScalar(domain) && !valuesOf(domain).includes(initial)) throw new Misfit('')
    return plainValue(domain, initial)
  } catch (thrown) {
    if (!(thrown instanceof Misfit)) throw thrown
    throw badDefinition(
      'a constant',
      `must have a default in its domain, but has ${inWords(initial)}${thrown.message === '' ? '' : `: ${thrown.message}`}`,
      `choose a default from ${describe(domain)}`,
      place(here()),
    )
  }
}

/**
 * The values of all constants: the given values, and defaults for the others.
 *
 * @param given - values, or their text as on a command line
 * @throws {CheckerError} KR102 for an unknown name, KR103 for a value outside the constant's domain
 */
export function resolveConstants<C extends Constants>(
  spec: string,
  constants: C,
  given: { readonly [name: string]: unknown },
): ConstantValues<C> {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(constants, name)) throw unknownName('constant', name, Object.keys(constants), spec)
  }
  const entries = Object.entries(constants).map(([name, { domain, initial }]) => {
    if (given[name] === undefined) return [name, initial]
    try {
      return [name, plainValue(domain, given[name])]
    } catch (thrown) {
      if (!(thrown instanceof Misfit)) throw thrown
      const text = typeof given[name] === 'string' ? JSON.stringify(given[name]) : inWords(given[name])
      throw badConstant(name, text, describe(domain), thrown.message)
    }
  })
  return Object.fromEntries(entries) as ConstantValues<C>
}

/** All values of a constant; undefined if there are too many to list. */
export function listConstant({ domain }: Constant): readonly unknown[] | undefined {
  return cardinality(domain) <= MAX_ENUMERATED ? valuesOf(domain).map((value) => plainValue(domain, value)) : undefined
}
