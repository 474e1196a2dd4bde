/** Compares what a test observes with a state of the spec. */
import { is, isList, isMap, isRecord, isSet, Set as ValueSet } from 'immutable'
import { badOption, unknownName } from '../errors.ts'
import { bagOf, isBag } from '../spec/bag.ts'
import type { State } from '../spec/model.ts'
import { inWords, show } from '../spec/show.ts'
import type { Observation } from './driver.ts'

/** The observed variables in which a state differs. */
export function differing(state: State, observed: Observation): string[] {
  return Object.keys(observed).filter((name) => !matches(state.get(name), observed[name]))
}

/** Whether a state agrees with all that was observed. */
export function agrees(state: State, observed: Observation): boolean {
  return Object.keys(observed).every((name) => matches(state.get(name), observed[name]))
}

/** @throws {CheckerError} KR101 if it is not an observation, KR102 if the spec does not have a variable of it */
export function requireObservation(observed: unknown, variables: readonly string[], spec: string): Observation {
  if (typeof observed !== 'object' || observed === null || Array.isArray(observed) || observed instanceof Promise) {
    throw badOption(`observe must return variables by name, but returned ${inWords(observed)}`)
  }
  const found: { [name: string]: unknown } = isRecord(observed) ? { ...observed.toObject() } : { ...observed }
  for (const name of Object.keys(found)) {
    if (!variables.includes(name)) throw unknownName('variable', name, variables, spec)
  }
  return found
}

/** Whether a value of the spec agrees with an observed one. `undefined` was not observed. */
export function matches(value: unknown, observed: unknown): boolean {
  if (observed === undefined || is(value, observed)) return true
  if (typeof observed !== 'object' || observed === null) return false
  if (isSet(value)) return isPlainGroup(observed) && sameElements([...value], [...observed])
  if (isBag(value)) return isPlainGroup(observed) && sameElements(copiesOf(value), [...observed])
  if (isList(value)) return Array.isArray(observed) && sameSequence(value.toArray(), observed)
  if (Array.isArray(value)) return Array.isArray(observed) && sameSequence(value, observed)
  if (isMap(value)) return entriesOf(observed).every(([key, it]) => hasEntry([...value], key, it))
  if (isRecord(value)) {
    const fields = Object.entries(value.toObject())
    return entriesOf(observed).every(([key, it]) => hasEntry(fields, key, it))
  }
  if (isPlainObject(value)) return entriesOf(observed).every(([key, it]) => hasEntry(Object.entries(value), key, it))
  return false
}

/** A value of the spec as text, as far as it was observed: only the observed keys of a map or fields of a record. */
export function showExpected(value: unknown, observed: unknown): string {
  const isPartial = (isMap(value) || isRecord(value)) && (isPlainObject(observed) || observed instanceof Map)
  if (!isPartial) return show(value)
  const entries = isMap(value) ? [...value] : Object.entries(value.toObject())
  const keys = entriesOf(observed).flatMap(([key, it]) => (it === undefined ? [] : [key]))
  const seen = entries.filter(([own]) => keys.some((key) => isKey(own, key)))
  return show(Object.fromEntries(seen.map(([key, it]) => [String(key), it])))
}

/** An observed value as text, in the form of the value that it was compared with. */
export function showObserved(value: unknown, observed: unknown): string {
  if (isSet(value) && isPlainGroup(observed)) return show(ValueSet(observed))
  if (isBag(value) && isPlainGroup(observed)) {
    const counts = ValueSet(observed)
      .toMap()
      .map((it) => [...observed].filter((other) => is(it, other)).length)
    return show(bagOf(counts))
  }
  if (observed instanceof Map) return show(Object.fromEntries(observed))
  if (observed instanceof Set) return show([...observed])
  return show(observed)
}

function isPlainGroup(observed: unknown): observed is Iterable<unknown> {
  return Array.isArray(observed) || observed instanceof Set
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function copiesOf(bag: Iterable<unknown> & { count(element: unknown): number }): unknown[] {
  return [...bag].flatMap((it) => Array.from({ length: bag.count(it) }, () => it))
}

function sameSequence(values: readonly unknown[], observed: readonly unknown[]): boolean {
  return (
    values.length === observed.length &&
    values.every((it, index) => it === observed[index] || isSame(it, observed[index]))
  )
}

/** An element that was not observed is different, unlike a variable. */
function isSame(value: unknown, observed: unknown): boolean {
  return observed !== undefined && matches(value, observed)
}

function sameElements(values: readonly unknown[], observed: readonly unknown[]): boolean {
  if (values.length !== observed.length) return false
  const left = [...values]
  return observed.every((it) => {
    const index = left.findIndex((value) => isSame(value, it))
    if (index < 0) return false
    left.splice(index, 1)
    return true
  })
}

function entriesOf(observed: object): [unknown, unknown][] {
  return observed instanceof Map ? [...observed] : isPlainObject(observed) ? Object.entries(observed) : [[undefined, 0]]
}

/** Whether an observed key stands for a key of the spec. A key of a plain object is a string. */
function isKey(own: unknown, key: unknown): boolean {
  return is(own, key) || (typeof key === 'string' && String(own) === key)
}

function hasEntry(entries: readonly (readonly [unknown, unknown])[], key: unknown, observed: unknown): boolean {
  const entry = entries.find(([own]) => isKey(own, key))
  return entry !== undefined && matches(entry[1], observed)
}
