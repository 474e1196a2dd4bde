/**
 * The common part of map, set and list views: a proxy that looks like the collection, and writes over the original.
 *
 * A view class implements some operations itself, and reads single slots for them. Any other operation first builds the
 * genuine collection, which reads each slot that is not overwritten, and then runs on it. So learning from a view may
 * be slow, but a view cannot give a wrong result.
 */
import { isImmutable, isOrdered, setIn as setInAnything, type Seq } from 'immutable'
import type { Shape } from '../shape.ts'
import type { PlaceReader } from './place-reader.ts'

/** The property that gives the view of a proxy. No other object has it. */
const VIEW: unique symbol = Symbol('view')

/** Methods that immutable.js implements by `get`, `has`, `set` and `delete` of their receiver. */
const DERIVED = new Set<PropertyKey>(
  'constructor update getIn hasIn updateIn deleteIn removeIn mergeIn mergeDeepIn'.split(' '),
)

/** Methods that visit one element after another and may stop early. */
const LAZY = new Set<PropertyKey>([
  ...'some every find findKey findEntry findIndex indexOf keyOf includes contains forEach'.split(' '),
  ...'values entries valueSeq'.split(' '),
  Symbol.iterator,
])

/**
 * The property in which immutable.js caches a collection's hash. It compares cached hashes before it compares
 * collections, if both exist. Whether they exist depends on earlier calls, so a view must not read anything for it: a
 * view has no cached hash.
 */
const CACHED_HASH = '__hash'

/** `console.log` of node asks a value for this property. Supporting it lets specs print their arguments. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/**
 * A view of a collection.
 *
 * @typeParam C - the collection's immutable.js type
 * @typeParam S - the shape of its place
 * @typeParam E - the writes over the original
 */
export abstract class View<C extends object = object, S extends Shape = Shape, E = unknown> {
  readonly reader: PlaceReader
  readonly shape: S
  /** The object that a spec function receives. */
  readonly proxy: C
  edits: E
  #isMutable: boolean
  /** The genuine collection that replaced a mutable view, after a change that the view cannot record. */
  #genuine: C | undefined

  /**
   * @param own - names of the methods and getters of the subclass that replace the collection's
   * @param empty - an empty collection, for its prototype
   */
  constructor(
    { reader, shape, edits, isMutable = false }: { reader: PlaceReader; shape: S; edits: E; isMutable?: boolean },
    own: ReadonlySet<PropertyKey>,
    empty: C,
  ) {
    this.reader = reader
    this.shape = shape
    this.edits = edits
    this.#isMutable = isMutable
    this.proxy = proxyOf(this as unknown as View, own, empty) as C
  }

  /** The genuine collection, with this view's own writes. */
  abstract genuine(): C

  /**
   * The elements in the iteration order of the genuine collection, each read when its turn comes. Undefined if that
   * order is not known without reading.
   */
  abstract lazy(): Seq<unknown, unknown> | undefined

  /** A method that asks questions; undefined if `key` is none. `ordinary` is the method without questions. */
  question(_key: PropertyKey, _ordinary: () => Method): Method | undefined {
    return undefined
  }

  /** A view of the same place with other writes. */
  protected abstract copy(edits: E, isMutable: boolean): View<C, S, E>

