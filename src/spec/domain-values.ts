/**
 * The values of a domain: their number, their canonical order, the default, and a short description.
 *
 * Parameters are bound and states are decoded in canonical order. The first value is the default.
 */
import { isImmutable, List, Map, Set } from 'immutable'
import { Bag, bagOf } from './bag.ts'
import type { AnyDomain, Domain, Members } from './domain.ts'
import type { TotalMap } from './map-types.ts'
import { inWords, show } from './show.ts'

/** Maximal number of values of a domain that must be listed: map keys, set elements, parameters. */
export const MAX_ENUMERATED = 65_536

/** The number of values of a domain; Infinity for an open domain. */
export function cardinality(domain: Domain<unknown>): number {
  const it = domain as AnyDomain
  switch (it.kind) {
    case 'bool':
      return 2
    case 'range':
      return it.high - it.low + 1
    case 'oneOf':
      return it.literals.length
    case 'members':
      return it.length
    case 'optional':
      return cardinality(it.inner) + 1
    case 'map':
      return cardinality(it.values) ** cardinality(it.keys)
    case 'set':
      return 2 ** cardinality(it.elements)
    case 'list':
      return Array.from({ length: it.max + 1 }, (_, length) => cardinality(it.elements) ** length).reduce(
        (a, b) => a + b,
      )
    case 'bag':
      return bagsOf(cardinality(it.elements), it.max)
    case 'record':
      return Object.values(it.fields).reduce((product, field) => product * cardinality(field), 1)
    case 'union':
      return it.variants.reduce((sum, variant) => sum + cardinality(variant), 0)
    case 'thread':
      return cardinality(it.counter)
    case 'value':
      return Infinity
  }
}

/** All values of the domain in canonical order. Only for domains with a small `cardinality`. */
export function valuesOf(domain: Domain<unknown>): readonly unknown[] {
  const it = domain as AnyDomain
  switch (it.kind) {
    case 'bool':
      return [false, true]
    case 'range':
      return Array.from({ length: it.high - it.low + 1 }, (_, index) => it.low + index)
    case 'oneOf':
      return it.literals
    case 'members':
      return it
    case 'optional':
      return [null, ...valuesOf(it.inner)]
    case 'map': {
      const keys = valuesOf(it.keys)
      return product(keys.map(() => valuesOf(it.values))).map((row) => totalMap(keys.map((key, i) => [key, row[i]])))
    }
    case 'set': {
      const elements = valuesOf(it.elements)
      return product(elements.map(() => [false, true])).map((row) => Set(elements.filter((_, i) => row[i])))
    }
    case 'list': {
      const elements = valuesOf(it.elements)
      const lengths = Array.from({ length: it.max + 1 }, (_, length) => length)
      return lengths.flatMap((length) => product(Array.from({ length }, () => elements)).map((row) => List(row)))
    }
    case 'bag': {
      const elements = valuesOf(it.elements)
      return countsOf(elements.length, it.max).map((counts) => bagWith(elements, counts))
    }
    case 'record': {
      const names = Object.keys(it.fields)
      const rows = product(names.map((name) => valuesOf(it.fields[name]!)))
      return rows.map((row) => it.factory(Object.fromEntries(names.map((name, i) => [name, row[i]]))))
    }
    case 'union':
      return it.variants.flatMap(valuesOf)
    case 'thread':
      return valuesOf(it.counter)
    case 'value':
      return []
  }
}

/** The first value of the domain. */
export function defaultOf(domain: Domain<unknown>): unknown {
  const it = domain as AnyDomain
  switch (it.kind) {
    case 'bool':
      return false
    case 'range':
      return it.low
    case 'oneOf':
      return it.literals[0]
    case 'members':
      return it[0]
    case 'optional':
      return null
    case 'map':
      return it.fill(defaultOf(it.values))
    case 'set':
      return Set()
    case 'list':
      return List()
    case 'bag':
      return Bag()
    case 'record':
      return it.factory()
    case 'union':
      return defaultOf(it.variants[0]!)
    case 'thread':
      return defaultOf(it.counter)
    case 'value':
      return it.initial
  }
}

