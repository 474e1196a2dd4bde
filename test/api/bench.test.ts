import { describe, expect, it } from 'vitest'
import {
  bench,
  bool,
  CheckerError,
  constant,
  model,
  oneOf,
  range,
  schema,
  spec,
  type Measure,
  type Measurement,
} from '../../src/index.ts'
import { figuresOf } from '../../src/report/bench-row.ts'
import twoPhase from '../../specs/classic/two-phase-commit.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

const State = schema({ n: range(0, 4095) })
/** Has two to the power of `bits` states in each design except `broken`, in which one of three bits throws. */
const bits = spec({
  name: 'bits',
  constants: {
    bits: constant(range(0, 12), 2, 'how many'),
    design: constant(oneOf('good', 'bad', 'broken'), 'good', 'what goes wrong'),
    odd: constant(bool(), true, 'whether odd numbers of bits make sense'),
  },
  assumptions: { 'even if not odd': ({ bits, odd }) => odd || bits % 2 === 0 },
  model: ({ bits, design }) =>
    model(State, {
      init: State(),
      actions: {
        flip: (s) => {
          if (design === 'broken' && bits === 3) throw new Error('no')
          return Array.from({ length: bits }, (_, bit) => s.set('n', s.n ^ (1 << bit)))
        },
      },
      invariants: { small: (s) => design !== 'bad' || s.n < 2 },
      deadlock: false,
    }),
})

/**
 * Takes a second for each thousand states, of which there are four to the power of `bits`, and respects the time limit.
 */
const slow: Measure = async ({ constants = {}, timeoutMs = Infinity }) => {
  const distinct = 1000 * 4 ** (constants['bits'] as number)
  const isCut = distinct > timeoutMs
  return {
    verdict: isCut ? 'incomplete' : 'holds',
    states: { initial: 1, generated: distinct, distinct: isCut ? timeoutMs : distinct, depth: 1 },
    complete: !isCut,
    ...{ seconds: Math.min(distinct, timeoutMs) / 1000, bytesPerState: 10, workers: 1, peakMemoryBytes: 7 },
    properties: [],
    warnings: isCut ? [{ code: 'budget', name: 'time', text: '' }] : [],
  }
}

const sweep = (constant: string, ...values: unknown[]) => ({ constant, values })

