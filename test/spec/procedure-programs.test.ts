/** Random programs with procedures, recursion and tail calls, against a plain interpreter of stack programs. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, FailedRun } from '../../src/index.ts'
import { runs, SEED } from '../support/amount.ts'
import { interpret, programs, specOf, type Program } from '../support/stack-programs.ts'

/** Programs with more states are skipped. */
const MOST = 400

let compared = 0
let overflows = 0

async function compare(program: Program): Promise<void> {
  const expected = interpret(program, MOST)
  if (expected === undefined) return
  compared++
  const seen = new Set<string>()
  const interpreted = () =>
    check(
      specOf(program, (state) => seen.add(state)),
      { interpret: true, engine: 'explicit' },
    )
  const learned = (engine: 'explicit' | 'symbolic') =>
    check(
      specOf(program, () => {}),
      { engine },
    )
  if (expected.tooDeep !== undefined) {
    overflows++
    for (const run of [interpreted, () => learned('explicit')]) {
      const thrown: unknown = await run().catch((error: unknown) => error)
      expect(thrown).toBeInstanceOf(FailedRun)
      const { code, trace } = thrown as FailedRun
      expect({ code, level: trace?.steps.length }).toEqual({ code: 'KR512', level: expected.tooDeep })
    }
    return
  }
  const { states } = await interpreted()
  expect(seen).toEqual(expected.states)
  const { generated, depth } = expected
  expect(states).toEqual({ initial: 1, generated, distinct: expected.states.size, depth })
  expect((await learned('explicit')).states).toEqual(states)
  expect((await learned('symbolic')).states.distinct).toBe(states.distinct)
}

describe('procedures', () => {
  it(
    'run like stack programs: the same states, and an error for calls that go too deep',
    { timeout: 120_000 },
    async () => {
      await fc.assert(fc.asyncProperty(programs, compare), { numRuns: runs(200), ...(SEED && { seed: SEED }) })
      expect(compared).toBeGreaterThan(runs(200) / 3)
      expect(overflows).toBeGreaterThan(runs(200) / 20 - 1)
    },
  )
})
