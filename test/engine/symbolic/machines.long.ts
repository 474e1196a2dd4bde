/** Like `machines.test.ts`, but longer and with different machines each time. */
import fc from 'fast-check'
import { it } from 'vitest'
import { agreeOnMachine } from '../../support/agree-on-temporal.ts'
import { machines } from '../../support/random-fairness.ts'

it('both engines decide very many random machines like the oracle', async () => {
  await fc.assert(
    fc.asyncProperty(machines, async (machine) => {
      await agreeOnMachine(machine)
    }),
    { numRuns: 30_000 },
  )
})
