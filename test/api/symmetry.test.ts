/**
 * Symmetry in a check: counts are orbits, verdicts and lengths are the same as without, and errors name the function
 * that breaks symmetry.
 */
import fc from 'fast-check'
import { List } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  bool,
  check,
  type CheckerError,
  forAll,
  listOf,
  mapOf,
  members,
  model,
  ofStep,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  union,
  value,
} from '../../src/index.ts'
import { bindAll } from '../../src/spec/bindings.ts'
import type { Model } from '../../src/spec/model.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { rngFrom } from '../../src/semantics/learned/probe.ts'
import { functionsOf } from '../../src/audit/symmetry/functions.ts'
import { SymmetrySample } from '../../src/audit/symmetry/sample.ts'
import { purely } from '../../src/spec/purity.ts'
import { prepareRun } from '../support/explicit-run.ts'
import type { Exploration } from '../../src/engine/engine.ts'
import { findCounterexamples } from '../../src/api/counterexamples.ts'
import { permuted } from '../../src/state/symmetry/permuted.ts'
import { runs } from '../support/amount.ts'
import { bruteForce, text } from '../support/brute-force.ts'
import { renamings } from '../support/random-symmetric.ts'

type Rule = { guards: number[]; effects: number[] }
interface Rules {
  readonly sizes: readonly [number, number]
  readonly actions: readonly Rule[]
  readonly claims: readonly number[]
  readonly steps: readonly number[]
}

const choice = fc.nat(99)
const rule = fc.record({
  guards: fc.array(choice, { maxLength: 2 }),
  effects: fc.array(choice, { minLength: 1, maxLength: 3 }),
})
const rules: fc.Arbitrary<Rules> = fc.record({
  sizes: fc.constantFrom<[number, number]>([2, 1], [2, 2], [3, 1], [3, 2]),
  actions: fc.array(rule, { minLength: 1, maxLength: 4 }),
  claims: fc.array(choice, { minLength: 1, maxLength: 2 }),
  steps: fc.array(choice, { maxLength: 1 }),
})

