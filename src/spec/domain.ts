/**
 * Domains: the values that a variable, a parameter or a constant may take, and their immutable.js types.
 *
 * A domain is a plain description; this file has its types. `domain-constructors.ts` makes domains, `domain-values.ts`
 * enumerates their values. `state/` lays values out in a state.
 */
import type { List, Set } from 'immutable'
import type { TotalMap } from './map-types.ts'
import type { Struct, StructFactory } from './struct.ts'

declare const VALUE: unique symbol

/** The values that a variable may take. `T` is only their type; no property has that type. */
export interface Domain<out T> {
  readonly kind: string
  readonly [VALUE]?: T
}

/** The type of a domain's values. */
export type ValueOf<D> = D extends Domain<infer T> ? T : never

/** The values that `oneOf` may list. Use `optional` for `null`. */
export type Literal = string | number | boolean

export interface BoolDomain extends Domain<boolean> {
  readonly kind: 'bool'
}

/** The integers from `low` to `high`, both included. */
export interface RangeDomain extends Domain<number> {
  readonly kind: 'range'
  readonly low: number
  readonly high: number
}

export interface LiteralDomain<L extends Literal = Literal> extends Domain<L> {
  readonly kind: 'oneOf'
  readonly literals: readonly L[]
  /** The member sets that the author spread into the list. */
  readonly spread: readonly Members[]
}

export interface OptionalDomain<out T = unknown> extends Domain<T | null> {
  readonly kind: 'optional'
  readonly inner: AnyDomain
}

/** A map that always has all keys of `keys`. */
export interface MapDomain<in out K = unknown, in out V = unknown> extends Domain<TotalMap<K, V>> {
  readonly kind: 'map'
  readonly keys: AnyDomain
  readonly values: AnyDomain
  /** The map that maps each key to `value`. */
  fill(value: V): TotalMap<K, V>
  /** The map that maps each key to the result of `value` for it. */
  from(value: (key: K) => V): TotalMap<K, V>
}

export interface SetDomain<out T = unknown> extends Domain<Set<T>> {
  readonly kind: 'set'
  readonly elements: AnyDomain
}

/** Lists of at most `max` elements. */
export interface ListDomain<out T = unknown> extends Domain<List<T>> {
  readonly kind: 'list'
  readonly elements: AnyDomain
  readonly max: number
}

/** Records with named fields. Call it to build a record: omitted fields take the first value of their domains. */
export interface RecordDomain<in out F extends Fields = Fields> extends Domain<Struct<FieldValues<F>>> {
  (values?: Parameters<StructFactory<FieldValues<F>>>[0]): Struct<FieldValues<F>>
  readonly kind: 'record'
  readonly fields: F
  readonly factory: StructFactory<FieldValues<F>>
}

/** Values that cannot be listed in advance. Kripke numbers them in the order of discovery. */
export interface OpenDomain<out T = unknown> extends Domain<T> {
  readonly kind: 'value'
  readonly initial: T
  readonly capacity: number
}

/** The names of a member set, in order; a domain of them. */
export type Members<T extends string = string> = readonly T[] &
  Domain<T> & {
    readonly kind: 'members'
    /** The name of one member, such as `file`. */
    readonly label: string
    /** Whether the author claims that members are interchangeable. */
    readonly symmetric: boolean
  }

/** A value of one of several records. */
export interface UnionDomain<out T = unknown> extends Domain<T> {
  readonly kind: 'union'
  /** The field that distinguishes the variants. */
  readonly tag: string
  readonly variants: readonly RecordDomain[]
}

/** The label of each instance: one label for a thread without instances, else a map from instance to label. */
export type CounterOf<I extends Fields, L extends string> = keyof I extends never
  ? L
  : TotalMap<FieldValues<I>[keyof I], L>

/** A thread's labels and instances. As a domain: the domain of its program counter. */
export interface ThreadDomain<I extends Fields = Fields, L extends string = string> extends Domain<CounterOf<I, L>> {
  readonly kind: 'thread'
  /** The parameter that distinguishes instances: no entry or one. */
  readonly instance: I
  readonly labels: readonly L[]
  /** The program counter's own domain. */
  readonly counter: AnyDomain
}

/** Names with their domains: the fields of a record, the variables of a schema. */
export type Fields = { readonly [name: string]: Domain<unknown> }

/** The types of named domains' values. */
export type FieldValues<F extends Fields> = { [K in keyof F]: ValueOf<F[K]> }

/** All kinds of domains, to switch over. */
export type AnyDomain =
  | BoolDomain
  | RangeDomain
  | LiteralDomain
  | Members
  | OptionalDomain
  | MapDomain
  | SetDomain
  | ListDomain
  | RecordDomain
  | UnionDomain
  | OpenDomain
  | ThreadDomain
