/** Fairness: restricts the behaviors that temporal properties are about. */
import { badDefinition } from '../errors.ts'
import type { ForAllOf } from './claim.ts'
import { here, place } from './origin.ts'
import { stepsOf, type Steps, type StepsLike } from './steps.ts'

/**
 * Weak: if the steps stay enabled, they are taken eventually. Strong: if they are enabled infinitely often, they are
 * taken infinitely often.
 */
export type Fairness = 'weak' | 'strong'

/** One fairness constraint about some steps together. Made by `weak` and `strong`. */
export interface Fair {
  readonly kind: 'fairness'
  readonly fairness: Fairness
  readonly steps: readonly Steps[]
}

/** Fairness constraints as the author writes them. */
export type FairLike = Fair | ForAllOf<FairLike>

/** One of these steps is taken again and again, unless none of them is enabled again and again: TLA+'s `WF_vars`. */
export function weak(...of: readonly StepsLike[]): Fair {
  return fair('weak', of)
}

/** If one of these steps is enabled again and again, one of them is taken again and again: TLA+'s `SF_vars`. */
export function strong(...of: readonly StepsLike[]): Fair {
  return fair('strong', of)
}

function fair(fairness: Fairness, of: readonly StepsLike[]): Fair {
  if (of.length === 0)
    throw badDefinition(
      `${fairness}()`,
      'must be given steps, but was given none',
      `write ${fairness}(steps('tick'))`,
      place(here()),
    )
  return { kind: 'fairness', fairness, steps: of.map((one) => stepsOf(fairness, one)) }
}
