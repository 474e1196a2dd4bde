/** Like `liveness-random.test.ts`, but longer. */
import fc from 'fast-check'
import { it } from 'vitest'
import { agree } from '../../support/agree-on-temporal.ts'
import { problems } from '../../support/random-temporal.ts'

it('temporal properties of very many random graphs are decided like the oracle', async () => {
  await fc.assert(
    fc.asyncProperty(problems(6), async (problem) => {
      await agree(problem)
    }),
    { numRuns: 100_000 },
  )
})
