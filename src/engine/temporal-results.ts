/** The results of temporal properties, from any engine. */
import type { Decision } from '../properties/liveness/decide.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import type { Trace } from '../trace/trace.ts'
import type { Ending } from './ending.ts'
import type { Settings } from './settings.ts'

/** The result of one temporal property. */
export interface TemporalFinding extends Omit<Decision, 'violation'> {
  readonly result: 'holds' | 'violated' | 'unknown'
  /** A lasso that violates the property. */
  readonly trace: Trace | undefined
  /** Whether the constraints cut steps or initial states. */
  readonly isCut: boolean
}

export interface TemporalResults {
  /** Decided properties, in the order of the spec. Empty if a bound ended the search before. */
  readonly findings: ReadonlyMap<PropertyDefinition, TemporalFinding>
  /** Undecided properties, each with a clause that says why. */
  readonly undecided: ReadonlyMap<PropertyDefinition, string>
  /** Properties for an engine with single states: undecided ones, and violated ones without a lasso. */
  readonly left: readonly PropertyDefinition[]
  /** What ended the work early. */
  readonly cut: Ending | undefined
}

/**
 * The result of a property.
 *
 * If constraints cut the graph, a lasso is still a behavior of the model. Without a lasso, the property is unknown,
 * unless the user chose TLC's meaning. TLC omits states outside the constraints and steps to them. Every state can
 * still stutter, and an action that leads only outside is still enabled.
 */
export function resultOf(
  isViolated: boolean,
  isCut: boolean,
  { livenessUnderConstraints }: Pick<Settings, 'livenessUnderConstraints'>,
): TemporalFinding['result'] {
  if (isViolated) return 'violated'
  return isCut && !livenessUnderConstraints ? 'unknown' : 'holds'
}
