/**
 * A view of a set, with one slot for each possible element.
 *
 * Operations whose result does not depend on the order of iteration read single elements. The others build the genuine
 * set, with the same operations in the same order, so that even `first()` gives what reference evaluation gives.
 *
 * Quantifiers and filters ask a test about the possible elements first, and then read only the slots of the elements that
 * matter. So "is there a message of this type from this sender?" reads the slots of such messages only. A test gets an
 * element that the set perhaps does not hold. So it is asked only if it seems to be free of effects. It may not read
 * further slots. If it throws or tries to read one, the view reads the slot of the element first.
 */
import { Collection, Set } from 'immutable'
import { mayDoMore } from '../../spec/predicate-text.ts'
import { someOf, askerFor } from '../../spec/questions.ts'
import { ABSENT, type SetShape } from '../shape.ts'
import type { PlaceReader } from './place-reader.ts'
import { COMMON, comparesOrder, View } from './view.ts'

/** Adds (`true`) or deletes (`false`) the element at an index. */
type Write = readonly [index: number, isPresent: boolean]

/** Adds or deletes an element, or keeps only some elements. */
type Change = Write | ReadonlySet<number>

/** All changes of the original in order, and the last write for each index. */
interface Writes {
  readonly log: readonly Change[]
  readonly last: ReadonlyMap<number, boolean>
}

type Test = (value: unknown, key: unknown, iter: unknown) => unknown

const EMPTY = Set<unknown>()
const OWN: ReadonlySet<PropertyKey> = new globalThis.Set(
  `size count has includes contains get isEmpty some every find filter filterNot equals isSubset isSuperset add delete remove clear union merge
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
    return this.edits.log.reduce((set: Set<unknown>, change) => {
      if (!('length' in change)) return set.filter((element) => change.has(this.shape.indexOf(element)))
      const [index, isPresent] = change
      return isPresent ? set.add(elements[index]) : set.delete(elements[index])
    }, original)
  }

  override lazy(): undefined {
    return undefined
  }

  get size(): number {
    return this.shape.elements.filter((_, index) => this.#has(index)).length
  }

  count(test?: Test, context?: unknown): number {
    if (test === undefined) return this.size
    return this.#selected(test, context)?.length ?? this.genuine().count(test as never, context)
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

  find(test: Test, context?: unknown, notSetValue?: unknown): unknown {
    const found = this.#selected(test, context)
    // The order of iteration decides among several, and in which order a test with effects sees the elements.
    if (found === undefined || found.length > 1) return this.genuine().find(test as never, context, notSetValue)
    return found.length === 0 ? notSetValue : this.shape.elements[found[0]!]
  }

  filter(test: Test, context?: unknown): Set<unknown> {
    return this.#filtered('filter', test, context)
  }

  filterNot(test: Test, context?: unknown): Set<unknown> {
    return this.#filtered('filterNot', test, context)
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
    const { log, last } = this.edits
    return this.with({ log: [...log, ...writes], last: new Map([...last, ...writes]) })
  }

  /**
   * `some` or `every` that stops reading at the first deciding element. If the test throws, the genuine set repeats the
   * call, because then the order of elements matters.
   */
  #shortcut(kind: 'some' | 'every', test: Test, context: unknown): boolean {
    const decides = kind === 'some'
    const ask = this.#asker(test, context)
    const decide = (index: number): boolean => {
      const answer = ask(index)
      if (answer === !decides) return answer
      if (!this.#has(index)) return !decides
      return answer ?? this.#call(test, context, index)
    }
    const { elements } = this.shape
    const by = askerFor(test)
    try {
      if (by === undefined) return elements[kind]((_, index) => decide(index))
      return someOf(by, elements.length, decide, decides) === decides
    } catch {
      return this.genuine()[kind](test as never, context)
    }
  }

  /** A view with the elements for which the test is true, or is not. Reads no slot of an element that the test decides. */
  #filtered(kind: 'filter' | 'filterNot', test: Test, context: unknown): Set<unknown> {
    const ask = this.#asker(test, context)
    const last = new Map(this.edits.last)
    const kept = new globalThis.Set<number>()
    try {
      for (const index of this.shape.elements.keys()) {
        let answer = ask(index)
        if (answer === undefined && last.get(index) !== false) {
          answer = this.#has(index) && this.#call(test, context, index)
        }
        if (answer === (kind === 'filter')) kept.add(index)
        else last.set(index, false)
      }
    } catch {
      return this.genuine()[kind](test as never, context)
    }
    return this.copy({ log: [...this.edits.log, kept], last }, false).proxy
  }

  /** The indexes of the elements for which the test is true; undefined if it throws. */
  #selected(test: Test, context: unknown): number[] | undefined {
    const ask = this.#asker(test, context)
    try {
      return [...this.shape.elements.keys()].filter((index) => {
        const answer = ask(index)
        return answer !== false && this.#has(index) && (answer ?? this.#call(test, context, index))
      })
    } catch {
      return undefined
    }
  }

  /** Asks a test about an element that the set may or may not hold; undefined if that is not possible. */
  #asker(test: Test, context: unknown): (index: number) => boolean | undefined {
    if (mayDoMore(test)) return () => undefined
    return (index) => {
      const isKnown = this.edits.last.has(index) || this.reader.known(this.shape.first + index) !== undefined
      return isKnown ? undefined : this.reader.withoutReading(() => this.#call(test, context, index))
    }
  }

  #call(test: Test, context: unknown, index: number): boolean {
    const element = this.shape.elements[index]
    return Boolean(test.call(context, element, element, this.proxy))
  }
}

/** Checks an operand like immutable.js, because strings and arrays have methods too. */
function hasMethod(operand: unknown, name: string): boolean {
  return typeof (operand as { [name: string]: unknown })[name] === 'function'
}
