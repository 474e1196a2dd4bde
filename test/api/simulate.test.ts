import { describe, expect, it } from 'vitest'
import dieHard from '../../specs/classic/die-hard.ts'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import truncateDma from '../../specs/truncate-dma.ts'
import {
  always,
  eventually,
  FailedRun,
  model,
  oneOf,
  range,
  schema,
  simulate,
  spec,
  value,
  type SimulateOptions,
  type Simulation,
} from '../../src/index.ts'
import { simulationDocument } from '../../src/report/json/documents.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { ALL, first, itInAll } from '../support/amount.ts'
import { moduleOf } from '../support/module-of.ts'

/** The results of a simulation without the parts that vary. */
function said(simulation: Simulation): object {
  const { seconds: _, specCalls: __, workers: ___, ...rest } = simulationDocument(simulation)
  return rest
}

/** Options that stop the walks after some were made. */
function onceWalking(): Pick<SimulateOptions, 'signal' | 'onProgress'> {
  const asking = new AbortController()
  return { signal: asking.signal, onProgress: ({ walks }) => walks > 0 && asking.abort() }
}

const stepsOf = ({ traces }: Simulation): number[] => traces.map(({ steps }) => steps.length - 1)

describe('simulate', () => {
  it('gives the same result for the same seed, and another for another seed', async () => {
    const of = async (seed: number) =>
      said(await simulate(twoPhaseCommit, { runs: 200, depth: 30, seed, deadlock: false }))
    expect(await of(5)).toEqual(await of(5))
    expect(await of(5)).not.toMatchObject({ actions: ((await of(6)) as any).actions })
  })

  it('gives the same result with reference evaluation', async () => {
    const of = async (interpret: boolean) => {
      const { actions, ...rest } = said(await simulate(dieHard, { seed: 3, interpret })) as any
      return { ...rest, actions: actions.map((action: any) => ({ ...action, evaluation: null })) }
    }
    expect(await of(true)).toEqual(await of(false))
  })

  it('finds the solution of die-hard, and shrinks it to the shortest', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const simulation = await simulate(dieHard, { seed })
      expect(simulation).toMatchObject({ verdict: 'violated', ending: 'violated', seed })
      expect(stepsOf(simulation)).toEqual([6])
      expect(simulation.violation!.shortened).toBe(6)
      expect(simulation.traces[0]!.steps.at(-1)!.state.get('big')).toBe(4)
    }
  })

  it('repeats a violating walk by its number alone', async () => {
    const first = await simulate(truncateDma, { constants: { design: 'fail', race: 'check-then-free' }, seed: 8 })
    const { number } = first.violation!
    const constants = { design: 'fail', race: 'check-then-free' }
    const again = await simulate(truncateDma as AnySpec, { constants, seed: 8, firstWalk: number, runs: 1 })
    expect(again.violation).toEqual(first.violation)
    expect(said(again)).toMatchObject({ traces: (said(first) as any).traces })
  })

  // The findings of `check`; see truncate-dma.test.ts.
  it.each<[string, string, number]>([
    ['none', 'noFreeUnderDma', 5],
    ['none', 'noReallocUnderDma', 6],
    ['fail', 'noUnexpectedFailure', 4],
    ['wait-layout', 'noWaitCycle', 2],
    ['wait-layout', 'deadlock', 6],
  ])('finds with design=%s a violation of %s, in as few steps as check', async (design, property, steps) => {
    const simulation = await simulate(truncateDma as AnySpec, {
      constants: { design },
      properties: [property],
      seed: 1,
    })
    expect(simulation.properties).toMatchObject([{ name: property, result: 'violated', trace: 0 }])
    expect(stepsOf(simulation)).toEqual([steps])
  })

  it.each(['wait-allocated', 'sequester', 'disable-dax', 'busy-page'])(
    'finds no violation with design=%s, and does not report that it holds',
    async (design) => {
      const simulation = await simulate(truncateDma as AnySpec, {
        constants: { design },
        runs: 3000,
        depth: 60,
        seed: 2,
      })
      expect(simulation).toMatchObject({ verdict: 'incomplete', ending: 'walked', traces: [], violation: undefined })
      expect(new Set(simulation.properties.map(({ result }) => result))).toEqual(new Set(['unknown']))
      expect(simulation.walks).toMatchObject({ made: 3000, cut: 0 })
    },
  )

  it('counts distinct states exactly while they are few', async () => {
    const small = await simulate(twoPhaseCommit, { runs: 30_000, seed: 1, deadlock: false })
    expect(small.states).toEqual({ initial: 1, distinct: 288, error: 0 })
    const larger = await simulate(twoPhaseCommit, {
      constants: { resourceManagers: 5 },
      ...{ runs: 20_000, seed: 1, deadlock: false },
    })
    // There are 8,832.
    expect(larger.states.error).toBe(0)
    expect(larger.states.distinct).toBeGreaterThan(6000)
    expect(larger.states.distinct).toBeLessThanOrEqual(8832)
  })

  it('names the actions that were never taken', async () => {
    const simulation = await simulate(twoPhaseCommit, { runs: 1, depth: 1, seed: 1, deadlock: false })
    const taken = simulation.actions.filter(({ taken }) => taken > 0)
    expect(taken).toHaveLength(1)
    expect(simulation.warnings.filter(({ code }) => code === 'never-taken')).toHaveLength(simulation.actions.length - 1)
  })

  it('ends at the time limit, and when interrupted', async () => {
    const inTime = await simulate(twoPhaseCommit, { timeoutMs: 300, depth: 1e6, deadlock: false })
    expect(inTime).toMatchObject({ ending: 'time', verdict: 'incomplete' })
    const told = await simulate(twoPhaseCommit, { runs: 1e9, deadlock: false, ...onceWalking() })
    expect(told).toMatchObject({ ending: 'interrupted', verdict: 'incomplete' })
    expect(told.walks.made).toBeGreaterThan(0)
  })

  it('rejects invalid options', async () => {
    for (const options of [{ runs: 0 }, { depth: 1.5 }, { seed: -1 }, { timeoutMs: 0 }, { firstWalk: -1 }]) {
      await expect(simulate(dieHard, options)).rejects.toMatchObject({ code: 'KR101' })
    }
    await expect(simulate(dieHard as AnySpec, { properties: ['nothing'] })).rejects.toMatchObject({ code: 'KR102' })
  })
})

