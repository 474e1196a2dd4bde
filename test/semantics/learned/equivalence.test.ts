import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../support/amount.ts'
import { compareEvaluators } from '../../support/evaluators.ts'
import { modelOf, plan } from '../../support/random-spec.ts'

describe('LearnedEvaluator', () => {
  it('agrees with reference evaluation on random models, state by state and edge by edge', () => {
    let compared = 0
    fc.assert(
      fc.property(plan, (it) => {
        compared += compareEvaluators(modelOf(it), 60)
      }),
      { numRuns: runs(300) },
    )
    expect(compared).toBeGreaterThan(runs(1000))
  })
})
