/** Compares tens of thousands of random models that claim symmetry, rightly or wrongly, with a full exploration. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { claim, tryOut, type Trial } from '../support/random-claims.ts'

const BATCHES = Array.from({ length: 20 }, (_, batch) => batch)

/** Tests this many models. `steps` extends a counter that they all have. */
async function hunt(batch: number, models: number, steps: number, most: number): Promise<void> {
  const trials: Trial[] = []
  await fc.assert(
    fc.asyncProperty(claim, async (plan) => {
      const trial = await tryOut({ ...plan, count: plan.count * steps }, most)
      if (trial !== undefined) trials.push(trial)
    }),
    { numRuns: models, seed: 1_000_003 * batch + most },
  )
  const count = (of: (trial: Trial) => boolean): number => trials.filter(of).length
  const counts = {
    models: trials.length,
    states: trials.reduce((sum, { states }) => sum + states, 0),
    refused: count(({ refused }) => refused),
    reduced: count(({ reduced }) => reduced),
    violated: count(({ violated }) => violated),
    reducedAndViolated: count(({ reduced, violated }) => reduced && violated),
  }
  console.error(`batch ${batch}: ${JSON.stringify(counts)}`)
  expect(counts.refused).toBeGreaterThan(models / 50)
  expect(counts.reducedAndViolated).toBeGreaterThan(models / 50)
}

describe('a claim of symmetry', () => {
  it.each(BATCHES)('hides no violation in small models, batch %i', async (batch) => await hunt(batch, 1500, 1, 300))

  it.each(BATCHES)('hides no violation in larger models, batch %i', async (batch) => await hunt(batch, 200, 4, 5000))
})
