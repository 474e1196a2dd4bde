/** Holds Kripke against the oracle for temporal properties. */
import { expect } from 'vitest'
import { check, spec, type Outcome } from '../../src/index.ts'
import { numberOf, problemOf, specOf, type Machine } from './random-fairness.ts'
import { modelOf } from './random-temporal.ts'
import { isCounterexample, violates, type Problem } from './temporal-oracle.ts'
import { told } from './twins.ts'

type State = Outcome['traces'][number]['steps'][number]['state']

/** Checks one problem; fails where Kripke and the oracle disagree. @returns whether it is violated */
export async function agree(problem: Problem): Promise<boolean> {
  const outcome = await check(spec({ name: 'random', model: () => modelOf(problem) }), { interpret: true })
  return isAsSaid(problem, outcome, (state) => state.get('n') as number)
}

/** Checks one machine; fails where the engines and the oracle disagree. @returns whether it is violated */
export async function agreeOnMachine(machine: Machine): Promise<boolean> {
  const random = specOf(machine)
  const explicit = await check(random, { engine: 'explicit' })
  const symbolic = await check(random, { engine: 'symbolic' })
  expect(symbolic.engine).toBe('symbolic')
  expect(told(symbolic)).toEqual(told(explicit))
  const problem = problemOf(machine)
  // The explicit engine is asked for nothing, and lassos are found on sets too.
  const onSets = await check(random, { engine: 'symbolic', explicitUpTo: 0 })
  for (const outcome of [explicit, onSets]) isAsSaid(problem, outcome, (state) => numberOf(machine, state as never))
  return violates(problem)
}

/** Whether the one property of an outcome is violated; fails if the oracle says otherwise, or if what is shown is no counterexample. */
function isAsSaid(problem: Problem, { properties, traces }: Outcome, numberOfState: (state: State) => number): boolean {
  const expected = violates(problem)
  expect(properties[0]!.result).toBe(expected ? 'violated' : 'holds')
  if (!expected) return false
  const { steps, loop } = traces[0]!
  expect(
    isCounterexample(
      problem,
      steps.map(({ state }) => numberOfState(state)),
      loop!,
    ),
  ).toBe(true)
  return true
}