/** A model whose functions name no member, so they are symmetric. */
function modelOf({ sizes, actions, claims, steps }: Rules): { model: Model; sets: string[][] } {
  const A = members('a', sizes[0], { symmetric: true })
  const B = members('b', sizes[1], { symmetric: true })
  // A slot holds a number in one variant and a member in the other, or moves in one and stays in the other.
  const Idle = record({ type: oneOf('idle'), n: range(0, 2), flag: bool() })
  const Busy = record({ type: oneOf('busy'), who: A, seen: setOf(A) })
  const To = record({ type: oneOf('to'), who: A })
  const All = record({ type: oneOf('all') })
  const State = schema({
    work: mapOf(B, union(Idle, Busy)),
    waiting: listOf(union(Idle, Busy), 1),
    sent: setOf(union(To, All)),
    owner: mapOf(A, oneOf('free', ...B)),
    next: mapOf(A, optional(A)),
    held: mapOf(B, setOf(A)),
    queue: listOf(A, 2),
    leader: optional(A),
    flag: bool(),
    n: range(0, 2),
  })
  type Bound = { a: string; c: string; b: string }
  const tests: ((s: any, bound: Bound) => boolean)[] = [
    (s, { a }) => s.owner.get(a) === 'free',
    (s, { a, b }) => s.owner.get(a) === b,
    (s, { a }) => s.next.get(a) === null,
    (s, { a, c }) => s.next.get(a) === c,
    (s, { a, b }) => s.held.get(b).has(a),
    (s, { b }) => s.held.get(b).size < 2,
    (s) => s.queue.size < 2,
    (s, { a }) => s.queue.includes(a),
    (s, { a }) => s.leader !== a,
    (s) => s.leader === null,
    (s) => s.n < 2,
    (s) => s.flag,
    (_, { a, c }) => a !== c,
    (s, { b }) => s.work.get(b).type === 'busy',
    (s, { a, b }) => s.work.get(b).type === 'busy' && s.work.get(b).who !== a,
    (s, { a, b }) => s.work.get(b).type === 'busy' && s.work.get(b).seen.has(a),
    (s, { b }) => s.work.get(b).type === 'busy' || s.work.get(b).n < 2,
    (s) => s.waiting.isEmpty(),
    (s, { a }) => !s.sent.has(To({ who: a as never })),
    (s) => s.sent.some((m: any) => m.type === 'all'),
  ]
  const effects: ((s: any, bound: Bound) => any)[] = [
    (s, { a, b }) => s.setIn(['owner', a], b),
    (s, { a }) => s.setIn(['owner', a], 'free'),
    (s, { a, c }) => s.setIn(['next', a], c),
    (s, { a, c }) => s.setIn(['next', a], s.next.get(c)),
    (s, { a, b }) => s.updateIn(['held', b], (held: any) => held.add(a)),
    (s, { a, b }) => s.updateIn(['held', b], (held: any) => held.delete(a)),
    (s, { a }) => (s.queue.size < 2 ? s.update('queue', (queue: any) => queue.push(a)) : s),
    (s) => s.update('queue', (queue: any) => queue.shift()),
    (s, { a }) => s.set('leader', a),
    (s) => s.set('leader', s.queue.first(null)),
    (s) => s.set('n', (s.n + 1) % 3),
    (s) => s.set('flag', !s.flag),
    (s, { a, b }) => s.setIn(['work', b], Busy({ who: a as never, seen: s.held.get(b) })),
    (s, { a, b }) => s.updateIn(['work', b], (it: any) => (it.type === 'busy' ? it.set('who', a) : it.set('n', 2))),
    (s, { a, b }) => (s.work.get(b).type === 'busy' ? s.updateIn(['work', b, 'seen'], (it: any) => it.add(a)) : s),
    (s, { b }) => s.setIn(['work', b], Idle({ n: s.n, flag: s.flag })),
    (s, { b }) => s.set('waiting', List([s.work.get(b)])),
    (s, { b }) => (s.waiting.isEmpty() ? s : s.setIn(['work', b], s.waiting.first()).set('waiting', List())),
    (s, { a }) => s.update('sent', (sent: any) => sent.add(To({ who: a as never }))),
    (s) => s.set('sent', s.sent.has(All()) ? s.sent.filter((m: any) => m.type === 'all') : s.sent.add(All())),
  ]
  const count = (test: (typeof tests)[number], s: any): number =>
    bindAll(parameters).filter((bound) => test(s, bound as unknown as Bound)).length
  const pick = <T>(all: readonly T[], at: number): T => all[at % all.length]!
  const parameters = { a: A, c: A, b: B } as const
  const made = model(State, {
    init: State(),
    actions: Object.fromEntries(
      actions.map(({ guards, effects: done }, index) => [
        `act${index}`,
        action(parameters, (s: any, bound) =>
          guards.every((at) => pick(tests, at)(s, bound))
            ? done.reduce((after, at) => pick(effects, at)(after, bound), s)
            : undefined,
        ),
      ]),
    ),
    invariants: Object.fromEntries(
      claims.map((at, index) => [`claim${index}`, forAll(parameters, (s: any, bound) => !pick(tests, at)(s, bound))]),
    ),
    transitions: Object.fromEntries(
      steps.map((at, index) => [
        `step${index}`,
        forAll(
          parameters,
          ({ before, after }: any, bound: any) => pick(tests, at)(before, bound) || !pick(tests, at + 1)(after, bound),
        ),
      ]),
    ),
    goals: { full: (s) => s.queue.size === 2 && s.n === 2 },
    measures: {
      ...Object.fromEntries(claims.map((at, index) => [`many${index}`, (s: any) => count(pick(tests, at), s)])),
      held: (s) => s.held.reduce((sum, held) => sum + held.size, s.queue.size),
      gained: ofStep(
        ({ before, after }: any) => count(pick(tests, claims[0]!), after) - count(pick(tests, claims[0]!), before),
      ),
    },
  })
  return { model: made as Model, sets: [[...A], [...B]] }
}

/** A run after its search, before its conclusions. */
function explored(of: AnySpec) {
  const run = prepareRun(of, {})
  purely(() => {
    run.search.begin(run.initial)
    for (; run.search.frontier.words > 0; run.search.expandLevel()) run.monitor.depth = run.search.depth
  })
  return run
}

