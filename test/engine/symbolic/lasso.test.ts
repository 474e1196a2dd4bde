/** Compares lassos found on sets with the explicit engine and with the definitions. */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import {
  bool,
  check,
  eventually,
  eventuallyAlways,
  model,
  not,
  range,
  schema,
  spec,
  strong,
  taken,
  weak,
} from '../../../src/index.ts'
import { statusOf } from '../../../src/cli/exit-status.ts'
import { Ended } from '../../../src/engine/ending.ts'
import { FairLasso } from '../../../src/engine/symbolic/fair-cycle/fair-lasso.ts'
import type { Outcome } from '../../../src/api/outcome.ts'
import { runs } from '../../support/amount.ts'
import { modelOf, problems } from '../../support/random-temporal.ts'
import { isCounterexample } from '../../support/temporal-oracle.ts'

/** The explicit engine is not used. */
const ON_SETS = { engine: 'symbolic', symmetry: false, tuning: { explicitUpTo: 0 } } as const

/** The results of temporal properties. */
function told({ properties }: Outcome) {
  return properties.filter(({ kind }) => kind === 'temporal').map(({ name, result, trace }) => [name, result, trace])
}

describe('a lasso on sets of states', () => {
  it('exists if the explicit engine finds one, and is a fair counterexample', async () => {
    let violated = 0
    const property = fc.asyncProperty(problems(8), async (problem) => {
      const random = spec({ name: 'random', model: () => modelOf(problem) })
      const onSets = await check(random, ON_SETS)
      expect(told(onSets)).toEqual(told(await check(random)))
      if (onSets.traces.length === 0) return
      violated++
      const { steps, loop } = onSets.traces[0]!
      const states = steps.map(({ state }) => state.get('n') as number)
      expect(isCounterexample(problem, states, loop!)).toBe(true)
    })
    await fc.assert(property, { numRuns: runs(500) })
    expect(violated).toBeGreaterThan(runs(100))
  })

  it('leaves parts of the hull without a cycle', async () => {
    // A step up is always possible, and n never decreases. Only the top is fair.
    const State = schema({ n: range(0, 5), side: bool() })
    const stairs = spec({
      name: 'stairs',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            up: (s) => s.n < 5 && s.set('n', s.n + 1),
            sway: (s) => s.set('side', !s.side),
            rest: (s) => s.n === 5 && s.side && s.set('side', false),
          },
          fairness: { ups: strong('up'), sways: strong('sway'), rests: strong('rest') },
          temporal: { calm: eventuallyAlways((s) => !s.side) },
        }),
    })
    const { traces, properties } = await check(stairs, ON_SETS)
    expect(properties[0]!.result).toBe('violated')
    const { steps, loop } = traces[0]!
    expect(steps.slice(loop!).every(({ state }) => state.get('n') === 5)).toBe(true)
    expect(steps.length - loop!).toBe(3)
  })

  it('continues if there is no requirement and no cycle through the state', async () => {
    const State = schema({ n: range(0, 3) })
    const counter = spec({
      name: 'counter',
      model: () =>
        model(State, {
          init: State(),
          actions: { up: (s) => s.set('n', s.n < 3 ? s.n + 1 : 2) },
          temporal: { halts: eventually(not(taken('up'))) },
        }),
    })
    const { steps, loop } = (await check(counter, ON_SETS)).traces[0]!
    expect([steps.map(({ state }) => state.get('n')), loop]).toEqual([[0, 1, 2, 3, 2], 2])
  })

  it('takes the steps that its way back enables', async () => {
    // The cycle must go round once. The way back enables `detour`.
    const State = schema({ n: range(0, 3) })
    const round = spec({
      name: 'round',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            leave: (s) => s.n === 0 && s.set('n', 1),
            go: (s) => s.n > 0 && s.set('n', s.n === 1 ? 2 : 0),
            detour: (s) => s.n === 2 && s.set('n', 3),
          },
          fairness: { detours: strong('detour') },
          temporal: { stays: eventuallyAlways(not(taken('leave'))) },
        }),
    })
    const { steps, loop } = (await check(round, ON_SETS)).traces[0]!
    expect([steps.map(({ state }) => state.get('n')), loop]).toEqual([[0, 1, 2, 3, 0], 0])
  })

  it('does not count a stutter as a step', async () => {
    const State = schema({ n: range(0, 1), flag: bool() })
    const idle = spec({
      name: 'idle',
      model: () =>
        model(State, {
          init: State(),
          actions: { lower: (s) => s.set('flag', false), turn: (s) => s.set('n', 1 - s.n) },
          fairness: { moves: weak('lower', 'turn') },
          temporal: { settles: eventuallyAlways((s) => s.flag) },
        }),
    })
    const { steps, loop } = (await check(idle, ON_SETS)).traces[0]!
    expect([steps.map(({ action }) => action), loop]).toEqual([['init', 'turn', 'turn'], 0])
  })

  it('is optional: the property is violated even if the run ends before it is found', async () => {
    const find = vi.spyOn(FairLasso.prototype, 'find').mockRejectedValue(new Ended('time'))
    const outcome = await check(philosophers, { ...ON_SETS, properties: ['someoneEats', 'everyoneEats'] })
    find.mockRestore()
    expect(outcome).toMatchObject({ verdict: 'violated', ending: 'time', traces: [] })
    expect(told(outcome)).toEqual([
      ['someoneEats', 'violated', undefined],
      ['everyoneEats', 'unknown', undefined],
    ])
    expect(statusOf(outcome)).toBe(13)
  })
})
