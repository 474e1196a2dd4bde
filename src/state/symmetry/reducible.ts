/** Whether a run may take states for the same that symmetry makes the same, and by which sets. */
import type { Model, PropertyDefinition } from '../../spec/model.ts'
import { symmetricSetsOf, type Obstacle } from '../../spec/symmetric-sets.ts'
import type { Layout } from '../layout.ts'
import { Symmetry } from './symmetry.ts'

/** The symmetry that a run reduces by, and the sets that are said to be symmetric and of which it makes no use. */
export interface Reducible {
  readonly symmetry: Symmetry | undefined
  readonly obstacles: readonly Obstacle[]
}

/**
 * By what a check of these properties can be reduced.
 *
 * Properties of single states or steps are true of others that symmetry takes them to. One about whole behaviors, which tells one
 * member's steps from another's, is decided on the model as it is; so where there is such a property to check, nothing is reduced.
 *
 * @param isWanted - whether the user has symmetry on
 */
export function reducible(
  model: Model,
  layout: Layout,
  properties: readonly PropertyDefinition[],
  isWanted: boolean,
): Reducible {
  if (!isWanted || properties.some(({ kind }) => kind === 'temporal')) return { symmetry: undefined, obstacles: [] }
  const { sets, obstacles } = symmetricSetsOf(model)
  return { symmetry: sets.length === 0 ? undefined : new Symmetry(layout, sets), obstacles }
}
