/** A view of a map. Its keys are known without reading. Each value is read on access. */
import { is, Map, Seq } from 'immutable'
import { ABSENT, type MapShape } from '../shape.ts'
import type { PlaceReader } from './place-reader.ts'
import { quantifier, type Elements } from './quantifiers.ts'
import { COMMON, comparesOrder, setIn, View, type Method } from './view.ts'

/** Writes over the original, by index of the key. */
type Writes = ReadonlyMap<number, unknown>

const EMPTY = Map<unknown, unknown>()
const OWN: ReadonlySet<PropertyKey> = new Set(`size get has set setIn isEmpty equals keys keySeq ${COMMON}`.split(' '))

export class MapView extends View<Map<unknown, unknown>, MapShape, Writes> {
  constructor(reader: PlaceReader, shape: MapShape, edits: Writes = new globalThis.Map(), isMutable = false) {
    super({ reader, shape, edits, isMutable }, OWN, EMPTY)
  }

  protected override copy(edits: Writes, isMutable: boolean): MapView {
    return new MapView(this.reader, this.shape, edits, isMutable)
  }

  override genuine(): Map<unknown, unknown> {
    return Map(this.shape.keys.map((key, index) => [key, this.#child(index)]))
  }

  override lazy(): Seq.Keyed<unknown, unknown> {
    const entries = function* (this: MapView): Generator<[unknown, unknown]> {
      for (const index of iterationOrder(this.shape)) yield [this.shape.keys[index], this.#child(index)]
    }
    return Seq.Keyed({ size: this.size, [Symbol.iterator]: () => entries.call(this) } as Iterable<[unknown, unknown]>)
  }

  override question(key: PropertyKey, ordinary: () => Method): Method | undefined {
    return quantifier(key, this.proxy, () => this.#elements(), ordinary, false)
  }

  #elements(): Elements {
    const { keys } = this.shape
    const order = iterationOrder(this.shape)
    return {
      count: keys.length,
      key: (index) => keys[order[index]!],
      value: (index) => this.#child(order[index]!),
    }
  }

  get size(): number {
    return this.shape.keys.length
  }

  isEmpty(): boolean {
    return false
  }

  get(key: unknown, notSetValue?: unknown): unknown {
    const index = this.shape.indexOf(key)
    return index === ABSENT ? notSetValue : this.#child(index)
  }

  has(key: unknown): boolean {
    return this.shape.indexOf(key) !== ABSENT
  }

  set(key: unknown, value: unknown): Map<unknown, unknown> {
    const index = this.shape.indexOf(key)
    if (index === ABSENT) return this.materialize().set(key, value)
    return this.with(new globalThis.Map(this.edits).set(index, value))
  }

  setIn(path: Iterable<unknown>, value: unknown): unknown {
    return setIn(this.proxy, path, value)
  }

  equals(other: unknown): boolean {
    if (other === this.proxy) return true
    if (!Map.isMap(other) || comparesOrder(other)) return this.genuine().equals(other)
    if (other.size !== this.size) return false
    return this.shape.keys.every((key, index) => other.has(key) && is(this.#child(index), other.get(key)))
  }

  keys(): IterableIterator<unknown> {
    return this.keySeq().values() as IterableIterator<unknown>
  }

  keySeq(): Seq.Indexed<unknown> {
    return Seq.Indexed(iterationOrder(this.shape).map((index) => this.shape.keys[index]))
  }

  #child(index: number): unknown {
    return this.edits.has(index) ? this.edits.get(index) : this.reader.value(this.shape.children[index]!)
  }
}

const orders = new WeakMap<MapShape, readonly number[]>()

/** Indexes of the keys in the iteration order of a genuine `Map`: by hash if it has more than eight keys. */
function iterationOrder(shape: MapShape): readonly number[] {
  let order = orders.get(shape)
  if (order === undefined) {
    order = [...Map(shape.keys.map((key, index) => [key, index] as const)).values()]
    orders.set(shape, order)
  }
  return order
}