describe('check with symmetry', () => {
  it(
    'counts orbits, and finds the same as without symmetry, at the same depth, in random models',
    { timeout: 200_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(rules, async (given) => {
          const made = modelOf(given)
          const expected = bruteForce(made.model, 1500)
          fc.pre(expected !== undefined)
          const whole = spec({ name: 'random', model: () => made.model })
          const { states, properties, traces, symmetry, measures } = await check(whole, { continue: true })
          const all = renamings(made.sets)
          const orbits = new Set(
            expected!.states.map((state) => all.map((rename) => text(permuted(state, rename))).sort()[0]),
          )
          expect(symmetry).toBe('on')
          expect([states.distinct, states.depth]).toEqual([orbits.size, expected!.depth])
          const found = properties.flatMap(({ name, trace }) =>
            trace === undefined ? [] : [[name, traces[trace]!.steps.length - 1]],
          )
          expect(Object.fromEntries(found)).toEqual(expected!.found)
          const measured = measures.flatMap(({ name, minimum, maximum }) =>
            minimum === undefined ? [] : [[name, [minimum, maximum]]],
          )
          expect(Object.fromEntries(measured)).toEqual(expected!.measured)
          for (const { steps } of traces) expect(expected!.levels.get(text(steps[0]!.state))).toBe(1)
        }),
        { numRuns: runs(30) },
      )
    },
  )

  const A = members('a', 3, { symmetric: true })
  const State = schema({ on: setOf(A), last: optional(A), n: range(0, 1) })
  const turnOn = action({ a: A }, (s: ReturnType<typeof State>, { a }) =>
    s.on.has(a) ? undefined : s.merge({ on: s.on.add(a), last: a }),
  )
  const asSpec = (parts: object) =>
    spec({ name: 'breaks', model: () => model(State, { init: State(), deadlock: false, ...parts } as never) })

  it.each<[string, object, RegExp]>([
    [
      'an action that names a member',
      { actions: { turnOn, reset: (s: any) => (s.last === 'a2' ? s.set('n', 1) : undefined) } },
      /action "reset".*a[123] ↔ a[123]/,
    ],
    [
      'an action that goes by the order of members',
      { actions: { turnOn, reset: (s: any) => (s.on.size < 2 ? undefined : s.set('last', s.on.first())) } },
      /action "reset".*a[123] ↔ a[123]/,
    ],
    [
      'an invariant that compares members',
      { actions: { turnOn }, invariants: { low: (s: any) => s.last === null || s.last < 'a3' } },
      /invariant "low".*a[123] ↔ a[123]/,
    ],
    [
      'a transition property that names a member',
      { actions: { turnOn }, transitions: { notFirst: ({ bindings }: any) => bindings.a !== 'a1' } },
      /transition "notFirst".*a1 ↔ a[23]/,
    ],
    [
      'a measure that names a member',
      { actions: { turnOn }, measures: { last: (s: any) => (s.last === 'a2' ? 1 : 0) } },
      /measure "last".*a2 ↔ a[13]|measure "last".*a[13] ↔ a2/,
    ],
    [
      'a measure of steps that names a member',
      { actions: { turnOn }, measures: { first: ofStep(({ bindings }: any) => (bindings.a === 'a1' ? 1 : 0)) } },
      /measure "first".*a1 ↔ a[23]/,
    ],
    ['initial states that name a member', { init: State({ last: 'a1' }), actions: { turnOn } }, /^init .*a1 ↔ a2/],
  ])('refuses %s', async (_, parts, message) => {
    await expect(check(asSpec(parts))).rejects.toMatchObject({ code: 'KR508', message: expect.stringMatching(message) })
    expect((await check(asSpec(parts), { symmetry: false })).symmetry).toBe('off')
    if ('init' in parts) return
    // The sample finds it too, as for models with too many cases.
    const run = explored(asSpec(parts))
    const sample = new SymmetrySample(run, run.symmetry!, functionsOf(run))
    expect(() => purely(() => sample.take(rngFrom(0)))).toThrow(message)
  })

  it('does not confuse a measure with a property of the same name', async () => {
    const parts = {
      actions: { turnOn },
      invariants: { few: (s: any) => s.on.size < 4 },
      measures: { few: (s: any) => s.on.size },
    }
    const { measures, symmetry } = await check(asSpec(parts))
    expect([symmetry, measures]).toEqual(['on', [{ name: 'few', over: 'states', minimum: 0, maximum: 3 }]])
  })

  it('refuses a property that names a member on states outside the constraints, which are checked but not stored', async () => {
    const parts = {
      actions: { turnOn },
      constraints: { nobody: (s: any) => s.on.isEmpty() },
      invariants: { notLast: (s: any) => s.last !== 'a3', notFirst: (s: any) => s.last !== 'a1' },
    }
    await expect(check(asSpec(parts))).rejects.toMatchObject({ code: 'KR508' })
    for (const invariants of [{ notLast: parts.invariants.notLast }, { notFirst: parts.invariants.notFirst }])
      await expect(check(asSpec({ ...parts, invariants }))).rejects.toMatchObject({ code: 'KR508' })
    expect((await check(asSpec(parts), { symmetry: false })).verdict).toBe('violated')
  })

  it('refuses a rule for legitimate ends that names a member', async () => {
    // The last member is arbitrary, so two in three ends are deadlocks.
    const rule = (last: string) => ({
      ...{ actions: { turnOn }, deadlock: { unless: (s: any) => s.last === last || s.on.size < 3 } },
    })
    for (const last of ['a1', 'a2', 'a3'])
      await expect(check(asSpec(rule(last)))).rejects.toMatchObject({
        code: 'KR508',
        message: expect.stringMatching(/unless/),
      })
    expect((await check(asSpec(rule('a3')), { symmetry: false })).verdict).toBe('violated')
  })

  it('blames the claim of symmetry if a violation is lost under renamed members', async () => {
    const endings: string[] = []
    // The last member of a representative depends on the names of variables. A behavior begins with the first member.
    for (const variable of ['v0', 'v1', 'v2', 'v3', 'v4', 'v5']) {
      const Lead = schema({ [variable]: optional(A), on: bool() }) as any
      const made = model(Lead, {
        init: Lead(),
        actions: { lead: action({ a: A }, (s: any, { a }) => s.merge({ [variable]: a, on: true })) },
        invariants: { notLast: (s: any) => s[variable] !== 'a3' },
        deadlock: false,
      } as never)
      const run = explored(spec({ name: 'lead', model: () => made as Model }))
      // As if the audit had missed it.
      const ending = await findCounterexamples(run as never as Exploration).then(
        ({ traces }) => `${traces.length} traces`,
        ({ code }: CheckerError) => code,
      )
      endings.push(ending)
    }
    expect(endings).toContain('KR508')
    expect(endings).not.toContain('KR501')
  })

  it('detects an action of a large model that names a member', async () => {
    const B = members('b', 6, { symmetric: true })
    const Large = schema({ of: mapOf(B, range(0, 3)) })
    const large = spec({
      name: 'large',
      model: () =>
        model(Large, {
          init: Large(),
          actions: {
            more: action({ b: B }, (s, { b }) => {
              const most = b === 'b4' ? 2 : 3
              return s.of.get(b) < most ? s.setIn(['of', b], s.of.get(b) + 1) : undefined
            }),
          },
          deadlock: false,
        }),
    })
    await expect(check(large)).rejects.toMatchObject({ code: 'KR508', message: expect.stringContaining('b4') })
  })

  it('misses no violation that only one of thousands of states shows, whichever members it singles out', async () => {
    const B = members('b', 4, { symmetric: true })
    const Large = schema({ of: mapOf(B, range(0, 7)) })
    const more = action({ b: B }, (s: ReturnType<typeof Large>, { b }) =>
      s.of.get(b) < 7 ? s.setIn(['of', b], s.of.get(b) + 1) : undefined,
    )
    for (const bad of ['7,0,6,3', '3,7,0,6', '0,3,6,7', '7,6,3,0']) {
      const invariants = { good: (s: ReturnType<typeof Large>) => B.map((b) => s.of.get(b)).join() !== bad }
      const made = model(Large, { init: Large(), actions: { more }, invariants, deadlock: false })
      const large = spec({ name: 'large', model: () => made })
      await expect(check(large)).rejects.toMatchObject({ code: 'KR508', message: expect.stringContaining('good') })
      expect((await check(large, { symmetry: false })).verdict).toBe('violated')
    }
  })

  it('warns about functions with too many cases to compare, and compares a sample', async () => {
    const B = members('b', 6, { symmetric: true })
    const Large = schema({ of: mapOf(B, range(0, 7)) })
    const more = action({ b: B }, (s: ReturnType<typeof Large>, { b }) =>
      s.of.get(b) < 7 ? s.setIn(['of', b], s.of.get(b) + 1) : undefined,
    )
    const largeSpec = (invariants: object) =>
      spec({
        name: 'large',
        model: () => model(Large, { init: Large(), actions: { more }, invariants, deadlock: false } as never) as Model,
      })
    const small = (s: ReturnType<typeof Large>): boolean => s.of.reduce((sum, n) => sum + n, 0) <= 42
    const { symmetry, verdict, warnings, states } = await check(largeSpec({ small }))
    // Multisets of six of eight numbers.
    expect([symmetry, verdict, states.distinct]).toEqual(['on', 'holds', 1716])
    expect(warnings).toMatchObject([{ code: 'symmetry-sampled', name: 'small' }])
    const last = (s: ReturnType<typeof Large>): boolean => small(s) && (s.of.get('b6') < 5 || s.of.get('b1') < 6)
    await expect(check(largeSpec({ last }))).rejects.toMatchObject({ code: 'KR508' })
  })

  it('does not assume at a representative what it only checked on another state of the orbit', async () => {
    // `bad` is read for `marked` members alone. In representatives they come last, until another is `early`.
    const B = members('b', 2, { symmetric: true })
    const Two = schema({ early: setOf(B), chosen: setOf(B), marked: setOf(B), bad: setOf(B) })
    const put = (
      variable: 'early' | 'chosen' | 'marked' | 'bad',
      may: (s: ReturnType<typeof Two>, b: string) => boolean,
    ) =>
      action({ b: B }, (s: ReturnType<typeof Two>, { b }) =>
        may(s, b) ? s.update(variable, (set) => set.add(b)) : undefined,
      )
    const made = model(Two, {
      init: Two(),
      actions: {
        choose: put('chosen', (s) => s.chosen.isEmpty()),
        mark: put('marked', (s, b) => s.chosen.has(b as never)),
        hurry: put('early', (s, b) => !s.marked.has(b as never) && !s.marked.isEmpty()),
        spoil: put('bad', (s, b) => s.marked.has(b as never) && !s.early.isEmpty()),
      },
      constraints: { good: (s) => !B.some((b) => s.marked.has(b) && s.bad.has(b)) },
      deadlock: false,
    })
    const distinct = async (symmetry: boolean) =>
      (await check(spec({ name: 'beside', model: () => made }), { symmetry })).states.distinct
    // Initially; then one is chosen, marked, and the other early. The spoiled state lies outside.
    expect(await distinct(false)).toBe(1 + 2 + 2 + 2)
    expect(await distinct(true)).toBe(4)
  })

  it('names the symmetric sets that it does not use, with the reason', async () => {
    const reasons = async (variables: { [name: string]: any }) => {
      const Own = schema(variables)
      const own = spec({
        name: 'own',
        model: () => model(Own, { init: Own(), actions: { stay: (it: any) => it }, deadlock: false } as never) as Model,
      })
      const { symmetry, warnings } = await check(own)
      return [symmetry, ...warnings.filter(({ code }) => code === 'not-reduced').map(({ text: why }) => why)]
    }
    expect(await reasons({ all: setOf(A) })).toEqual(['on'])
    expect(await reasons({ all: setOf(A), any: value(0) })).toEqual(['off', expect.stringContaining('open domain')])
    expect(await reasons({ all: setOf(A), first: oneOf('no', 'a1') })).toEqual([
      'off',
      expect.stringContaining('oneOf(no, a1) of variable "first"'),
    ])
    expect(await reasons({ all: setOf(A), more: setOf(members('a', 3)) })).toEqual([
      'off',
      expect.stringContaining('"a"'),
    ])
  })

  it('shows a failing function in its original form', async () => {
    const failing = asSpec({
      actions: {
        turnOn,
        trip: action({ a: A }, (s: any, { a }) => {
          if (s.on.has(a) && s.last !== a) throw new Error('tripped')
          return undefined
        }),
      },
    })
    await expect(check(failing)).rejects.toMatchObject({ code: 'KR503', message: expect.stringContaining('trip(a1)') })
  })
})
