/** Holds Kripke against the oracle for temporal properties. */
import { expect } from 'vitest'
import { check, spec } from '../../src/index.ts'
import { modelOf } from './random-temporal.ts'
import { isCounterexample, violates, type Problem } from './temporal-oracle.ts'

/** Checks one problem; fails where Kripke and the oracle disagree. @returns whether it is violated */
export async function agree(problem: Problem): Promise<boolean> {
  const { properties, traces } = await check(spec({ name: 'random', model: () => modelOf(problem) }), {
    interpret: true,
  })
  const expected = violates(problem)
  expect(properties[0]!.result).toBe(expected ? 'violated' : 'holds')
  if (!expected) return false
  const { steps, loop } = traces[0]!
  const states = steps.map(({ state }) => state.get('n') as number)
  expect(isCounterexample(problem, states, loop!)).toBe(true)
  return true
}
