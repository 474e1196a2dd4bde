/** Which runs fit a cluster. */
import { badOption } from '../../../errors.ts'
import type { CheckContext } from '../../context.ts'

/** @throws {CheckerError} KR101 if a cluster cannot explore the model with these settings */
export function requireFitForCluster({ model, layout, settings }: CheckContext): void {
  const refuse = (what: string, hint: string): never => {
    throw badOption(`a cluster must get a run without ${what}, but this run has one`, hint)
  }
  if (model.view !== undefined) refuse('a view', 'run without --cluster, or remove the view')
  if (settings.por !== 'off') refuse('partial-order reduction', 'use --por off')
  if (settings.checkpoints !== undefined)
    refuse('a checkpoint', 'the journals of the cluster keep the states; remove --checkpoint')
  if (settings.attribute) refuse('a profile', 'remove --profile, or run without --cluster')
  if (layout.slots.some(({ open }) => open)) {
    refuse(
      'an open variable, because nodes cannot agree on the numbers of its values',
      'give the variable a finite domain instead of value(), or run without --cluster',
    )
  }
}
