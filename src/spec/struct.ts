/**
 * Records with declared fields: states, and the values of `record` domains.
 *
 * At run time a struct is a strict immutable.js `Record`. A plain `Record` ignores a write to an unknown name, and
 * resets a field that is set to `undefined`. Here both are errors, because both would silently change the meaning of a
 * spec.
 */
import { Record } from 'immutable'
import { badDefinition, nameClash, undefinedValue, unknownField } from '../errors.ts'
import { isPure } from './purity.ts'
import type { At, INSIDE, KeyOf, Writable } from './map-types.ts'
import { inWords } from './show.ts'

/** A record with fields `T`. Read them as properties or with `get`. */
export type Struct<T extends object> = StructMethods<T> & Readonly<T>

interface StructMethods<in out T extends object> extends Record<T> {
  readonly [INSIDE]: { readonly fields: T }
  set<K extends keyof T>(key: K, value: Writable<T[K]>): this
  update<K extends keyof T>(key: K, updater: (value: T[K]) => Writable<T[K]>): this
  update<R>(updater: (value: this) => R): R
  merge(...collections: Array<{ [K in keyof T]?: Writable<T[K]> } | Iterable<[string, unknown]>>): this
  setIn<K extends keyof T>(path: readonly [K], value: Writable<T[K]>): this
  setIn<K extends keyof T, K2 extends KeyOf<T[K]>>(path: readonly [K, K2], value: Writable<At<T[K], K2>>): this
  setIn<K extends keyof T, K2 extends KeyOf<T[K]>, K3 extends KeyOf<At<T[K], K2>>>(
    path: readonly [K, K2, K3],
    value: Writable<At<At<T[K], K2>, K3>>,
  ): this
  updateIn<K extends keyof T>(path: readonly [K], updater: (value: T[K]) => Writable<T[K]>): this
  updateIn<K extends keyof T, K2 extends KeyOf<T[K]>>(
    path: readonly [K, K2],
    updater: (value: At<T[K], K2>) => Writable<At<T[K], K2>>,
  ): this
  updateIn<K extends keyof T, K2 extends KeyOf<T[K]>, K3 extends KeyOf<At<T[K], K2>>>(
    path: readonly [K, K2, K3],
    updater: (value: At<At<T[K], K2>, K3>) => Writable<At<At<T[K], K2>, K3>>,
  ): this
}

/** Builds a struct. Omitted fields take their defaults. */
export interface StructFactory<in out T extends object> {
  (values?: { [K in keyof T]?: Writable<T[K]> }): Struct<T>
  /** The underlying immutable.js factory. All structs share its prototype. */
  readonly record: Record.Factory<T>
}

/**
 * A factory of strict records.
 *
 * @param owner - `State`, or the name of the record in errors
 * @param defaults - all fields with their defaults
 * @throws {CheckerError} KR205 if a field has the name of a method of `Record`
 */
export function structFactory<T extends object>(owner: string, defaults: T): StructFactory<T> {
  const names = Object.keys(defaults)
  for (const name of names) {
    if (name in Record.prototype || name.startsWith('_')) {
      throw nameClash(
        owner === 'State' ? 'variable' : 'field',
        name,
        'must not have a name that immutable.js Record uses',
      )
    }
  }
  const factory = Record<T>(defaults, owner)
  makeStrict(factory, owner, names)
  const build = (values: object = {}): Struct<T> => {
    if (typeof values !== 'object' || values === null) {
      throw badDefinition(
        `${owner}(...)`,
        `must be given values by name, but was given ${inWords(values)}`,
        `write ${owner === 'State' ? 'State' : 'Entry'}({ ... })`,
      )
    }
    for (const [name, value] of Object.entries(Record.isRecord(values) ? {} : values)) {
      checkWrite(owner, names, name, value)
    }
    return factory(values as Partial<T>) as unknown as Struct<T>
  }
  return Object.assign(build, { record: factory })
}

/** `console.log` of node asks a value for this property. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom') as unknown as string

/** Properties that JavaScript and immutable.js read to find the kind of a value. */
const ASKED_OF_ANYTHING = /^(@@|_|then$|length$|size$|next$|toJSON$|nodeType$|\$\$typeof$)/

/** Marks a missing default. It differs from each value. */
const MISSING = Symbol('missing')

/** Overrides reads and writes by name on the factory's prototype, so that all its records are strict. */
function makeStrict<T extends object>(factory: Record.Factory<T>, owner: string, names: readonly string[]): void {
  const strict = factory.prototype as { [method: string]: unknown }
  const plain = Object.getPrototypeOf(strict) as {
    get(this: unknown, name: string, notSet?: unknown): unknown
    set(this: unknown, name: string, value: unknown): unknown
  }
  strict['get'] = function get(this: unknown, name: string, notSet: unknown = MISSING): unknown {
    const value = plain.get.call(this, name, notSet)
    if (value === MISSING) throw unknownField(owner, name, names)
    return value
  }
  strict['set'] = function set(this: unknown, name: string, value: unknown): unknown {
    checkWrite(owner, names, name, value)
    return plain.set.call(this, name, value)
  }
  const reset = function (this: { set(name: string, value: unknown): unknown }, name: keyof T & string): unknown {
    return this.set(name, factory()[name])
  }
  strict['remove'] = reset
  strict['delete'] = reset
  strict[INSPECT] = function inspect(this: unknown): string {
    return String(this)
  }
  // The first record checks the prototype for accessors of the fields, and adds missing ones.
  factory()
  // Copied, so that a lookup of a method does not reach the guard.
  for (const name of Reflect.ownKeys(plain)) {
    if (!Object.hasOwn(strict, name)) Object.defineProperty(strict, name, Object.getOwnPropertyDescriptor(plain, name)!)
  }
  Object.setPrototypeOf(strict, guarded(plain, owner, names))
}

/**
 * The end of the prototype chain. A lookup that reaches it asks for a name that no record has. JavaScript would give
 * `undefined`, and a typing mistake in a spec would silently mean something.
 */
function guarded(plain: object, owner: string, names: readonly string[]): object {
  return new Proxy(plain, {
    get(target, name, receiver) {
      if (typeof name === 'string' && isPure() && !(name in target) && !ASKED_OF_ANYTHING.test(name)) {
        throw unknownField(owner, name, names)
      }
      return Reflect.get(target, name, receiver)
    },
  })
}

function checkWrite(owner: string, names: readonly string[], name: string, value: unknown): void {
  if (!names.includes(name)) throw unknownField(owner, name, names)
  if (value === undefined) throw undefinedValue(name)
}
