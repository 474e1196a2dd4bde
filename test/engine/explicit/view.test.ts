/** Views: states that are compared by a value. */
import { describe, expect, it } from 'vitest'
import {
  action,
  always,
  check,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  range,
  schema,
  spec,
  type AnySpec,
  type CheckOptions,
} from '../../../src/index.ts'
import { rngFrom } from '../../../src/semantics/learned/probe.ts'
import { runs } from '../../support/amount.ts'

const State = schema({ n: range(0, 5), clock: range(0, 9), last: range(0, 5) })
type S = ReturnType<typeof State>

/** `n` counts in a circle, and `clock` and `last` remember the past, which matters to nothing unless `isRead`. */
const counter = (view: ((s: S) => unknown) | undefined, isRead: 'no' | 'guard' | 'invariant' = 'no'): AnySpec =>
  spec({
    name: 'counter',
    model: () =>
      model(State, {
        init: State(),
        actions: {
          up: (s) =>
            isRead === 'guard' && s.last === 3
              ? undefined
              : s.merge({ n: (s.n + 1) % 6, clock: (s.clock + 1) % 10, last: s.n }),
          jump: (s) => (s.n === 0 ? s.merge({ n: 3, last: 3, clock: (s.clock + 1) % 10 }) : undefined),
        },
        invariants: { low: (s) => s.n < 5 },
        goals: { five: (s) => s.n === 4 },
        transitions: { on: ({ before, after }) => after.n !== before.n },
        temporal: { forever: always((s) => s.n >= 0) },
        ...(isRead === 'invariant' && { invariants: { low: (s: S) => s.n < 5, early: (s: S) => s.clock < 3 } }),
        deadlock: false,
        view,
      }),
  })

const SAFE = ['low', 'five', 'on']
const codes = (warnings: readonly { code: string }[]) => warnings.map(({ code }) => code)

