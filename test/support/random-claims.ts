/**
 * Random models that claim a set to be symmetric, rightly or wrongly: members in variables of each shape, names spread
 * into `oneOf`, strings made of names, and functions that may distinguish members. For fast-check.
 */
import fc from 'fast-check'
import {
  action,
  bool,
  check,
  CheckerError,
  forAll,
  goto,
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
  thread,
} from '../../src/index.ts'
import type { Outcome } from '../../src/api/outcome.ts'
import type { Model } from '../../src/spec/model.ts'
import { symmetricSetsOf } from '../../src/spec/symmetric-sets.ts'
import { permuted } from '../../src/state/symmetry/permuted.ts'
import { bruteForce, text } from './brute-force.ts'
import { renamings } from './random-symmetric.ts'

/** A condition or change, as numbers that select one of several kinds. */
interface Rule {
  readonly guards: readonly number[]
  readonly effects: readonly number[]
  /** Whether members are bound as parameters, or iterated within the function. */
  readonly binds: boolean
}

/** A plan is data that can be shrunk. */
export interface Claim {
  readonly size: number
  readonly count: number
  /** Kinds of variables. */
  readonly variables: readonly number[]
  readonly actions: readonly Rule[]
  readonly invariants: readonly (readonly number[])[]
  readonly transitions: readonly (readonly number[])[]
  /** Conditions on legitimate ends, constraints, goals and measures: none or one. */
  readonly end: readonly number[]
  readonly constraint: readonly number[]
  readonly goal: readonly number[]
  readonly measure: readonly number[]
  /** How likely conditions single members out: never, or one in this many. */
  readonly bias: number
}

const pick = fc.nat(9999)
const few = fc.array(pick, { minLength: 1, maxLength: 4 })

export const claim: fc.Arbitrary<Claim> = fc.record({
  size: fc.constantFrom(2, 2, 3, 3, 4),
  count: fc.integer({ min: 1, max: 6 }),
  variables: fc.array(pick, { minLength: 2, maxLength: 3 }),
  actions: fc.array(
    fc.record({
      guards: fc.array(pick, { maxLength: 2 }),
      effects: fc.array(pick, { minLength: 1, maxLength: 3 }),
      binds: fc.boolean(),
    }),
    { minLength: 2, maxLength: 5 },
  ),
  invariants: fc.array(few, { minLength: 1, maxLength: 2 }),
  transitions: fc.array(few, { maxLength: 1 }),
  end: fc.array(pick, { maxLength: 2 }),
  constraint: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, few),
  goal: fc.array(pick, { maxLength: 2 }),
  measure: fc.array(pick, { maxLength: 2 }),
  bias: fc.constantFrom(0, 0, 3, 6),
})

type Bound = { readonly a: string; readonly c: string }
type Test = (s: any, bound: Bound) => boolean
type Effect = (s: any, bound: Bound) => any

/** A kind of variable: its domain, its tests, and its changes. */
interface Kind {
  readonly domain: any
  readonly tests: readonly Test[]
  /** Tests that single a member out. */
  readonly unfair: readonly Test[]
  readonly effects: readonly Effect[]
}

