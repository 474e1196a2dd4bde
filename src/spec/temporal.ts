/**
 * Temporal formulas: what is claimed of whole behaviors.
 *
 * Their meaning is that of TLA+. A behavior is infinite; at every moment it may stutter, and a state without successors stutters for
 * ever. A formula is true or false of a behavior from a moment on; a property is true of every behavior, from its beginning, that meets
 * the model's fairness constraints.
 */
import { badDefinition } from '../errors.ts'
import { takesBindingsAlone } from './for-all.ts'
import type { Formula, FormulaLike, FormulaNode } from './formula.ts'
import type { Bindings } from './bindings.ts'
import { here, place, type Origin } from './origin.ts'
import { steps, stepsOf, type Steps, type StepsLike } from './steps.ts'
import { inWords } from './show.ts'

/** From now on, at every moment. */
export function always<S>(of: FormulaLike<S>): Formula<S> {
  return formula({ op: 'always', of: nodeOf('always', of) })
}

/** Now or at some later moment. */
export function eventually<S>(of: FormulaLike<S>): Formula<S> {
  return formula({ op: 'eventually', of: nodeOf('eventually', of) })
}

/** At every moment at which `left` is true, `right` is, or comes to be. The report warns when `left` is never true. */
export function leadsTo<S>(left: FormulaLike<S>, right: FormulaLike<S>): Formula<S> {
  return formula({ op: 'leadsTo', left: nodeOf('leadsTo', left), right: nodeOf('leadsTo', right) })
}

/** Again and again, infinitely often. */
export function alwaysEventually<S>(of: FormulaLike<S>): Formula<S> {
  return always(eventually(of))
}

/** From some moment on for ever. */
export function eventuallyAlways<S>(of: FormulaLike<S>): Formula<S> {
  return eventually(always(of))
}

/** `right` comes to be true, and until then `left` is. */
export function until<S>(left: FormulaLike<S>, right: FormulaLike<S>): Formula<S> {
  return formula({ op: 'until', left: nodeOf('until', left), right: nodeOf('until', right) })
}

/** All of them. */
export function and<S>(...of: readonly FormulaLike<S>[]): Formula<S> {
  return formula({ op: 'and', of: of.map((one) => nodeOf('and', one)) })
}

/** At least one of them. */
export function or<S>(...of: readonly FormulaLike<S>[]): Formula<S> {
  return formula({ op: 'or', of: of.map((one) => nodeOf('or', one)) })
}

export function not<S>(of: FormulaLike<S>): Formula<S> {
  return formula({ op: 'not', of: nodeOf('not', of) })
}

/** Some such step is possible that would change the state: TLA+'s `ENABLED <<A>>_vars`. */
export function enabled<S>(of: StepsLike, bindings?: Bindings): Formula<S> {
  return formula({ op: 'enabled', steps: bound('enabled', of, bindings) })
}

/** The step at this moment is such a step, and changes the state: TLA+'s `<<A>>_vars`. */
export function taken<S>(of: StepsLike, bindings?: Bindings): Formula<S> {
  return formula({ op: 'taken', steps: bound('taken', of, bindings) })
}

function bound(call: string, of: StepsLike, bindings: Bindings | undefined): Steps {
  return typeof of === 'string' && bindings !== undefined ? steps(of, bindings) : stepsOf(call, of)
}

function formula<S>(node: FormulaNode): Formula<S> {
  return { kind: 'formula', node, origin: here() }
}

/**
 * The tree of what was given.
 *
 * @param around - the `forAll` that gave it; undefined if the author's call is under way
 * @throws {CheckerError} KR206 for what is no formula
 */
export function nodeOf(call: string, given: unknown, around?: Origin): FormulaNode {
  if (typeof given === 'function') return { op: 'predicate', holds: given as (state: never) => unknown }
  const { kind } = (given ?? {}) as { kind?: unknown }
  if (kind === 'formula') return (given as Formula<unknown>).node
  if (takesBindingsAlone(given)) {
    const { call: quantifier, parameters, body, origin } = given
    return { op: 'forAll', parameters, origin, body: (bindings) => nodeOf(quantifier, body(bindings as never), origin) }
  }
  throw badDefinition(
    call.includes('"') ? call : `${call}(...)`,
    `must be given a formula, but was given ${kind === 'forAll' ? 'a forAll of predicates' : inWords(given)}`,
    kind === 'forAll'
      ? 'write forAll({ file: File }, ({ file }) => always((s) => ...))'
      : 'write (s) => ..., or a formula such as leadsTo((s) => ..., (s) => ...)',
    place(kind === 'forAll' ? (given as { origin: Origin }).origin : (around ?? here())),
  )
}

/** `implies` where one side is a formula. */
export function impliesFormula(antecedent: unknown, consequent: unknown): Formula<unknown> {
  const of = [{ op: 'not', of: nodeOf('implies', antecedent) }, nodeOf('implies', consequent)] as const
  return formula({ op: 'or', of })
}
