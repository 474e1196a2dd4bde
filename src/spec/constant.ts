/** Constants: the parameters of a spec. They have a name, a type, documentation, a default and a domain. */
import { badConstant, badDefinition, unknownName } from '../errors.ts'
import { cardinality, describe, MAX_ENUMERATED, valuesOf } from './domain-values.ts'
import type { Domain } from './domain.ts'
import { here, place } from './origin.ts'
import { inWords } from './show.ts'

/** A constant's domain, default and documentation. */
export interface Constant<T = unknown> {
  readonly kind: 'constant'
  readonly domain: Domain<T>
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
 * @param domain - a domain of strings, numbers or booleans: `oneOf`, `range` or `bool`
 * @param initial - the default
 * @param doc - one line for `kripke info`
 */
export function constant<T>(domain: Domain<T>, initial: NoInfer<T>, doc = ''): Constant<T> {
  if (!['oneOf', 'range', 'bool'].includes(domain.kind)) {
    const found = `must have a domain of oneOf, range or bool, but has ${describe(domain)}`
    throw badDefinition('a constant', found, 'use oneOf, range or bool', place(here()))
  }
  if (!contains(domain, initial)) {
    throw badDefinition(
      'a constant',
      `must have a default in its domain, but has ${inWords(initial)}`,
      `choose a default from ${describe(domain)}`,
      place(here()),
    )
  }
  return { kind: 'constant', domain, initial, doc }
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
    const value = parse(domain, given[name])
    if (value === undefined) throw badConstant(name, JSON.stringify(given[name]), describe(domain))
    return [name, value]
  })
  return Object.fromEntries(entries) as ConstantValues<C>
}

/** All values of a constant; undefined if there are too many to list. */
export function listConstant({ domain }: Constant): readonly unknown[] | undefined {
  return cardinality(domain) <= MAX_ENUMERATED ? valuesOf(domain) : undefined
}

/** The value of `domain` that `given` is or spells; undefined if there is none. */
function parse(domain: Domain<unknown>, given: unknown): unknown {
  if (contains(domain, given)) return given
  if (typeof given !== 'string') return undefined
  if (domain.kind === 'range')
    return /^-?\d+$/.test(given) && contains(domain, Number(given)) ? Number(given) : undefined
  return valuesOf(domain).find((value) => String(value) === given)
}

function contains(domain: Domain<unknown>, value: unknown): boolean {
  if (domain.kind !== 'range') return valuesOf(domain).includes(value)
  const { low, high } = domain as unknown as { low: number; high: number }
  return Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high
}
