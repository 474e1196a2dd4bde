/** `unreachable`: a goal that must not be reached. Litmus tests call it forbidden. */
import type { Claim } from './claim.ts'
import { requireClaim } from './conjuncts.ts'
import { here, place, type Origin } from './origin.ts'

/** A claim that must not be true of any reachable state. Made by `unreachable`. */
export interface Unreachable<S> {
  readonly kind: 'unreachable'
  readonly claim: Claim<S>
  readonly origin: Origin
}

/** A goal as the author writes it. */
export type GoalLike<S> = Claim<S> | Unreachable<S>

/**
 * A goal that no reachable state may satisfy. As in other goals, all conjuncts and bindings must be true of the same
 * state. If they are, Kripke reports a violation with the shortest trace.
 *
 * @param claim - a predicate, a `forAll`, or an object of these by name
 */
export function unreachable<S>(claim: Claim<S>): Unreachable<S> {
  requireClaim('the claim of unreachable(...)', claim, place(here()))
  return { kind: 'unreachable', claim, origin: here() }
}

export function isUnreachable(given: unknown): given is Unreachable<never> {
  return (given as Partial<Unreachable<never>> | null | undefined)?.kind === 'unreachable'
}
