/** Fairness: restricts the behaviors that temporal properties are about. */
import { badDefinition } from '../errors.ts'
import type { ForAllOf } from './claim.ts'
import { here, place } from './origin.ts'
import { requireOptions } from './parts.ts'
import { inWords } from './show.ts'
import { stepsOf, type Steps, type StepsLike } from './steps.ts'

/**
 * Weak: if the steps stay enabled, they are taken eventually. Strong: if they are enabled infinitely often, they are
 * taken infinitely often.
 */
export type Fairness = 'weak' | 'strong'

/** One fairness constraint about some steps together. Made by `weak` and `strong`. */
export interface Fair<S = any> {
  readonly kind: 'fairness'
  readonly fairness: Fairness
  readonly steps: readonly Steps[]
  /** The steps count as enabled, and as taken, only from states in which it is true. */
  readonly when: ((state: S) => boolean) | undefined
}

/** Fairness constraints as the author writes them. */
export type FairLike<S = any> = Fair<S> | ForAllOf<FairLike<S>>

/** Options of a fairness constraint. */
export interface FairnessOptions<S> {
  /** The condition under which the steps count as enabled, and as taken: TLA+'s `WF_vars(when /\ A)`. */
  readonly when: (state: S) => boolean
}

type StepsOrOptions = StepsLike | FairnessOptions<any>

/** One of these steps is taken again and again, unless none of them is enabled again and again: TLA+'s `WF_vars`. */
export function weak(...of: readonly StepsLike[]): Fair<unknown>
/** The same, where the steps count only in states in which `when` is true. */
export function weak<S>(...of: readonly [...StepsLike[], FairnessOptions<S>]): Fair<S>
export function weak(...of: readonly StepsOrOptions[]): Fair {
  return fair('weak', of)
}

/** If one of these steps is enabled again and again, one of them is taken again and again: TLA+'s `SF_vars`. */
export function strong(...of: readonly StepsLike[]): Fair<unknown>
/** The same, where the steps count only in states in which `when` is true. */
export function strong<S>(...of: readonly [...StepsLike[], FairnessOptions<S>]): Fair<S>
export function strong(...of: readonly StepsOrOptions[]): Fair {
  return fair('strong', of)
}

function fair(fairness: Fairness, given: readonly StepsOrOptions[]): Fair {
  const last = given.at(-1)
  const options = isOptions(last) ? last : undefined
  const of = options === undefined ? given : given.slice(0, -1)
  const { when } = options ?? {}
  if (options !== undefined) {
    const right = `${fairness}(steps('tick'), { when: (s) => ... })`
    requireOptions(fairness, options, ['when'], right)
    if (typeof when !== 'function')
      throw badDefinition(
        `${fairness}(...)`,
        `must be given a function as when, but was given ${inWords(when)}`,
        `write ${right}`,
        place(here()),
      )
  }
  if (of.length === 0)
    throw badDefinition(
      `${fairness}()`,
      'must be given steps, but was given none',
      `write ${fairness}(steps('tick'))`,
      place(here()),
    )
  return { kind: 'fairness', fairness, steps: of.map((one) => stepsOf(fairness, one)), when }
}

/** Whether an argument is an object of options. An object with another `kind` is neither options nor steps. */
function isOptions(given: unknown): given is FairnessOptions<any> {
  return typeof given === 'object' && given !== null && !('kind' in given)
}