describe('a view', () => {
  it('makes states with equal views count as one', async () => {
    const whole = await check(counter(undefined), { properties: ['five', 'on'] })
    const { states, warnings, properties } = await check(
      counter(({ n }) => n),
      { properties: ['five', 'on'] },
    )
    expect(whole.states.distinct).toBeGreaterThan(6)
    expect(states.distinct).toBe(6)
    expect(properties.map(({ result }) => result)).toEqual(['holds', 'reached'])
    expect(codes(warnings)).toEqual(['view'])
    expect(properties[0]!.caveat).toBeDefined()
  })

  it.each<[string, (s: S) => unknown]>([
    ['arrays', ({ n }) => [n]],
    ['objects', ({ n }) => ({ n })],
    ['states', (s) => s.merge({ clock: 0, last: 0 })],
  ])('may give %s', async (_, view) => {
    expect((await check(counter(view), { properties: SAFE, continue: true })).states.distinct).toBe(6)
  })

  it('gives real counterexamples, the same without learning and with several workers asked for', async () => {
    const found = async (options: CheckOptions) => {
      const { workers, states, property } = await check(
        counter(({ n }) => n),
        { properties: SAFE, ...options },
      )
      const { trace } = property('low')
      return [workers, states, trace!.steps.map(({ action, state }) => [action, String(state)])]
    }
    const one = await found({})
    expect(await found({ interpret: true })).toEqual(one)
    expect(await found({ workers: 4, module: 'file:///none.mjs' })).toEqual(one)
    expect(one[0]).toBe(1)
    expect((one[2] as unknown[]).length).toBe(4)
  })

  it('leaves temporal properties open, and is refused by the symbolic engine', async () => {
    const result = await check(
      counter(({ n }) => n),
      { continue: true },
    )
    expect(result.property('forever')).toMatchObject({ result: 'unknown', reason: expect.stringContaining('view') })
    const symbolic = check(
      counter(({ n }) => n),
      { engine: 'symbolic', properties: SAFE },
    )
    await expect(symbolic).rejects.toMatchObject({ code: 'KR404' })
  })

  it('switches symmetry off, with a warning', async () => {
    const Job = members('job', 3, { symmetric: true })
    const Jobs = schema({ at: mapOf(Job, oneOf('todo', 'done')), log: listOf(Job, 3) })
    const jobs = (view?: (s: ReturnType<typeof Jobs>) => unknown) =>
      spec({
        name: 'jobs',
        model: () =>
          model(Jobs, {
            init: Jobs(),
            actions: {
              finish: action({ job: Job }, (s, { job }) =>
                s.at.get(job) === 'todo' ? s.setIn(['at', job], 'done').set('log', s.log.push(job)) : undefined,
              ),
            },
            deadlock: false,
            view,
          }),
      })
    expect((await check(jobs())).symmetry).toBe('on')
    const { symmetry, warnings, states } = await check(jobs(({ at }) => at))
    expect([symmetry, states.distinct]).toEqual(['off', 8])
    expect(codes(warnings)).toEqual(['nothing-checked', 'not-reduced', 'view'])
  })

  it('that hides what an action reads is noticed, with the action and the variable', async () => {
    const { warnings } = await check(
      counter(({ n }) => n, 'guard'),
      { properties: SAFE, continue: true },
    )
    expect(codes(warnings)).toContain('view-differs')
    const { name, text } = warnings.find(({ code }) => code === 'view-differs')!
    expect(name).toBe('up')
    expect(text).toContain('last')
  })

  it('that hides what an invariant reads is noticed, with the invariant', async () => {
    const { warnings } = await check(
      counter(({ n }) => n, 'invariant'),
      { continue: true },
    )
    expect(warnings.find(({ code }) => code === 'view-differs')!.name).toBe('early')
  })

  it.each<[string, string, () => unknown]>([
    ['KR503', 'throws', () => [].at(0)!['n']],
    ['KR514', 'returns nothing', () => undefined],
    ['KR514', 'returns a function', () => () => 1],
    ['KR502', 'reads the clock', () => Date.now()],
  ])('fails with %s if it %s', async (code, _, view) => {
    await expect(check(counter(view))).rejects.toMatchObject({ code })
  })

  it('of random models gives the classes that a plain search finds, in levels', async () => {
    let folded = 0
    for (let seed = 1; seed <= runs(200); seed++) {
      const rng = rngFrom(seed)
      const edges = [...Array(24).keys()].map(() => [rng(12), rng(12)] as const)
      const view = [...Array(12).keys()].map(() => rng(6))
      const Number = schema({ n: range(0, 11) })
      const random: AnySpec = spec({
        name: 'random',
        model: () =>
          model(Number, {
            init: [Number({ n: 0 }), Number({ n: 1 })],
            actions: { go: (s) => edges.flatMap(([from, to]) => (from === s.n ? [Number({ n: to })] : [])) },
            invariants: { low: (s) => s.n < 11 },
            deadlock: false,
            view: ({ n }) => view[n],
          }),
      })
      // The same search, with numbers.
      const seen = new Map<number, number>()
      const levels: number[][] = [[]]
      const meet = (n: number, level: number[]): void => {
        if (seen.has(view[n]!)) return
        seen.set(view[n]!, n)
        level.push(n)
      }
      for (const n of [0, 1]) meet(n, levels[0]!)
      while (levels.at(-1)!.length > 0 && !levels.at(-1)!.includes(11)) {
        const level: number[] = []
        for (const at of levels.at(-1)!) for (const [from, to] of edges) if (from === at) meet(to, level)
        levels.push(level)
      }
      const depth = levels.findIndex((level) => level.includes(11))
      for (const interpret of [false, true]) {
        const result = await check(random, { interpret })
        const { trace } = result.property('low')
        expect([seed, result.states.distinct, trace?.steps.length]).toEqual([
          seed,
          seen.size,
          depth < 0 ? undefined : depth + 1,
        ])
        for (const [index, { state }] of (trace?.steps ?? []).entries()) {
          expect(levels[index]).toContain((state as ReturnType<typeof Number>).n)
        }
      }
      folded += 12 - seen.size
    }
    expect(folded).toBeGreaterThan(0)
  })
})
