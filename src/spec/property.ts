/** Properties: what is claimed of every reachable state, of every step, or of some reachable state. */
import { badDefinition } from '../errors.ts'
import type { Fields, FieldValues } from './domain.ts'
import { here, place, type Origin } from './origin.ts'
import { requireParts } from './parts.ts'

/** A claim about a state, given what is bound. */
export type Predicate<S, B = never> = (state: S, bindings: B) => boolean

/** A claim, or several by name, all of which must hold; a violation names those that do not. */
export type Conjuncts<P> = P | { readonly [name: string]: P }

/** A claim for every value of some parameters. Made by `forAll`. */
export interface ForAll<X> {
  readonly kind: 'forAll'
  readonly parameters: Fields
  readonly claim: Conjuncts<(subject: X, bindings: never) => boolean>
  readonly origin: Origin
}

/** A property as the author writes it. */
export type Claim<X> = ForAll<X> | Conjuncts<(subject: X) => boolean>

/**
 * Claims something for every value of the parameters.
 *
 * @param claim - a predicate, or an object of named predicates, each a conjunct
 */
export function forAll<X, P extends Fields>(
  parameters: P,
  claim: Conjuncts<(subject: X, bindings: FieldValues<P>) => boolean>,
): ForAll<X> {
  requireParts('forAll', parameters, typeof claim === 'object' && claim !== null ? Object.values(claim) : [claim])
  return { kind: 'forAll', parameters, claim: claim as ForAll<X>['claim'], origin: here() }
}

/** The antecedent of a predicate made by `implies`, kept so that a run can say whether it was ever true. */
export const ANTECEDENT: unique symbol = Symbol('antecedent')

/** `antecedent` implies `consequent`. The report warns when the antecedent was true in no reachable state. */
export function implies<X, B>(
  antecedent: (subject: X, bindings: B) => boolean,
  consequent: (subject: X, bindings: B) => boolean,
): (subject: X, bindings?: B) => boolean {
  if (typeof antecedent !== 'function' || typeof consequent !== 'function') {
    throw badDefinition(
      'implies(...)',
      'was not given two predicates',
      'implies((s) => ..., (s) => ...)',
      place(here()),
    )
  }
  const claim = (subject: X, bindings?: B): boolean =>
    !antecedent(subject, bindings as B) || consequent(subject, bindings as B)
  return Object.assign(claim, { [ANTECEDENT]: antecedent })
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