describe('simulate, with a counter,', () => {
  const State = schema({ n: range(0, 40), noise: range(0, 9), last: oneOf('none', 'up', 'down') })
  const counter = (parts: object): AnySpec =>
    spec({
      name: 'counter',
      model: () =>
        model(State, {
          init: [State(), State({ n: 3 })],
          actions: {
            up: (s: ReturnType<typeof State>) => (s.n < 40 ? s.merge({ n: s.n + 1, last: 'up' }) : undefined),
            down: (s: ReturnType<typeof State>) => (s.n > 0 ? s.merge({ n: s.n - 1, last: 'down' }) : undefined),
            rustle: (s: ReturnType<typeof State>) => [
              s.set('noise', (s.noise + 1) % 10),
              s,
              s.set('noise', (s.noise + 3) % 10),
            ],
          },
          ...parts,
        } as never),
    })

  it('finds and shrinks a violated transition property', async () => {
    const simulation = await simulate(
      counter({ transitions: { notTwice: ({ before, after }: any) => !(before.last === 'down' && after.n === 5) } }),
      { seed: 4, depth: 1000 },
    )
    // From n = 3: up, up, down, up.
    expect(stepsOf(simulation)).toEqual([4])
    expect(simulation.properties[0]).toMatchObject({ kind: 'transition', result: 'violated' })
  })

  it('reaches goals in few steps, and continues', async () => {
    const goals = { high: (s: any) => s.n === 12, never: (s: any) => s.n === 40 && s.noise === 99 }
    const simulation = await simulate(counter({ goals }), { seed: 4, depth: 500, runs: 50 })
    expect(simulation.properties.slice(0, 2)).toMatchObject([
      { name: 'high', result: 'reached', trace: 0 },
      { name: 'never', result: 'unknown' },
    ])
    expect(stepsOf(simulation)).toEqual([9])
    expect(simulation).toMatchObject({ verdict: 'incomplete', violation: undefined, walks: { made: 50 } })
  })

  it('stays within the constraints, and checks the states just outside', async () => {
    const constraints = { within: (s: any) => s.n < 6 }
    const within = await simulate(counter({ constraints, invariants: { low: (s: any) => s.n < 7 } }), {
      seed: 1,
      runs: 99,
    })
    expect(within).toMatchObject({ verdict: 'incomplete', warnings: [{ code: 'constrained' }] })
    expect(within.states.distinct).toBeLessThanOrEqual(6 * 10 * 3)
    const around = await simulate(counter({ constraints, invariants: { low: (s: any) => s.n < 6 } }), { seed: 1 })
    expect(stepsOf(around)).toEqual([3])
  })

  it('shows a failing function of the spec with a shrunk walk', async () => {
    const actions = {
      up: (s: any) => s.set('n', s.n + 1),
      rustle: (s: any) => s.set('noise', (s.noise + 1) % 10),
    }
    const error = await simulate(counter({ actions }), { seed: 1, depth: 5000 }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(FailedRun)
    expect(error).toMatchObject({ code: 'KR302', found: { ending: 'failed', seed: 1 } })
    expect((error as FailedRun).trace.steps.length - 1).toBe(37)
  })

  it('reports an antecedent that was never true', async () => {
    const { implies } = await import('../../src/index.ts')
    const invariants = {
      vacuous: implies(
        (s: any) => s.noise === 99,
        () => false,
      ),
      sound: implies(
        (s: any) => s.noise === 9,
        (s: any) => s.n <= 40,
      ),
    }
    const { warnings } = await simulate(counter({ invariants }), { seed: 1, runs: 100 })
    expect(warnings).toMatchObject([{ code: 'antecedent-never-true', name: 'vacuous' }])
  })

  it('counts open values by their content', async () => {
    const Open = schema({ text: value('') })
    const open = spec({
      name: 'open',
      model: () =>
        model(Open, {
          init: Open(),
          actions: {
            a: (s) => (s.text.length < 6 ? s.set('text', `${s.text}a`) : undefined),
            b: (s) => (s.text.length < 6 ? s.set('text', `${s.text}b`) : undefined),
          },
          deadlock: false,
        }),
    })
    const { states } = await simulate(open, { seed: 1, runs: 3000 })
    expect(states.distinct).toBe(2 ** 7 - 1)
  })
})

describe('several threads of a simulation', () => {
  // The built package, because threads run it.
  const builtAt = new URL('../../dist/index.js', import.meta.url).href
  type Constants = { readonly [name: string]: string | number }

  const specModule = (path: string): Promise<string> => moduleOf(`export { default } from '../specs/${path}'`)

  it.each<[string, Constants, object]>(
    first(2, [
      ['classic/die-hard.ts', {}, {}],
      ['truncate-dma.ts', { design: 'wait-layout' }, { properties: ['deadlock'] }],
      // Found by a late walk.
      ['truncate-dma.ts', { design: 'fail', race: 'check-then-free' }, { depth: 12 }],
      ['classic/two-phase-commit.ts', { resourceManagers: 5 }, { runs: 5000, depth: 40, deadlock: false }],
      ['classic/two-phase-commit.ts', { resourceManagers: 8 }, { runs: 5000, depth: 40, deadlock: false }],
    ]),
  )('find the same as one: %s %j', { timeout: 120_000 }, async (path, constants, options) => {
    const built = (await import(builtAt)) as { simulate: typeof simulate }
    const module = await specModule(path)
    const { default: it_ } = (await import(module)) as { default: AnySpec }
    for (const seed of first(1, [1, 2, 3])) {
      const of = async (workers: number) =>
        said(await built.simulate(it_, { module, constants, seed, ...options, workers, waits: true }))
      const alone = await of(1)
      expect(await of(2)).toEqual(alone)
      if (ALL) expect(await of(3)).toEqual(alone)
    }
  })

  itInAll('end when told to', { timeout: 60_000 }, async () => {
    const built = (await import(builtAt)) as { simulate: typeof simulate }
    const module = await specModule('classic/two-phase-commit.ts')
    const { default: it_ } = (await import(module)) as { default: AnySpec }
    const options = { module, constants: { resourceManagers: 12 }, workers: 3, waits: true, deadlock: false }
    const told = await built.simulate(it_, { ...options, runs: 1e9, ...onceWalking() })
    expect(told).toMatchObject({ ending: 'interrupted', verdict: 'incomplete' })
    const inTime = await built.simulate(it_, { ...options, timeoutMs: 2000, depth: 1e7 })
    expect(inTime).toMatchObject({ ending: 'time', verdict: 'incomplete' })
  })
})

describe('temporal properties of a simulation', () => {
  const Light = schema({ on: range(0, 1) })
  const light = spec({
    name: 'light',
    model: () =>
      model(Light, {
        init: Light(),
        actions: { turn: (s) => s.set('on', 1 - s.on) },
        invariants: { either: (s) => s.on < 2 },
        temporal: { settles: eventually(always((s) => s.on === 1)) },
      }),
  })

  it('are not claimed to be checked', async () => {
    const { properties, warnings, verdict } = await simulate(light, { runs: 3, seed: 1 })
    expect(verdict).toBe('incomplete')
    expect(properties.find(({ name }) => name === 'settles')).toEqual({
      name: 'settles',
      kind: 'temporal',
      result: 'unknown',
    })
    expect(warnings).toEqual([
      {
        code: 'undecided',
        name: 'settles',
        text: expect.any(String),
      },
    ])
  })

  it('cannot be selected', async () => {
    for (const properties of [['settles'], ['either', 'settles']]) {
      await expect(simulate(light as AnySpec, { runs: 3, properties })).rejects.toMatchObject({
        code: 'KR101',
        message: expect.stringContaining('"settles"'),
      })
    }
    expect((await simulate(light, { runs: 3, properties: ['either'] })).warnings).toEqual([])
  })
})
