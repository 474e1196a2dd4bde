/** Claims as an author writes them: predicates of a state or of a step, by name or quantified. */
import type { Fields } from './domain.ts'
import type { Origin } from './origin.ts'

/** A claim, or several by name, all of which must hold; a violation names those that do not. */
export type Conjuncts<P> = P | { readonly [name: string]: P }

/** A claim for every value of some parameters, within the bindings around it. Made by `forAll`. */
export interface ForAll<X, B = {}> {
  readonly kind: 'forAll'
  /** What the author typed: `forEach` is the old name. */
  readonly call: QuantifierCall
  readonly parameters: Fields
  readonly claim: Conjuncts<ForAll<X, never> | ((subject: X, bindings: never) => boolean)>
  readonly origin: Origin
  /** Never present at run time. It only tells the compiler whether the claim is about states or steps. */
  readonly about?: (subject: X, bindings: B) => void
}

/** A `T` for every value of some parameters: a temporal formula or a fairness constraint. Made by `forAll`. */
export interface ForAllOf<T> {
  readonly kind: 'forAll'
  /** What the author typed: `forEach` is the old name. */
  readonly call: QuantifierCall
  readonly parameters: Fields
  readonly body: (bindings: never) => T
  readonly origin: Origin
}

export type QuantifierCall = 'forAll' | 'forEach'

/** A property as the author writes it. */
export type Claim<X> = Conjuncts<ForAll<X> | ((subject: X) => boolean)>

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
