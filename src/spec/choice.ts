/**
 * `anyOf` and `anySubset`: a nondeterministic choice inside an action, made one successor at a time.
 *
 * A choice is an iterable of next states. While it yields a state, the values that lead there are in `chosen`, by the
 * names of the body's parameters. Only a trace asks for them.
 */
import { Record, Set } from 'immutable'
import { badDefinition } from '../errors.ts'
import type { Bindings } from './bindings.ts'
import { cardinality, describe, isDomain, MAX_ENUMERATED, valuesOf } from './domain-values.ts'
import type { Domain } from './domain.ts'
import type { INSIDE } from './map-types.ts'
import { here, place } from './origin.ts'
import { inWords } from './show.ts'

/** What the body of a choice may return: a state or `goto(...)`, nothing, or several, such as another choice. */
type Disabled = undefined | null | false

/** A state, told by a property that exists only in types. Comparing all methods would cost the compiler much. */
interface AnyStruct {
  readonly [INSIDE]: { readonly fields: unknown }
}

/** The next states among the results `R` of a body. A state is iterable too, so it has to be recognized first. */
export type ChosenStates<R> = R extends Disabled
  ? never
  : R extends AnyStruct
    ? R
    : R extends Iterable<infer One>
      ? Exclude<One, Disabled>
      : R

/** The values to choose from: a collection of the state, or a domain. */
type Choosable<T> = Iterable<T> | Domain<T>

/** More elements than this have too many subsets to be successors of one call. */
const MAX_ELEMENTS = 20

/**
 * Chooses any element: TLA+'s `\E m \in S`. Each element has the next states that `body` gives. If `body` returns
 * nothing for an element, that choice is not enabled.
 *
 * @param of - a collection, or a domain with a finite number of values
 */
export function anyOf<T, R>(of: Choosable<T>, body: (chosen: T) => R): Iterable<ChosenStates<R>> {
  const right = 'anyOf(s.queue, (message) => ...)'
  requireBody('anyOf', body, right)
  return choice(elementsOf('anyOf', of, right), body as Body) as Iterable<ChosenStates<R>>
}

/**
 * Chooses any subset, the empty one and the whole set included: TLA+'s `\E kept \in SUBSET S`.
 *
 * @param of - a collection, or a domain, of at most 20 elements
 */
export function anySubset<T, R>(of: Choosable<T>, body: (chosen: Set<T>) => R): Iterable<ChosenStates<R>> {
  const right = 'anySubset(s.dirty, (kept) => ...)'
  requireBody('anySubset', body, right)
  const elements = [...Set(elementsOf('anySubset', of, right))]
  if (elements.length > MAX_ELEMENTS) {
    throw badDefinition(
      'anySubset(...)',
      `must be given at most ${MAX_ELEMENTS} elements, but was given ${elements.length}`,
      'choose among fewer elements, or let an action with a parameter choose one element at a time',
      place(here()),
    )
  }
  return choice(subsetsOf(elements), body as Body) as Iterable<ChosenStates<R>>
}

type Body = (chosen: unknown) => unknown

function elementsOf(call: string, of: unknown, right: string): Iterable<unknown> {
  if (isDomain(of)) {
    if (cardinality(of) <= MAX_ENUMERATED) return valuesOf(of)
    const problem = `must be given a domain of at most ${MAX_ENUMERATED} values, but was given ${describe(of)}`
    throw badDefinition(`${call}(...)`, problem, `write ${right}`, place(here()))
  }
  const isCollection = typeof of === 'object' && of !== null && Symbol.iterator in of && !Record.isRecord(of)
  if (isCollection) return of as Iterable<unknown>
  const problem = `must be given a collection or a domain first, but was given ${inWords(of)}`
  throw badDefinition(`${call}(...)`, problem, `write ${right}`, place(here()))
}

function requireBody(call: string, body: unknown, right: string): void {
  if (typeof body === 'function') return
  const problem = `must be given a function of the chosen value, but was given ${inWords(body)}`
  throw badDefinition(`${call}(...)`, problem, `write ${right}`, place(here()))
}

/** All subsets, the empty one first, one at a time. */
function* subsetsOf(elements: readonly unknown[]): Generator<Set<unknown>> {
  for (let code = 0; code < 2 ** elements.length; code++) {
    yield Set(elements.filter((_, index) => ((code >>> index) & 1) === 1))
  }
}

/** The values that were chosen on the way to the state that a choice yields now. */
let current: Bindings = {}

/** The values that were chosen for the state that the iterable of an action has just given, by name. */
export function chosen(): Bindings {
  return current
}

/** Forgets choices that were not made to the end. Call this before a call of an action. */
export function forgetChosen(): void {
  current = {}
}

function choice(values: Iterable<unknown>, body: Body): Iterable<unknown> {
  return {
    *[Symbol.iterator]() {
      const before = current
      const name = freeName(nameOf(body), before)
      try {
        for (const value of values) {
          current = { ...before, [name]: value }
          yield* results(body(value))
        }
      } finally {
        // Also if the caller stops before the end, as one who only asks whether a step is enabled.
        current = before
      }
    },
  }
}

/** The results of a body one by one. Anything that is not a state is left to the caller, who knows the action. */
function* results(returned: unknown): Generator<unknown> {
  const isSeveral =
    typeof returned === 'object' && returned !== null && Symbol.iterator in returned && !Record.isRecord(returned)
  if (!isSeveral) {
    yield returned
    return
  }
  const own = current
  for (const one of returned as Iterable<unknown>) {
    yield one
    // Not after a choice inside, which restores it.
    current = own
  }
}

/** The name of a function's first parameter, for traces; `chosen` if it has none or takes it apart. */
function nameOf(body: Body): string {
  return (
    /^(?:async\s+)?(?:function\s*[\w$]*\s*)?\(?\s*([A-Za-z_$][\w$]*)\s*(?:,|\)|=>|=)/.exec(String(body))?.[1] ??
    'chosen'
  )
}

function freeName(name: string, taken: Bindings): string {
  if (!Object.hasOwn(taken, name)) return name
  let number = 2
  while (Object.hasOwn(taken, `${name}${number}`)) number++
  return `${name}${number}`
}
