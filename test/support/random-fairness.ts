/**
 * Random small machines whose temporal properties depend on fairness, for fast-check: as data for the oracle and as
 * specs.
 *
 * A state is a place `x` on a way back and forth, and a level `y`. Rules read and write a part of it. So steps leave
 * other parts unchanged, and change nothing if the written part is equal already, as is typical for sets of states. One
 * action walks around forever, and another is enabled only from time to time.
 *
 * Random machines seldom depend on fairness. So the oracle removes machines that are violated under all constraints,
 * and machines that hold without any. That leaves every fifth. `test/engine/symbolic/machines.test.ts` checks the
 * proportions of the rest.
 */
import fc from 'fast-check'
import { action, model, range, schema, spec, steps, strong, weak } from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { formulaOf, untils } from './random-temporal.ts'
import { violates, type Demand, type Plan, type Problem } from './temporal-oracle.ts'

/** Some of the variables, with contents. */
interface Part {
  readonly x?: number
  readonly y?: number
}

/** A state with this part has one successor for each entry of `to`, with these contents set. */
interface Rule {
  readonly when: Part
  readonly sets: readonly Part[]
}

export interface Machine {
  /** The numbers of values of `x` and of `y`. */
  readonly places: number
  readonly levels: number
  readonly initial: readonly Required<Part>[]
  /** The rules of each action instance. */
  readonly rules: { readonly [instance: string]: readonly Rule[] }
  readonly p: Part
  readonly q: Part
  readonly fairness: readonly Demand[]
  /** By constraint: the part of the states from which its steps count; null for all states. */
  readonly when?: readonly (Part | null)[]
  readonly formula: Plan
}

/** Action `a` with `k` 0 is `a0`. */
const INSTANCES = ['a0', 'a1', 'b0', 'b1'] as const

/** With more of them the oracle takes long. */
const MAX_UNTILS = 4

const leaf: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<Plan>({ op: 'p' }, { op: 'q' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constantFrom('enabled', 'taken'),
      action: fc.constantFrom(...INSTANCES),
    }) as fc.Arbitrary<Plan>,
  },
)

const literal: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 3, arbitrary: leaf },
  { weight: 1, arbitrary: leaf.map((of): Plan => ({ op: 'not', of })) },
)

const unary = (
  op: 'eventually' | 'alwaysEventually' | 'eventuallyAlways',
  of: fc.Arbitrary<Plan>,
): fc.Arbitrary<Plan> => of.map((of) => ({ op, of }))

const binary = (op: 'and' | 'or' | 'until' | 'leadsTo', one: fc.Arbitrary<Plan>, other = one): fc.Arbitrary<Plan> =>
  fc.record({ left: one, right: other }).map((both) => ({ op, ...both }))

/** Claims that something happens eventually, which only fairness can force. */
const progress = fc.oneof(
  unary('eventually', literal),
  unary('alwaysEventually', literal),
  unary('eventuallyAlways', literal),
  binary('leadsTo', literal),
  binary('until', literal),
)

const formula: fc.Arbitrary<Plan> = fc
  .oneof(
    { weight: 5, arbitrary: progress },
    { weight: 1, arbitrary: binary('and', progress) },
    { weight: 1, arbitrary: binary('or', progress) },
    // A behavior that violates it visits two acceptance sets again and again.
    { weight: 1, arbitrary: binary('or', unary('eventuallyAlways', literal)) },
    // Visiting one set must not postpone the other forever.
    {
      weight: 3,
      arbitrary: unary(
        'eventuallyAlways',
        binary('and', literal, binary('until', literal)).map((of) => ({ op: 'not', of })),
      ),
    },
  )
  .filter((plan) => untils(plan) <= MAX_UNTILS)

/** Machines with up to 8 states. */
const any: fc.Arbitrary<Machine> = fc.noBias(
  fc.constantFrom([2, 2], [3, 2], [4, 2], [2, 3]).chain(([places, levels]) => {
    const x = fc.nat(places! - 1)
    const y = fc.nat(levels! - 1)
    const place = fc.record({ x })
    const level = fc.record({ y })
    const state = fc.record({ x, y })
    const somewhere: fc.Arbitrary<Part> = fc.oneof(place, level, state)
    const rule: fc.Arbitrary<Rule> = fc.record({
      when: somewhere,
      sets: fc.oneof(
        fc.array(somewhere, { minLength: 1, maxLength: 1 }),
        fc.array(somewhere, { minLength: 2, maxLength: 2 }),
      ),
    })
    /** Goes round, or back and forth, on one level or on all. */
    const walk = fc.record({ only: fc.boolean(), chooses: fc.boolean() }).map(({ only, chooses }): Rule[] =>
      Array.from({ length: places! }, (_, at) => {
        const next = { x: (at + 1) % places! }
        const last = { x: (at + places! - 1) % places! }
        return { when: { x: at, ...(only && { y: 0 }) }, sets: chooses ? [next, last] : [next] }
      }),
    )
    /** Leaves level 0 from one place, or may stay, or reads the place alone. */
    const exit = fc
      .record({
        x,
        only: fc.boolean(),
        sets: fc.constantFrom<Part[]>([{ y: 1 }], [{ x: 0 }, { y: 1 }], [{ y: 0 }, { y: 1 }]),
      })
      .map(({ x, only, sets }): Rule[] => [{ when: { x, ...(only && { y: 0 }) }, sets }])
    const further = fc.oneof(
      { weight: 2, arbitrary: fc.constant<Rule[]>([]) },
      { weight: 2, arbitrary: exit },
      { weight: 1, arbitrary: walk },
      { weight: 2, arbitrary: fc.array(rule, { minLength: 1, maxLength: 2, size: 'max' }) },
    )
    const demandOn = (instance: string): fc.Arbitrary<Demand> =>
      fc.record({
        fairness: fc.constantFrom('weak' as const, 'strong' as const),
        actions: fc.oneof(
          fc.constant([instance]),
          fc
            .subarray([...INSTANCES], { minLength: 1, maxLength: 2 })
            .map((others) => [...new Set([instance, ...others])]),
        ),
      })
    return fc.record({
      places: fc.constant(places!),
      levels: fc.constant(levels!),
      initial: fc.array(fc.oneof(state, fc.record({ x, y: fc.constant(0) })), { minLength: 1, maxLength: 2 }),
      rules: fc.record({ a0: walk, a1: further, b0: exit, b1: further }),
      p: fc.oneof({ weight: 3, arbitrary: fc.constant<Part>({ y: 1 }) }, { weight: 1, arbitrary: somewhere }),
      q: fc.oneof(fc.constant<Part>({ y: 0 }), somewhere),
      fairness: fc
        .tuple(
          demandOn('a0'),
          demandOn('b0'),
          fc.array(fc.constantFrom(...INSTANCES).chain(demandOn), { maxLength: 1 }),
        )
        .map(([one, other, more]) => [one, other, ...more]),
      formula,
    })
  }),
)

