/** A false claim of symmetry must be an error or harmless. Compares random models with a full exploration. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../support/amount.ts'
import { claim, tryOut, type Trial } from '../support/random-claims.ts'

describe('a claim of symmetry', () => {
  it(
    'hides no violation, in random models that mix members, spread names and strings made of names',
    { timeout: 200_000 },
    async () => {
      const trials: Trial[] = []
      await fc.assert(
        fc.asyncProperty(claim, async (plan) => {
          const trial = await tryOut(plan, 150)
          if (trial !== undefined) trials.push(trial)
        }),
        { numRuns: runs(200) },
      )
      const count = (of: (trial: Trial) => boolean): number => trials.filter(of).length
      // Each kind must occur, otherwise the models would show nothing.
      expect(count(({ refused }) => refused)).toBeGreaterThan(runs(5))
      expect(count(({ reduced }) => reduced)).toBeGreaterThan(runs(30))
      expect(count(({ reduced, violated }) => reduced && violated)).toBeGreaterThan(runs(10))
      expect(count(({ reduced, violated }) => reduced && !violated)).toBeGreaterThan(runs(2))
      expect(count(({ reduced, refused }) => !reduced && !refused)).toBeGreaterThan(runs(10))
    },
  )
})
