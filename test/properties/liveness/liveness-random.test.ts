/** Compares temporal properties of random small graphs with the oracle, which shares no code with src. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../support/amount.ts'
import { agree } from '../../support/agree-on-temporal.ts'
import { problems } from '../../support/random-temporal.ts'

describe('temporal properties of random graphs', () => {
  it('are decided like the oracle, and each lasso is a fair counterexample', async () => {
    let violated = 0
    let made = 0
    await fc.assert(
      fc.asyncProperty(problems(5), async (problem) => {
        made++
        if (await agree(problem)) violated++
      }),
      { numRuns: runs(2500) },
    )
    // Neither verdict is rare.
    expect(violated).toBeGreaterThan(made / 10)
    expect(made - violated).toBeGreaterThan(made / 10)
  })
})