/** All fairness constraints. */
const EVERYTHING = INSTANCES.map((instance): Demand => ({ fairness: 'strong', actions: [instance] }))

/** Machines whose formula depends on the fairness constraints. */
export const machines: fc.Arbitrary<Machine> = any.filter(dependsOnFairness)

/** Machines whose verdict depends on a condition of their fairness constraints. */
export const conditionalMachines: fc.Arbitrary<Machine> = fc
  .tuple(any, fc.array(fc.record({ kind: fc.nat(5), x: fc.nat(), y: fc.nat() }), { minLength: 3, maxLength: 3 }))
  .map(([machine, choices]): Machine => {
    const { places, levels } = machine
    const when = choices.map(({ kind, x, y }): Part | null => {
      const [place, level] = [{ x: x % places }, { y: y % levels }]
      return [null, place, place, level, level, { ...place, ...level }][kind]!
    })
    return { ...machine, when: when.slice(0, machine.fairness.length) }
  })
  .filter((machine) => violates(problemOf(machine)) !== violates(problemOf({ ...machine, when: [] })))

function dependsOnFairness(machine: Machine): boolean {
  const problem = problemOf(machine)
  return violates({ ...problem, fairness: [] }) && !violates({ ...problem, fairness: EVERYTHING })
}

/** The problem for the oracle. States are numbered place by place. */
export function problemOf({ places, levels, initial, rules, p, q, fairness, when = [], formula }: Machine): Problem {
  const states = Array.from({ length: places * levels }, (_, n) => ({ x: n % places, y: Math.floor(n / places) }))
  const number = (state: Required<Part>): number => numberOf({ places }, state)
  const having = (part: Part): number[] => states.filter((state) => has(state, part)).map(number)
  const edges = (own: readonly Rule[]): [number, number][] =>
    states.flatMap((state) =>
      successors(own, state).map((set): [number, number] => [number(state), number({ ...state, ...set })]),
    )
  return {
    formula,
    fairness: fairness.map((demand, index) => ({ ...demand, ...(when[index] && { when: having(when[index]) }) })),
    size: states.length,
    initial: [...new Set(initial.map(number))],
    actions: Object.fromEntries(Object.entries(rules).map(([name, own]) => [name, edges(own)])),
    p: having(p),
    q: having(q),
  }
}

/** The oracle's number of a state. */
export function numberOf({ places }: Pick<Machine, 'places'>, { x, y }: Required<Part>): number {
  return x + places * y
}

/** The spec of a machine. */
export function specOf(machine: Machine): AnySpec {
  return spec({ name: 'machine', model: () => modelOf(machine) })
}

function modelOf({ places, levels, initial, rules, p, q, fairness, when = [], formula }: Machine) {
  const State = schema({ x: range(0, places - 1), y: range(0, levels - 1) })
  type State = ReturnType<typeof State>
  const by = (name: string) =>
    action({ k: range(0, 1) }, (s: State, { k }) => successors(rules[`${name}${k}`]!, s).map((set) => s.merge(set)))
  const stepsOf = (instance: string) => steps(instance[0]!, { k: Number(instance[1]) })
  return model(State, {
    init: initial.map((it) => State(it)),
    actions: { a: by('a'), b: by('b') },
    temporal: { claim: formulaOf<State>(formula, { p: (s) => has(s, p), q: (s) => has(s, q) }, stepsOf) },
    fairness: Object.fromEntries(
      fairness.map(({ fairness, actions }, index) => {
        const [constraint, part] = [fairness === 'weak' ? weak : strong, when[index]]
        const of = actions.map(stepsOf)
        return [
          `constraint ${index}`,
          part ? constraint(...of, { when: (s: State) => has(s, part) }) : constraint(...of),
        ]
      }),
    ),
    deadlock: false,
  })
}

/** Reads no more than necessary. */
function has(state: Required<Part>, { x, y }: Part): boolean {
  return (x === undefined || state.x === x) && (y === undefined || state.y === y)
}

function successors(rules: readonly Rule[], state: Required<Part>): readonly Part[] {
  return rules.flatMap(({ when, sets }) => (has(state, when) ? sets : []))
}
