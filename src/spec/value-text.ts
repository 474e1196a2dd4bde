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

/** A value inside a name, such as a key or a binding: a string as it is. */
export function nameOf(value: unknown): string {
  return typeof value === 'string' ? value : show(value)
}