  /**
   * The genuine collection. If this view is mutable, the genuine collection is mutable too and replaces the view from
   * now on.
   */
  materialize(): C {
    if (!this.#isMutable) return this.genuine()
    this.reader.leak()
    this.#genuine ??= (this.genuine() as unknown as Mutable<C>).asMutable()
    return this.#genuine
  }

  /** The genuine collection that replaced a mutable view. */
  get materialized(): C | undefined {
    return this.#genuine
  }

  /** This collection with other writes: a new view, unless this one is mutable. */
  protected with(edits: E): C {
    if (!this.#isMutable) return this.copy(edits, false).proxy
    this.reader.leak()
    this.edits = edits
    return this.proxy
  }

  asMutable(): C {
    return this.#isMutable ? this.proxy : this.copy(this.edits, true).proxy
  }

  asImmutable(): C {
    this.#isMutable = false
    return this.proxy
  }

  withMutations(change: (mutable: C) => unknown): C {
    const mutable = this.asMutable()
    change(mutable)
    if (this.#isMutable) return this.proxy
    const changed = viewBehind(mutable)
    return changed?.edits === this.edits ? this.proxy : (mutable as unknown as Mutable<C>).asImmutable()
  }
}

interface Mutable<C> {
  asMutable(): C
  asImmutable(): C
}

/** Names of the methods that each view implements itself. */
export const COMMON = 'asMutable asImmutable withMutations'

/**
 * The view behind a value; undefined if the value is not a proxy of a view, or if a genuine collection replaced the
 * view.
 */
export function viewBehind(value: unknown): View | undefined {
  return typeof value === 'object' && value !== null ? (value as { [VIEW]?: View })[VIEW] : undefined
}

/**
 * Whether a collection's equality depends on order, as `OrderedMap`'s does. (immutable.js's own predicate narrows its
 * argument's type.)
 */
export function comparesOrder(collection: unknown): boolean {
  return isOrdered(collection)
}

/**
 * Like `setIn`, but reads only along the path, and writes the leaf blindly. If the path does not exist, immutable.js
 * creates it.
 */
export function setIn(holder: object, path: unknown, value: unknown): unknown {
  const [key, ...rest] = Array.isArray(path) ? (path as unknown[]) : []
  const { get, set } = holder as { get(key: unknown): unknown; set(key: unknown, value: unknown): unknown }
  if (Array.isArray(path) && path.length === 1) return set.call(holder, key, value)
  const inner = Array.isArray(path) ? get.call(holder, key) : undefined
  if (!isImmutable(inner) || rest.length === 0) return setInAnything(holder, path as unknown[], value)
  return set.call(
    holder,
    key,
    (inner as unknown as { setIn(path: unknown, value: unknown): unknown }).setIn(rest, value),
  )
}

type Methods = { [key: PropertyKey]: unknown }

export type Method = (...given: unknown[]) => unknown

/** The proxy targets, one for each kind of collection: an empty object with the collection's prototype. */
const targets = new Map<object, Methods>()

function targetFor(empty: object): Methods {
  let target = targets.get(empty)
  if (target === undefined) {
    target = Object.create(Object.getPrototypeOf(empty) as object, {
      // node unwraps the proxy, finds this property on the target, and calls it on the proxy.
      [INSPECT]: {
        value(this: object) {
          return viewBehind(this)!.genuine()
        },
      },
    }) as Methods
    targets.set(empty, target)
  }
  return target
}

/** The proxy handler of a view. It is one object with shared methods, because there are thousands of views. */
class ViewHandler implements ProxyHandler<Methods> {
  readonly #view: View
  readonly #own: ReadonlySet<PropertyKey>

  constructor(view: View, own: ReadonlySet<PropertyKey>) {
    this.#view = view
    this.#own = own
  }

  get(target: Methods, key: PropertyKey): unknown {
    const view = this.#view
    const { materialized } = view
    if (materialized !== undefined) return key === VIEW ? undefined : bound(materialized as Methods, key)
    if (key === VIEW) return view
    if (this.#own.has(key)) return bound(view as unknown as Methods, key)
    if (key === CACHED_HASH) return undefined
    if (key === 'valueOf') return () => view.proxy
    if (DERIVED.has(key)) return target[key]
    return view.question(key, () => this.#ordinary(target, key) as Method) ?? this.#ordinary(target, key)
  }

  /** A property that is not a question. */
  #ordinary(target: Methods, key: PropertyKey): unknown {
    const view = this.#view
    if (LAZY.has(key)) {
      const elements = view.lazy()
      if (elements !== undefined) return bound(elements as unknown as Methods, key)
    }
    const inherited = target[key]
    if (typeof key === 'symbol' || String(key).startsWith('@@')) return inherited
    if (typeof inherited !== 'function') return (view.genuine() as Methods)[key]
    return (...values: unknown[]) =>
      (bound(view.materialize() as Methods, key) as (...of: unknown[]) => unknown)(...values)
  }

  set(): never {
    throw new TypeError('Cannot set on an immutable collection.')
  }
}

function proxyOf(view: View, own: ReadonlySet<PropertyKey>, empty: object): object {
  return new Proxy(targetFor(empty), new ViewHandler(view, own))
}

/** A property; a method bound to its holder. */
function bound(holder: Methods, key: PropertyKey): unknown {
  const it = holder[key]
  return typeof it === 'function' ? (it as (...values: unknown[]) => unknown).bind(holder) : it
}
