/**
 * Partial-order reduction: the same verdicts from fewer states.
 *
 * `compareReduced` compares a reduced search with the search without reduction. The counts of reduced searches come from
 * an argument in the test.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  action,
  check,
  eventually,
  forAll,
  mapOf,
  members,
  model,
  ofStep,
  range,
  schema,
  spec,
} from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { ALL, itInAll, runs, SEED, some } from '../support/amount.ts'
import { compareReduced } from '../support/compare-reduced.ts'
import { modelOf, plan } from '../support/random-spec.ts'
import { limits, threadsPlan, threadsSpec } from '../support/random-threads.ts'
import { isLarge, SPECS, VARIANTS } from '../support/variants.ts'

/** Calls to complete functions. */
const calls = ALL ? 1000 : 500
const FEW_CALLS = 200

/** Reduces from the first state, whatever that leaves out. */
const FROM_THE_START = { por: 'on', tuning: { reduceFrom: 0 } } as const

const P = members('p', 4)
const Counters = schema({ count: mapOf(P, range(0, 5)) })
type Count = ReturnType<typeof Counters>

const inc = action({ p: P }, (s: Count, { p }) =>
  s.count.get(p)! < 5 ? s.setIn(['count', p], s.count.get(p)! + 1) : undefined,
)
const atEnd = { unless: (s: Count) => s.count.every((count) => count === 5) }

const counters = spec({
  name: 'counters',
  model: () =>
    model(Counters, {
      init: Counters(),
      actions: { inc },
      invariants: { small: forAll({ p: P }, (s: Count, { p }) => s.count.get(p)! <= 5) },
      goals: { full: (s: Count) => s.count.get('p2') === 5 },
      deadlock: atEnd,
    }),
})

describe('a reduced search', () => {
  it('explores one order of steps that commute', async () => {
    const full = await check(counters, { engine: 'explicit' })
    expect(full.states.distinct).toBe(6 ** 4)
    expect([full.por, full.notReduced]).toEqual(['off', undefined])
    const reduced = await check(counters, FROM_THE_START)
    // One counter after the other: 20 steps lead through 21 states.
    expect(reduced.states).toMatchObject({ initial: 1, generated: 21, distinct: 21, depth: 21 })
    expect([reduced.por, reduced.notReduced]).toEqual(['on', undefined])
    expect(reduced.properties.map(({ name, result }) => [name, result])).toEqual(
      full.properties.map(({ name, result }) => [name, result]),
    )
    expect(reduced.property('full').trace!.isShortest).toBe(false)
    expect(reduced.warnings).toEqual([])
  })

  it('finds what the search without reduction finds, on random models', () => {
    let reduced = 0
    fc.assert(
      fc.property(threadsPlan, limits, (given, bounds) => {
        const states = compareReduced(threadsSpec(given), {}, bounds)!
        if (states.reduced < states.full) reduced++
      }),
      { numRuns: runs(200), ...(SEED !== undefined && { seed: SEED }) },
    )
    // About half of the models are reduced.
    expect(reduced).toBeGreaterThan(runs(200) * 0.25)
  })

  it('finds what the search without reduction finds, on random models of all domains', () => {
    let compared = 0
    fc.assert(
      fc.property(plan, (given) => {
        const few = { calls: FEW_CALLS }
        const states = compareReduced(spec({ name: 'random', model: () => modelOf(given) }) as AnySpec, {}, few)
        // Sets of messages are not reduced.
        if (states !== undefined) compared++
      }),
      { numRuns: runs(60), ...(SEED !== undefined && { seed: SEED }) },
    )
    expect(compared).toBeGreaterThan(runs(60) / 3)
  })

  // The long suite has the large variants too.
  const variants = Object.entries(VARIANTS).flatMap(([path, all]) =>
    all.filter((constants) => !isLarge(constants)).map((constants) => [path, constants] as const),
  )
  it.each(some(variants, ([path]) => path.endsWith('peterson.ts') || path.endsWith('stale-exposure.ts')))(
    'finds what the search without reduction finds, on %s with %o',
    { timeout: 180_000 },
    async (path, constants) => {
      const { default: given } = (await import(new URL(path, SPECS).href)) as { default: AnySpec }
      // Undefined if the spec cannot be reduced, because it has constraints or sets of messages.
      const states = compareReduced(given, constants, { calls })
      if (path.endsWith('peterson.ts')) expect(states!.reduced).toBeLessThan(states!.full)
    },
  )
})

