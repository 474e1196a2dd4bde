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

/** A formula of one formula. */
export interface Unary<F> {
  readonly op: 'not' | 'always' | 'eventually'
  readonly of: F
}

/** A formula of several formulas. */
export interface Nary<F> {
  readonly op: 'and' | 'or'
  readonly of: readonly F[]
}

/** A formula of two formulas. */
export interface Binary<F> {
  readonly op: 'until' | 'leadsTo'
  readonly left: F
  readonly right: F
}

/** The tree of a formula. */
export type FormulaNode =
  | { readonly op: 'predicate'; readonly holds: (state: never) => unknown }
  | { readonly op: 'enabled' | 'taken'; readonly steps: Steps }
  /** A predicate of the step at this moment. It is false if the step changes nothing. */
  | { readonly op: 'step'; readonly holds: (step: never) => unknown }
  | Unary<FormulaNode>
  | Nary<FormulaNode>
  | Binary<FormulaNode>
  | {
      readonly op: 'forAll'
      readonly parameters: Fields
      readonly body: (bindings: Bindings) => FormulaNode
      readonly origin: Origin
    }

/** The same formula with other formulas in it. */
export function mapOperands<F, G>(
  node: Unary<F> | Nary<F> | Binary<F>,
  map: (operand: F) => G,
): Unary<G> | Nary<G> | Binary<G> {
  switch (node.op) {
    case 'not':
    case 'always':
    case 'eventually':
      return { op: node.op, of: map(node.of) }
    case 'and':
    case 'or':
      return { op: node.op, of: node.of.map(map) }
    case 'until':
    case 'leadsTo':
      return { op: node.op, left: map(node.left), right: map(node.right) }
  }
}
