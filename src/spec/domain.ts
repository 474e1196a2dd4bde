/**
 * Domains: the values that a variable, a parameter or a constant may take, and their immutable.js types.
 *
 * A domain is a plain description; this file has its types. `domain-constructors.ts` makes domains, `domain-values.ts`
 * enumerates their values. `state/` lays values out in a state.
 */
import type { List, Set } from 'immutable'
import type { Bag } from './bag.ts'
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
  /** Whether few of many possible elements occur, so that only these take room in a state. */
  readonly isSparse: boolean
}

/** Lists of at most `max` elements. */
export interface ListDomain<out T = unknown> extends Domain<List<T>> {
  readonly kind: 'list'
  readonly elements: AnyDomain
  readonly max: number
  /** Whether it is a channel, for texts. */
  readonly isChannel: boolean
}

/** Bags of at most `max` elements, each copy counted. */
export interface BagDomain<out T = unknown> extends Domain<Bag<T>> {
  readonly kind: 'bag'
  readonly elements: AnyDomain
  readonly max: number
  /** Whether only elements that occur take room in a state, as in a set of messages. */
  readonly isSparse: boolean
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

/** A procedure: its name, parameters, locals, labels and the domain of what it returns. Made by `procedure`. */
export interface Procedure<
  N extends string = string,
  A extends Fields = Fields,
  V extends Fields = Fields,
  out R = unknown,
  L extends string = string,
> {
  readonly kind: 'procedure'
  readonly name: N
  readonly parameters: A
  readonly locals: V
  /** The initial values of locals, from the arguments. Other locals begin with the first value of their domains. */
  readonly initial: (args: FieldValues<A>) => { readonly [K in keyof V]?: ValueOf<V[K]> }
  /** Undefined if it returns no value. */
  readonly returns: Domain<R> | undefined
  readonly labels: readonly L[]
  /** The labels of its atomic sections. */
  readonly atomic: readonly L[]
}

/** Any procedure. */
export type AnyProcedure = Procedure<any, any, any, any, any>

/** The labels of procedures as a program counter shows them: `acquire.swap`. */
export type ProcedureLabel<P> = P extends Procedure<infer N, any, any, any, infer L> ? `${N}.${L}` : never

/** A call in progress: the procedure, the label at which its caller goes on, its parameters and locals. */
export type FrameOf<P> =
  P extends Procedure<infer N, infer A, infer V, any, any>
    ? Struct<{ readonly procedure: N; readonly to: string } & FieldValues<A> & FieldValues<V>>
    : never

/** A returned value that the caller has not read yet. */
export type ReturnedBy<P> =
  P extends Procedure<infer N, any, any, infer R, any>
    ? [R] extends [void]
      ? never
      : Struct<{ readonly procedure: N; readonly value: R }>
    : never

/** The position of an instance: a label, or for a thread that calls procedures its label and its call stack. */
export type PositionOf<L extends string, P> = [P] extends [never]
  ? L
  : Struct<
      { readonly at: L | ProcedureLabel<P>; readonly stack: List<FrameOf<P>> } & ([ReturnedBy<P>] extends [never]
        ? {}
        : { readonly returned: ReturnedBy<P> | null })
    >

/** The position of each instance: one for a thread without instances, else a map from instance to position. */
export type CounterOf<I extends Fields, L extends string, P = never> = keyof I extends never
  ? PositionOf<L, P>
  : TotalMap<FieldValues<I>[keyof I], PositionOf<L, P>>

/** A thread's labels and instances, and the procedures that it may call. As a domain: the domain of its position. */
export interface ThreadDomain<
  I extends Fields = Fields,
  L extends string = string,
  P extends AnyProcedure = never,
> extends Domain<CounterOf<I, L, P>> {
  readonly kind: 'thread'
  /** The parameter that distinguishes instances: no entry or one. */
  readonly instance: I
  readonly labels: readonly L[]
  /** The procedures that it may call. */
  readonly procedures: readonly P[]
  /** How many calls may be in progress at once. */
  readonly depth: number
  /** The labels of its own atomic sections. Procedures have others. */
  readonly atomic: readonly L[]
  /** The position's own domain. */
  readonly counter: AnyDomain
}

/** Any thread. */
export type AnyThread = ThreadDomain<Fields, string, AnyProcedure>

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
  | BagDomain
  | RecordDomain
  | UnionDomain
  | OpenDomain
  | AnyThread
