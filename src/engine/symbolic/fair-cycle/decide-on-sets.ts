/** Decides temporal properties on sets of states, one after the other. */
import type { LearnedEvaluator } from '../../../semantics/learned/learned-evaluator.ts'
import type { PropertyDefinition } from '../../../spec/model.ts'
import { temporalInstances } from '../../../spec/temporal-instances.ts'
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
  const formulas = properties.map(temporalInstances)
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
