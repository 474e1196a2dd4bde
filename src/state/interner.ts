/**
 * Numbers the values of open domains in the order of discovery.
 *
 * Equality is immutable.js value equality. A number keeps its value, so states can store it permanently.
 */
import { isImmutable, isList, isMap, isRecord, isSet, Map, type Collection } from 'immutable'
import { isBag } from '../spec/bag.ts'
import type { ValueLog } from './value-log.ts'
import { notAValue, tooManyValues, undefinedValue } from '../errors.ts'
import { hintForOpen } from './hint.ts'
import { inWords } from '../spec/show.ts'

/** The values found so far, numbered from 0. */
export class Interner {
  /** Maximal number of values besides null. Open slots are wide enough for their numbers. */
  readonly capacity: number
  readonly #values: unknown[] = [null]
  #log: ValueLog | undefined
  #wasShared = false
  #numbers: Map<unknown, number> = Map<unknown, number>([[null, 0]]).asMutable()

  constructor(capacity: number) {
    this.capacity = capacity
  }

  /** The number of values found. Number 0 is always null. */
  get size(): number {
    return this.#values.length
  }

  /**
   * Shares the numbering of `log`. If the log is empty, this interner's values are written to it. Otherwise this
   * interner must be empty.
   *
   * @throws {Unshareable}
   */
  share(log: ValueLog): void {
    for (const value of this.#values.slice(1)) log.append(value, () => true)
    this.#log = log
    this.#wasShared = true
    this.#catchUp()
  }

  /** Numbers values alone again. Call this after the other threads have ended. */
  stopSharing(): void {
    this.#catchUp()
    this.#log = undefined
  }

  /** The values from a number on, in the order of their numbers. Number 0 is null. */
  valuesFrom(number: number): readonly unknown[] {
    this.#catchUp()
    return this.#values.slice(number)
  }

  /** Gives the values of an earlier run the numbers that they had there. This interner must be empty. */
  restore(values: Iterable<unknown>): void {
    for (const value of values) this.#add(value)
    this.#wasShared = true
  }

  /**
   * Whether other threads number values too, or did. Then the same number may stand for another value in another run.
   */
  get isShared(): boolean {
    return this.#wasShared && this.#values.length > 1
  }

  value(number: number): unknown {
    if (number >= this.#values.length) this.#catchUp()
    return this.#values[number]
  }

  /**
   * The number of `value`. A new value gets a new number.
   *
   * @param name - the name of the variable, for errors
   * @throws {CheckerError} KR303 for a value whose equality is identity, KR402 beyond the capacity
   */
  intern(value: unknown, name: string): number {
    const known = this.#numbers.get(value)
    if (known !== undefined && !isMutable(value)) return known
    requireValue(value, name)
    if (this.#log === undefined) return this.#add(value)
    this.#log.append(value, () => {
      this.#catchUp()
      if (this.#numbers.has(value)) return false
      if (this.#values.length > this.capacity) throw tooManyValues(this.capacity)
      return true
    })
    return this.#numbers.get(value) ?? this.#add(value)
  }

  #catchUp(): void {
    this.#log?.catchUp((value) => this.#add(value))
  }

  #add(value: unknown): number {
    const number = this.#values.length
    if (number > this.capacity) throw tooManyValues(this.capacity)
    this.#values.push(value)
    this.#numbers = this.#numbers.set(value, number)
    return number
  }
}

/**
 * Requires a value that is compared by value and cannot change, at any depth. The only collections that qualify are `Map`,
 * `Set`, `List`, `Record` and `Bag`.
 */
function requireValue(value: unknown, name: string): void {
  if (value === undefined) throw undefinedValue(name)
  if (typeof value === 'symbol') throw notAValue(name, 'a symbol')
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function') throw notAValue(name, inWords(value))
    return
  }
  if (isBag(value)) return requireValue(value.toMap(), name)
  if (!isMap(value) && !isSet(value) && !isList(value) && !isRecord(value)) {
    throw notAValue(name, inWords(value), hintForOpen(value))
  }
  if (isMutable(value)) throw notAValue(name, 'a mutable collection', 'call .asImmutable() on it')
  const inside = isRecord(value) ? value.toSeq() : (value as Collection<unknown, unknown>)
  for (const [key, entry] of inside.entries()) {
    requireValue(key, name)
    requireValue(entry, name)
  }
}

/** Whether a collection comes from `asMutable`. */
function isMutable(value: unknown): boolean {
  return isImmutable(value) && (value as Map<unknown, unknown>).asMutable() === value
}
