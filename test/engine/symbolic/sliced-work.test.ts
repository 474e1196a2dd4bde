import { expect, it, vi } from 'vitest'
import twoPhaseCommit from '../../../specs/classic/two-phase-commit.ts'
import { slicedRunner, BudgetExceeded } from '../../../src/engine/symbolic/sliced-work.ts'
import { prepareContext } from '../../../src/engine/context.ts'
import { OutOfMemory } from '../../../src/store/memory.ts'
import { Diagrams, type Diagram } from '../../../src/engine/symbolic/diagram/diagrams.ts'

const clock = vi.hoisted(() => ({ ms: 0, stepMs: 0 }))
vi.mock('../../../src/engine/clock.ts', () => ({ now: () => (clock.ms += clock.stepMs) }))

/**
 * Results stored by work of several slices that restarts after each abort, with a clock that advances by `stepMs` at
 * each check.
 */
async function storedBy(stepMs: number, work: number): Promise<number | string> {
  Object.assign(clock, { ms: 0, stepMs })
  const diagrams = new Diagrams()
  const sliced = { diagrams, collect: () => {} }
  const runSliced = slicedRunner(prepareContext(twoPhaseCommit, {}), sliced, { work }, () => {})
  const store = (): void => {
    for (let result = 0; result < 3 * 2 ** 20; result++) diagrams.cache.set(result, 0, -1, 0)
  }
  try {
    await runSliced(store)
    return diagrams.cache.stored
  } catch (thrown) {
    if (thrown instanceof BudgetExceeded) return 'out of patience'
    throw thrown
  }
}

it('bounds work by its amount, on a machine of any speed', async () => {
  const bound = 2 ** 24
  const stored = await storedBy(0, bound)
  expect(stored).toBeGreaterThan(3 * 2 ** 20)
  expect(await storedBy(20, bound)).toBe(stored)
  expect(await storedBy(20, (stored as number) - 2 ** 17)).toBe('out of patience')
  expect(await storedBy(0, (stored as number) - 2 ** 17)).toBe('out of patience')
})

it('checks the clock without a bound', async () => {
  const stored = await storedBy(0, Infinity)
  expect(stored).toBe(3 * 2 ** 20)
  expect(await storedBy(20, Infinity)).toBeGreaterThan(stored as number)
})

/** How often the runner starts work that resumes after an abort. The work makes a node for each result, or none. */
async function begunBy(makesNodes: boolean): Promise<number> {
  Object.assign(clock, { ms: 0, stepMs: 20 })
  const diagrams = new Diagrams()
  const sliced = { diagrams, collect: () => {} }
  const runSliced = slicedRunner(prepareContext(twoPhaseCommit, {}), sliced, { work: Infinity }, () => {})
  let begun = 0
  let done = 0
  await runSliced(() => {
    begun++
    for (; done < 2 ** 20; done++) {
      if (makesNodes) diagrams.table.make(done, 1, 0)
      diagrams.cache.set(done, 0, -1, 0)
    }
  })
  return begun
}

it('keeps the slice length while work makes progress, and doubles it otherwise', async () => {
  expect(await begunBy(true)).toBeGreaterThan(6)
  expect(await begunBy(false)).toBeLessThan(5)
})

/** The outcome of work in a nearly full table that makes `nodes` nodes. `held` must not be lost. */
async function filling(nodes: number, isHeld: boolean): Promise<{ tries: number; isKept: boolean }> {
  Object.assign(clock, { ms: 0, stepMs: 0 })
  const diagrams = new Diagrams(0)
  const collect = (held: Iterable<Diagram>): void => diagrams.collect(held)
  const runSliced = slicedRunner(
    prepareContext(twoPhaseCommit, {}),
    { diagrams, collect },
    { work: Infinity },
    () => {},
  )
  const list = (first: number, count: number): Diagram => {
    let node = 1
    for (let value = first; value < first + count; value++) node = diagrams.table.make(value, node, 0)
    return node
  }
  const own = list(0, 5)
  list(2 ** 20, 10_000)
  let tries = 0
  const work = (): Diagram => {
    tries++
    return list(2 ** 21, nodes)
  }
  await runSliced(work, isHeld ? () => [own] : undefined)
  return { tries, isKept: list(0, 5) === own && diagrams.has(own, [4, 3, 2, 1, 0]) }
}

it('collects unheld diagrams when the table is full, and tries once more', async () => {
  expect(await filling(1000, true)).toEqual({ tries: 1, isKept: true })
  expect(await filling(10_000, true)).toEqual({ tries: 2, isKept: true })
  await expect(filling(20_000, true)).rejects.toThrow(OutOfMemory)
  await expect(filling(10_000, false)).rejects.toThrow(OutOfMemory)
})
