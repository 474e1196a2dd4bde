// @ts-nocheck
/**
 * The types of total maps, and of the values inside structured values.
 *
 * `tsc` skips this file, because checking it costs about as much as the rest of the repository.
 * `test/types/types.test.ts` checks a copy of it, and `test/package.test.ts` checks the declarations that users get.
 */
import type { List, Map } from 'immutable'

/** The contents of a structured value, for typing paths. Exists only in types. */
export declare const INSIDE: unique symbol

/**
 * A `Map` with every key present.
 *
 * At run time it is a genuine immutable.js `Map`. Its type promises more than `Map<K, V>`: `get` gives a `V`, never
 * `undefined`, and `setIn` checks path and value.
 */
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

/** The keys that may follow a value of type `T` in a path. */
export type KeyOf<T> = T extends { readonly [INSIDE]: { readonly key: infer K } }
  ? K
  : T extends { readonly [INSIDE]: { readonly fields: infer F } }
    ? keyof F
    : T extends List<unknown>
      ? number
      : never

/** The value inside a `T` under `K`. */
export type At<T, K> = T extends { readonly [INSIDE]: { readonly value: infer V } }
  ? V
  : T extends { readonly [INSIDE]: { readonly fields: infer F } }
    ? K extends keyof F
      ? F[K]
      : never
    : T extends List<infer V>
      ? V
      : never

/**
 * The values that may replace a `T`. For a total map: any map of that type, which is checked for completeness at run
 * time.
 */
export type Writable<T> =
  T | (T extends { readonly [INSIDE]: { readonly key: infer K; readonly value: infer V } } ? AnyMap<K, V> : never)

/**
 * Any immutable.js `Map`, recognized by a method that only maps have.
 *
 * `Map` has the same meaning, but the compiler would compare and infer sixty methods one by one. Inference needs
 * `toMap`, and `deleteAll` must not mention a type, because the compiler would infer keys from it.
 */
export interface AnyMap<out K, out V> {
  toMap(): Map<K, V>
  readonly deleteAll: unknown
}

// Immutable.js does not declare how its types vary with their parameters. Without these lines the compiler compares
// every method to determine that. It takes half a second in every program, and in an editor after every change.
declare module 'immutable' {
  interface Collection<out K, out V> {}
  interface List<out T> {}
  interface Map<out K, out V> {}
  interface OrderedCollection<out T> {}
  interface OrderedMap<out K, out V> {}
  interface OrderedSet<out T> {}
  interface Seq<out K, out V> {}
  interface Set<out T> {}
  interface Stack<out T> {}
  namespace Collection {
    interface Indexed<out T> {}
    interface Keyed<out K, out V> {}
    interface Set<out T> {}
  }
  namespace Seq {
    interface Indexed<out T> {}
    interface Keyed<out K, out V> {}
    interface Set<out T> {}
  }
}
