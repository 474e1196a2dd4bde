/**
 * `exists`, `every` and `count`: quantifiers for the functions of a model.
 *
 * Unlike a method such as `some`, they require that the predicate only answers. So Kripke may learn the predicate apart
 * from the function that quantifies, although the predicate may call functions whose text is out of reach.
 */
import { isCollection, isKeyed, Record } from 'immutable'
import { badDefinition, doesMoreThanAnswer, notABoolean } from '../errors.ts'
import { isBag } from './bag.ts'
import { bindAll, type Bindings } from './bindings.ts'
import { cardinality, describe, isDomain, MAX_ENUMERATED, valuesOf } from './domain-values.ts'
import type { Domain, Fields, FieldValues } from './domain.ts'
import { here, place } from './origin.ts'
import { mayDoMore, onlyAnswers, visibleEffect } from './predicate-text.ts'
import { asker, countOf, someOf, vouchFor, type Asker } from './questions.ts'
import { inWords } from './show.ts'

/** What to quantify over: a collection of the state, a list of values, or a domain. */
export type Quantifiable<T> = Iterable<T> | Domain<T>

type Quantifier = 'exists' | 'every' | 'count'

/** The predicate over one element. */
type Test = (element: unknown) => boolean

/**
 * Whether the predicate is true for some element, or for some values of the parameters. Call it in any function of a
 * model: a guard, an action, a property, a constraint or a measure. Calls may nest.
 *
 * The predicate must do nothing but answer. It may call functions that do nothing but answer.
 *
 * @param of - a collection, or a domain with a finite number of values
 */
export function exists<T>(of: Quantifiable<T>, predicate: (element: T) => boolean): boolean
/** @param parameters - domains by name; the last one varies fastest */
export function exists<P extends Fields>(parameters: P, predicate: (bindings: FieldValues<P>) => boolean): boolean
export function exists(of: unknown, predicate: unknown): boolean {
  return holdsForSome('exists', of, predicate, true)
}

/**
 * Whether the predicate is true for every element, or for all values of the parameters. Call it in any function of a
 * model, like `exists`. (`forAll` makes claims instead.)
 *
 * The predicate must do nothing but answer. It may call functions that do nothing but answer.
 *
 * @param of - a collection, or a domain with a finite number of values
 */
export function every<T>(of: Quantifiable<T>, predicate: (element: T) => boolean): boolean
/** @param parameters - domains by name; the last one varies fastest */
export function every<P extends Fields>(parameters: P, predicate: (bindings: FieldValues<P>) => boolean): boolean
export function every(of: unknown, predicate: unknown): boolean {
  return !holdsForSome('every', of, predicate, false)
}

/**
 * The number of elements, or of values of the parameters, for which the predicate is true. Call it in any function of a
 * model, like `exists`.
 *
 * The predicate must do nothing but answer. It may call functions that do nothing but answer.
 *
 * @param of - a collection, or a domain with a finite number of values
 */
export function count<T>(of: Quantifiable<T>, predicate: (element: T) => boolean): number
/** @param parameters - domains by name; the last one varies fastest */
export function count<P extends Fields>(parameters: P, predicate: (bindings: FieldValues<P>) => boolean): number
export function count(of: unknown, predicate: unknown): number {
  const { values, test, by } = quantified('count', of, predicate)
  if (isAnswering(values)) return values.count(ofElements(values, test, by))
  if (by !== undefined) return countOf(by, values.length, (index) => test(values[index]))
  return values.filter(test).length
}

/** Whether the predicate gives `wanted` for some element. */
function holdsForSome(call: Quantifier, of: unknown, predicate: unknown, wanted: boolean): boolean {
  const { values, test, by } = quantified(call, of, predicate)
  if (isAnswering(values)) {
    const ofElement = ofElements(values, test, by)
    return wanted ? values.some(ofElement) : !values.every(ofElement)
  }
  if (by !== undefined) return someOf(by, values.length, (index) => test(values[index]), wanted)
  return values.some((value) => test(value) === wanted)
}

/** The methods of a collection of immutable.js that answer. */
interface Answering {
  some(test: OfElement): boolean
  every(test: OfElement): boolean
  count(test: OfElement): number
}
type OfElement = (value: unknown, key: unknown) => boolean

function isAnswering(values: readonly unknown[] | Answering): values is Answering {
  return !Array.isArray(values)
}

