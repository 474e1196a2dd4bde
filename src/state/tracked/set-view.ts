/**
 * A view of a set, with one slot for each possible element.
 *
 * Operations whose result does not depend on the order of iteration read single elements. The others build the genuine
 * set, with the same operations in the same order, so that even `first()` gives what reference evaluation gives.
 */
import { Collection, Set } from 'immutable'
import { ABSENT, type SetShape } from '../shape.ts'
import type { PlaceReader } from './place-reader.ts'
import { COMMON, comparesOrder, View } from './view.ts'

/** Adds (`true`) or deletes (`false`) the element at an index. */
type Write = readonly [index: number, isPresent: boolean]

/** All writes over the original in order, and the last one for each index. */
interface Writes {
  readonly log: readonly Write[]
  readonly last: ReadonlyMap<number, boolean>
}

type Test = (value: unknown, key: unknown, iter: unknown) => unknown

const EMPTY = Set<unknown>()
const OWN: ReadonlySet<PropertyKey> = new globalThis.Set(
  `size count has includes contains get isEmpty some every equals isSubset isSuperset add delete remove clear union merge
   concat subtract ${COMMON}`.split(/\s+/),
)

export class SetView extends View<Set<unknown>, SetShape, Writes> {
  constructor(reader: PlaceReader, shape: SetShape, edits: Writes = { log: [], last: new Map() }, isMutable = false) {
    super({ reader, shape, edits, isMutable }, OWN, EMPTY)
  }

  protected override copy(edits: Writes, isMutable: boolean): SetView {
    return new SetView(this.reader, this.shape, edits, isMutable)
  }

  override genuine(): Set<unknown> {
    const { elements, first } = this.shape
    const original = Set(elements.filter((_, index) => this.reader.read(first + index) === 1))
    return this.edits.log.reduce(
      (set, [index, isPresent]) => (isPresent ? set.add(elements[index]) : set.delete(elements[index])),
      original,
    )
  }

  override lazy(): undefined {
    return undefined
  }

  get size(): number {
    return this.shape.elements.filter((_, index) => this.#has(index)).length
  }

  count(test?: Test, context?: unknown): number {
    return test === undefined ? this.size : this.genuine().count(test as never, context)
  }

  has(element: unknown): boolean {
    const index = this.shape.indexOf(element)
    return index !== ABSENT && this.#has(index)
  }

  includes(element: unknown): boolean {
    return this.has(element)
  }

  contains(element: unknown): boolean {
    return this.has(element)
  }

  get(element: unknown, notSetValue?: unknown): unknown {
    const index = this.shape.indexOf(element)
    return index !== ABSENT && this.#has(index) ? this.shape.elements[index] : notSetValue
  }

  isEmpty(): boolean {
    return !this.shape.elements.some((_, index) => this.#has(index))
  }

  some(test: Test, context?: unknown): boolean {
    return this.#shortcut('some', test, context)
  }

  every(test: Test, context?: unknown): boolean {
    return this.#shortcut('every', test, context)
  }

  equals(other: unknown): boolean {
    if (other === this.proxy) return true
    if (!Set.isSet(other) || comparesOrder(other)) return this.genuine().equals(other)
    const { elements, indexOf } = this.shape
    if (other.some((element) => indexOf(element) === ABSENT)) return false
    return elements.every((element, index) => this.#has(index) === other.has(element))
  }

  isSubset(other: unknown): boolean {
    const holder = (hasMethod(other, 'includes') ? other : Collection(other as Iterable<unknown>)) as Set<unknown>
    return this.every((element) => holder.includes(element))
  }

  isSuperset(other: unknown): boolean {
    const part = (hasMethod(other, 'isSubset') ? other : Collection(other as Iterable<unknown>)) as Set<unknown>
    return part.isSubset(this.proxy)
  }

  add(element: unknown): Set<unknown> {
    const index = this.shape.indexOf(element)
    return index === ABSENT ? this.materialize().add(element) : this.#write([[index, true]])
  }

  delete(element: unknown): Set<unknown> {
    const index = this.shape.indexOf(element)
    return index === ABSENT ? this.proxy : this.#write([[index, false]])
  }

  remove(element: unknown): Set<unknown> {
    return this.delete(element)
  }

  clear(): Set<unknown> {
    return this.#write(this.shape.elements.map((_, index) => [index, false]))
  }

  union(...others: Iterable<unknown>[]): Set<unknown> {
    // immutable.js would ask each operand for its size.
    const indexes =
      others.includes(null as never) || others.includes(undefined as never) ? [ABSENT] : this.#indexesOf(others)
    return indexes.includes(ABSENT)
      ? this.materialize().union(...others)
      : this.#write(indexes.map((index) => [index, true]))
  }

  merge(...others: Iterable<unknown>[]): Set<unknown> {
    return this.union(...others)
  }

  concat(...others: Iterable<unknown>[]): Set<unknown> {
    return this.union(...others)
  }

  subtract(...others: Iterable<unknown>[]): Set<unknown> {
    const indexes = this.#indexesOf(others).filter((index) => index !== ABSENT)
    return this.#write(indexes.map((index) => [index, false]))
  }

  #indexesOf(others: readonly Iterable<unknown>[]): number[] {
    return others.flatMap((other) => [...Set(other)].map(this.shape.indexOf))
  }

  #has(index: number): boolean {
    return this.edits.last.get(index) ?? this.reader.read(this.shape.first + index) === 1
  }

  #write(writes: readonly Write[]): Set<unknown> {
    if (writes.length === 0) return this.proxy
    const log = [...this.edits.log, ...writes]
    return this.with({ log, last: new Map(log) })
  }

  /**
   * `some` or `every` that stops reading at the first deciding element. If the test throws, the genuine set repeats the
   * call, because then the order of elements matters.
   */
  #shortcut(kind: 'some' | 'every', test: Test, context: unknown): boolean {
    try {
      return this.shape.elements[kind]((element, index) =>
        this.#has(index) ? Boolean(test.call(context, element, element, this.proxy)) : kind === 'every',
      )
    } catch {
      return this.genuine()[kind](test as never, context)
    }
  }
}

/** Checks an operand like immutable.js, because strings and arrays have methods too. */
function hasMethod(operand: unknown, name: string): boolean {
  return typeof (operand as { [name: string]: unknown })[name] === 'function'
}
