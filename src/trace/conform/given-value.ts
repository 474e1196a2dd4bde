/** Values as logs give them: plain JSON, JavaScript collections or immutable.js values. Compares them with values of a spec. */
import { is, isKeyed, isList, isMap, isRecord, isSet } from 'immutable'
import { isBag } from '../../spec/bag.ts'
import { show } from '../../spec/show.ts'

export function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

/** Whether a key of a JSON object stands for a key or an element of the spec. */
export function isMeant(own: unknown, key: unknown): boolean {
  return same(own, key) || (typeof key === 'string' && (key === String(own) || key === show(own)))
}

/** The entries of an object, `Map` or `Record`; undefined for other values. */
export function entriesOf(given: unknown): readonly (readonly [unknown, unknown])[] | undefined {
  if (isRecord(given)) return given.toSeq().entrySeq().toArray()
  if (isMap(given) || (isKeyed(given) && !isBag(given))) return given.entrySeq().toArray()
  if (given instanceof Map) return [...given]
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined
  const prototype: unknown = Object.getPrototypeOf(given)
  return prototype === Object.prototype || prototype === null ? Object.entries(given) : undefined
}

export function elementsOf(given: unknown): Iterable<unknown> {
  return given as Iterable<unknown>
}

export function copiesOf(bag: Iterable<unknown> & { count(element: unknown): number }): unknown[] {
  return [...bag].flatMap((element) => Array.from({ length: bag.count(element) }, () => element))
}

/** Whether a value of the spec is a given value, which may be plain JSON: arrays for sets, lists and bags, objects for maps and records. */
export function same(value: unknown, given: unknown): boolean {
  if (is(value, given)) return true
  if (typeof value === 'bigint') return typeof given === 'number' && Number.isInteger(given) && value === BigInt(given)
  if (isSet(value) || isBag(value)) {
    if (!isIterable(given)) return false
    const rest = isBag(given) ? copiesOf(given) : [...given]
    const own = isBag(value) ? copiesOf(value) : [...value]
    return own.length === rest.length && own.every((element) => takeFrom(rest, element))
  }
  if (isList(value)) {
    if (!isIterable(given)) return false
    const items = [...given]
    return value.size === items.length && items.every((item, index) => same(value.get(index), item))
  }
  if (!isRecord(value) && !isMap(value)) return false
  const entries = entriesOf(given)
  const own = entriesOf(value)!
  return (
    entries?.length === own.length &&
    entries.every(([key, it]) => own.some(([name, one]) => isMeant(name, key) && same(one, it)))
  )
}

/** Whether a value of the spec is as observed, perhaps in part. */
export function fits(value: unknown, given: unknown): boolean {
  const isWhole = isIterable(given) || is(value, given)
  const parts = isWhole ? undefined : entriesOf(given)
  if (parts === undefined) {
    if (!isList(value) || !isIterable(given)) return same(value, given)
    const items = [...given]
    return value.size === items.length && items.every((item, index) => fits(value.get(index), item))
  }
  if (isSet(value)) return parts.every(([key, it]) => value.some((element) => isMeant(element, key)) === it)
  if (isBag(value)) return parts.every(([key, it]) => copiesOf(value).filter((one) => isMeant(one, key)).length === it)
  if (isList(value)) {
    return parts.every(([key, it]) =>
      key === 'size' ? value.size === it : value.size > Number(key) && fits(value.get(Number(key)), it),
    )
  }
  const own = entriesOf(value)
  return own !== undefined && parts.every(([key, it]) => own.some(([name, one]) => isMeant(name, key) && fits(one, it)))
}

/** Removes from `rest` an item that stands for `element`. @returns whether there was one */
function takeFrom(rest: unknown[], element: unknown): boolean {
  const index = rest.findIndex((item) => same(element, item))
  if (index >= 0) rest.splice(index, 1)
  return index >= 0
}

function isIterable(given: unknown): given is Iterable<unknown> {
  return Array.isArray(given) || isSet(given) || isList(given) || isBag(given) || given instanceof Set
}
