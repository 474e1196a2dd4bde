/**
 * The functions that make domains. They reject impossible domains.
 *
 * The first value of a domain is always its default, so `State()` is a state.
 */
import { badDomain } from '../errors.ts'
import type {
  AnyDomain,
  BagDomain,
  BoolDomain,
  Domain,
  Fields,
  FieldValues,
  ListDomain,
  Literal,
  LiteralDomain,
  MapDomain,
  OpenDomain,
  OptionalDomain,
  RangeDomain,
  RecordDomain,
  SetDomain,
} from './domain.ts'
import {
  cardinality,
  defaultOf,
  describe,
  inFewWords,
  isDomain,
  MAX_ENUMERATED,
  totalMap,
  valuesOf,
} from './domain-values.ts'
import type { TotalMap } from './map-types.ts'
import { spreadIn } from './members.ts'
import { here, place } from './origin.ts'
import { structFactory, type Struct } from './struct.ts'
import { tagOf } from './union.ts'

/** `false` and `true`. */
export function bool(): BoolDomain {
  return { kind: 'bool' }
}

/** The integers from `low` to `high`, both included. */
export function range(low: number, high: number): RangeDomain {
  const text = `range(${low}, ${high})`
  if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high)) {
    throw badDomain(text, 'must have two integers, but does not', 'give two integers', place(here()))
  }
  if (low > high)
    throw badDomain(
      text,
      'must start with the smaller number, but does not',
      'give the smaller number first',
      place(here()),
    )
  if (high - low >= 2 ** 31 - 1) {
    throw badDomain(
      text,
      'must have at most 2^31 values, but has more',
      'narrow it, or use value() for an open domain',
      place(here()),
    )
  }
  return { kind: 'range', low, high }
}

/**
 * One of the listed strings, numbers or booleans. Spread a member set directly, `oneOf('free', ...File)`, to keep its
 * symmetry.
 */
export function oneOf<const L extends readonly Literal[]>(...literals: L): LiteralDomain<L[number]> {
  if (literals.length === 0)
    throw badDomain('oneOf()', 'must list a value, but is empty', 'list at least one value', place(here()))
  requireLiterals(literals)
  const texts = literals.map(String)
  const twice = texts.find((text, index) => texts.indexOf(text) !== index)
  if (twice !== undefined) {
    throw badDomain(
      `oneOf(${literals.join(', ')})`,
      `must list each value once, but lists ${twice} twice`,
      "list each value once; 1 and '1' count as the same value",
      place(here()),
    )
  }
  return { kind: 'oneOf', literals: Object.freeze([...literals]), spread: spreadIn(literals) }
}

/** Rejects values that are not literals, with a suitable hint. */
function requireLiterals(values: readonly unknown[]): void {
  const index = values.findIndex((value) => !['string', 'number', 'boolean'].includes(typeof value))
  if (index < 0) return
  throw badDomain(
    'oneOf(...)',
    `must list strings, numbers or booleans, but value ${index + 1} is ${inFewWords(values[index])}`,
    insteadOf(values, values[index]),
    place(here()),
  )
}

/** The replacement for a `oneOf` that contains this value. */
function insteadOf(values: readonly unknown[], value: unknown): string {
  if (value === null || value === undefined) return 'write optional(oneOf(...)) to allow null'
  if (Array.isArray(value)) return 'spread it: oneOf(...values)'
  if (!isDomain(value)) return 'list literals, or use value() for other values'
  if (values.length === 1) return 'use the domain without oneOf'
  const domains = values.filter(isDomain)
  if (domains.length < values.length) {
    return 'list only literals, and spread arrays of them; to combine domains, put each into a record of a union(...)'
  }
  const records = domains.filter((domain): domain is RecordDomain => domain.kind === 'record')
  const union = `union(${values.length > 2 ? 'A, B, ...' : 'A, B'})`
  if (records.length < values.length) {
    return `put each domain into a record that has a literal field with its own value, and write ${union}`
  }
  const tag = tagOf(records)
  return tag === undefined
    ? `give each record a literal field with its own value, such as type: oneOf('a'), and write ${union}`
    : `write ${union}, because field "${tag}" distinguishes the records`
}

/** A value of `inner`, or `null`. `null` comes first. */
export function optional<T>(inner: Domain<T>): OptionalDomain<T> {
  if (inner.kind === 'optional' || inner.kind === 'value') {
    throw badDomain(
      `optional(${describe(inner)})`,
      'must have one meaning for null, but has two',
      'use the inner domain alone, or add a name for the missing value with oneOf',
      place(here()),
    )
  }
  return { kind: 'optional', inner: known(inner) }
}

/** A map with exactly the keys of `keys`, a listable domain. Maps nest. */
export function mapOf<K, V>(keys: Domain<K>, values: Domain<V>): MapDomain<K, V> {
  requireListable('mapOf', 'keys', keys)
  const from = (value: (key: K) => V): TotalMap<K, V> =>
    totalMap((valuesOf(keys) as K[]).map((key) => [key, value(key)]))
  return { kind: 'map', keys: known(keys), values: known(values), from, fill: (value) => from(() => value) }
}