/** The domain in one line, for `info` and error messages. */
export function describe(domain: Domain<unknown>): string {
  const it = domain as AnyDomain
  switch (it.kind) {
    case 'bool':
      return 'false | true'
    case 'range':
      return `${it.low}..${it.high}`
    case 'oneOf':
      return it.literals.map(show).join(' | ')
    case 'members':
      return it.length > 4 ? `${it[0]} | … | ${it.at(-1)}` : it.join(' | ')
    case 'optional':
      return `null | ${describe(it.inner)}`
    case 'map':
      return `${describeKeys(it.keys)} → ${describe(it.values)}`
    case 'set':
      return `${it.isSparse ? 'messages' : 'set'} of ${describeKeys(it.elements)}`
    case 'list':
      return `${it.isChannel ? 'channel' : 'list'} of at most ${it.max} of (${describe(it.elements)})`
    case 'bag':
      return `bag of at most ${it.max} of ${describeKeys(it.elements)}`
    case 'record':
      return `{ ${Object.entries(it.fields)
        .map(([name, field]) => `${name}: ${describe(field)}`)
        .join(', ')} }`
    case 'union':
      return it.variants.map(describe).join(' | ')
    case 'thread':
      return describe(it.counter)
    case 'value':
      return `any value, at first ${show(it.initial)}`
  }
}

/** Whether a value is a domain, as opposed to a record with a field named `kind`. */
export function isDomain(value: unknown): value is AnyDomain {
  const isHolder = (typeof value === 'object' && value !== null) || typeof value === 'function'
  return isHolder && !isImmutable(value) && typeof (value as { kind?: unknown }).kind === 'string'
}

/** A short text for a value that was given instead of a domain or a literal. */
export function inFewWords(given: unknown): string {
  if (!isDomain(given)) return inWords(given)
  if (given.kind === 'members') return `the member set "${given.label}"`
  const text = describe(given)
  return `the domain ${text.length > 80 ? `${text.slice(0, 80)}…` : text}`
}

/** A map of the given entries, in their order. */
export function totalMap<K, V>(entries: Iterable<[K, V]>): TotalMap<K, V> {
  // The detour through `unknown` keeps the compiler from comparing the two types method by method.
  return Map(entries) as unknown as TotalMap<K, V>
}

/** The text of a key domain. Members go by the name of their set. */
function describeKeys(domain: AnyDomain): string {
  return domain.kind === 'members' ? domain.label : `(${describe(domain)})`
}

/** Every way to choose one value from each list, the last list varying fastest. */
export function product(lists: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] {
  return lists.reduce<unknown[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]])
}

/** The number of bags of at most `max` elements of `kinds` kinds. Exact up to 2^53. */
export function bagsOf(kinds: number, max: number): number {
  if (kinds === Infinity) return Infinity
  let bags = 1
  const few = Math.min(kinds, max)
  for (let index = 1; index <= few && bags <= Number.MAX_SAFE_INTEGER; index++) {
    const next = kinds + max - few + index
    const isSafe = bags * next <= Number.MAX_SAFE_INTEGER
    bags = isSafe ? (bags * next) / index : Number((BigInt(bags) * BigInt(next)) / BigInt(index))
  }
  return bags
}

/** All ways to have at most `max` copies of `kinds` kinds, the last kind varying fastest. */
function countsOf(kinds: number, max: number): readonly (readonly number[])[] {
  if (kinds === 0) return [[]]
  return Array.from({ length: max + 1 }, (_, count) => count).flatMap((count) =>
    countsOf(kinds - 1, max - count).map((rest) => [count, ...rest]),
  )
}

/** The bag with so many copies of each of the elements. */
export function bagWith(elements: readonly unknown[], counts: ArrayLike<number>): Bag<unknown> {
  return bagOf(
    Map(
      elements.map((element, index): [unknown, number] => [element, counts[index]!]).filter(([, count]) => count > 0),
    ),
  )
}

/** The member sets in the domains, one entry for each occurrence. */
export function memberSetsIn(domains: readonly Domain<unknown>[]): readonly Members[] {
  return domainsIn(domains).filter((domain): domain is Members => domain.kind === 'members')
}

/** The domains and their parts, at any depth. */
export function domainsIn(domains: readonly Domain<unknown>[]): readonly AnyDomain[] {
  return (domains as readonly AnyDomain[]).flatMap((domain) => [domain, ...domainsIn(partsOf(domain))])
}

/** The domains that are direct parts of a domain. */
function partsOf(domain: AnyDomain): readonly AnyDomain[] {
  switch (domain.kind) {
    case 'optional':
      return [domain.inner]
    case 'map':
      return [domain.keys, domain.values]
    case 'set':
    case 'list':
    case 'bag':
      return [domain.elements]
    case 'record':
      return Object.values(domain.fields) as AnyDomain[]
    case 'union':
      return domain.variants
    case 'thread':
      return [domain.counter]
    default:
      return []
  }
}
