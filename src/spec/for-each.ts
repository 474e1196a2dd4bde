/** Something for every value of some parameters: a temporal formula, or a fairness constraint. */
import type { Fields, FieldValues } from './domain.ts'
import { here, type Origin } from './origin.ts'
import { requireFunction, requireParameters } from './parts.ts'

/** One `T` for every binding. Made by `forEach`. */
export interface ForEach<T> {
  readonly kind: 'forEach'
  readonly parameters: Fields
  readonly body: (bindings: never) => T
  readonly origin: Origin
}

/**
 * Says the same of every value of the parameters: of a formula that all are true, of a fairness constraint that all are met.
 *
 * @param body - called once for each binding, when the model is checked
 */
export function forEach<T, P extends Fields>(parameters: P, body: (bindings: FieldValues<P>) => T): ForEach<T> {
  const right = 'forEach({ file: File }, ({ file }) => ...)'
  requireParameters('forEach', parameters, right)
  requireFunction('forEach', body, right)
  return { kind: 'forEach', parameters, body: body as ForEach<T>['body'], origin: here() }
}
