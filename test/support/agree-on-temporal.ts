/** Compares Kripke with the oracle for temporal properties. */
import { expect } from 'vitest'
import { check, spec, type Outcome } from '../../src/index.ts'
import { numberOf, problemOf, specOf, type Machine } from './random-fairness.ts'
import { shortestLength, stepsOf } from './shortest-lasso-oracle.ts'
import { modelOf } from './random-temporal.ts'
import { isCounterexample, violates, type Problem } from './temporal-oracle.ts'
import { told } from './twins.ts'

type State = Outcome['traces'][number]['steps'][number]['state']

/** Maximal number of lassos to try when checking that one is a shortest: about a second. */
const MAX_TRIED = 200_000

/** Checks one problem, and fails if Kripke and the oracle disagree. @returns whether it is violated */
export async function agree(problem: Problem): Promise<boolean> {
  const outcome = await check(spec({ name: 'random', model: () => modelOf(problem) }), { interpret: true })
  return isAsSaid(problem, outcome, true, (state) => state.get('n') as number)
}

/** Checks one machine, and fails if the engines and the oracle disagree. @returns whether it is violated */
export async function agreeOnMachine(machine: Machine): Promise<boolean> {
  const random = specOf(machine)
  const explicit = await check(random, { engine: 'explicit' })
  const symbolic = await check(random, { engine: 'symbolic' })
  expect(symbolic.engine).toBe('symbolic')
  expect(told(symbolic)).toEqual(told(explicit))
  const problem = problemOf(machine)
  // The explicit engine is not used, so lassos are found on sets too.
  const onSets = await check(random, { engine: 'symbolic', tuning: { explicitUpTo: 0 } })
  for (const outcome of [explicit, onSets]) {
    isAsSaid(problem, outcome, outcome === explicit, (state) => numberOf(machine, state as never))
  }
  return violates(problem)
}

/**
 * Whether the only property of an outcome is violated. Fails if the oracle disagrees, if the trace is not a
 * counterexample, or if it is wrongly reported as a shortest one.
 *
 * @param isExact - whether it must be reported as a shortest one
 */
function isAsSaid(
  problem: Problem,
  { properties, traces }: Outcome,
  isExact: boolean,
  numberOfState: (state: State) => number,
): boolean {
  const expected = violates(problem)
  expect(properties[0]!.result).toBe(expected ? 'violated' : 'holds')
  if (!expected) return false
  const { steps, loop, isShortest } = traces[0]!
  const states = steps.map(({ state }) => numberOfState(state))
  expect(isCounterexample(problem, states, loop!)).toBe(true)
  expect(isShortest).toBe(isExact)
  if (isExact) expect(shortestLength(problem, stepsOf(states), MAX_TRIED) ?? undefined).toBeUndefined()
  return true
}
