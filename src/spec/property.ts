/** Properties: what is claimed of every reachable state, of every step, or of some reachable state. */
import { badDefinition } from '../errors.ts'
import { requireClaim } from './conjuncts.ts'
import type { Fields, FieldValues } from './domain.ts'
import type { ForEach } from './for-each.ts'
import { here, place, type Origin } from './origin.ts'
import { requireParameters } from './parts.ts'
import { impliesFormula, type Formula, type FormulaLike } from './temporal.ts'
import { inWords } from './show.ts'

/** A claim about a state, given what is bound. */
export type Predicate<S, B = never> = (state: S, bindings: B) => boolean

/** A claim, or several by name, all of which must hold; a violation names those that do not. */
export type Conjuncts<P> = P | { readonly [name: string]: P }

/** A claim for every value of some parameters, within the bindings around it. Made by `forAll`. */
export interface ForAll<X, B = {}> {
  readonly kind: 'forAll'
  readonly parameters: Fields
  readonly claim: Conjuncts<ForAll<X, never> | ((subject: X, bindings: never) => boolean)>
  readonly origin: Origin
  /** Never present at run time. It only tells the compiler whether the claim is about states or steps. */
  readonly about?: (subject: X, bindings: B) => void
}

/** A property as the author writes it. */
export type Claim<X> = Conjuncts<ForAll<X> | ((subject: X) => boolean)>

/**
 * Claims something for every value of the parameters. It may replace any predicate: of a property, constraint or conjunct, or
 * inside another `forAll`. There the parameters of both are bound.
 *
 * @param claim - a predicate, another `forAll`, or an object of these by name, each a conjunct
 */
export function forAll<X, P extends Fields, B = {}>(
  parameters: P,
  claim: Conjuncts<
    ForAll<X, NoInfer<B> & FieldValues<P>> | ((subject: X, bindings: NoInfer<B> & FieldValues<P>) => boolean)
  >,
): ForAll<X, B> {
  requireParameters('forAll', parameters, 'forAll({ file: File }, (s, { file }) => ...)')
  requireClaim('the claim of forAll(...)', claim, place(here()))
  return { kind: 'forAll', parameters, claim: claim as unknown as ForAll<X>['claim'], origin: here() }
}

/** The antecedent of a predicate made by `implies`, kept so that a run can say whether it was ever true. */
export const ANTECEDENT: unique symbol = Symbol('antecedent')

/** One side of an implication: a predicate, or a temporal formula. */
export type Side<X, B> = Formula<X> | ForEach<FormulaLike<X>> | ((subject: X, bindings: B) => boolean)

/**
 * A predicate or a formula. That it is both is told to the compiler only, which could not infer what a state is through overloads: an
 * implication between formulas is no predicate, and an invariant made of one is refused when the model is made.
 */
export type Implication<X, B> = Formula<X> & ((subject: X, bindings?: B) => boolean)

/**
 * `antecedent` implies `consequent`. Of predicates it gives a predicate, and the report warns when the antecedent of an invariant or
 * transition property was true in no reachable state; of formulas, or a formula and a predicate, a formula.
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
  return kind === 'formula' || kind === 'forEach'
}

/** One step of a behavior, as transition properties see it. Steps that change nothing are not shown to them. */
export interface StepView<S, N extends string = string> {
  /** The action's name; of a thread's step, the step's. */
  readonly action: N
  readonly bindings: { readonly [name: string]: unknown }
  /** Of a thread's step: its thread and label. */
  readonly thread: string | undefined
  readonly label: string | undefined
  readonly before: S
  readonly after: S
}
