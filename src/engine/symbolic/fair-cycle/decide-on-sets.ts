/** Decides temporal properties on sets of states, one after the other. */
import type { LearnedEvaluator } from '../../../semantics/learned/learned-evaluator.ts'
import type { PropertyDefinition } from '../../../spec/model.ts'
import { temporalInstances, type BoundFormula, type TemporalInstance } from '../../../spec/temporal-instances.ts'
import { Unsuited } from '../relation-learner.ts'
import type { Trace } from '../../../trace/trace.ts'
import type { CheckContext } from '../../context.ts'
import { lassoAmong } from './lasso-among.ts'
import { auditSets } from './sets-audit.ts'
import {
  TemporalChecker,
  Undecided,
  type SymbolicExploration,
  type CheckedExploration,
  type TemporalVerdict,
} from './temporal-checker.ts'

/**
 * The budget for a temporal property that the explicit engine could decide too: two to four seconds, at 2.4 to 4
 * million operations per second (dining philosophers, bakery, unbind; two shared cores).
 */
const MAX_TEMPORAL_OPERATIONS = 2 ** 23

/** Whether a formula has a predicate of steps. A diagram of states does not have pairs of states. */
function asksAboutPairs({ formula }: TemporalInstance): boolean {
  const asks = (inner: BoundFormula): boolean => {
    switch (inner.op) {
      case 'step':
        return true
      case 'predicate':
      case 'enabled':
      case 'taken':
        return false
      case 'and':
      case 'or':
        return inner.of.some(asks)
      case 'until':
      case 'leadsTo':
        return asks(inner.left) || asks(inner.right)
      case 'not':
      case 'always':
      case 'eventually':
        return asks(inner.of)
    }
  }
  return asks(formula)
}

/** Receives the verdict on a property, or a clause that says why there is none. */
export type OnVerdict = (property: PropertyDefinition, verdict: TemporalVerdict | string, lasso?: Trace) => void

/**
 * Decides temporal properties, and reports each verdict. If a property is violated and there are too many states for
 * the explicit engine, it reports the property once more with a lasso.
 *
 * @throws {ReachableFailure} and {Failure} if a function of the spec fails; and the errors of `runSliced`
 */
export async function decideOnSets(
  context: CheckContext,
  evaluator: LearnedEvaluator,
  explored: SymbolicExploration,
  properties: readonly PropertyDefinition[],
  isTooLarge: boolean,
  tell: OnVerdict,
): Promise<void> {
  const formulas = properties.map(temporalInstances).map((all) => (all.some(asksAboutPairs) ? [] : all))
  const operations = isTooLarge ? Infinity : MAX_TEMPORAL_OPERATIONS
  const audit: CheckedExploration['audit'] = async (alphabet, answers) =>
    await auditSets(context, explored, alphabet, answers)
  const checker = new TemporalChecker(
    { ...explored, audit },
    evaluator,
    context.instances,
    context.model,
    formulas.flat(),
  )
  for (const [index, property] of properties.entries()) {
    if (formulas[index]!.length === 0 && temporalInstances(property).length > 0) {
      tell(property, 'sets of states cannot decide fairness of an abstract spec; use --engine explicit')
      continue
    }
    try {
      const verdict = await checker.decide(formulas[index]!, operations)
      tell(property, verdict)
      if (verdict.violation === undefined || !isTooLarge) continue
      const { instance, states } = verdict.violation
      tell(property, verdict, await lassoAmong(context, explored.runSliced, property, instance, await states()))
    } catch (thrown) {
      if (!(thrown instanceof Unsuited) && !(thrown instanceof Undecided)) throw thrown
      tell(property, thrown.message)
    }
  }
}
