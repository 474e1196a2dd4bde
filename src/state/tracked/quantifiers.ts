/**
 * The quantifiers of map and list views: methods of immutable.js that ask a predicate of one element after another. Each
 * call of the predicate is a question (`spec/questions.ts`).
 */
import { is } from 'immutable'
import { someOf, asker, askerFor, countOf, firstOf, type Asker } from '../../spec/questions.ts'

/** The elements of a collection in the order of iteration. */
export interface Elements {
  readonly count: number
  key(index: number): unknown
  /** Reads the value. */
  value(index: number): unknown
}

type Method = (...given: unknown[]) => unknown
type Test = (value: unknown, key: unknown, collection: unknown) => unknown
type Question = (by: Asker, all: Elements, test: (index: number) => unknown, given: readonly unknown[]) => unknown

/** Methods whose first argument is a predicate, and whose second is its context. */
const BY_PREDICATE: { readonly [name: string]: Question } = {
  some: (by, { count }, test) => someOf(by, count, test),
  every: (by, { count }, test) => !someOf(by, count, test, false),
  find: (by, all, test, [, , notSet]) => found(by, all, test, notSet, (index) => all.value(index)),
  findEntry: (by, all, test, [, , notSet]) =>
    found(by, all, test, notSet, (index) => [all.key(index), all.value(index)]),
  findKey: (by, all, test) => found(by, all, test, undefined, (index) => all.key(index)),
  count: (by, { count }, test) => countOf(by, count, test),
}

/** Methods whose argument is a value to look for. */
const BY_VALUE: { readonly [name: string]: Question } = {
  includes: (by, { count }, test) => someOf(by, count, test),
  contains: (by, { count }, test) => someOf(by, count, test),
  keyOf: (by, all, test) => found(by, all, test, undefined, (index) => all.key(index)),
}

/** Further methods of lists. */
const OF_LISTS: { readonly [name: string]: Question } = {
  findIndex: (by, all, test) => found(by, all, test, -1, (index) => index),
  indexOf: (by, all, test) => found(by, all, test, -1, (index) => index),
}

/** A quantifier of a view that asks questions; undefined if `key` is none, or if nothing may be asked. */
export function quantifier(
  key: PropertyKey,
  collection: unknown,
  elements: () => Elements,
  ordinary: () => Method,
  isList: boolean,
): Method | undefined {
  if (asker() === undefined || typeof key !== 'string') return undefined
  const question = own(BY_PREDICATE, key) ?? own(BY_VALUE, key) ?? (isList ? own(OF_LISTS, key) : undefined)
  if (question === undefined) return undefined
  const looksForValue = own(BY_VALUE, key) !== undefined || key === 'indexOf'
  return (...given) => {
    const [first, context] = given
    const by = looksForValue ? asker() : askerFor(first)
    if (by === undefined) return ordinary()(...given)
    const all = elements()
    const test = looksForValue
      ? (index: number): unknown => is(all.value(index), first)
      : (index: number): unknown => (first as Test).call(context, all.value(index), all.key(index), collection)
    return question(by, all, test, given)
  }
}

function own(questions: { readonly [name: string]: Question }, key: string): Question | undefined {
  return Object.hasOwn(questions, key) ? questions[key] : undefined
}

function found(
  by: Asker,
  { count }: Elements,
  test: (index: number) => unknown,
  notSet: unknown,
  what: (index: number) => unknown,
): unknown {
  const index = firstOf(by, count, test)
  return index < count ? what(index) : notSet
}
