/**
 * Values as text, for traces, graphs, names of places and errors.
 *
 * The text is short and has quotes only where necessary.
 */
import { isBag, type Bag } from './bag.ts'
import { isList, isMap, isRecord, isSet } from 'immutable'

/** A value in one line: `file1`, `3`, `{block1, block2}`, `{ask, tell ×2}`, `[a, b]`, `{ file: none, want: 1 }`, `{ rm1: prepared }`. */
export function show(value: unknown): string {
  if (typeof value === 'string') return isPlainWord(value) ? value : JSON.stringify(value)
  if (isSet(value)) return `{${sorted(value).map(show).join(', ')}}`
  if (isList(value)) return `[${value.toArray().map(show).join(', ')}]`
  if (isRecord(value)) return fields(value.toSeq().toArray() as [string, unknown][])
  if (isMap(value)) return fields([...value])
  if (isBag(value)) return `{${copies(value).join(', ')}}`
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return fields(Object.entries(value))
  return String(value)
}

/**
 * Whether a string needs no quotes. A label such as `0` needs none, because a place seldom has both numbers and labels.
 */
function isPlainWord(text: string): boolean {
  return /^[^\s{}[\],:→·"]+$/.test(text) && !/^(null|true|false)$/.test(text)
}

/** The elements of a bag in a fixed order, with their numbers. */
function copies(bag: Bag<unknown>): string[] {
  return sorted(bag).map((element) => {
    const count = bag.count(element)
    return count > 1 ? `${show(element)} ×${count}` : show(element)
  })
}

/** The elements of a set or bag in a fixed order. */
export function sorted(set: Iterable<unknown>): unknown[] {
  return [...set].sort(compareValues)
}

/**
 * Orders numbers by size. Orders other values by their text, with numbers inside by size: `block2` before `block10`.
 */
function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}

function fields(entries: readonly (readonly [unknown, unknown])[]): string {
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([name, value]) => `${show(name)}: ${show(value)}`).join(', ')} }`
}

/** Maximal length of a text in errors. */
const LONGEST = 80

/** A value with its kind, for errors. A string has quotes, and a collection has the name of its kind. */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  if (value instanceof Promise) return 'a promise'
  if (Array.isArray(value)) return cut(`the array [${value.map(inside).join(', ')}]`)
  if (typeof value === 'object' && value !== null && !('hashCode' in value)) return objectInWords(value)
  const kind = isSet(value)
    ? 'set'
    : isList(value)
      ? 'list'
      : isRecord(value)
        ? 'record'
        : isMap(value)
          ? 'map'
          : isBag(value)
            ? 'bag'
            : undefined
  return cut(kind === undefined ? String(value) : `the ${kind} ${show(value)}`)
}

/** An element of an array, of any kind. */
function inside(value: unknown): string {
  return typeof value === 'object' || typeof value === 'function' ? inWords(value) : show(value)
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function objectInWords(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return 'a plain object'
  const { name } = value.constructor as { name?: unknown }
  if (name === 'Map' || name === 'Set') return `a JavaScript ${name}`
  return typeof name === 'string' && name !== '' ? `an object of class ${name}` : 'an object'
}
