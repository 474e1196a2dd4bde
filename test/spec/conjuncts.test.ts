/** Claims with forAll and implies inside: the violated conjuncts and their parameters. */
import { describe, expect, it } from 'vitest'
import {
  action,
  bool,
  check,
  forAll,
  implies,
  mapOf,
  members,
  model,
  range,
  replay,
  schema,
  spec,
  type CheckOptions,
  type Outcome,
} from '../../src/index.ts'
import { infoOf } from '../../src/api/info.ts'
import { itfDocument } from '../../src/report/json/itf.ts'
import { traceDocument } from '../../src/report/json/documents.ts'
import { PLAIN } from '../../src/report/text/style.ts'
import { traceText } from '../../src/report/text/trace.ts'

const P = members('p', 2)
const Q = members('q', 2)
const State = schema({ n: mapOf(P, range(0, 2)), on: mapOf(Q, bool()) })
type S = ReturnType<typeof State>

/** Counters that count and switches that can be switched on, with some claims about them. */
const counting = (claims: object) =>
  spec({
    name: 'counting',
    model: () =>
      model(State, {
        init: State(),
        deadlock: false,
        actions: {
          count: action({ p: P }, (s: S, { p }) => s.n.get(p) < 2 && s.updateIn(['n', p], (n) => n + 1)),
          flip: action({ q: Q }, (s: S, { q }) => s.setIn(['on', q], true)),
        },
        ...claims,
      } as never),
  })

const ENGINES: readonly CheckOptions[] = [{ engine: 'explicit' }, { engine: 'symbolic' }, { interpret: true }]

/** The outcome, which must be the same in each way of evaluation. */
async function outcomeOf(claims: object): Promise<Outcome> {
  const outcomes = await Promise.all(ENGINES.map((options) => check(counting(claims), { continue: true, ...options })))
  const told = outcomes.map(({ properties, traces, warnings, states: { distinct } }) => {
    return { properties, traces: traces.map(traceDocument), warnings, distinct }
  })
  for (const other of told.slice(1)) expect(other).toEqual(told[0])
  return outcomes[0]!
}

const below =
  (most: number) =>
  (s: S, { p }: { p: 'p1' | 'p2' }) =>
    s.n.get(p) < most
const isOff = (s: S, { q }: { q: 'q1' | 'q2' }): boolean => !s.on.get(q)

