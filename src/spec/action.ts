/** Actions: named, possibly parameterized rules that give the next states of a state. */
import type { Fields, FieldValues } from './domain.ts'
import { here, type Origin } from './origin.ts'
import { requireParts } from './parts.ts'
import type { Fairness } from './thread.ts'

/** What an action may return: nothing when it is not enabled, one next state, or several. */
export type Outcome<S> = S | undefined | null | false | Iterable<S | undefined | null | false>

/** An action with parameters. Made by `action`. */
export interface Action<S> {
  readonly kind: 'action'
  readonly parameters: Fields
  readonly next: (state: S, bindings: never) => Outcome<S>
  readonly fair: Fairness | undefined
  readonly origin: Origin
}

/** An action as the author writes it: a function of the state, or `action(...)` when it has parameters. */
export type ActionLike<S> = Action<S> | ((state: S) => Outcome<S>)

/**
 * An action with parameters, each bound to every value of its domain in turn: TLA+'s `\E file \in File`.
 *
 * @param next - the next state or states; must be a function of its two arguments alone
 * @param options.fair - whether the action is fair, for every binding by itself
 */
export function action<S, P extends Fields>(
  parameters: P,
  next: (state: S, bindings: FieldValues<P>) => Outcome<S>,
  { fair }: { fair?: Fairness | undefined } = {},
): Action<S> {
  requireParts('action', parameters, [next])
  return { kind: 'action', parameters, next: next as Action<S>['next'], fair, origin: here() }
}
