/**
 * Bags: immutable collections that count equal elements, such as the messages in a network that does not keep their
 * order.
 */
import { Map, type ValueObject } from 'immutable'

/** A collection without order that may hold several copies of an element. Iterating gives each different element once. */
export interface Bag<out T> extends ValueObject, Iterable<T> {
  /** The number of elements, each copy counted. */
  readonly size: number
  isEmpty(): boolean
  has(element: T): boolean
  /** The number of copies of an element. */
  count(element: T): number
  /** The bag with one more copy of each of the elements. */
  add(...elements: T[]): Bag<T>
  /** The bag with one copy less of each of the elements, where it has a copy. */
  remove(...elements: T[]): Bag<T>
  some(test: (element: T) => boolean): boolean
  every(test: (element: T) => boolean): boolean
  /** The bag with all copies of the elements for which the test is true. */
  filter<U extends T>(test: (element: T) => element is U): Bag<U>
  filter(test: (element: T) => boolean): Bag<T>
  /** The number of copies of each element that has one. */
  toMap(): Map<T, number>
}

/** A bag with the given elements. */
export function Bag<T>(elements: Iterable<T> = []): Bag<T> {
  return (EMPTY as Bag<T>).add(...elements)
}

/** The bag with these numbers of copies, all greater than 0. It iterates in the order of the map. */
export function bagOf<T>(counts: Map<T, number>): Bag<T> {
  return new Counted(counts)
}

export function isBag(value: unknown): value is Bag<unknown> {
  return value instanceof AnyBag
}

/** What genuine bags and their views share. */
export abstract class AnyBag<T> implements Bag<T> {
  abstract readonly size: number
  abstract count(element: T): number
  abstract add(...elements: T[]): Bag<T>
  abstract remove(...elements: T[]): Bag<T>
  abstract some(test: (element: T) => boolean): boolean
  abstract every(test: (element: T) => boolean): boolean
  abstract filter<U extends T>(test: (element: T) => element is U): Bag<U>
  abstract toMap(): Map<T, number>

  isEmpty(): boolean {
    return this.size === 0
  }

  has(element: T): boolean {
    return this.count(element) > 0
  }

  equals(other: unknown): boolean {
    return isBag(other) && this.size === other.size && this.toMap().equals(other.toMap())
  }

  hashCode(): number {
    return this.toMap().hashCode()
  }

  [Symbol.iterator](): IterableIterator<T> {
    return this.toMap().keys()
  }

  toJSON(): [T, number][] {
    return [...this.toMap()]
  }

  toString(): string {
    return `Bag ${String(this.toMap()).slice('Map '.length)}`
  }
}

class Counted<T> extends AnyBag<T> {
  readonly #counts: Map<T, number>
  #size: number | undefined

  constructor(counts: Map<T, number>) {
    super()
    this.#counts = counts
  }

  get size(): number {
    return (this.#size ??= this.#counts.reduce((sum, count) => sum + count, 0))
  }

  count(element: T): number {
    return this.#counts.get(element, 0)
  }

  add(...elements: T[]): Bag<T> {
    return this.#changed(elements.reduce((counts, element) => counts.update(element, 0, (n) => n + 1), this.#counts))
  }

  remove(...elements: T[]): Bag<T> {
    return this.#changed(
      elements.reduce((counts, element) => {
        const count = counts.get(element, 0)
        return count > 1 ? counts.set(element, count - 1) : counts.delete(element)
      }, this.#counts),
    )
  }

  some(test: (element: T) => boolean): boolean {
    return this.#counts.some((_, element) => test(element))
  }

  every(test: (element: T) => boolean): boolean {
    return this.#counts.every((_, element) => test(element))
  }

  filter<U extends T>(test: (element: T) => element is U): Bag<U> {
    return this.#changed(this.#counts.filter((_, element) => test(element))) as unknown as Bag<U>
  }

  toMap(): Map<T, number> {
    return this.#counts
  }

  #changed(counts: Map<T, number>): Bag<T> {
    return counts === this.#counts ? this : new Counted(counts)
  }
}

const EMPTY: Bag<unknown> = new Counted<unknown>(Map())
