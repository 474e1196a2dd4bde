/** What became of temporal properties, whichever engine decided them. */
import type { Decision } from '../properties/liveness/decide.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import type { Trace } from '../trace/trace.ts'
import type { Ending } from './ending.ts'
import type { Settings } from './settings.ts'

/** What became of one temporal property. */
export interface TemporalFinding extends Omit<Decision, 'violation'> {
  readonly result: 'holds' | 'violated' | 'unknown'
  /** A lasso that violates it. */
  readonly trace: Trace | undefined
  /** Whether the search left out steps or initial states because they lie outside the constraints. */
  readonly isCut: boolean
}

export interface TemporalResults {
  /** Of the properties that were decided, in the order of the spec; of none if a bound was met before. */
  readonly findings: ReadonlyMap<PropertyDefinition, TemporalFinding>
  /** Of the others, why they were not: a clause. */
  readonly undecided: ReadonlyMap<PropertyDefinition, string>
  /** Those to ask an engine about that looks at states one by one: not decided yet, or violated and without a lasso to show it. */
  readonly left: readonly PropertyDefinition[]
  /** What ended the work before it was done. */
  readonly cut: Ending | undefined
}

/**
 * The result of a property.
 *
 * On a graph that constraints cut, a lasso is still a behavior of the model. If there is no lasso, the property is unknown,
 * unless the user asks for TLC's meaning. TLC leaves out states outside and steps to them. Every state can still stutter, and
 * an action that leads only outside is still enabled.
 */
export function resultOf(
  isViolated: boolean,
  isCut: boolean,
  { livenessUnderConstraints }: Pick<Settings, 'livenessUnderConstraints'>,
): TemporalFinding['result'] {
  if (isViolated) return 'violated'
  return isCut && !livenessUnderConstraints ? 'unknown' : 'holds'
}
