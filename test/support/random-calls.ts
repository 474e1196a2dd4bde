/** Random chains of calls of immutable.js methods, to apply to a view and to the genuine collection. */
import fc from 'fast-check'
import * as immutable from 'immutable'
import { List, Map, OrderedMap, OrderedSet, Set } from 'immutable'

/** Calls a chain of methods on `it`. `other` is another collection, for an argument. */
export interface Chain {
  readonly text: string
  readonly call: (it: any, other: any) => unknown
  /** Whether it hashes nothing by identity. Otherwise the order of more than eight elements is uncertain. */
  readonly isOrderCertain: boolean
}

/** Methods and getters of the collections and of records, with some exceptions. */
const METHODS: readonly string[] = [
  ...new globalThis.Set(
    [Map(), Set(), List(), immutable.Record({ left: 1 })()].flatMap((it) => {
      const names: string[] = []
      for (let at: object = Object.getPrototypeOf(it) as object; at !== Object.prototype;) {
        names.push(...Object.getOwnPropertyNames(at))
        at = Object.getPrototypeOf(at) as object
      }
      return names
    }),
  ),
]
  // Except internals, random results, and hashes by identity.
  .filter((name) => !/^(_|@@|constructor$|inspect$|toSource$|shuffle$|hashCode$)/.test(name))

const VALUES: readonly unknown[] = [
  ...[0, 1, 2, -1, -2, 0.5, 1.5, Number.NaN, '0', '1', true, false, null, undefined],
  ...['a1', 'a2', 'b1', 'b2', 'left', 'right', 'tag', 'uno', 'two', 'kiwi', 'absent'],
]

// Without return types the compiler would compare all of them with each other, which takes a second.
const COLLECTIONS: readonly (() => unknown)[] = [
  (): unknown => List([0, 1]),
  (): unknown => Set(['a1', 'a2']),
  (): unknown => Set(),
  (): unknown => ['a1', 'a3'],
  (): unknown => [0, 2],
  (): unknown => Map({ b1: 1, b2: 1 }),
  (): unknown => OrderedMap({ b1: 1, b2: 2 }),
  (): unknown => OrderedSet(['a2', 'a1']),
  (): unknown => ({ b1: 2 }),
  (): unknown => ({ left: 2 }),
  (): unknown => [['b1', 2]],
]

const PATHS: readonly (readonly unknown[])[] = [['b1'], ['left'], [0], ['b1', 'b2'], ['left', 'right'], [1, 'left']]

const FUNCTIONS: readonly ((...values: any[]) => unknown)[] = [
  (x) => x,
  (x) => x === 1,
  (x) => x === 'a1',
  (x) => Boolean(x),
  (x) => (typeof x === 'number' ? x + 1 : x),
  (_, key) => key === 'b2' || key === 1,
  (_, __, all) => all.size > 1,
  (_, key, all) => all.has?.(key),
  (x, key, all) => immutable.is(all.get?.(key), x),
  (a, b) => (String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0),
  (a, b) => `${text(a)}${text(b)}`,
  (x) => text(x),
  (x) => x?.size > 0,
  (x) => x?.left === 1,
  (x) => (x?.add ? x.add('a1') : x),
  (x) => {
    if (x === 1 || x === 'a2') throw new Error('refused')
    return false
  },
]

const MUTATIONS: readonly ((it: any) => unknown)[] = [
  (it) => it.clear(),
  (it) => it.set('b1', 2),
  (it) => it.set(0, 1),
  (it) => it.push(1),
  (it) => it.pop(),
  (it) => it.shift(),
  (it) => it.unshift(1),
  (it) => it.delete('a1'),
  (it) => it.delete('b1'),
  (it) => it.add('a2').delete('a1'),
  (it) => it.add('absent'),
  (it) => it.update('b1', (x: unknown) => x),
  (it) => it.merge({ b1: 1 }),
  (it) => it.union(['a3']),
  (it) => it.intersect(['a1']),
  (it) => it.setSize(1),
  (it) => it.set('left', 2),
  (it) => it.setIn(['b1', 'left'], 2),
]

