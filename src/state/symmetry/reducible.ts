/** Decides whether, and by which sets, symmetry reduces a run. */
import type { Model, PropertyDefinition } from '../../spec/model.ts'
import { symmetricSetsOf, type Obstacle } from '../../spec/symmetric-sets.ts'
import type { Layout } from '../layout.ts'
import { Symmetry } from './symmetry.ts'

/** The symmetry that reduces a run, and the declared symmetric sets that do not. */
export interface Reducible {
  readonly symmetry: Symmetry | undefined
  readonly obstacles: readonly Obstacle[]
}

/**
 * The symmetry that can reduce a check of these properties.
 *
 * A property of single states or steps has the same value on symmetric ones. A temporal property distinguishes the
 * steps of members, so it needs the unreduced model. If there is one to check, nothing is reduced.
 *
 * @param isWanted - whether the user enables symmetry
 */
export function reducible(
  model: Model,
  layout: Layout,
  properties: readonly PropertyDefinition[],
  isWanted: boolean,
): Reducible {
  if (!isWanted || properties.some(({ kind }) => kind === 'temporal')) return { symmetry: undefined, obstacles: [] }
  const { sets, obstacles } = symmetricSetsOf(model)
  if (model.view !== undefined) {
    const compared = sets.map(({ label }) => ({ label, why: 'states are compared by a view' }))
    return { symmetry: undefined, obstacles: [...obstacles, ...compared] }
  }
  return { symmetry: sets.length === 0 ? undefined : new Symmetry(layout, sets), obstacles }
}