function kindsOf(A: readonly string[], last: string): readonly ((name: string) => Kind)[] {
  const asDomain = A as any
  const derived =
    (of: (member: string) => string) =>
    (v: string): Kind => ({
      domain: setOf(oneOf(...A.map(of))),
      tests: [(s, { a }) => s[v].has(of(a)), (s, { a }) => !s[v].has(of(a)), (s) => s[v].isEmpty()],
      unfair: [(s) => s[v].has(of(last))],
      effects: [
        (s, { a }) => s.update(v, (set: any) => set.add(of(a))),
        (s, { a }) => s.update(v, (set: any) => set.delete(of(a))),
      ],
    })
  return [
    (v) => ({
      domain: optional(asDomain),
      tests: [(s) => s[v] === null, (s, { a }) => s[v] === a, (s, { a }) => s[v] !== a],
      unfair: [(s) => s[v] === last, (s, { a }) => s[v] !== null && s[v] < a],
      effects: [(s, { a }) => s.set(v, a), (s) => s.set(v, null)],
    }),
    (v) => ({
      domain: oneOf('free', ...A),
      tests: [(s) => s[v] === 'free', (s, { a }) => s[v] === a],
      unfair: [(s) => s[v] === last, (s, { a }) => A.indexOf(s[v]) > A.indexOf(a)],
      effects: [(s, { a }) => s.set(v, a), (s) => s.set(v, 'free')],
    }),
    (v) => ({
      domain: mapOf(members('slot', 2), oneOf('free', ...A)),
      tests: [
        (s) => s[v].get('slot1') === 'free',
        (s, { a }) => s[v].get('slot2') === a,
        (s, { a }) => !s[v].includes(a),
      ],
      unfair: [(s) => s[v].get('slot1') === last],
      effects: [
        (s, { a }) => s.setIn([v, 'slot1'], a),
        (s, { a }) => s.setIn([v, 'slot2'], a),
        (s) => s.setIn([v, 'slot1'], s[v].get('slot2')),
      ],
    }),
    (v) => ({
      domain: setOf(asDomain),
      tests: [(s, { a }) => s[v].has(a), (s, { a }) => !s[v].has(a), (s) => s[v].size < 2, (s) => s[v].isEmpty()],
      unfair: [(s) => s[v].has(last), (s, { a }) => s[v].first() === a, (s) => A.findIndex((it) => s[v].has(it)) > 0],
      effects: [
        (s, { a }) => s.update(v, (set: any) => set.add(a)),
        (s, { a }) => s.update(v, (set: any) => set.delete(a)),
        (s) => s.update(v, (set: any) => set.clear()),
      ],
    }),
    (v) => ({
      domain: setOf(oneOf('none', ...A)),
      tests: [(s, { a }) => s[v].has(a), (s) => s[v].has('none'), (s) => s[v].size < 2],
      unfair: [(s) => s[v].has(last)],
      effects: [(s, { a }) => s.update(v, (set: any) => set.add(a)), (s) => s.set(v, s[v].clear().add('none'))],
    }),
    (v) => ({
      domain: mapOf(asDomain, optional(asDomain)),
      tests: [
        (s, { a }) => s[v].get(a) === null,
        (s, { a, c }) => s[v].get(a) === c,
        (s, { a }) => s[v].every((it: any) => it !== a),
      ],
      unfair: [(s) => s[v].get(last) !== null, (s, { a }) => s[v].get(a) === A[0]],
      effects: [(s, { a, c }) => s.setIn([v, a], c), (s, { a }) => s.setIn([v, a], null)],
    }),
    (v) => ({
      domain: mapOf(oneOf('none', ...A), range(0, 1)),
      tests: [
        (s, { a }) => s[v].get(a) === 0,
        (s) => s[v].get('none') === 0,
        (s) => A.every((it) => s[v].get(it) === 1),
      ],
      unfair: [(s) => s[v].get(last) === 1],
      effects: [(s, { a }) => s.setIn([v, a], 1), (s, { a }) => s.setIn([v, a], 0), (s) => s.setIn([v, 'none'], 1)],
    }),
    (v) => ({
      domain: listOf(asDomain, 2),
      tests: [(s) => s[v].size < 2, (s, { a }) => s[v].includes(a), (s, { a }) => s[v].first() !== a],
      unfair: [(s) => s[v].last() === last, (s) => s[v].size === 2 && s[v].get(0) < s[v].get(1)],
      effects: [
        (s, { a }) => (s[v].size < 2 ? s.update(v, (list: any) => list.push(a)) : s),
        (s) => s.update(v, (list: any) => list.shift()),
      ],
    }),
    (v) => ({
      domain: record({ who: optional(asDomain), on: bool() }),
      tests: [(s, { a }) => s[v].who === a, (s) => s[v].on, (s) => s[v].who === null],
      unfair: [(s) => s[v].who === last && s[v].on],
      effects: [
        (s, { a }) => s.setIn([v, 'who'], a),
        (s) => s.setIn([v, 'on'], true),
        (s) => s.setIn([v, 'who'], null),
      ],
    }),
    (v) => ({
      domain: mapOf(asDomain, bool()),
      tests: [(s, { a }) => s[v].get(a), (s, { a }) => !s[v].get(a), (s) => s[v].some((it: boolean) => it)],
      unfair: [(s) => s[v].get(last)],
      effects: [(s, { a }) => s.setIn([v, a], true), (s, { a }) => s.setIn([v, a], false)],
    }),
    derived((member) => `log-${member}`),
    derived((member) => `log${member}`),
    derived((member) => `sector ${member.slice(1)}`),
  ]
}

