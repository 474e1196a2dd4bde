/**
 * Temporal formulas: claims about whole behaviors.
 *
 * They have the semantics of TLA+. A behavior is infinite. It may stutter at every moment, and a state without
 * successors stutters forever. A formula is true or false at a moment of a behavior. A property must be true at the
 * beginning of every behavior that meets the model's fairness constraints.
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

/** Whenever `left` is true, `right` is true then or later. The report warns if `left` is never true. */
export function leadsTo<S>(left: FormulaLike<S>, right: FormulaLike<S>): Formula<S> {
  return formula({ op: 'leadsTo', left: nodeOf('leadsTo', left), right: nodeOf('leadsTo', right) })
}

/** Again and again, infinitely often. */
export function alwaysEventually<S>(of: FormulaLike<S>): Formula<S> {
  return always(eventually(of))
}

/** Forever from some moment on. */
export function eventuallyAlways<S>(of: FormulaLike<S>): Formula<S> {
  return eventually(always(of))
}

/** `right` becomes true, and `left` is true until then. */
export function until<S>(left: FormulaLike<S>, right: FormulaLike<S>): Formula<S> {
  return formula({ op: 'until', left: nodeOf('until', left), right: nodeOf('until', right) })
}

/** All of them are true. */
export function and<S>(...of: readonly FormulaLike<S>[]): Formula<S> {
  return formula({ op: 'and', of: of.map((one) => nodeOf('and', one)) })
}

/** At least one of them is true. */
export function or<S>(...of: readonly FormulaLike<S>[]): Formula<S> {
  return formula({ op: 'or', of: of.map((one) => nodeOf('or', one)) })
}

export function not<S>(of: FormulaLike<S>): Formula<S> {
  return formula({ op: 'not', of: nodeOf('not', of) })
}

/** Such a step is possible and would change the state: TLA+'s `ENABLED <<A>>_vars`. */
export function enabled<S>(of: StepsLike, bindings?: Bindings): Formula<S> {
  return formula({ op: 'enabled', steps: bound('enabled', of, bindings) })
}

/** The step at this moment is such a step and changes the state: TLA+'s `<<A>>_vars`. */
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
 * The tree of a formula as the author gave it.
 *
 * @param around - the `forAll` around it; undefined during the author's call
 * @throws {CheckerError} KR206 for a value that is not a formula
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

/** `implies` with a formula on either side. */
export function impliesFormula(antecedent: unknown, consequent: unknown): Formula<unknown> {
  const of = [{ op: 'not', of: nodeOf('implies', antecedent) }, nodeOf('implies', consequent)] as const
  return formula({ op: 'or', of })
}
