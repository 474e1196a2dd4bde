import { expect, it, vi } from 'vitest'
import twoPhaseCommit from '../../../specs/classic/two-phase-commit.ts'
import { driveOf, OutOfPatience } from '../../../src/run/symbolic/drive.ts'
import { prepareGround } from '../../../src/run/run.ts'
import { Diagrams } from '../../../src/symbolic/diagram/diagrams.ts'

const clock = vi.hoisted(() => ({ ms: 0, stepMs: 0 }))
vi.mock('../../../src/run/now.ts', () => ({ now: () => (clock.ms += clock.stepMs) }))

/** Results stored by work of several slices, done from its beginning whenever it is broken off, when the clock goes by so much at each look. */
async function storedBy(stepMs: number, work: number): Promise<number | string> {
  Object.assign(clock, { ms: 0, stepMs })
  const diagrams = new Diagrams()
  const drive = driveOf(prepareGround(twoPhaseCommit, {}), diagrams, { work }, () => {})
  const store = (): void => {
    for (let result = 0; result < 3 * 2 ** 20; result++) diagrams.cache.set(result, 0, -1, 0)
  }
  try {
    await drive(store)
    return diagrams.cache.stored
  } catch (thrown) {
    if (thrown instanceof OutOfPatience) return 'out of patience'
    throw thrown
  }
}

it('bounds work by what was done, on a machine however slow', async () => {
  const bound = 2 ** 24
  const stored = await storedBy(0, bound)
  expect(stored).toBeGreaterThan(3 * 2 ** 20)
  expect(await storedBy(20, bound)).toBe(stored)
  expect(await storedBy(20, (stored as number) - 2 ** 17)).toBe('out of patience')
  expect(await storedBy(0, (stored as number) - 2 ** 17)).toBe('out of patience')
})

it('looks at the clock where there is no bound', async () => {
  const stored = await storedBy(0, Infinity)
  expect(stored).toBe(3 * 2 ** 20)
  expect(await storedBy(20, Infinity)).toBeGreaterThan(stored as number)
})