/** The model of a plan, with the set made inside it, as authors do. */
export function modelOf(plan: Claim): Model {
  const { size, count, bias } = plan
  const A = members('a', size, { symmetric: true })
  const kinds = kindsOf(A, A[size - 1]!)
  const own = plan.variables.map((at, index) => kinds[at % kinds.length]!(`v${index}`))
  const hasThread = plan.variables[0]! % 5 === 0
  const State = schema({
    ...Object.fromEntries(own.map(({ domain }, index) => [`v${index}`, domain])),
    n: range(0, count),
    ...(hasThread && { run: thread({ a: A }, 'idle', 'busy') }),
  }) as any
  const tests: Test[] = [
    ...own.flatMap((kind) => kind.tests),
    (s) => s.n === count,
    (s) => s.n < count,
    (_, { a, c }) => a !== c,
  ]
  const unfair: Test[] = [
    ...own.flatMap((kind) => kind.unfair),
    (_, { a }) => a === A.at(-1),
    (_, { a, c }) => a < c,
    ...(hasThread ? [(s: any) => s.run.get(A.at(-1)) === 'busy'] : []),
  ]
  const effects: Effect[] = [
    ...own.flatMap((kind) => kind.effects),
    (s) => (s.n < count ? s.set('n', s.n + 1) : undefined),
  ]
  const testAt = (at: number): Test => {
    const all = bias > 0 && at % bias === 0 ? unfair : tests
    return all[Math.floor(at / 7) % all.length]!
  }
  const every =
    (picks: readonly number[]): Test =>
    (s, bound) =>
      picks.every((at) => testAt(at)(s, bound))
  const all: Bound[] = A.flatMap((a) => A.map((c) => ({ a, c })))
  const some =
    (picks: readonly number[]) =>
    (s: any): boolean =>
      all.some((bound) => every(picks)(s, bound))
  const parameters = { a: A, c: A }
  const apply = ({ guards, effects: picks }: Rule, s: any, bound: Bound): any =>
    every(guards)(s, bound)
      ? picks.reduce((after, at) => after && effects[Math.floor(at / 7) % effects.length]!(after, bound), s)
      : undefined
  return model(State, {
    init: State(),
    deadlock: plan.end.length > 0 ? { unless: some(plan.end) } : plan.goal.length > 0,
    actions: Object.fromEntries(
      plan.actions.map((rule, index) => [
        `act${index}`,
        rule.binds
          ? action(parameters, (s: any, bound: any) => apply(rule, s, bound))
          : (s: any) => all.map((bound) => apply(rule, s, bound)),
      ]),
    ),
    ...(hasThread && {
      threads: {
        run: {
          at: {
            idle: (s: any, { a }: any) => (testAt(plan.variables[0]!)(s, { a, c: a }) ? goto('busy', s) : undefined),
            busy: (s: any) => goto('idle', s),
          },
        },
      },
    }),
    invariants: Object.fromEntries(
      plan.invariants.map((picks, index) => [
        `inv${index}`,
        index === 0 ? (s: any) => !some(picks)(s) : forAll(parameters, (s: any, bound: any) => !every(picks)(s, bound)),
      ]),
    ),
    transitions: Object.fromEntries(
      plan.transitions.map((picks, index) => [
        `step${index}`,
        forAll(
          parameters,
          ({ before, after }: any, bound: any) => every(picks)(before, bound) || !every(picks)(after, bound),
        ),
      ]),
    ),
    goals: plan.goal.length > 0 ? { goal: some(plan.goal) } : {},
    constraints: plan.constraint.length > 0 ? { within: (s: any) => !some(plan.constraint)(s) } : {},
    measures:
      plan.measure.length > 0
        ? {
            many: (s: any) => all.filter((bound) => every(plan.measure)(s, bound)).length,
            gained: ofStep(({ before, after }: any) => {
              const many = (s: any): number => all.filter((bound) => every(plan.measure)(s, bound)).length
              return many(after) - many(before)
            }),
          }
        : {},
  } as never) as Model
}

