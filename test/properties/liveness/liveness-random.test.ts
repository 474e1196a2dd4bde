/** Temporal properties of random small graphs against the oracle, which shares no code with src. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { agree } from '../../support/agree-on-temporal.ts'
import { problems } from '../../support/random-temporal.ts'

describe('temporal properties of random graphs', () => {
  it('are decided as the oracle decides them, and every lasso is a fair counterexample', async () => {
    let violated = 0
    let runs = 0
    await fc.assert(
      fc.asyncProperty(problems(5), async (problem) => {
        runs++
        if (await agree(problem)) violated++
      }),
      { numRuns: 2500 },
    )
    // Neither verdict is rare.
    expect(violated).toBeGreaterThan(runs / 10)
    expect(runs - violated).toBeGreaterThan(runs / 10)
  })
})
