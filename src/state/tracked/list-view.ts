/** A view of a list: its length, then its elements. Each is read on access. */
import { List, Seq } from 'immutable'
import type { ListShape } from '../shape.ts'
import type { PlaceReader } from './place-reader.ts'
import { quantifier, type Elements } from './quantifiers.ts'
import { COMMON, setIn, View, type Method } from './view.ts'

/** Writes over the original. */
interface Writes {
  /** The new length; undefined while the length is unchanged. */
  readonly size: number | undefined
  readonly elements: ReadonlyMap<number, unknown>
}

const EMPTY = List<unknown>()
const OWN: ReadonlySet<PropertyKey> = new Set(
  `size get has first last isEmpty set setIn push pop clear ${COMMON}`.split(' '),
)

export class ListView extends View<List<unknown>, ListShape, Writes> {
  constructor(
    reader: PlaceReader,
    shape: ListShape,
    edits: Writes = { size: undefined, elements: new Map() },
    isMutable = false,
  ) {
    super({ reader, shape, edits, isMutable }, OWN, EMPTY)
  }

  protected override copy(edits: Writes, isMutable: boolean): ListView {
    return new ListView(this.reader, this.shape, edits, isMutable)
  }

  override genuine(): List<unknown> {
    return List(Array.from({ length: this.size }, (_, index) => this.#child(index)))
  }

  override lazy(): Seq.Indexed<unknown> {
    const elements = function* (this: ListView): Generator<unknown> {
      for (let index = 0; index < this.size; index++) yield this.#child(index)
    }
    return Seq.Indexed({ size: this.size, [Symbol.iterator]: () => elements.call(this) } as Iterable<unknown>)
  }

  override question(key: PropertyKey, ordinary: () => Method): Method | undefined {
    return quantifier(key, this.proxy, () => this.#elements(), ordinary, true)
  }

  #elements(): Elements {
    return { count: this.size, key: (index) => index, value: (index) => this.#child(index) }
  }

  get size(): number {
    return this.edits.size ?? this.reader.read(this.shape.first)
  }

  isEmpty(): boolean {
    return this.size === 0
  }

  get(index: number, notSetValue?: unknown): unknown {
    if (!Number.isInteger(index)) return this.genuine().get(index, notSetValue)
    const at = this.#locate(index)
    return at === undefined ? notSetValue : this.#child(at)
  }

  has(index: number): boolean {
    return Number.isInteger(index) ? this.#locate(index) !== undefined : this.genuine().has(index)
  }

  first(notSetValue?: unknown): unknown {
    return this.get(0, notSetValue)
  }

  last(notSetValue?: unknown): unknown {
    return this.get(-1, notSetValue)
  }

  set(index: number, value: unknown): List<unknown> {
    const at = Number.isInteger(index) ? this.#locate(index) : undefined
    if (at === undefined) return this.materialize().set(index, value)
    return this.with({ size: this.edits.size, elements: new Map(this.edits.elements).set(at, value) })
  }

  setIn(path: Iterable<unknown>, value: unknown): unknown {
    return setIn(this.proxy, path, value)
  }

  push(...values: unknown[]): List<unknown> {
    const { size } = this
    if (size + values.length > this.shape.children.length) return this.materialize().push(...values)
    const elements = new Map(this.edits.elements)
    values.forEach((value, index) => elements.set(size + index, value))
    return this.with({ size: size + values.length, elements })
  }

  pop(): List<unknown> {
    const { size } = this
    return size === 0 ? this.proxy : this.with({ size: size - 1, elements: this.edits.elements })
  }

  clear(): List<unknown> {
    return this.with({ size: 0, elements: new Map() })
  }

  #child(index: number): unknown {
    const { elements } = this.edits
    return elements.has(index) ? elements.get(index) : this.reader.value(this.shape.children[index]!)
  }

  /** The index for an argument of `get` or `set`, which counts from the end if negative; undefined if out of range. */
  #locate(index: number): number | undefined {
    const at = index < 0 ? this.size + index : index
    return at >= 0 && at < this.size ? at : undefined
  }
}
