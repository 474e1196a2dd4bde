/** Values as plain JSON: what `--json` prints of a state. */
import { isList, isMap, isRecord, isSet } from 'immutable'
import { isBag } from '../../spec/bag.ts'
import { sorted } from '../show.ts'

/** JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * A `Map` or `Record` as an object, a `Set` as a sorted array, a `Bag` too, with each copy, a `List` as an array; what JSON has no number for as text, and a
 * bigint as in the Informal Trace Format.
 */
export function plainJson(value: unknown): Json {
  if (isSet(value)) return sorted(value).map(plainJson)
  if (isList(value)) return value.toArray().map(plainJson)
  if (isRecord(value)) return object(value.toSeq().toArray() as [string, unknown][])
  if (isMap(value)) return object([...value])
  if (isBag(value)) return sorted(value).flatMap((it) => Array<Json>(value.count(it)).fill(plainJson(it)))
  if (typeof value === 'bigint') return { '#bigint': String(value) }
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (Array.isArray(value)) return value.map(plainJson)
  if (isPlainObject(value)) return object(Object.entries(value).filter(([, entry]) => entry !== undefined))
  return value === undefined ? null : (value as Json)
}

/** Whether a value is an object such as the bindings of a step, whose entries may be immutable.js values. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** A copy of a record in which null says that something is not known, because JSON leaves out what is undefined. */
export function nulled(record: { readonly [name: string]: unknown }): { readonly [name: string]: Json } {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, (value ?? null) as Json]))
}

function object(entries: readonly (readonly [unknown, unknown])[]): Json {
  return Object.fromEntries(entries.map(([name, value]) => [String(name), plainJson(value)]))
}
