/**
 * The claim of a property as a list of conjuncts, each with the parameters that quantify it.
 *
 * Parameters around the whole claim belong to the property. Parameters inside a conjunct belong to the conjunct, so
 * that Kripke evaluates and learns each conjunct only for its own bindings.
 */
import { badDefinition, nameClash, type SpecFunction } from '../errors.ts'
import type { Fields } from './domain.ts'
import type { Conjunct, PredicateFunction } from './model.ts'
import { place, type Origin } from './origin.ts'
import type { ForAll } from './claim.ts'
import { inWords } from './show.ts'

/** A claim as a list of conjuncts. */
export interface SplitClaim {
  readonly parameters: Fields
  readonly conjuncts: readonly Conjunct[]
  /** The origin of the outermost `forAll`. */
  readonly origin: Origin | undefined
}

/** A `forAll`, or several directly nested ones combined. */
interface Quantified {
  readonly parameters: Fields
  readonly body: PredicateFunction | { readonly [name: string]: unknown }
  readonly outermost: Origin | undefined
  readonly innermost: Origin | undefined
}

/**
 * Splits a claim that `requireClaim` accepted into conjuncts.
 *
 * @param who - the name of the property in an error, such as `invariant "safe"`
 * @throws {CheckerError} KR205 for a parameter that is bound twice, or two conjuncts with the same name
 */
export function splitClaim(who: string, claim: unknown): SplitClaim {
  const { parameters, body, outermost, innermost } = quantified(who, claim, {})
  const conjuncts = conjunctsIn(who, body, { name: '', parameters: {}, bound: parameters, origin: innermost })
  const names = conjuncts.map(({ name }) => name)
  const twice = conjuncts.find(({ name }, index) => names.indexOf(name) !== index)
  if (twice === undefined) return { parameters, conjuncts, origin: outermost }
  throw nameClash('conjunct', twice.name, `of ${who} must be unique, but is defined twice`, { source: twice.holds })
}

/** The context of a part of a claim. */
interface ClaimContext {
  readonly name: string
  /** The conjunct's own parameters. */
  readonly parameters: Fields
  /** The parameters of the conjunct and of the property. */
  readonly bound: Fields
  readonly origin: Origin | undefined
}

function conjunctsIn(who: string, body: Quantified['body'], around: ClaimContext): Conjunct[] {
  const { name, parameters, bound, origin } = around
  if (typeof body === 'function') return [{ name, parameters, holds: body, origin }]
  return Object.entries(body).flatMap(([part, claim]) => {
    const path = name === '' ? part : `${name}.${part}`
    const own = quantified(`${who} (${path})`, claim, bound)
    return conjunctsIn(who, own.body, {
      name: path,
      parameters: { ...parameters, ...own.parameters },
      bound: { ...bound, ...own.parameters },
      origin: own.innermost ?? origin,
    })
  })
}

function quantified(who: string, claim: unknown, bound: Fields): Quantified {
  if (!isForAll(claim)) {
    return { parameters: {}, body: claim as Quantified['body'], outermost: undefined, innermost: undefined }
  }
  const twice = Object.keys(claim.parameters).find((name) => Object.hasOwn(bound, name))
  if (twice !== undefined) {
    throw nameClash(
      'parameter',
      twice,
      `of ${who} must have its own name, but an outer forAll binds the same name`,
      place(claim.origin),
    )
  }
  const inner = quantified(who, claim.claim, { ...bound, ...claim.parameters })
  return {
    parameters: { ...claim.parameters, ...inner.parameters },
    body: inner.body,
    outermost: claim.origin,
    innermost: inner.innermost ?? claim.origin,
  }
}

/**
 * Requires a predicate, a `forAll`, or an object of these.
 *
 * @param at - the best known place, for a part without a place
 * @throws {CheckerError} KR206
 */
export function requireClaim(who: string, claim: unknown, at: string | undefined): void {
  if (typeof claim === 'function' || isForAll(claim)) return
  const parts = conjunctParts(claim)
  if (parts === undefined) throw notAClaim(who, claim, at)
  if (parts.length === 0) {
    throw badDefinition(who, 'must have a conjunct, but has none', 'write { low: (s) => ..., high: (s) => ... }', at)
  }
  for (const [name, part] of parts) {
    if (typeof part !== 'function' && !isForAll(part)) throw notAClaim(`${who} (${name})`, part, at)
  }
}

/** The parts of an object of conjuncts; undefined for anything else. */
function conjunctParts(claim: unknown): [name: string, part: unknown][] | undefined {
  const isPlain = typeof claim === 'object' && claim !== null && Object.getPrototypeOf(claim) === Object.prototype
  return isPlain && typeof (claim as { kind?: unknown }).kind !== 'string' ? Object.entries(claim) : undefined
}

function notAClaim(who: string, claim: unknown, at: string | undefined): Error {
  const { kind, call, origin } = (claim ?? {}) as { kind?: unknown; call?: unknown; origin?: Origin }
  const found = (origin && place(origin)) ?? at
  if (kind === 'formula') {
    const hint = 'move it to temporal: { ... }, or write a predicate: (s) => ...'
    return badDefinition(who, 'must be a predicate, but is a temporal formula', hint, found)
  }
  if (call === 'forEach') {
    const hint = 'write forAll({ file: File }, (s, { file }) => ...)'
    return badDefinition(
      who,
      'must be a predicate, but is made by forEach, which is for temporal formulas',
      hint,
      found,
    )
  }
  if (conjunctParts(claim) !== undefined) {
    const hint = 'give each predicate its own name at the top level of the property'
    return badDefinition(who, 'must be a predicate, but is an object', hint, found)
  }
  const hint = 'write (s) => ..., or forAll({ file: File }, (s, { file }) => ...)'
  return badDefinition(who, `must be a predicate, but is ${inWords(claim)}`, hint, found)
}

function isForAll(claim: unknown): claim is ForAll<never> {
  const { kind, call } = (claim ?? {}) as Partial<ForAll<never>>
  return kind === 'forAll' && call === 'forAll'
}

/** The first predicate of a claim: it has a place in the author's file even if nothing else does. */
export function sourceOf(conjuncts: readonly Conjunct[]): SpecFunction | undefined {
  return conjuncts[0]?.holds
}
