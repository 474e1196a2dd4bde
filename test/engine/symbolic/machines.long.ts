/** As `machines.test.ts`, at length, and other machines each time. */
import fc from 'fast-check'
import { it } from 'vitest'
import { agreeOnMachine } from '../../support/agree-on-temporal.ts'
import { machines } from '../../support/random-fairness.ts'

it('very many random machines are decided by both engines as the oracle decides them', async () => {
  await fc.assert(
    fc.asyncProperty(machines, async (machine) => {
      await agreeOnMachine(machine)
    }),
    { numRuns: 30_000 },
  )
})
