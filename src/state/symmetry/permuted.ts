/** Values with their members renamed. */
import { isList, isMap, isRecord, isSet, List, Set } from 'immutable'
import { bagOf, isBag } from '../../spec/bag.ts'
import type { State } from '../../spec/model.ts'
import type { Bindings } from '../../spec/bindings.ts'
import { totalMap } from '../../spec/domain-values.ts'

/** The image of a member. Other strings stay the same. */
export type Renaming = (name: string) => string

/** The value with each member in it renamed, at any depth. */
export function permuted(value: unknown, rename: Renaming): unknown {
  if (typeof value === 'string') return rename(value)
  if (isSet(value)) return Set([...value].map((element) => permuted(element, rename)))
  if (isList(value)) return List([...value].map((element) => permuted(element, rename)))
  if (isMap(value)) return totalMap([...value].map(([key, it]) => [permuted(key, rename), permuted(it, rename)]))
  if (isBag(value)) return bagOf(value.toMap().mapKeys((element) => permuted(element, rename)))
  if (isRecord(value)) {
    const record = value as unknown as State
    return [...record].reduce((made, [name, field]) => made.set(name as string, permuted(field, rename)), record)
  }
  return value
}

/** Bindings with their members renamed. Parameter names stay the same. */
export function permutedBindings(bindings: Bindings, rename: Renaming): Bindings {
  return Object.fromEntries(Object.entries(bindings).map(([name, value]) => [name, permuted(value, rename)]))
}