/** The result of a plan. */
export interface Trial {
  readonly states: number
  /** The claim was refused with KR508. */
  readonly refused: boolean
  readonly reduced: boolean
  readonly violated: boolean
}

/** Models with at most this many states are also explored by an explorer that shares no code with the checker. */
const MAX_BY_BRUTE_FORCE = 150

/**
 * Checks the model of a plan with symmetry, and without.
 *
 * @returns undefined if it has more than `most` states
 * @throws if the result with symmetry is not KR508 and differs from a full exploration
 */
export async function tryOut(plan: Claim, most: number): Promise<Trial | undefined> {
  const made = modelOf(plan)
  const whole = spec({ name: 'claim', model: () => made })
  const off = await check(whole, { continue: true, symmetry: false, maxStates: most })
  if (off.ending !== 'exhausted') return undefined
  const expected = essenceOf(off)
  // That explorer does not support constraints.
  const isSmall = off.states.distinct <= MAX_BY_BRUTE_FORCE && made.constraints.length === 0
  const enumerated = isSmall ? bruteForce(made) : undefined
  if (enumerated !== undefined) {
    const found = Object.entries(enumerated.found).filter(([name]) => name !== 'deadlock' || made.deadlock)
    requireSame(essence(found, Object.entries(enumerated.measured)), expected, 'without symmetry')
  }
  const states = off.states.distinct
  const violated = off.verdict === 'violated'
  let on: Outcome
  try {
    on = await check(whole, { continue: true })
  } catch (thrown) {
    if (!(thrown instanceof CheckerError) || thrown.code !== 'KR508') throw thrown
    return { states, refused: true, reduced: false, violated }
  }
  requireSame(expected, essenceOf(on), 'with symmetry')
  requireSame(off.verdict, on.verdict, 'with symmetry')
  const { sets } = symmetricSetsOf(made)
  const all = renamings(sets.map(({ names }) => names))
  const orbits = enumerated?.states.map((state) => all.map((rename) => text(permuted(state, rename))).sort()[0])
  if (orbits !== undefined) requireSame(String(new Set(orbits).size), String(on.states.distinct), 'states')
  return { states, refused: false, reduced: on.symmetry === 'on', violated }
}

/** The results on which checks with and without symmetry must agree: findings, their numbers of steps, and measures. */
function essenceOf({ properties, traces, measures }: Outcome): string {
  return essence(
    properties.flatMap(({ name, trace }) => (trace === undefined ? [] : [[name, traces[trace]!.steps.length - 1]])),
    measures.flatMap(({ name, minimum, maximum }) => (minimum === undefined ? [] : [[name, [minimum, maximum]]])),
  )
}

function essence(found: readonly unknown[], measured: readonly unknown[]): string {
  return JSON.stringify([found, measured].map((entries) => entries.map((entry) => JSON.stringify(entry)).sort()))
}

function requireSame(expected: string, said: string, when: string): void {
  if (said !== expected) throw new Error(`${when}: ${said} instead of ${expected}`)
}
