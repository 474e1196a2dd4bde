/** Temporal formulas as data. */
import type { Bindings } from './bindings.ts'
import type { ForAllOf } from './claim.ts'
import type { Fields } from './domain.ts'
import type { Origin } from './origin.ts'
import type { Steps } from './steps.ts'

/** A formula over states of type `S`. Made by the combinators of `temporal.ts`. */
export interface Formula<S> {
  readonly kind: 'formula'
  readonly node: FormulaNode
  readonly origin: Origin
  /** Never present at run time. It only tells the compiler the type of the states. */
  readonly about?: (state: S) => void
}

/** A formula as the author writes it; a plain function is a predicate of the state. */
export type FormulaLike<S> = Formula<S> | ForAllOf<FormulaLike<S>> | ((state: S) => boolean)

/** The tree of a formula. */
export type FormulaNode =
  | { readonly op: 'predicate'; readonly holds: (state: never) => unknown }
  | { readonly op: 'enabled' | 'taken'; readonly steps: Steps }
  /** A predicate of the step at this moment. It is false if the step changes nothing. */
  | { readonly op: 'step'; readonly holds: (step: never) => unknown }
  | { readonly op: 'not' | 'always' | 'eventually'; readonly of: FormulaNode }
  | { readonly op: 'and' | 'or'; readonly of: readonly FormulaNode[] }
  | { readonly op: 'until' | 'leadsTo'; readonly left: FormulaNode; readonly right: FormulaNode }
  | {
      readonly op: 'forAll'
      readonly parameters: Fields
      readonly body: (bindings: Bindings) => FormulaNode
      readonly origin: Origin
    }