/** What a quantifier was given. */
interface Quantified {
  /** An array, or a collection that answers itself, because a view reads only what the predicate needs. */
  readonly values: readonly unknown[] | Answering
  readonly test: Test
  readonly by: Asker | undefined
}

/** @throws {CheckerError} KR206 for other arguments, KR506 from the test, KR516 for a predicate that assigns a variable */
function quantified(call: Quantifier, of: unknown, predicate: unknown): Quantified {
  const right = `${call}(User, (user) => s.held.has(user))`
  if (typeof predicate !== 'function') {
    const problem = `must be given a predicate after its elements, but was given ${inWords(predicate)}`
    throw badDefinition(`${call}(...)`, problem, `write ${right}`, place(here()))
  }
  const effect = visibleEffect(predicate)
  if (effect !== undefined) throw doesMoreThanAnswer(call, effect, place(here()))
  const test: Test = (element) => {
    const answer: unknown = (predicate as (element: unknown) => unknown)(element)
    if (typeof answer === 'boolean') return answer
    throw notABoolean(`the predicate of ${call}(...)`, inWords(answer))
  }
  const values = valuesIn(call, of, right)
  if (!mayDoMore(predicate)) {
    const by = asker()
    if (by !== undefined && !onlyAnswers(predicate)) by.promise()
    return { values, test, by }
  }
  // A view may ask about elements that the collection does not have.
  return { values: isAnswering(values) ? [...(of as Iterable<unknown>)] : values, test, by: undefined }
}

/** The test as an argument for the methods of a collection. An element of a map is a pair. */
function ofElements(of: Answering, test: Test, by: Asker | undefined): OfElement {
  const ofElement: OfElement = isKeyed(of) ? (value, key) => test([key, value]) : (value) => test(value)
  if (by !== undefined) vouchFor(ofElement)
  return ofElement
}

function valuesIn(call: Quantifier, of: unknown, right: string): readonly unknown[] | Answering {
  if (isDomain(of)) {
    if (cardinality(of) <= MAX_ENUMERATED) return valuesOfDomain(of)
    const problem = `must be given a domain of at most ${MAX_ENUMERATED} values, but was given ${describe(of)}`
    throw badDefinition(`${call}(...)`, problem, `write ${right}`, place(here()))
  }
  if (Array.isArray(of)) return of as readonly unknown[]
  if (typeof of === 'object' && of !== null && !Record.isRecord(of)) {
    // The method `count` of a bag counts copies of one element.
    if (isCollection(of) || (isBag(of) && call !== 'count')) return of as unknown as Answering
    if (Symbol.iterator in of) return [...(of as Iterable<unknown>)]
    if (Object.values(of).every(isDomain)) return bindingsOf(call, of as Fields)
  }
  const problem = `must be given a collection, a domain or domains by name first, but was given ${inWords(of)}`
  throw badDefinition(`${call}(...)`, problem, `write ${right}`, place(here()))
}

const ofDomains = new WeakMap<object, readonly unknown[]>()

function valuesOfDomain(domain: Domain<unknown>): readonly unknown[] {
  let values = ofDomains.get(domain)
  if (values === undefined) ofDomains.set(domain, (values = valuesOf(domain)))
  return values
}

/** Every way to bind the parameters of calls so far: by the names of parameters, then by one domain after another. */
interface Known {
  all: readonly Bindings[] | undefined
  readonly next: WeakMap<object, Known>
}
const known = new Map<string, Known>()

function nothingKnown(): Known {
  return { all: undefined, next: new WeakMap() }
}

/** Remembered, because a function of the model may quantify again and again with a new object of parameters. */
function bindingsOf(call: Quantifier, parameters: Fields): readonly Bindings[] {
  const names = Object.keys(parameters)
  const key = names.join(' ')
  let at: Known = known.get(key) ?? nothingKnown()
  known.set(key, at)
  for (const name of names) {
    const next: Known = at.next.get(parameters[name]!) ?? nothingKnown()
    at.next.set(parameters[name]!, next)
    at = next
  }
  return (at.all ??= listed(call, parameters))
}

function listed(call: Quantifier, parameters: Fields): readonly Bindings[] {
  const count = Object.values(parameters).reduce((product, domain) => product * cardinality(domain), 1)
  if (count <= MAX_ENUMERATED) return bindAll(parameters)
  throw badDefinition(
    `${call}(...)`,
    `must have at most ${MAX_ENUMERATED} combinations of values, but has ${count}`,
    'quantify over smaller domains',
    place(here()),
  )
}
