/** Measures: the costs of a design, as a whole number for each state or each step. They decide nothing. */
import { badDefinition } from '../errors.ts'
import { here, place, type Origin } from './origin.ts'
import type { StepView } from './claim.ts'

/** A number for each step that changes something. Made by `ofStep`. */
export interface StepMeasure<X> {
  readonly kind: 'ofStep'
  readonly measure: (step: X) => number
  readonly origin: Origin
}

/** A measure as the author writes it: a function of a state, or `ofStep` of a function of a step. */
export type MeasureLike<S> = ((state: S) => number) | StepMeasure<StepView<S>>

/**
 * Measures each step that changes something. The function sees the same as transition properties: `action`, `bindings`,
 * `thread`, `label`, `before` and `after`.
 */
export function ofStep<X>(measure: (step: X) => number): StepMeasure<X> {
  if (typeof measure === 'function') return { kind: 'ofStep', measure, origin: here() }
  const hint = 'write ofStep(({ before, after }) => ...)'
  throw badDefinition('ofStep(...)', 'must be given a function, but was not', hint, place(here()))
}
