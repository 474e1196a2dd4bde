/** Fairness of steps under a condition: WF and SF of `when /\ A`. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alwaysEventually,
  action,
  check,
  eventually,
  forAll,
  formatTrace,
  members,
  model,
  range,
  replay,
  schema,
  spec,
  steps,
  strong,
  toItf,
  weak,
} from '../../../src/index.ts'
import { runs } from '../../support/amount.ts'
import { agree, agreeOnMachine } from '../../support/agree-on-temporal.ts'
import { conditionalMachines } from '../../support/random-fairness.ts'
import { problems } from '../../support/random-temporal.ts'

const State = schema({ n: range(0, 2), urgent: range(0, 1) })
type State = ReturnType<typeof State>

/** `tick` goes round. `serve` is possible everywhere, and `rush` makes it urgent. */
const server = (fairness: { readonly [name: string]: ReturnType<typeof weak<State>> }) =>
  spec({
    name: 'server',
    model: () =>
      model(State, {
        init: State({ urgent: 1 }),
        actions: {
          tick: (s) => s.set('n', (s.n + 1) % 2),
          serve: (s) => (s.n < 2 ? s.merge({ n: 2 }) : undefined),
          leave: (s) => (s.n === 2 ? s.set('n', 0) : undefined),
          calm: (s) => (s.urgent === 1 ? s.set('urgent', 0) : undefined),
        },
        temporal: { served: eventually((s) => s.n === 2) },
        fairness: { ticks: weak('tick'), ...fairness },
        deadlock: false,
      }),
  })

