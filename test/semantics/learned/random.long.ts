/** The random suites again, with many more models. */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { compareEvaluators } from '../../support/evaluators.ts'
import { modelOf, plan } from '../../support/random-spec.ts'

describe('LearnedEvaluator', () => {
  it('agrees with reference evaluation on very many random models', () => {
    fc.assert(
      fc.property(plan, (it) => void compareEvaluators(modelOf(it), 200)),
      { numRuns: 30_000 },
    )
  })
})
