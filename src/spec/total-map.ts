import { Map } from 'immutable'
import type { TotalMap } from './map-types.ts'

/** A map of the given entries, in their order. */
export function totalMap<K, V>(entries: Iterable<[K, V]>): TotalMap<K, V> {
  // By way of `unknown`, because the compiler would compare the two types method by method.
  return Map(entries) as unknown as TotalMap<K, V>
}
