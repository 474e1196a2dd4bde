/**
 * A view of a bag: its size, and a count for each possible element. Each is read on access.
 *
 * As in a view of a set, a test is asked about possible elements first, and then only the counts that matter are read. What
 * depends on the order of iteration comes from the genuine bag, with the same changes in the same order.
 */
import type { Map } from 'immutable'
import { AnyBag, isBag, type Bag } from '../../spec/bag.ts'
import { bagWith } from '../../spec/domain-values.ts'
import { mayDoMore } from '../../spec/predicate-text.ts'
import { ABSENT, type BagShape } from '../shape.ts'
import type { PlaceReader } from './place-reader.ts'

/** Adds or removes a copy of the element at an index, or keeps only some elements. */
type Change = readonly [index: number, by: 1 | -1] | ReadonlySet<number>

/** The changes of the original, in order, and what comes of them. */
interface Writes {
  readonly log: readonly Change[]
  /** The new counts, by index. */
  readonly counts: ReadonlyMap<number, number>
  /** How much larger the bag is than the original; undefined if only the counts tell. */
  readonly growth: number | undefined
}

const NONE: Writes = { log: [], counts: new globalThis.Map(), growth: 0 }

type Test = (element: unknown) => unknown

export class BagView extends AnyBag<unknown> {
  readonly reader: PlaceReader
  readonly shape: BagShape
  readonly #writes: Writes

  constructor(reader: PlaceReader, shape: BagShape, writes: Writes = NONE) {
    super()
    this.reader = reader
    this.shape = shape
    this.#writes = writes
  }

  /** The new counts, by index of the element. */
  get counts(): ReadonlyMap<number, number> {
    return this.#writes.counts
  }

  /** Whether it may have another size than the original. */
  get isResized(): boolean {
    return this.#writes.growth !== 0
  }

  get size(): number {
    const { growth } = this.#writes
    if (growth !== undefined) return this.reader.read(this.shape.first) + growth
    return this.shape.elements.reduce<number>((sum, _, index) => sum + this.#count(index), 0)
  }

  override isEmpty(): boolean {
    if (this.#writes.growth !== undefined) return this.size === 0
    return !this.shape.elements.some((_, index) => this.#count(index) > 0)
  }

  count(element: unknown): number {
    const index = this.shape.indexOf(element)
    return index === ABSENT ? 0 : this.#count(index)
  }

  add(...elements: unknown[]): Bag<unknown> {
    const indexes = elements.map(this.shape.indexOf)
    return indexes.includes(ABSENT) ? this.genuine().add(...elements) : this.#changed(indexes, 1)
  }

  remove(...elements: unknown[]): Bag<unknown> {
    return this.#changed(
      elements.map(this.shape.indexOf).filter((index) => index !== ABSENT),
      -1,
    )
  }

  some(test: Test): boolean {
    return this.#shortcut('some', test)
  }

  every(test: Test): boolean {
    return this.#shortcut('every', test)
  }

  filter<U>(test: Test): Bag<U> {
    const ask = this.#asker(test)
    const counts = new globalThis.Map(this.#writes.counts)
    const kept = new Set<number>()
    try {
      for (const [index, element] of this.shape.elements.entries()) {
        const answer = ask(index) ?? (this.#count(index) > 0 && Boolean(test(element)))
        if (answer) kept.add(index)
        else counts.set(index, 0)
      }
    } catch {
      // The order of elements decides which one the test fails for.
      return this.genuine().filter(test as never)
    }
    return this.#with({ log: [...this.#writes.log, kept], counts, growth: undefined }) as unknown as Bag<U>
  }

  override equals(other: unknown): boolean {
    if (other === this) return true
    if (!isBag(other) || other.size !== this.size) return false
    return this.shape.elements.every((element, index) => other.count(element) === this.#count(index))
  }

  toMap(): Map<unknown, number> {
    return this.genuine().toMap()
  }

  /** The bag itself. */
  genuine(): Bag<unknown> {
    const { elements, first } = this.shape
    const original = bagWith(
      elements,
      elements.map((_, index) => this.reader.read(first + 1 + index)),
    )
    return this.#writes.log.reduce((bag: Bag<unknown>, change) => {
      if (!('length' in change)) return bag.filter((element) => change.has(this.shape.indexOf(element)))
      const [index, by] = change
      return by > 0 ? bag.add(elements[index]) : bag.remove(elements[index])
    }, original)
  }

  #count(index: number): number {
    return this.#writes.counts.get(index) ?? this.reader.read(this.shape.first + 1 + index)
  }

  #changed(indexes: readonly number[], by: 1 | -1): Bag<unknown> {
    const log = [...this.#writes.log]
    const counts = new globalThis.Map(this.#writes.counts)
    let { growth } = this.#writes
    for (const index of indexes) {
      const count = counts.get(index) ?? this.#count(index)
      if (count + by < 0) continue
      log.push([index, by])
      counts.set(index, count + by)
      if (growth !== undefined) growth += by
    }
    return log.length === this.#writes.log.length ? this : this.#with({ log, counts, growth })
  }

  #with(writes: Writes): BagView {
    return new BagView(this.reader, this.shape, writes)
  }

  /** `some` or `every` that stops at the first deciding element. */
  #shortcut(kind: 'some' | 'every', test: Test): boolean {
    const decides = kind === 'some'
    const ask = this.#asker(test)
    try {
      return this.shape.elements[kind]((element, index) => {
        const answer = ask(index)
        if (answer === !decides || this.#count(index) === 0) return !decides
        return answer ?? Boolean(test(element))
      })
    } catch {
      return this.genuine()[kind](test as never)
    }
  }

  /** Asks a test about an element that the bag may or may not hold; undefined if that is not possible. */
  #asker(test: Test): (index: number) => boolean | undefined {
    if (mayDoMore(test)) return () => undefined
    return (index) => {
      const isKnown = this.#writes.counts.has(index) || this.reader.known(this.shape.first + 1 + index) !== undefined
      return isKnown ? undefined : this.reader.withoutReading(() => Boolean(test(this.shape.elements[index])))
    }
  }
}
