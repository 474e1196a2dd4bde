/** Measures: what a design costs, as a whole number for every state or for every step. They decide nothing. */
import { badDefinition } from '../errors.ts'
import { here, place, type Origin } from './origin.ts'
import type { StepView } from './claim.ts'

/** A number for every step that changes something. Made by `ofStep`. */
export interface StepMeasure<X> {
  readonly kind: 'ofStep'
  readonly measure: (step: X) => number
  readonly origin: Origin
}

/** A measure as the author writes it: a function of a state, or `ofStep` of a function of a step. */
export type MeasureLike<S> = ((state: S) => number) | StepMeasure<StepView<S>>

/**
 * Measures every step that changes something, by what transition properties see of it: `action`, `bindings`, `thread`, `label`,
 * `before` and `after`.
 */
export function ofStep<X>(measure: (step: X) => number): StepMeasure<X> {
  if (typeof measure === 'function') return { kind: 'ofStep', measure, origin: here() }
  const hint = 'write ofStep(({ before, after }) => ...)'
  throw badDefinition('ofStep(...)', 'was not given a function', hint, place(here()))
}
