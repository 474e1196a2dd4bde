/** `forAll`: a claim, a temporal formula or a fairness constraint for all values of some parameters. */
import { badDefinition } from '../errors.ts'
import type { Conjuncts, ForAll, ForAllOf, QuantifierCall } from './claim.ts'
import { requireClaim } from './conjuncts.ts'
import type { Fields, FieldValues } from './domain.ts'
import { here, place } from './origin.ts'
import { requireFunction, requireParameters } from './parts.ts'
import { isPure } from './purity.ts'

/**
 * Claims something for all values of the parameters. It may replace any predicate: of a property, constraint or
 * conjunct, or inside another `forAll`. An inner `forAll` receives the bindings of both.
 *
 * @param claim - a predicate, another `forAll`, or an object of these by name, each a conjunct
 */
// The context of the call determines `T`: it is not `never` if a formula or a fairness constraint is expected. The
// default of `X` is for a formula outside a model: the compiler gives its parameter the type that the second signature
// needs.
export function forAll<P extends Fields, X = FieldValues<P>, B = {}, T = never>(
  parameters: P,
  claim: [T] extends [never]
    ? Conjuncts<
        ForAll<X, NoInfer<B> & FieldValues<P>> | ((subject: X, bindings: NoInfer<B> & FieldValues<P>) => boolean)
      >
    : (bindings: FieldValues<P>) => NoInfer<T>,
): [T] extends [never] ? ForAll<X, B> : ForAllOf<T>
/**
 * The same temporal formula or fairness constraint for all values of the parameters: all formulas are true, all
 * constraints are met.
 *
 * @param body - called once for each binding, when the model is checked
 */
export function forAll<T, P extends Fields>(parameters: P, body: (bindings: FieldValues<P>) => T): ForAllOf<T>
export function forAll(parameters: Fields, claim: unknown): unknown {
  if (isPure()) {
    const problem = 'must make a claim of the model, but was called inside a function of the model'
    throw badDefinition('forAll(...)', problem, 'write every(File, (file) => ...)', place(here()))
  }
  requireParameters('forAll', parameters, 'forAll({ file: File }, (s, { file }) => ...)')
  const { kind } = (claim ?? {}) as { kind?: unknown }
  const fixed = typeof kind === 'string' ? FIXED[kind] : undefined
  if (fixed !== undefined) {
    const [what, result] = fixed
    throw badDefinition(
      'forAll(...)',
      `must be given a function of its parameters, but was given ${what}`,
      `write forAll({ file: File }, ({ file }) => ${result})`,
      place(here()),
    )
  }
  requireClaim('the claim of forAll(...)', claim, place(here()))
  return quantified('forAll', parameters, claim)
}

/** Values that `forAll` takes from a function of its parameters, by kind: a name and an example. */
const FIXED: { readonly [kind: string]: readonly [what: string, example: string] } = {
  formula: ['a temporal formula', 'always((s) => ...)'],
  fairness: ['a fairness constraint', "weak('tick')"],
  priority: ['a priority', "preempts('irq', 'task')"],
}

/**
 * The old name of `forAll` for temporal formulas and fairness constraints.
 *
 * @deprecated use `forAll`
 */
export function forEach<T, P extends Fields>(parameters: P, body: (bindings: FieldValues<P>) => T): ForAllOf<T> {
  const right = 'forEach({ file: File }, ({ file }) => ...)'
  requireParameters('forEach', parameters, right)
  requireFunction('forEach', body, right)
  return quantified('forEach', parameters, body) as ForAllOf<T>
}

/**
 * The context of the result decides whether the author's function is the claim of a `ForAll` or the body of a
 * `ForAllOf`.
 */
function quantified(call: QuantifierCall, parameters: Fields, given: unknown): unknown {
  return { kind: 'forAll', call, parameters, claim: given, body: given, origin: here() }
}

/**
 * Whether it can contain formulas or fairness constraints: its function takes the bindings, without a state before
 * them.
 */
export function takesBindingsAlone(given: unknown): given is ForAllOf<unknown> {
  const { kind, call, body } = (given ?? {}) as Partial<ForAllOf<unknown>>
  return kind === 'forAll' && typeof body === 'function' && (call === 'forEach' || body.length < 2)
}