describe('the policy', () => {
  it('reduces nothing by default', async () => {
    const { por, notReduced, states } = await check(counters)
    expect([por, notReduced, states.distinct]).toEqual(['off', undefined, 6 ** 4])
  })

  it('shows the counterexample of the search without reduction', async () => {
    const broken = variant({ invariants: { low: (s: Count) => s.count.get('p3')! + s.count.get('p4')! < 3 } })
    const full = await check(broken, { engine: 'explicit' })
    const reduced = await check(broken, FROM_THE_START)
    expect(reduced.notReduced).toBeDefined()
    expect([reduced.por, reduced.verdict]).toEqual(['off', 'violated'])
    expect(reduced.states).toEqual(full.states)
    expect(reduced.traces).toEqual(full.traces)
  })

  itInAll('shows the counterexample of the reduced search if the other takes too long', async () => {
    const Q = members('q', 8)
    const State = schema({ count: mapOf(Q, range(0, 5)) })
    const many = spec({
      name: 'many',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            inc: action({ q: Q }, (s, { q }) =>
              s.count.get(q)! < 5 ? s.setIn(['count', q], s.count.get(q)! + 1) : undefined,
            ),
          },
          invariants: { busy: (s) => s.count.some((count) => count < 5) },
          deadlock: false,
        }),
    })
    const { por, notReduced, states, property } = await check(many, FROM_THE_START)
    expect([por, notReduced, states.distinct]).toEqual(['on', undefined, 41])
    expect(property('busy').trace).toMatchObject({ isShortest: false, steps: { length: 41 } })
  })

  it('reports a failure as the search without reduction does', async () => {
    const failing = variant({
      actions: {
        inc,
        fail: (s: Count) => {
          if (s.count.get('p4') === 4) throw new Error('four')
        },
      },
    })
    const errors = await Promise.all(
      (['off', 'on'] as const).map(
        async (por) => await check(failing, { ...FROM_THE_START, por }).catch((thrown: unknown) => thrown),
      ),
    )
    expect(errors[0]).toMatchObject({ code: 'KR503' })
    expect(errors[1]).toMatchObject({ code: 'KR503', trace: (errors[0] as { trace: unknown }).trace })
  })

  it.each([
    ['on', '2,000'],
    ['auto', '50,000'],
  ] as const)('begins to reduce under %s when there are %s states', async (por, states) => {
    const few = await check(counters, { por, engine: 'explicit' })
    expect([few.por, few.states.distinct]).toEqual(['off', 6 ** 4])
    expect(few.notReduced).toContain(states)
    const early = { por, engine: 'explicit', tuning: { reduceFrom: 100 } } as const
    const many = await check(counters, early)
    expect([many.por, many.notReduced, many.states.distinct]).toEqual(['on', undefined, 21])
    const oneByOne = (s: Count) => {
      const p = P.find((one) => s.count.get(one)! < 5)
      return p === undefined ? undefined : s.setIn(['count', p], s.count.get(p)! + 1)
    }
    const useless = await check(variant({ actions: { oneByOne } }), { ...early, tuning: { reduceFrom: 10 } })
    expect([useless.por, useless.verdict, useless.states.distinct]).toEqual(['off', 'holds', 21])
    expect(useless.notReduced).toBeDefined()
  })

  it('makes few calls of the spec if little would be left out', async () => {
    // Every step reads every counter, and no two commute.
    const total = (s: Count) => s.count.reduce((sum, count) => sum + count, 0)
    const together = action({ p: P }, (s: Count, { p }) =>
      s.count.get(p)! < 5 && total(s) < 20 ? s.setIn(['count', p], s.count.get(p)! + 1) : undefined,
    )
    const given = variant({ actions: { together } })
    const [off, on] = await Promise.all(
      (['off', 'on'] as const).map(
        async (por) => await check(given, { por, engine: 'explicit', tuning: { reduceFrom: 100 } }),
      ),
    )
    expect(on!.por).toBe('off')
    expect(on!.states).toEqual(off!.states)
    // The estimate calls functions that learning does not cover.
    expect(on!.specCalls).toBeLessThan(1.1 * off!.specCalls)
  })

  it.each([
    ['a transition property', { transitions: { up: () => true } }, {}],
    ['a temporal property', { temporal: { ends: eventually((s: Count) => s.count.get('p1') === 5) } }, {}],
    ['a constraint', { constraints: { few: (s: Count) => s.count.get('p1')! < 3 } }, {}],
    ['a view', { view: (s: Count) => s.count.get('p1') }, {}],
    ['a measure under auto', { measures: { first: (s: Count) => s.count.get('p1')! } }, { por: 'auto' }],
    ['a bound on depth', {}, { maxDepth: 30 }],
    ['reference evaluation', {}, { interpret: true }],
    ['the symbolic engine', {}, { engine: 'symbolic' }],
    ['attribution of states', {}, { attribute: true }],
  ] as const)('does not reduce with %s', async (_, definition, options) => {
    const { por, notReduced } = await check(variant(definition), { por: 'on', tuning: { reduceFrom: 10 }, ...options })
    expect([por, notReduced !== undefined]).toEqual(['off', true])
  })

  it('does not take measures in a reduced search', async () => {
    const measured = variant({ measures: { first: (s: Count) => s.count.get('p1')!, up: ofStep(() => 1) } })
    const { measures, warnings, por } = await check(measured, FROM_THE_START)
    expect(por).toBe('on')
    expect(measures).toEqual([
      { name: 'first', over: 'states', minimum: undefined, maximum: undefined },
      { name: 'up', over: 'steps', minimum: undefined, maximum: undefined },
    ])
    expect(warnings.map(({ code, name }) => [code, name])).toEqual([
      ['undecided', 'first'],
      ['undecided', 'up'],
    ])
  })

  it('does not reduce together with symmetry', async () => {
    const Q = members('q', 3, { symmetric: true })
    const State = schema({ at: mapOf(Q, range(0, 2)) })
    const symmetric = spec({
      name: 'symmetric',
      model: () =>
        model(State, {
          init: State(),
          actions: {
            inc: action({ q: Q }, (s, { q }) => (s.at.get(q)! < 2 ? s.setIn(['at', q], s.at.get(q)! + 1) : undefined)),
          },
          deadlock: { unless: (s) => s.at.every((at) => at === 2) },
        }),
    })
    expect(await check(symmetric, FROM_THE_START)).toMatchObject({ por: 'off', symmetry: 'on' })
    expect(await check(symmetric, { ...FROM_THE_START, symmetry: false })).toMatchObject({
      por: 'on',
      states: { distinct: 7 },
    })
  })

  it('refuses other values', async () => {
    await expect(check(counters, { por: 'always' as never })).rejects.toMatchObject({ code: 'KR101' })
  })
})

/** The counters with other definitions. */
function variant(definition: object): AnySpec {
  return spec({
    name: 'variant',
    model: () => model(Counters, { init: Counters(), actions: { inc }, deadlock: atEnd, ...definition } as never),
  }) as AnySpec
}
