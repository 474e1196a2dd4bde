/** Values as text, the way traces and messages show them: short, and without quotes where none are needed. */
import { isList, isMap, isRecord, isSet } from 'immutable'

/** A value in one line: `file1`, `3`, `{block1, block2}`, `[a, b]`, `{ file: none, want: 1 }`, `{ rm1: prepared }`. */
export function show(value: unknown): string {
  if (typeof value === 'string') return isPlainWord(value) ? value : JSON.stringify(value)
  if (isSet(value)) return `{${sorted(value).map(show).join(', ')}}`
  if (isList(value)) return `[${value.toArray().map(show).join(', ')}]`
  if (isRecord(value)) return fields(value.toSeq().toArray() as [string, unknown][])
  if (isMap(value)) return fields([...value])
  return String(value)
}

/** Whether a string can do without quotes, and is not taken for something else. */
function isPlainWord(text: string): boolean {
  return /^[^\s{}[\],:→·"]+$/.test(text) && !/^(null|true|false|-?\d+(\.\d+)?)$/.test(text)
}

/** The elements of a set in an order of their own, since sets have none. */
export function sorted(set: Iterable<unknown>): unknown[] {
  return [...set].sort(compareValues)
}

/** Numbers by size, all else as text in which numbers count as such: `block2` before `block10`. */
function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a).localeCompare(String(b), 'en', { numeric: true })
}

function fields(entries: readonly (readonly [unknown, unknown])[]): string {
  if (entries.length === 0) return '{}'
  return `{ ${entries.map(([name, value]) => `${show(name)}: ${show(value)}`).join(', ')} }`
}

/** `1,745,408`. */
export function count(number: number | bigint): string {
  // By hand: to load what knows all languages takes longer than a small check.
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 step`, `5 steps`. */
export function plural(number: number | bigint, noun: string): string {
  return `${count(number)} ${noun}${Number(number) === 1 ? '' : 's'}`
}

/** Seconds to two digits, more where it takes them to say anything. */
export function seconds(value: number): string {
  return value < 0.01 ? value.toFixed(3) : value.toFixed(2)
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** Bytes to two digits or three: `21 MiB`, `1.4 GiB`. */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(value) / 10))
  const scaled = value / 1024 ** power
  return `${scaled < 10 && power > 0 ? scaled.toFixed(1) : count(Math.round(scaled))} ${UNITS[power]}`
}
