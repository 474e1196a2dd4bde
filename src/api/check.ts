/** Checks a spec: from constants to an outcome. */
import { askingFirst } from '../engine/asking.ts'
import { now } from '../engine/clock.ts'
import { explore } from '../engine/explore.ts'
import { untilAllElementsAreKnown } from '../engine/growth.ts'
import type { Exploration } from '../engine/engine.ts'
import type { CheckOptions } from '../engine/settings.ts'
import { failureOnRepeat } from '../semantics/failure.ts'
import { resumeCalls } from '../spec/calls.ts'
import type { Constants } from '../spec/constant.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import { runAudits, viewDifference } from './audits.ts'
import { findCounterexamples } from './counterexamples.ts'
import { FailedRun } from './failed-run.ts'
import type { CheckResult, Outcome } from './outcome.ts'
import { withProperties } from './property-result.ts'
import { countsOf, outcomeOf } from './result.ts'
import { withModule } from './spec-module.ts'

/**
 * Checks a spec.
 *
 * @returns the outcome; `property(name)` looks up a property in it. A violation is an outcome, not an error
 * @throws {CheckerError} for a mistake in the spec or the options; a `FailedRun`, which has a trace, if a spec function failed
 */
export async function check<C extends Constants, P extends string, S>(
  spec: Spec<C, P, S>,
  options: CheckOptions<NoInfer<C>, NoInfer<P>> = {},
): Promise<CheckResult<P, S>> {
  const whole = await askingFirst(
    await withModule(spec, options),
    async (settled) => await untilAllElementsAreKnown(settled, checkOnce(spec)),
  )
  return withProperties(whole as Outcome<P, S>)
}

function checkOnce(
  spec: AnySpec,
): (options: CheckOptions, before: { readonly startedMs: number; readonly calls: number }) => Promise<Outcome> {
  return async (options, { startedMs, calls }) => {
    const { exploration, engineChange, otherCalls, notReduced } = await explore({ spec, options })
    const outcome = await conclude(exploration)
    const specCalls = outcome.specCalls + otherCalls + calls
    return { ...outcome, engineChange, notReduced, specCalls, seconds: (now() - startedMs) / 1000 }
  }
}

/**
 * Concludes an exploration: runs the audits, finds the counterexamples and makes the outcome.
 *
 * @throws {FailedRun} if a spec function failed; {CheckerError} KR501 if learned and reference evaluation disagree, KR502 if a
 *   function fails that did not before, KR508 if the spec is not as symmetric as it says
 */
async function conclude(exploration: Exploration): Promise<Outcome> {
  resumeCalls()
  try {
    const sampled = runAudits(exploration)
    const hidden = viewDifference(exploration)
    const counts = countsOf(exploration)
    const counterexamples = await findCounterexamples(exploration)
    const outcome = outcomeOf(exploration, counts, counterexamples, { sampled, hidden })
    const { failure } = exploration.monitor
    if (failure === undefined) return outcome
    const { toFailure } = counterexamples
    if (toFailure === undefined) throw failure.failure.cause
    throw new FailedRun(toFailure.failure.cause, toFailure.trace, outcome)
  } catch (thrown) {
    throw failureOnRepeat(thrown)
  }
}