describe('bench', () => {
  it('gives the published counts of two-phase commit, and predicts their growth', async () => {
    const { series, axis, complete } = await bench(twoPhase as AnySpec, {
      sweeps: [sweep('resourceManagers', 3, 4, 5, 6)],
      symmetry: false,
    })
    expect([axis, complete, series.length]).toEqual(['resourceManagers', true, 1])
    const { rows, law, next } = series[0]!
    expect(rows.map(({ measured }) => measured?.states.distinct)).toEqual([288, 1568, 8832, 50816])
    expect(rows.map(({ growth }) => growth?.toFixed(2))).toEqual([undefined, '5.44', '5.63', '5.75'])
    expect(law).toMatchObject({ kind: 'exponential', checkedOn: 6 })
    // There are 296,448, because the growth itself grows a little.
    expect(next).toMatchObject({ size: 7, forecast: { distinct: 281_406 } })
  })

  it('fits growth along the last sweep over numbers, ascending, in one series for each combination of the other constants', async () => {
    const { series, axis } = await bench(bits as AnySpec, {
      sweeps: [sweep('bits', '3', '1', '2'), sweep('design', 'good', 'bad')],
    })
    expect(axis).toBe('bits')
    expect(series.map(({ of, rows }) => [of, rows.map(({ varied }) => Object.entries(varied).flat())])).toEqual([
      [{ design: 'good' }, [1, 2, 3].map((n) => ['bits', n, 'design', 'good'])],
      [{ design: 'bad' }, [1, 2, 3].map((n) => ['bits', n, 'design', 'bad'])],
    ])
    // A violation ends neither a row nor the benchmark.
    expect(series[1]!.rows.map(({ measured }) => [measured?.verdict, measured?.states.distinct])).toEqual([
      ['holds', 2],
      ['violated', 4],
      ['violated', 8],
    ])
  })

  it('fits no growth along a constant without numbers', async () => {
    const { axis, series } = await bench(bits as AnySpec, { sweeps: [sweep('design', 'good', 'bad')] })
    expect(axis).toBeUndefined()
    expect(series.map(({ law, next, rows }) => [law, next, rows[0]!.growth])).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
    ])
  })

  it('continues after a row that fails or has invalid constants', async () => {
    const { series } = await bench(bits as AnySpec, { sweeps: [sweep('bits', 2, 3, 4), sweep('design', 'broken')] })
    expect(series[0]!.rows.map(({ error, measured }) => error?.code ?? measured?.states.distinct)).toEqual([
      4,
      'KR503',
      16,
    ])
    expect(series[0]!.rows.map(({ growth }) => growth)).toEqual([undefined, undefined, undefined])
    const odd = await bench(bits as AnySpec, { sweeps: [sweep('bits', 2, 3)], constants: { odd: false } })
    expect(odd.series[0]!.rows[1]!.error?.code).toBe('KR104')
  })

  it('cuts a row that takes too long, predicts it, and skips rows that would not fit', async () => {
    const tried: unknown[] = []
    const { series } = await bench(bits as AnySpec, {
      sweeps: [sweep('bits', 1, 2, 3, 4, 5, 6, 7, 8)],
      timeoutMs: 300_000,
      measure: slow,
      onRow: ({ bits }) => tried.push(bits),
    })
    const { rows, next } = series[0]!
    expect(tried).toEqual([1, 2, 3, 4])
    expect(rows.map(({ missing }) => missing?.cause)).toEqual([
      ...[undefined, undefined, undefined, undefined],
      ...Array.from({ length: 4 }, () => 'not tried'),
    ])
    expect(figuresOf(rows[4]!)).toMatchObject({
      ...{ distinct: 1_024_000, seconds: expect.closeTo(1024, 6), generated: undefined, isPredicted: true },
      ...{ memoryBytes: 10_240_000, peakMemoryBytes: undefined },
    })
    expect(rows[4]!.growth).toBeCloseTo(4, 4)
    // Predictions reach beyond 4 by half the range from 1 to 4, and no farther.
    expect(rows[5]!.missing!.forecast).toEqual({ withheld: '6 is too far beyond 4, the largest size explored' })
    expect(figuresOf(rows[5]!)).toMatchObject({ distinct: undefined, isPredicted: false })
    expect(next).toBeUndefined()
  })

  it('tries a row if it cannot predict whether it fits, and keeps the partial result', async () => {
    const { series } = await bench(bits as AnySpec, {
      sweeps: [sweep('bits', 1, 2, 3, 4)],
      timeoutMs: 50_000,
      measure: slow,
    })
    expect(series[0]!.rows.map(({ missing }) => missing?.cause)).toEqual([undefined, undefined, 'time', 'not tried'])
    expect(series[0]!.rows[2]!.missing!.explored!.states.distinct).toBe(50_000)
    expect(series[0]!.rows[2]!.missing!.forecast).toMatchObject({ withheld: expect.stringMatching(/there are 2$/) })
  })

  it('rejects a prediction that the counts contradict', async () => {
    const jumping: Measure = async (options) => {
      const measured = (await slow(options)) as Measurement
      if (options.constants!['bits'] !== 5) return measured
      const states = { ...measured.states, distinct: 9_000_000 }
      return { ...measured, states, complete: false, warnings: [{ code: 'budget', name: 'time', text: '' }] }
    }
    const { series } = await bench(bits as AnySpec, { sweeps: [sweep('bits', 1, 2, 3, 4, 5)], measure: jumping })
    expect(series[0]!.rows[4]!.missing!.forecast).toEqual({ withheld: 'more states were seen than the fit predicts' })
  })

  it('gives the median time of several runs, and the greatest memory', async () => {
    const seconds = [3, 1, 2, 5]
    let run = 0
    const measure: Measure = async (options) => ({
      ...((await slow(options)) as Measurement),
      ...{ seconds: seconds[run]!, peakMemoryBytes: 100 * run++ },
    })
    const { series } = await bench(bits as AnySpec, { sweeps: [sweep('bits', 1)], runs: 4, measure })
    expect(series[0]!.rows[0]!.measured).toMatchObject({ seconds: 2.5, peakMemoryBytes: 300 })
    expect(run).toBe(4)
  })

  it('detects a spec whose counts vary (KR502)', async () => {
    let run = 0
    const measure: Measure = async (options) => {
      const measured = (await slow(options)) as Measurement
      return { ...measured, states: { ...measured.states, generated: run++ } }
    }
    const { series } = await bench(bits as AnySpec, { sweeps: [sweep('bits', 1)], runs: 2, measure })
    expect(series[0]!.rows[0]!.error).toMatchObject({
      code: 'KR502',
      message: expect.stringMatching(/4000 distinct, 0 generated, .* 4000 distinct, 1 generated/),
    })
  })

  it('ends when interrupted, and keeps the finished rows', async () => {
    const controller = new AbortController()
    const { series, complete } = await bench(bits as AnySpec, {
      sweeps: [sweep('design', 'good', 'bad'), sweep('bits', 1, 2, 3)],
      signal: controller.signal,
      onRow: ({ bits }) => bits === 2 && controller.abort(),
      measure: slow,
    })
    expect([complete, series.length, series[0]!.rows.length]).toEqual([false, 1, 2])
  })

  it.each([
    ['no sweep', [], 'KR101'],
    ['no values', [sweep('bits')], 'KR101'],
    ['an unknown constant', [sweep('bit', 1)], 'KR102'],
    ['a name every object has', [sweep('toString', 1)], 'KR102'],
    ['a value outside the domain', [sweep('bits', 13)], 'KR103'],
    ['a constant twice', [sweep('bits', 1), sweep('bits', 2)], 'KR101'],
    ['a value twice', [sweep('bits', 1, '1')], 'KR101'],
    ['a constant that is given', [sweep('odd', true)], 'KR101'],
    ['too many rows', [sweep('bits', ...Array.from({ length: 1001 }, (_, n) => n))], 'KR101'],
  ])('refuses %s', async (_, sweeps, code) => {
    const refused = bench(bits as AnySpec, { sweeps, constants: { odd: true } })
    await expect(refused).rejects.toThrow(CheckerError)
    await expect(refused).rejects.toMatchObject({ code })
  })
})
