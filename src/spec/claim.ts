/** Claims as an author writes them: predicates over a state or a step, by name or quantified. */
import type { Fields } from './domain.ts'
import type { Origin } from './origin.ts'

/** A claim, or several claims by name that must all hold. A violation names the false ones. */
export type Conjuncts<P> = P | { readonly [name: string]: P }

/** A claim for all values of some parameters, in addition to outer bindings. Made by `forAll`. */
export interface ForAll<X, B = {}> {
  readonly kind: 'forAll'
  /** The name that the author used: `forEach` is the old one. */
  readonly call: QuantifierCall
  readonly parameters: Fields
  readonly claim: Conjuncts<ForAll<X, never> | ((subject: X, bindings: never) => boolean)>
  readonly origin: Origin
  /** Never present at run time. It only tells the compiler whether the claim is about states or steps. */
  readonly about?: (subject: X, bindings: B) => void
}

/** A `T` for all values of some parameters: a temporal formula or a fairness constraint. Made by `forAll`. */
export interface ForAllOf<T> {
  readonly kind: 'forAll'
  /** The name that the author used: `forEach` is the old one. */
  readonly call: QuantifierCall
  readonly parameters: Fields
  readonly body: (bindings: never) => T
  readonly origin: Origin
}

export type QuantifierCall = 'forAll' | 'forEach'

/** A property as the author writes it. */
export type Claim<X> = Conjuncts<ForAll<X> | ((subject: X) => boolean)>

/** One step of a behavior in the form for transition properties. They do not see steps that change nothing. */
export interface StepView<S, N extends string = string> {
  /** The name of the action, or of a thread's step. */
  readonly action: N
  readonly bindings: { readonly [name: string]: unknown }
  /** For a thread's step: its thread and label. */
  readonly thread: string | undefined
  readonly label: string | undefined
  readonly before: S
  readonly after: S
}
