/** Compares what a test observes with a state of the spec. */
import { is, isIndexed, isMap, isRecord, isSet, Set as ValueSet } from 'immutable'
import { badOption, unknownName } from '../errors.ts'
import { bagOf, isBag } from '../spec/bag.ts'
import type { State } from '../spec/model.ts'
import { inWords, show } from '../spec/show.ts'
import { entriesOf, fits, isMeant, same } from '../trace/conform/given-value.ts'
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

/** Whether a value of the spec agrees with an observed one, perhaps in part. `undefined` was not observed. */
export function matches(value: unknown, observed: unknown): boolean {
  return observed === undefined || fits(value, observed)
}

/**
 * Whether a call returned the value that the spec expects, as a whole. Each side may have plain collections or those of the spec.
 *
 * @param expected - what a function of `results` returns
 */
export function isReturned(expected: unknown, returned: unknown): boolean {
  if (isSequence(expected)) {
    const items = isSequence(returned) ? [...returned] : undefined
    const own = [...expected]
    return own.length === items?.length && own.every((it, index) => isReturned(it, items[index]))
  }
  if (isSet(expected) || expected instanceof Set) {
    const rest = isSet(returned) || returned instanceof Set || isSequence(returned) ? [...returned] : undefined
    const own = [...expected]
    return own.length === rest?.length && own.every((it) => takeFrom(rest, it))
  }
  const own = entriesOf(expected)
  if (own === undefined) return same(expected, returned)
  const entries = entriesOf(returned)
  return (
    own.length === entries?.length &&
    own.every(([key, it]) =>
      entries.some(([name, one]) => (isMeant(key, name) || isMeant(name, key)) && isReturned(it, one)),
    )
  )
}

/** Removes from `rest` a value that a call may return for `expected`. @returns whether there was one */
function takeFrom(rest: unknown[], expected: unknown): boolean {
  const index = rest.findIndex((it) => isReturned(expected, it))
  if (index >= 0) rest.splice(index, 1)
  return index >= 0
}

function isSequence(value: unknown): value is Iterable<unknown> {
  return Array.isArray(value) || isIndexed(value)
}

/** A value of the spec as text, as far as it was observed: only the observed keys of a map or fields of a record. */
export function showExpected(value: unknown, observed: unknown): string {
  const isPartial = (isMap(value) || isRecord(value)) && (isPlainObject(observed) || observed instanceof Map)
  if (!isPartial) return show(value)
  const entries = isMap(value) ? [...value] : Object.entries(value.toObject())
  const keys = observed instanceof Map ? [...observed.keys()] : Object.keys(observed as object)
  const seen = entries.filter(([own]) => keys.some((key) => isMeant(own, key)))
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
