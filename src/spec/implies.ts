/** `implies`: an implication between predicates, or between temporal formulas. */
import { badDefinition } from '../errors.ts'
import type { ForAllOf } from './claim.ts'
import { takesBindingsAlone } from './for-all.ts'
import { here, place } from './origin.ts'
import { inWords } from './show.ts'
import { impliesFormula } from './temporal.ts'
import type { Formula, FormulaLike } from './formula.ts'

/** The antecedent of a predicate made by `implies`. Kripke reports if it was never true. */
export const ANTECEDENT: unique symbol = Symbol('antecedent')

/** One side of an implication: a predicate, or a temporal formula. */
export type Side<X, B> = Formula<X> | ForAllOf<FormulaLike<X>> | ((subject: X, bindings: B) => boolean)

/**
 * A predicate or a formula. The type claims both, because overloads would keep the compiler from inferring the state.
 * An invariant made of an implication between formulas is rejected when the model is made.
 */
export type Implication<X, B> = Formula<X> & ((subject: X, bindings?: B) => boolean)

/**
 * `antecedent` implies `consequent`. Two predicates give a predicate; a formula on either side gives a formula. The
 * report warns if the antecedent of an invariant or transition property was never true.
 */
export function implies<X, B>(antecedent: Side<X, B>, consequent: Side<X, B>): Implication<X, B> {
  if (isFormula(antecedent) || isFormula(consequent))
    return impliesFormula(antecedent, consequent) as unknown as Implication<X, B>
  requirePredicates(antecedent, consequent)
  const [left, right] = [antecedent, consequent] as ((subject: unknown, bindings: unknown) => boolean)[]
  const claim = (subject: unknown, bindings?: unknown): boolean =>
    !left!(subject, bindings) || right!(subject, bindings)
  return Object.assign(claim, { [ANTECEDENT]: antecedent }) as unknown as Implication<X, B>
}

function requirePredicates(...sides: readonly unknown[]): void {
  const wrong = sides.find((side) => typeof side !== 'function')
  if (sides.every((side) => typeof side === 'function')) return
  const isForAll = (wrong as { kind?: unknown } | null | undefined)?.kind === 'forAll'
  throw badDefinition(
    'implies(...)',
    `must be given two predicates, but was given ${isForAll ? 'a forAll' : inWords(wrong)}`,
    isForAll
      ? 'put the forAll around it: forAll({ file: File }, implies((s, { file }) => ..., (s, { file }) => ...))'
      : 'write implies((s) => ..., (s) => ...)',
    place(here()),
  )
}

function isFormula(given: unknown): boolean {
  const { kind } = (given ?? {}) as { kind?: unknown }
  return kind === 'formula' || takesBindingsAlone(given)
}
