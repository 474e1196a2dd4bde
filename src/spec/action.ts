/** Actions: named, possibly parameterized rules that give the next states of a state. */
import type { Fields, FieldValues } from './domain.ts'
import { here, type Origin } from './origin.ts'
import { requireFunction, requireOptions, requireParameters } from './parts.ts'
import type { Fairness } from './fairness.ts'
import { requireNote, type Note, type NoteOptions } from './note.ts'

/** The result of an action: nothing if it is not enabled, one next state, or several. */
export type Outcome<S> = S | undefined | null | false | Iterable<S | undefined | null | false>

/** An action with parameters. Made by `action`. */
export interface Action<S> {
  readonly kind: 'action'
  readonly parameters: Fields
  readonly next: (state: S, bindings: never) => Outcome<S>
  readonly fair: Fairness | undefined
  readonly doc: string | undefined
  readonly note: Note<any, any> | undefined
  readonly origin: Origin
}

/** An action as the author writes it: a function of the state, or `action(...)` if it has parameters. */
export type ActionLike<S> = Action<S> | ((state: S) => Outcome<S>)

/** Options of an action, for states `S` and bindings `B`. */
export interface ActionOptions<S, B> extends NoteOptions<S, B> {
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
  options?: ActionOptions<NoInfer<S>, FieldValues<P>>,
): Action<S>
/** An action without parameters but with options. */
export function action<S>(next: (state: S) => Outcome<S>, options?: ActionOptions<NoInfer<S>, {}>): Action<S>
export function action(first: unknown, second?: unknown, third?: unknown): Action<any> {
  const isBare = typeof first === 'function' && !('kind' in first)
  const [parameters, next, options = {}] = isBare ? [{}, first, second] : [first, second, third]
  const right = isBare ? BARE : BOUND
  requireParameters('action', parameters, `${BOUND}, or ${BARE}`)
  requireFunction('action', next, right)
  requireOptions('action', options, ['fair', 'doc', 'note'], right)
  const { fair, doc, note } = options as ActionOptions<any, any>
  requireNote('action', { doc, note })
  const origin = here()
  return {
    kind: 'action',
    parameters: parameters as Fields,
    next: next as Action<any>['next'],
    fair,
    doc,
    note,
    origin,
  }
}