describe('a conjunct that is quantified', () => {
  it('is named with the first of its own parameters for which it is false', async () => {
    const { traces } = await outcomeOf({
      invariants: { inv: { sum: (s: S) => s.n.get('p1') + s.n.get('p2') < 4, each: forAll({ p: P }, below(2)) } },
    })
    expect(traces[0]).toMatchObject({ bindings: {}, failed: [{ name: 'each', bindings: { p: 'p1' } }] })
    expect(traces[0]!.steps).toHaveLength(3)
    expect(traceText(traces[0]!, PLAIN).slice(-2)).toEqual(['  each(p1) is false: n[p1] = 2', ''])
    expect(traceDocument(traces[0]!)['failed']).toEqual([
      { conjunct: 'each', bindings: { p: 'p1' }, read: { 'n[p1]': 2 } },
    ])
  })

  it('inside a quantified property has the parameters of both', async () => {
    const { traces } = await outcomeOf({
      invariants: {
        inv: forAll(
          { p: P },
          {
            own: below(3),
            with: forAll({ q: Q }, { off: (s: S, b) => isOff(s, b as never) || below(1)(s, b as never) }),
          },
        ),
      },
    })
    expect(traces[0]).toMatchObject({ bindings: { p: 'p1' }, failed: [{ name: 'with.off', bindings: { q: 'q1' } }] })
    expect(traceText(traces[0]!, PLAIN)[0]).toBe('invariant inv(p1) is violated in 2 steps')
  })

  it('directly inside another forAll makes both parameters belong to the property', async () => {
    const { traces } = await outcomeOf({
      invariants: {
        inv: forAll(
          { p: P },
          forAll({ q: Q }, (s: S, b) => isOff(s, b) || below(1)(s, b as never)),
        ),
      },
    })
    expect(traces[0]).toMatchObject({ bindings: { p: 'p1', q: 'q1' }, failed: [{ name: '', bindings: {} }] })
  })

  it('is evaluated and learned for its own bindings only', async () => {
    const claims = { invariants: { inv: { each: forAll({ p: P }, below(3)), other: forAll({ q: Q }, () => true) } } }
    const { properties } = infoOf(counting(claims), {})
    expect(properties).toMatchObject([{ name: 'inv', instances: 4, conjuncts: ['each(p)', 'other(q)'] }])
  })

  it('of a transition property is about steps', async () => {
    const { traces } = await outcomeOf({
      transitions: {
        slow: {
          named: ({ action: name }: { action: string }) => name !== 'fly',
          each: forAll(
            { q: Q },
            ({ before, after }: { before: S; after: S }, { q }) =>
              before.on.get(q) === after.on.get(q) || before.n.get('p1') < 1,
          ),
        },
      },
    })
    expect(traces[0]).toMatchObject({ failed: [{ name: 'each', bindings: { q: 'q1' } }] })
  })

  it('of a goal must be true in the same state as all others', async () => {
    const high = (s: S, { p }: { p: 'p1' | 'p2' }): boolean => s.n.get(p) === 2
    const { traces, properties } = await outcomeOf({
      goals: {
        both: forAll({ p: P }, high),
        mixed: { both: forAll({ p: P }, high), off: forAll({ q: Q }, isOff), first: (s: S) => !s.on.get('q1') },
        never: { high: forAll({ p: P }, high), low: (s: S) => s.n.get('p1') === 0 },
      },
    })
    expect(properties.map(({ name, result }) => [name, result])).toEqual([
      ['both', 'reached'],
      ['mixed', 'reached'],
      ['never', 'unreached'],
    ])
    expect(traces.map(({ steps }) => steps.length)).toEqual([5, 5])
  })

  it('of a constraint bounds the search', async () => {
    const plain = await outcomeOf({ constraints: { low: (s: S) => P.every((p) => s.n.get(p) < 2) } })
    for (const low of [forAll({ p: P }, below(2)), { each: forAll({ p: P }, below(2)), more: () => true }]) {
      const { states, warnings } = await outcomeOf({ constraints: { low } })
      expect(states).toEqual(plain.states)
      expect(warnings).toEqual(plain.warnings)
    }
    expect(plain.states.distinct).toBe(16)
    const implied = implies(
      (s: S) => s.on.get('q1'),
      (s: S) => s.n.get('p1') < 1,
    )
    const { states } = await outcomeOf({ constraints: { implied } })
    // 3 × 3 counts × 2 switches if q1 is off, 3 counts × 2 switches if it is on.
    expect(states.distinct).toBe(24)
  })

  it('warns of an antecedent that is never true', async () => {
    const never = (s: S, { p }: { p: 'p1' | 'p2' }): boolean => s.n.get(p) > 2
    const { warnings } = await outcomeOf({
      invariants: {
        vacuous: {
          other: () => true,
          each: forAll(
            { p: P },
            implies(never, () => false),
          ),
        },
        sound: { each: forAll({ p: P }, implies(below(1), below(2))) },
        violated: {
          other: (s: S) => s.n.get('p1') < 1,
          each: forAll(
            { p: P },
            implies(never, () => false),
          ),
        },
      },
    })
    // The violated conjunct did have a chance to fail.
    expect(warnings.map(({ code, name }) => [code, name])).toEqual([['antecedent-never-true', 'vacuous']])
  })

  it('that returns another type is reported with its parameters', async () => {
    for (const options of ENGINES) {
      const wrong = (s: S, { p }: { p: 'p1' | 'p2' }) => (s.n.get(p) === 1 && p === 'p2' ? 'yes' : true)
      const claims = (each: unknown) => ({ invariants: { inv: { each } }, goals: { g: { never: () => false } } })
      await expect(check(counting(claims(forAll({ p: P }, wrong as never))), options)).rejects.toMatchObject({
        code: 'KR506',
        message: 'invariant "inv" (each(p2)) must return a boolean, but returned "yes"',
        source: wrong,
      })
      const goal = { ready: forAll({ p: P }, wrong as never), never: () => false }
      await expect(check(counting({ goals: { goal } }), { ...options, continue: true })).rejects.toMatchObject({
        message: 'goal "goal" (ready(p2)) must return a boolean, but returned "yes"',
        source: wrong,
      })
    }
  })

  it('is found again by a replay of its trace', async () => {
    const counted = counting({ invariants: { inv: { plain: () => true, each: forAll({ p: P }, below(2)) } } })
    const { traces, constants } = await check(counted)
    const document = itfDocument(traces[0]!, { spec: 'counting', file: 'counting.ts', constants })
    const { divergence, trace } = replay(counted, document as never)
    expect(divergence).toBeUndefined()
    expect(trace.failed).toEqual(traces[0]!.failed)
  })

  it('gives the same result with and without symmetry', async () => {
    const R = members('r', 3, { symmetric: true })
    const Symmetric = schema({ n: mapOf(R, range(0, 2)) })
    const symmetric = spec({
      name: 'symmetric',
      model: () =>
        model(Symmetric, {
          init: Symmetric(),
          deadlock: false,
          actions: {
            count: action({ r: R }, (s, { r }) => s.n.get(r) < 2 && s.updateIn(['n', r], (n) => n + 1)),
          },
          invariants: {
            apart: { one: () => true, other: forAll({ r: R }, (s, { r }) => s.n.get(r) < 2 || s.n.some((n) => n < 1)) },
          },
          goals: { all: forAll({ r: R }, (s, { r }) => s.n.get(r) === 2) },
          constraints: { small: forAll({ r: R }, (s, { r }) => s.n.get(r) < 3) },
        }),
    })
    const [reduced, whole] = [
      await check(symmetric, { continue: true }),
      await check(symmetric, { continue: true, symmetry: false }),
    ]
    expect([reduced.symmetry, reduced.states.distinct, whole.states.distinct]).toEqual(['on', 10, 27])
    expect(reduced.properties).toEqual(whole.properties)
    expect(reduced.traces.map(({ steps }) => steps.length)).toEqual(whole.traces.map(({ steps }) => steps.length))
    expect(reduced.traces[0]!.failed[0]).toMatchObject({ name: 'other' })
  })
})