type Argument = (other: unknown) => unknown

const anything: fc.Arbitrary<Argument> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...VALUES).map((value) => () => value) },
  { weight: 3, arbitrary: fc.constantFrom(...COLLECTIONS).map((make) => () => make()) },
  { weight: 3, arbitrary: fc.constantFrom(...FUNCTIONS).map((made) => () => made) },
  { weight: 1, arbitrary: fc.constant((other: unknown) => other) },
)
const aPath: fc.Arbitrary<Argument> = fc.constantFrom(...PATHS).map((path) => () => path)
const aMutation: fc.Arbitrary<Argument> = fc.constantFrom(...MUTATIONS).map((change) => () => change)

interface Call {
  readonly name: string
  readonly given: readonly Argument[]
}

const aCall: fc.Arbitrary<Call> = fc.constantFrom(...METHODS).chain((name) => {
  const rest = fc.array(anything, { maxLength: 3 })
  const first = name === 'withMutations' ? aMutation : name.endsWith('In') ? aPath : undefined
  const given = first === undefined ? rest : fc.tuple(first, rest).map(([head, tail]) => [head, ...tail])
  return given.map((arguments_) => ({ name, given: arguments_ }))
})

/** A chain of up to three calls. */
export const aChain: fc.Arbitrary<Chain> = fc.array(aCall, { minLength: 1, maxLength: 3 }).map((calls) => ({
  text: calls.map(({ name, given }) => `.${name}(${given.map((one) => text(one('other'))).join(', ')})`).join(''),
  call: (it, other) => calls.reduce((held, { name, given }) => answer(held, name, given, other), it),
  isOrderCertain: calls.every(({ given }) => given.every((one) => isHashedByValue(one(0)))),
}))

function isHashedByValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function'
  return immutable.isCollection(value) && !immutable.isKeyed(value)
}

function answer(held: any, name: string, given: readonly Argument[], other: unknown): any {
  const member = held[name]
  if (typeof member !== 'function') return member
  const values = given.map((one) => one(other))
  if (name !== 'asMutable') return member.call(held, ...values)
  const mutable = member.call(held)
  MUTATIONS[values.length]!(mutable)
  return mutable.asImmutable()
}

/** Everything about a value that a spec can observe without identity. */
export function text(value: unknown, depth = 0): string {
  const inner = (it: unknown): string => text(it, depth + 1)
  if (typeof value === 'function') return String(value)
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value)
  if (depth > 6) return '…'
  if (immutable.isRecord(value))
    return `Record(${[...value].map(([name, held]) => `${String(name)}: ${inner(held)}`).join()})`
  if (immutable.isCollection(value)) return collectionText(value, inner)
  if (Array.isArray(value)) return `[${value.map(inner).join()}]`
  if (Symbol.iterator in value) return `Iterator(${[...(value as Iterable<unknown>)].map(inner).join()})`
  return `{${Object.entries(value)
    .map(([name, held]) => `${name}: ${inner(held)}`)
    .join()}}`
}

function collectionText(value: immutable.Collection<unknown, unknown>, inner: (it: unknown) => string): string {
  const isKeyed = immutable.isKeyed(value)
  const elements = isKeyed
    ? [...value.entries()].map(([key, held]) => `${inner(key)} => ${inner(held)}`)
    : [...value.values()].map(inner)
  const kinds = { Seq: immutable.isSeq, Map: immutable.isMap, Set: immutable.isSet, List: immutable.isList }
  const kind = Object.entries(kinds).find(([, is]) => is(value))?.[0] ?? 'Stack'
  const size = kind === 'Seq' ? '' : String((value as List<unknown>).size)
  const order = kind !== 'Seq' && immutable.isOrdered(value) ? 'ordered ' : ''
  return `${order}${kind}${size}(${elements.join()})`
}