describe('fairness under a condition', () => {
  it('demands steps only while the condition is true', async () => {
    const engines = ['explicit', 'symbolic'] as const
    const resultOf = async (fairness: Parameters<typeof server>[0], engine: (typeof engines)[number]) =>
      (await check(server(fairness), { engine })).property('served').result
    for (const engine of engines) {
      expect(await resultOf({ serves: weak('serve') }, engine)).toBe('holds')
      // The server may calm down first.
      expect(await resultOf({ serves: weak('serve', { when: (s) => s.urgent === 1 }) }, engine)).toBe('violated')
      expect(await resultOf({ serves: strong('serve', { when: (s) => s.n === 0 }) }, engine)).toBe('holds')
      // The ticking leaves the state again and again.
      expect(await resultOf({ serves: weak('serve', { when: (s) => s.n === 0 }) }, engine)).toBe('violated')
      expect(await resultOf({ serves: strong('serve', { when: (s) => s.n === 2 }) }, engine)).toBe('violated')
    }
  })

  it('says where a lasso meets the demand, and replays', async () => {
    const fair = server({ serves: weak('serve', { when: (s) => s.n === 0 }) })
    const result = await check(fair)
    const trace = result.property('served').trace!
    const { states } = { states: trace.steps.map(({ state }) => state.n) }
    const met = trace.fairness!.find(({ name }) => name === 'serves')!
    expect(met.how).toBe('disabled')
    expect(states[met.step]).toBe(1)
    expect(formatTrace(trace)).toMatch(/fair: serves not enabled here/)
    const { divergence } = replay(fair, JSON.stringify(toItf(trace, result)))
    expect(divergence).toBeUndefined()
  })

  it('does not count steps from states in which the condition is false', async () => {
    const Place = schema({ n: range(0, 3) })
    type Place = ReturnType<typeof Place>
    /** `x` leads from 1 to 0 and from 0 to 2. `other` leads from 0 to 1, and `back` from 2 to 0. */
    const walk = (goal: number, fairness: { readonly [name: string]: ReturnType<typeof weak<Place>> }) =>
      spec({
        name: 'walk',
        model: () =>
          model(Place, {
            init: Place({ n: 1 }),
            actions: {
              x: (s) => (s.n === 1 ? s.set('n', 0) : s.n === 0 ? s.set('n', 2) : undefined),
              other: (s) => (s.n === 0 ? s.set('n', 1) : undefined),
              back: (s) => (s.n === 2 ? s.set('n', 0) : undefined),
            },
            temporal: { claim: alwaysEventually((s) => s.n === goal) },
            fairness: { all: weak('x', 'other', 'back'), ...fairness },
            deadlock: false,
          }),
      })
    const counted = { counted: strong('x', { when: (s: Place) => s.n === 0 }) }
    const ways = [
      { engine: 'explicit' },
      { engine: 'symbolic' },
      { engine: 'symbolic', tuning: { explicitUpTo: 0 } },
    ] as const
    for (const options of ways) {
      expect((await check(walk(2, {}), options)).property('claim').result).toBe('violated')
      expect((await check(walk(2, counted), options)).property('claim').result).toBe('holds')
      const { trace } = (await check(walk(3, counted), options)).property('claim')
      const met = trace!.fairness!.find(({ name }) => name === 'counted')!
      expect([met.how, trace!.steps[met.step]!.state.n]).toEqual(['taken', 2])
      const uncounted = { uncounted: weak('x', { when: (s: Place) => s.n === 1 }) }
      const cycle = (await check(walk(1, uncounted), options)).property('claim').trace!
      expect(cycle.steps.slice(cycle.loop).map(({ action }) => action)).toContain('x')
      expect(cycle.fairness!.find(({ name }) => name === 'uncounted')!.how).toBe('never-enabled')
    }
  })

  it('takes bindings from a forAll around it', async () => {
    const User = members('user', 2)
    const Queue = schema({ turn: range(0, 1), served: range(0, 2) })
    const fair = spec({
      name: 'queue',
      model: () =>
        model(Queue, {
          init: Queue(),
          actions: {
            pass: (s) => s.set('turn', 1 - s.turn),
            serve: action({ user: User }, (s, { user }) => s.set('served', user === 'user1' ? 1 : 2)),
          },
          temporal: { both: alwaysEventually((s) => s.served === 2) },
          fairness: {
            passes: weak('pass'),
            serves: forAll({ user: User }, ({ user }) =>
              strong(steps('serve', { user }), { when: (s) => s.turn === (user === 'user1' ? 0 : 1) }),
            ),
          },
          deadlock: false,
        }),
    })
    for (const engine of ['explicit', 'symbolic'] as const)
      expect((await check(fair, { engine })).property('both').result).toBe('holds')
  })

  it('reports a condition that throws, or that is not a boolean', async () => {
    const failing = (when: (s: State) => boolean) => check(server({ serves: weak('serve', { when }) }))
    await expect(failing(() => 1 as never)).rejects.toMatchObject({
      code: 'KR506',
      message: expect.stringContaining('fairness "serves"'),
    })
    await expect(
      failing(() => {
        throw new Error('no')
      }),
    ).rejects.toMatchObject({ code: 'KR503' })
  })

  it('refuses wrong options', () => {
    expect(() => weak('serve', { when: 3 } as never)).toThrow(/weak\(\.\.\.\) must be given a function as when/)
    expect(() => weak('serve', { if: () => true } as never)).toThrow(/only the option when, .* "if"/)
    expect(() => strong({ when: () => true } as never)).toThrow(/must be given steps, but was given none/)
  })

  it('is decided like the oracle, with a shortest lasso, on random graphs', async () => {
    let violated = 0
    const property = fc.asyncProperty(problems(4, true), async (problem) => {
      if (await agree(problem)) violated++
    })
    await fc.assert(property, { seed: 1, numRuns: runs(400) })
    expect(violated).toBeGreaterThan(runs(400) / 8)
  }, 120_000)

  it('is decided by both engines like the oracle, on random machines whose verdict depends on a condition', async () => {
    const property = fc.asyncProperty(conditionalMachines, async (machine) => void (await agreeOnMachine(machine)))
    await fc.assert(property, { seed: 5, numRuns: runs(100) })
  }, 120_000)
})
