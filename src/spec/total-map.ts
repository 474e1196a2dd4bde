/**
 * The type of a map that has every key of a finite domain.
 *
 * At run time it is a genuine immutable.js `Map`. Its type differs from `Map<K, V>` in what a total map can promise: `get`
 * gives a `V`, never `undefined`, and `setIn` checks path and value.
 */
import { Map } from 'immutable'
import type { List } from 'immutable'

/** What is inside a structured value, for typing paths; exists only in types. */
export declare const INSIDE: unique symbol

/** A `Map` with every key present. */
export interface TotalMap<out K, out V> extends Map<K, V> {
  readonly [INSIDE]: { readonly key: K; readonly value: V }
  get(key: K): V
  get<N>(key: K, notSetValue: N): V
  set(key: K, value: Writable<V>): this
  update(key: K, updater: (value: V) => V): this
  update(key: K, notSetValue: V, updater: (value: V) => V): this
  update<R>(updater: (value: this) => R): R
  map<M>(mapper: (value: V, key: K, iter: this) => M, context?: unknown): TotalMap<K, M>
  merge(...collections: Array<Iterable<[K, V]>>): this
  setIn(path: readonly [K], value: Writable<V>): this
  setIn<K2 extends KeyOf<V>>(path: readonly [K, K2], value: Writable<At<V, K2>>): this
  setIn<K2 extends KeyOf<V>, K3 extends KeyOf<At<V, K2>>>(
    path: readonly [K, K2, K3],
    value: Writable<At<At<V, K2>, K3>>,
  ): this
  updateIn(path: readonly [K], updater: (value: V) => Writable<V>): this
  updateIn<K2 extends KeyOf<V>>(path: readonly [K, K2], updater: (value: At<V, K2>) => Writable<At<V, K2>>): this
}

/** What may follow a value of type `T` in a path. */
export type KeyOf<T> = T extends { readonly [INSIDE]: { readonly key: infer K } }
  ? K
  : T extends { readonly [INSIDE]: { readonly fields: infer F } }
    ? keyof F
    : T extends List<unknown>
      ? number
      : never

/** What is found in a value of type `T` under `K`. */
export type At<T, K> = T extends { readonly [INSIDE]: { readonly value: infer V } }
  ? V
  : T extends { readonly [INSIDE]: { readonly fields: infer F } }
    ? K extends keyof F
      ? F[K]
      : never
    : T extends List<infer V>
      ? V
      : never

/** What may be written where a `T` is read: for a total map any map of that type, its completeness checked at run time. */
export type Writable<T> =
  T | (T extends { readonly [INSIDE]: { readonly key: infer K; readonly value: infer V } } ? Map<K, V> : never)

/** A map of the given entries, in their order. */
export function totalMap<K, V>(entries: Iterable<[K, V]>): TotalMap<K, V> {
  return Map(entries) as TotalMap<K, V>
}
