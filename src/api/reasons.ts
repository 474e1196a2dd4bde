/** Clauses that reports print beside a property: why it is unknown, or what its verdict does not cover. */
import type { PropertyDefinition } from '../spec/model.ts'
import type { PropertyOutcome } from './outcome.ts'
import type { Ending } from '../engine/ending.ts'
import type { TemporalFinding } from '../engine/temporal-results.ts'

const ENDED: { readonly [ending in Ending]?: string } = {
  violated: 'a violation ended the search',
  failed: 'the search stopped at the failure of a spec function',
  states: '--max-states stopped the search first',
  depth: '--max-depth stopped the search first',
  time: '--timeout stopped the run first',
  memory: 'the memory budget stopped the run first',
  disk: 'a disk error stopped the run first',
  interrupted: 'you interrupted the run first',
}

/** The facts about a run that determine the reasons. */
export interface RunFacts {
  /** What ended the run, or the work on temporal properties. */
  readonly ending: Ending
  /** The properties that diagrams cannot decide, each with the reason as a clause. */
  readonly undecided: readonly (readonly [property: PropertyDefinition, why: string])[]
  readonly constraints: readonly PropertyDefinition<'constraint'>[]
  /** Whether states are compared by a view. */
  readonly hasView?: boolean
  readonly temporal: ReadonlyMap<PropertyDefinition, TemporalFinding>
}

/** The remarks beside a property. Most properties have none. */
export function remarksOn(
  property: PropertyDefinition,
  result: PropertyOutcome['result'],
  { ending, undecided, constraints, hasView, temporal }: RunFacts,
): Pick<PropertyOutcome, 'reason' | 'caveat'> {
  const finding = temporal.get(property)
  const names = constraints.map(({ name }) => name).join(', ')
  if (result === 'holds' && finding?.isCut === true) {
    return {
      caveat: `this may be wrong, because --liveness-under-constraints ignores behaviors that leave the constraints (${names})`,
    }
  }
  if (hasView === true && (result === 'holds' || result === 'unreached')) return { caveat: 'if the view is right' }
  if (result !== 'unknown') return {}
  const why = undecided.find(([other]) => other === property)?.[1]
  if (why !== undefined) return { reason: why }
  if (finding !== undefined) {
    return {
      reason:
        `the constraints (${names}) cut the state graph, so infinite behaviors may be missing; ` +
        'use --liveness-under-constraints to decide within the constraints',
    }
  }
  return { reason: ENDED[ending] ?? 'the run stopped first' }
}