/** A set of values of `elements`, a listable domain. */
export function setOf<T>(elements: Domain<T>): SetDomain<T> {
  requireListable('setOf', 'elements', elements, 'use a smaller domain, or messages(...) if few of the elements occur')
  return { kind: 'set', elements: known(elements), isSparse: false }
}

/**
 * A set of which few possible elements ever occur, such as the messages of a protocol. Only elements that occur take
 * room in a state, so `elements` may have up to 2^53 values.
 */
export function messages<T>(elements: Domain<T>): SetDomain<T> {
  const hint = 'give each field of the messages a smaller domain, or use value(Set()) for a set of any values'
  requireIndexable('messages', 'elements', elements, hint)
  return { kind: 'set', elements: known(elements), isSparse: true }
}

/** A list of at most `max` values of `elements`. */
export function listOf<T>(elements: Domain<T>, max: number): ListDomain<T> {
  requireMax('listOf', 'a maximum length', max)
  return { kind: 'list', elements: known(elements), max, isChannel: false }
}

/**
 * A channel that keeps messages in order: a list of at most `max` messages. Send with `push`. Receive `first()`, and go on
 * with `shift()`.
 */
export function channel<T>(messages: Domain<T>, max: number): ListDomain<T> {
  requireMax('channel', 'a maximum length', max)
  return { kind: 'list', elements: known(messages), max, isChannel: true }
}

/**
 * A network that does not keep messages in order: a bag of at most `max` messages. It may hold several copies of a message.
 * A domain of more than 64 messages may have up to 2^53, because then only messages that occur take room in a state.
 */
export function bag<T>(messages: Domain<T>, max: number): BagDomain<T> {
  requireMax('bag', 'a maximum size', max)
  requireIndexable('bag', 'messages', messages, 'use a smaller domain')
  return { kind: 'bag', elements: known(messages), max, isSparse: cardinality(messages) > MAX_IN_BAG }
}

/** A bag has a slot for each of so many possible messages. */
const MAX_IN_BAG = 64

function requireMax(constructor: string, what: string, max: number): void {
  if (Number.isSafeInteger(max) && max >= 1 && max <= 4096) return
  throw badDomain(
    `${constructor}(..., ${max})`,
    `must have ${what} from 1 to 4096, but does not`,
    'give an integer from 1 to 4096',
    place(here()),
  )
}

/**
 * A record with the given fields. The result is also its constructor: `const Lease = record({ ... }); Lease({ on: true
 * })`.
 */
export function record<F extends Fields>(fields: F): RecordDomain<F> {
  const names = Object.keys(fields)
  if (names.length === 0)
    throw badDomain('record({})', 'must have a field, but has none', 'add at least one field', place(here()))
  const defaults = Object.fromEntries(names.map((name) => [name, defaultOf(fields[name]!)])) as FieldValues<F>
  const factory = structFactory('Record', defaults)
  const build = (values?: Parameters<typeof factory>[0]): Struct<FieldValues<F>> => factory(values)
  return Object.assign(build, { kind: 'record' as const, fields, factory })
}

/**
 * An open domain: any primitive or immutable value. Kripke numbers the values in the order of discovery.
 *
 * @param initial - the default value
 * @param options.capacity - maximal number of different values in a run, over all open variables; the largest capacity
 *   counts. A variable takes log2(capacity) bits.
 */
export function value<T>(initial: T, { capacity = 65_536 }: { capacity?: number } = {}): OpenDomain<T> {
  if (!Number.isSafeInteger(capacity) || capacity < 2 || capacity > 2 ** 24) {
    throw badDomain(
      `value(..., { capacity: ${capacity} })`,
      'must have a capacity from 2 to 16777216, but does not',
      'give an integer from 2 to 16777216',
      place(here()),
    )
  }
  return { kind: 'value', initial, capacity }
}

/** Rejects a domain that cannot be listed or has too many values to list. */
export function requireListable(
  constructor: string,
  part: string,
  domain: Domain<unknown>,
  hint: string = 'use a smaller domain',
): void {
  if (cardinality(domain) <= MAX_ENUMERATED) return
  throw badDomain(
    `${constructor}(${describe(domain)})`,
    `must have at most ${MAX_ENUMERATED} ${part}, but has ${cardinality(domain) === Infinity ? 'infinitely many' : 'more'}`,
    hint,
    place(here()),
  )
}

/** Rejects a domain whose values do not have positions. */
function requireIndexable(constructor: string, part: string, domain: Domain<unknown>, hint: string): void {
  if (cardinality(domain) <= Number.MAX_SAFE_INTEGER) return
  throw badDomain(
    `${constructor}(${describe(domain)})`,
    `must have at most 2^53 possible ${part}, but has ${cardinality(domain) === Infinity ? 'infinitely many' : 'more'}`,
    hint,
    place(here()),
  )
}

/** The domain in a type that the compiler can switch over. */
function known(domain: Domain<unknown>): AnyDomain {
  return domain as AnyDomain
}
