/** What a search claims about each state and each step. The evaluation audit compares samples with it. */
import type { MeasureRange } from '../properties/range.ts'
import { measureInstance, predicateInstances } from '../spec/instances.ts'
import { isOfSteps, type MeasureDefinition, type PropertyDefinition } from '../spec/model.ts'
import type { Audited, Bounded } from './evaluation-audit.ts'

/**
 * The claims of a search that did not decide `properties`.
 *
 * @param ranges - by measure
 */
export function claimsAbout(
  properties: readonly PropertyDefinition[],
  measures: readonly MeasureDefinition[],
  ranges: readonly MeasureRange[],
): Pick<Audited, 'states' | 'steps'> {
  const claims = (ofSteps: boolean): Audited['states'][number][] =>
    properties
      .filter((it) => isOfSteps(it) === ofSteps)
      .flatMap((property) =>
        predicateInstances(property).map((predicate) => ({ predicate, expected: property.kind !== 'goal' })),
      )
  const measured = (over: MeasureDefinition['over']): Bounded[] =>
    measures.flatMap((measure, index) =>
      measure.over === over && ranges[index]!.isMeasured
        ? [{ measure: measureInstance(measure), bounds: ranges[index]!.bounds }]
        : [],
    )
  return {
    states: [...claims(false), ...measured('states')],
    steps: [...claims(true), ...measured('steps')],
  }
}
