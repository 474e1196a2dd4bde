/** Random graphs, formulas and fairness for fast-check, as data for the oracle and as specs for Kripke. */
import fc from 'fast-check'
import {
  always,
  alwaysEventually,
  and,
  enabled,
  eventually,
  eventuallyAlways,
  implies,
  leadsTo,
  model,
  not,
  or,
  range,
  schema,
  steps,
  strong,
  taken,
  until,
  weak,
  type FormulaLike,
} from '../../src/index.ts'
import type { Model } from '../../src/spec/model.ts'
import type { StepsLike } from '../../src/spec/steps.ts'
import type { Demand, Plan, Problem } from './temporal-oracle.ts'

const ACTIONS = ['a', 'b', 'c']
const State = schema({ n: range(0, 9) })
type State = ReturnType<typeof State>

const leaf: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<Plan>({ op: 'p' }, { op: 'q' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constantFrom('enabled', 'taken'),
      action: fc.constantFrom(...ACTIONS),
    }) as fc.Arbitrary<Plan>,
  },
)

const formula: fc.Arbitrary<Plan> = fc.letrec<{ plan: Plan }>((tie) => ({
  plan: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({
      op: fc.constantFrom('not', 'always', 'eventually', 'alwaysEventually', 'eventuallyAlways'),
      of: tie('plan'),
    }) as fc.Arbitrary<Plan>,
    fc.record({
      op: fc.constantFrom('and', 'or', 'implies', 'until', 'leadsTo'),
      left: tie('plan'),
      right: tie('plan'),
    }) as fc.Arbitrary<Plan>,
  ),
})).plan

const small: fc.Arbitrary<Plan> = fc.oneof(
  leaf,
  leaf.map((of): Plan => ({ op: 'not', of })),
  fc.record({ op: fc.constantFrom('and', 'or'), left: leaf, right: leaf }) as fc.Arbitrary<Plan>,
)

/** Formulas as authors write them: one or two temporal operators around claims about a moment. */
const usual: fc.Arbitrary<Plan> = fc.oneof(
  fc.record({ op: fc.constantFrom('leadsTo', 'until'), left: small, right: small }) as fc.Arbitrary<Plan>,
  fc.record({
    op: fc.constantFrom('always', 'eventually', 'alwaysEventually', 'eventuallyAlways'),
    of: small,
  }) as fc.Arbitrary<Plan>,
  fc.record({
    op: fc.constantFrom('implies', 'or', 'and', 'leadsTo'),
    left: fc.record({ op: fc.constantFrom('alwaysEventually', 'eventuallyAlways', 'always'), of: small }),
    right: fc.record({ op: fc.constantFrom('alwaysEventually', 'eventuallyAlways', 'eventually'), of: small }),
  }) as fc.Arbitrary<Plan>,
)

/** The number of `until` formulas to guess, after all operators are expressed by them. */
export function untils(plan: Plan): number {
  const inner = 'of' in plan ? untils(plan.of) : 'left' in plan ? untils(plan.left) + untils(plan.right) : 0
  const own: { [op: string]: number } = {
    alwaysEventually: 2,
    eventuallyAlways: 2,
    leadsTo: 2,
    always: 1,
    eventually: 1,
    until: 1,
  }
  return inner + (own[plan.op] ?? 0)
}

/**
 * Problems with up to `most` states.
 *
 * @param isConditional - whether the fairness constraints have conditions
 */
export function problems(most: number, isConditional: boolean = false): fc.Arbitrary<Problem> {
  const any = fc.integer({ min: Math.min(2, most), max: most }).chain((size) => {
    const state = fc.nat(size - 1)
    const edges = fc.array(fc.tuple(state, state), { maxLength: 3, size: 'max' })
    return fc.record({
      size: fc.constant(size),
      initial: fc.uniqueArray(state, { minLength: 1, maxLength: 2 }),
      actions: fc.record({ a: edges, b: edges, c: edges }),
      p: fc.uniqueArray(state),
      q: fc.uniqueArray(state),
      fairness: fc.array(
        fc.record({
          fairness: fc.constantFrom('weak' as const, 'strong' as const, 'strong' as const),
          actions: fc.uniqueArray(fc.constantFrom(...ACTIONS), { minLength: 1, maxLength: 2 }),
          ...(isConditional && { when: fc.uniqueArray(state, { minLength: 1 }) }),
        }),
        { minLength: 1, maxLength: 3 },
      ) as fc.Arbitrary<Demand[]>,
      formula: fc.oneof(formula, { weight: 3, arbitrary: usual }).filter((plan) => untils(plan) <= 5),
    })
  })
  // Without a bias to small numbers and empty lists, which make trivial graphs.
  return fc.noBias(any)
}

/** A formula as an author writes it, given the meaning of its predicates and actions. */
export function formulaOf<S>(
  plan: Plan,
  predicates: { readonly [name in 'p' | 'q']: (state: S) => boolean },
  stepsOf: (action: string) => StepsLike,
): FormulaLike<S> {
  const build = (plan: Plan): FormulaLike<S> => {
    switch (plan.op) {
      case 'p':
      case 'q':
        return predicates[plan.op]
      case 'enabled':
        return enabled(stepsOf(plan.action))
      case 'taken':
        return taken(stepsOf(plan.action))
      case 'not':
        return not(build(plan.of))
      case 'always':
        return always(build(plan.of))
      case 'eventually':
        return eventually(build(plan.of))
      case 'alwaysEventually':
        return alwaysEventually(build(plan.of))
      case 'eventuallyAlways':
        return eventuallyAlways(build(plan.of))
      case 'and':
        return and(build(plan.left), build(plan.right))
      case 'or':
        return or(build(plan.left), build(plan.right))
      case 'implies':
        return implies(build(plan.left), build(plan.right)) as FormulaLike<S>
      case 'until':
        return until(build(plan.left), build(plan.right))
      case 'leadsTo':
        return leadsTo(build(plan.left), build(plan.right))
    }
  }
  return build(plan)
}

/** The spec of a problem. */
export function modelOf({ initial, actions, p, q, fairness, formula, outside = [] }: Problem): Model {
  const by = (name: string) => (s: State) =>
    actions[name]!.filter(([from]) => from === s.n).map(([, to]) => s.set('n', to))
  return model(State, {
    init: initial.map((n) => State({ n })),
    actions: { a: by('a'), b: by('b'), c: by('c') },
    temporal: { claim: formulaOf<State>(formula, { p: (s) => p.includes(s.n), q: (s) => q.includes(s.n) }, steps) },
    fairness: Object.fromEntries(
      fairness.map(({ fairness, actions, when }, index) => {
        const constraint = fairness === 'weak' ? weak : strong
        const of = actions.map((name) => steps(name))
        const made = when ? constraint(...of, { when: (s: State) => when.includes(s.n) }) : constraint(...of)
        return [`constraint ${index}`, made]
      }),
    ),
    ...(outside.length > 0 && { constraints: { within: (s: State) => !outside.includes(s.n) } }),
    deadlock: false,
  })
}
