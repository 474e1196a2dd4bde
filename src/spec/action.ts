/** Actions: named, possibly parameterized rules that give the next states of a state. */
import type { Fields, FieldValues } from './domain.ts'
import { here, type Origin } from './origin.ts'
import { requireFunction, requireOptions, requireParameters } from './parts.ts'
import type { Fairness } from './fairness.ts'

/** The result of an action: nothing if it is not enabled, one next state, or several. */
export type Outcome<S> = S | undefined | null | false | Iterable<S | undefined | null | false>

/** An action with parameters. Made by `action`. */
export interface Action<S> {
  readonly kind: 'action'
  readonly parameters: Fields
  readonly next: (state: S, bindings: never) => Outcome<S>
  readonly fair: Fairness | undefined
  readonly origin: Origin
}

/** An action as the author writes it: a function of the state, or `action(...)` if it has parameters. */
export type ActionLike<S> = Action<S> | ((state: S) => Outcome<S>)

/** Options of an action. */
export interface ActionOptions {
  /** The fairness of the action, for each binding separately. */
  readonly fair?: Fairness | undefined
}

/** Correct calls, for hints. */
const BOUND = "action({ file: File }, (s, { file }) => ..., { fair: 'weak' })"
const BARE = "action((s) => ..., { fair: 'weak' })"

/**
 * An action with parameters. Kripke binds each parameter to each value of its domain: TLA+'s `\E file \in File`.
 *
 * @param next - gives the next state or states; it must depend on its two arguments only
 */
export function action<S, P extends Fields>(
  parameters: P,
  next: (state: S, bindings: FieldValues<P>) => Outcome<S>,
  options?: ActionOptions,
): Action<S>
/** An action without parameters but with options. */
export function action<S>(next: (state: S) => Outcome<S>, options?: ActionOptions): Action<S>
export function action(first: unknown, second?: unknown, third?: unknown): Action<any> {
  const isBare = typeof first === 'function' && !('kind' in first)
  const [parameters, next, options = {}] = isBare ? [{}, first, second] : [first, second, third]
  const right = isBare ? BARE : BOUND
  requireParameters('action', parameters, `${BOUND}, or ${BARE}`)
  requireFunction('action', next, right)
  requireOptions('action', options, ['fair'], right)
  const { fair } = options as ActionOptions
  return { kind: 'action', parameters: parameters as Fields, next: next as Action<any>['next'], fair, origin: here() }
}
