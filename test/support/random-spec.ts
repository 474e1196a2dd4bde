/**
 * Random models for fast-check: random domains, and random actions and invariants that use immutable.js in many ways.
 *
 * A model is generated as data (`Plan`), so that a failing model can be printed and shrunk. Ordinary functions over the
 * state interpret it, like an author's functions: guards that short-circuit, iteration over collections, blind writes,
 * values moved from place to place, several successors, and sometimes a value outside its domain or an exception.
 */
import fc from 'fast-check'
import { is, List, Map, Set } from 'immutable'
import {
  action,
  anyOf,
  Bag,
  bag,
  bool,
  channel,
  count,
  every,
  exists,
  forAll,
  implies,
  listOf,
  mapOf,
  members,
  messages,
  model,
  ofStep,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  union,
  unreachable,
  value,
  type Domain,
} from '../../src/index.ts'
import type { Model } from '../../src/spec/model.ts'

const A = members('a', 3)
const B = members('b', 2)

export type DomainPlan =
  | { kind: 'bool' }
  | { kind: 'range'; size: number }
  | { kind: 'oneOf'; size: number }
  | { kind: 'a' }
  | { kind: 'open' }
  | { kind: 'optional'; inner: DomainPlan }
  | { kind: 'map'; values: DomainPlan; wide: boolean }
  | { kind: 'set'; wide: boolean; sparse?: boolean }
  | { kind: 'list'; elements: DomainPlan; channel?: boolean }
  | { kind: 'bag'; of: 'few' | 'wide' | 'records' }
  | { kind: 'record'; left: DomainPlan; right: DomainPlan }
  | { kind: 'union'; left: DomainPlan; right: DomainPlan }

/** Nine keys: one more than immutable.js keeps in insertion order. They are not in the order of their hashes. */
const WIDE_KEYS = ['kiwi', 'fig', 'plum', 'pear', 'lime', 'date', 'nut', 'sloe', 'medlar'] as const
const WIDE = oneOf(...WIDE_KEYS)

/** More messages than a bag has slots for. */
const Message = record({ to: A, n: range(0, 29) })

/** The elements of a bag. Only a few of the records occur. */
const IN_BAG: { readonly [of: string]: readonly unknown[] } = {
  few: A,
  wide: WIDE_KEYS,
  records: [0, 1, 2, 3].map((n) => Message({ to: A[n % 3]!, n: 7 * n })),
}

const domains = new WeakMap<DomainPlan, Domain<any>>()

/** The domain of a plan. Always the same object, because a record domain is the constructor of its records. */
export function domainOf(plan: DomainPlan): Domain<any> {
  const known = domains.get(plan)
  if (known !== undefined) return known
  const made = makeDomain(plan)
  domains.set(plan, made)
  return made
}

function makeDomain(plan: DomainPlan): Domain<any> {
  switch (plan.kind) {
    case 'bool':
      return bool()
    case 'range':
      return range(1, plan.size)
    case 'oneOf':
      return oneOf(...['x', 'y', 'z', 'w'].slice(0, plan.size))
    case 'a':
      return A
    case 'open':
      return value<unknown>(0)
    case 'optional':
      return plan.inner.kind === 'optional' || plan.inner.kind === 'open'
        ? domainOf(plan.inner)
        : optional(domainOf(plan.inner))
    case 'map':
      return mapOf<any, any>(plan.wide ? WIDE : B, domainOf(plan.values))
    case 'set':
      return (plan.sparse === true ? messages : setOf)<any>(plan.wide ? WIDE : A)
    case 'list':
      return (plan.channel === true ? channel : listOf)(domainOf(plan.elements), 3)
    case 'bag':
      return bag<any>(plan.of === 'few' ? A : plan.of === 'wide' ? WIDE : Message, 3)
    case 'record':
      return record({ left: domainOf(plan.left), right: domainOf(plan.right) })
    case 'union':
      // One field occurs in two variants with different domains. One variant has only its tag, which may come last.
      return union(
        record({ left: domainOf(plan.left), tag: oneOf('one', 'uno') }),
        record({ tag: oneOf('two'), right: domainOf(plan.right), left: domainOf(plan.right) }),
        record({ tag: oneOf('three') }),
      )
  }
}

/** The domains of the fields of a union's variant, without its tag. */
function fieldsOf(plan: DomainPlan & { kind: 'union' }, tag: string): { readonly [name: string]: DomainPlan } {
  if (tag === 'three') return {}
  return tag === 'two' ? { right: plan.right, left: plan.right } : { left: plan.left }
}

const scalarPlan: fc.Arbitrary<DomainPlan> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<DomainPlan>({ kind: 'bool' }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }).map((size): DomainPlan => ({ kind: 'range', size })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }).map((size): DomainPlan => ({ kind: 'oneOf', size })) },
  { weight: 1, arbitrary: fc.constant<DomainPlan>({ kind: 'a' }) },
  { weight: 1, arbitrary: fc.constant<DomainPlan>({ kind: 'open' }) },
)

export const domainPlan: fc.Arbitrary<DomainPlan> = fc.letrec<{ any: DomainPlan }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 4, arbitrary: scalarPlan },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('optional' as const), inner: tie('any') }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('map' as const), values: tie('any'), wide: fc.constant(false) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('map' as const), values: scalarPlan, wide: fc.constant(true) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('set' as const), wide: fc.boolean(), sparse: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('list' as const), elements: tie('any'), channel: fc.boolean() }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('bag' as const), of: fc.constantFrom('few', 'wide', 'records') }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('record' as const), left: tie('any'), right: tie('any') }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('union' as const), left: tie('any'), right: tie('any') }) },
  ),
})).any

/** A choice is a number. Its use determines what it chooses. */
type Choice = number

export type Test =
  | { kind: 'scalar'; path: Choice[]; value: Choice }
  | { kind: 'inside'; path: Choice[]; how: Choice; value: Choice }
  | { kind: 'same'; path: Choice[]; other: Choice[] }
  | { kind: 'parameter'; value: Choice }
  | { kind: 'and' | 'or'; left: Test; right: Test }
  | { kind: 'not'; inner: Test }
  /** A test for some, all or a number of members, each as the parameter. */
  | { kind: 'quantified'; how: Choice; inner: Test }

export interface Write {
  readonly path: Choice[]
  readonly how: Choice
  readonly value: Choice
  /** The source of a value, for writes that move one. */
  readonly from: Choice[]
}

export interface ActionPlan {
  readonly guard: Test
  readonly successors: readonly (readonly Write[])[]
  readonly parameter: boolean
  readonly how: Choice
}

export interface Plan {
  readonly variables: readonly DomainPlan[]
  /** Whether the first variable has a twin with the same domain, to move values between them. */
  readonly twin: boolean
  readonly actions: readonly ActionPlan[]
  readonly invariants: readonly {
    readonly test: Test
    readonly parameter: boolean
    readonly antecedent: Test | null
    /** A claim for all values of its own parameter, as a conjunct. */
    readonly conjunct: Test | null
  }[]
  readonly transitions: readonly { readonly before: Test; readonly after: Test }[]
  /** A test, and possibly one that must be true for all values of a parameter. */
  readonly goals: readonly { readonly test: Test; readonly each: Test | null }[]
  /** A measure counts true tests. For a step, it counts them before and after. */
  readonly measures: readonly { readonly tests: readonly Test[]; readonly step: boolean }[]
  readonly initial: readonly (readonly Write[])[]
  /** Whether functions may throw or write outside domains. */
  readonly faults: boolean
  /**
   * Whether functions may depend on the iteration order of collections. Only canonical decoding gives that order a
   * meaning.
   */
  readonly order: boolean
}

const choice = fc.nat(1000)
const path = fc.array(choice, { minLength: 4, maxLength: 4 })

const test: fc.Arbitrary<Test> = fc.letrec<{ any: Test }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('scalar' as const), path, value: choice }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('inside' as const), path, how: choice, value: choice }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('same' as const), path, other: path }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('parameter' as const), value: choice }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('and' as const, 'or' as const),
        left: tie('any'),
        right: tie('any'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('not' as const), inner: tie('any') }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('quantified' as const), how: choice, inner: tie('any') }),
    },
  ),
})).any

const write: fc.Arbitrary<Write> = fc.record({ path, how: choice, value: choice, from: path })
const writes = fc.array(write, { minLength: 1, maxLength: 3 })

export const plan: fc.Arbitrary<Plan> = fc.record({
  variables: fc.array(domainPlan, { minLength: 1, maxLength: 3 }),
  twin: fc.boolean(),
  actions: fc.array(
    fc.record({
      guard: test,
      successors: fc.array(writes, { minLength: 1, maxLength: 2 }),
      parameter: fc.boolean(),
      how: choice,
    }),
    { minLength: 1, maxLength: 4 },
  ),
  invariants: fc.array(
    fc.record({
      test,
      parameter: fc.boolean(),
      antecedent: fc.option(test, { freq: 3 }),
      conjunct: fc.option(test, { freq: 2 }),
    }),
    { maxLength: 2 },
  ),
  transitions: fc.array(fc.record({ before: test, after: test }), { maxLength: 1 }),
  goals: fc.array(fc.record({ test, each: fc.option(test, { freq: 2 }) }), { maxLength: 1 }),
  measures: fc.array(fc.record({ tests: fc.array(test, { minLength: 1, maxLength: 3 }), step: fc.boolean() }), {
    maxLength: 2,
  }),
  initial: fc.array(writes, { minLength: 1, maxLength: 2 }),
  faults: fc.boolean(),
  order: fc.boolean(),
})

type Any = any

/** The model that a plan describes. */
export function modelOf({
  variables: given,
  twin,
  actions,
  invariants,
  transitions,
  goals,
  measures,
  initial,
  faults,
  order,
}: Plan): Model {
  const variables = twin ? [...given, given[0]!] : given
  const plans: { [name: string]: DomainPlan } = Object.fromEntries(variables.map((it, index) => [`v${index}`, it]))
  const State = schema(Object.fromEntries(Object.entries(plans).map(([name, it]) => [name, domainOf(it)])))
  const apply = (state: Any, all: readonly Write[], unsafe: boolean): Any =>
    all.reduce((result, one) => writeTo(result, plans, one, unsafe), state)
  const holds = (it: Test, state: Any, parameter: string): boolean => evaluate(it, state, plans, parameter, order)

  return model(
    State as Any,
    {
      init: initial.map((all) => apply(State(), all, false)),
      actions: Object.fromEntries(
        actions.map(({ guard, successors, parameter, how }, index) => {
          const next = (s: Any, { a }: { a: string }): Any => {
            if (faults && how % 29 === 0 && holds(guard, s, a)) throw new Error('planned')
            if (!holds(guard, s, a)) return how % 2 === 0 ? undefined : false
            const results = successors.map((all) => apply(s, all, faults))
            if (results.length === 1) return how % 3 === 0 ? results : results[0]
            if (how % 7 === 0) return anyOf(results, (it) => (how % 2 === 0 ? it : anyOf([null, it], (one) => one)))
            if (how % 5 === 0) return Set(results)
            return how % 3 === 0 ? generate(results) : [...results, undefined]
          }
          return [`act${index}`, parameter ? action({ a: A }, next) : (s: Any) => next(s, { a: 'a1' })]
        }),
      ),
      invariants: Object.fromEntries(
        invariants.map(({ test: it, parameter, antecedent, conjunct }, index) => {
          const claim = (s: Any, bound?: { a: string }): boolean => holds(it, s, bound?.a ?? 'a2')
          const given = antecedent
          const whole =
            given === null
              ? claim
              : implies((s: Any, bound?: { a: string }) => holds(given, s, bound?.a ?? 'a2'), claim)
          const inner = conjunct && ((s: Any, { c, flag }: Any) => holds(conjunct, s, c) || flag || holds(it, s, c))
          const own = inner && {
            each: forAll(
              { c: B },
              {
                both: forAll({ flag: bool() }, inner),
                implied: implies(
                  (s: Any) => whole(s),
                  () => true,
                ),
              },
            ),
          }
          const bare = (s: Any): boolean => whole(s, undefined)
          const stated = parameter
            ? forAll({ a: A }, { one: whole, other: () => true, ...own } as Any)
            : own === null
              ? bare
              : { bare, ...own }
          return [`inv${index}`, stated]
        }),
      ) as Any,
      transitions: Object.fromEntries(
        transitions.map(({ before, after }, index) => [
          `step${index}`,
          (step: Any) => step.action === 'act0' || holds(before, step.before, 'a1') || holds(after, step.after, 'a3'),
        ]),
      ) as Any,
      goals: Object.fromEntries(
        goals.flatMap(({ test: it, each }, index) => {
          const plain = (s: Any): boolean => holds(it, s, 'a1')
          const goal = each === null ? plain : { plain, each: forAll({ a: A }, (s: Any, { a }) => holds(each, s, a)) }
          return [
            [`goal${index}`, goal],
            [`never${index}`, unreachable(goal)],
          ]
        }),
      ) as Any,
      measures: Object.fromEntries(
        measures.map(({ tests, step }, index) => {
          const value = (s: Any): number => tests.reduce((sum, it, at) => sum * 2 + (holds(it, s, 'a1') ? 1 : -at), 0)
          const change = ({ action, before, after }: Any): number =>
            value(after) - value(before) * (action === 'act0' ? 1 : 2)
          return [`measure${index}`, step ? ofStep(change) : value]
        }),
      ) as Any,
    } as Any,
  )
}

function* generate(results: readonly Any[]): Generator<Any> {
  yield* results
}

/** A place in a state: its keys, and the value and domain there. */
interface Place {
  readonly keys: readonly unknown[]
  readonly plan: DomainPlan
}

/** Follows choices from a variable into its value, as far as possible. It reads whatever decides that. */
function locate(state: Any, plans: { [name: string]: DomainPlan }, choices: readonly Choice[]): Place {
  const names = Object.keys(plans)
  const name = names[choices[0]! % names.length]!
  let place: Place = { keys: [name], plan: plans[name]! }
  for (const pick of choices.slice(1)) {
    const { keys, plan } = place
    const at = (): Any => state.getIn(keys)
    if (plan.kind === 'map') {
      const all: readonly unknown[] = plan.wide ? WIDE_KEYS : B
      place = { keys: [...keys, all[pick % all.length]], plan: plan.values }
    } else if (plan.kind === 'record') {
      place =
        pick % 2 === 0 ? { keys: [...keys, 'left'], plan: plan.left } : { keys: [...keys, 'right'], plan: plan.right }
    } else if (plan.kind === 'union') {
      const fields = fieldsOf(plan, at().tag as string)
      const names = Object.keys(fields)
      if (names.length === 0 || pick % 3 === 0) return place
      const name = names[pick % names.length]!
      place = { keys: [...keys, name], plan: fields[name]! }
    } else if (plan.kind === 'list') {
      const { size } = at()
      if (size === 0 || pick % 3 === 0) return place
      place = { keys: [...keys, pick % size], plan: plan.elements }
    } else if (plan.kind === 'optional' && plan.inner.kind !== 'optional' && plan.inner.kind !== 'open') {
      if (at() === null || pick % 3 === 0) return place
      place = { keys, plan: plan.inner }
    } else return place
  }
  return place
}

const LITERALS = ['x', 'y', 'z', 'w']

/** An element of a bag. */
function elementOf({ of }: DomainPlan & { kind: 'bag' }, pick: Choice): Any {
  return IN_BAG[of]![pick % IN_BAG[of]!.length]
}

/** A value of the domain. */
function literal(plan: DomainPlan, pick: Choice): Any {
  switch (plan.kind) {
    case 'bool':
      return pick % 2 === 0
    case 'range':
      return 1 + (pick % plan.size)
    case 'oneOf':
      return LITERALS[pick % plan.size]
    case 'a':
      return A[pick % 3]
    case 'open':
      return [0, 'open', List([1, 2]), Map({ k: Set([pick % 3]) }), null][pick % 5]
    case 'optional':
      return pick % 3 === 0 && plan.inner.kind !== 'open' ? null : literal(plan.inner, pick)
    case 'map':
      return Map((plan.wide ? [...WIDE_KEYS] : [...B]).map((key: Any) => [key, literal(plan.values, pick)]))
    case 'set':
      return plan.wide ? Set(WIDE_KEYS.slice(pick % 3, (pick % 3) + (pick % 5))) : Set(A.slice(0, pick % 4))
    case 'list':
      return List(Array.from({ length: pick % 4 }, (_, index) => literal(plan.elements, pick + index)))
    case 'bag':
      return Bag(Array.from({ length: pick % 4 }, (_, index) => elementOf(plan, Math.floor(pick / (1 + index)))))
    case 'record':
      return (domainOf(plan) as any)({ left: literal(plan.left, pick), right: literal(plan.right, pick + 1) })
    case 'union': {
      const [one, two, three] = (domainOf(plan) as any).variants
      const variants: (() => Any)[] = [
        () => one({ left: literal(plan.left, pick + 1), tag: pick % 2 === 0 ? 'one' : 'uno' }),
        () => two({ right: literal(plan.right, pick), left: literal(plan.right, pick + 2) }),
        () => three(),
      ]
      return variants[pick % 3]!()
    }
  }
}

function evaluate(
  test: Test,
  s: Any,
  plans: { [name: string]: DomainPlan },
  parameter: string,
  order: boolean,
): boolean {
  switch (test.kind) {
    case 'and':
      return evaluate(test.left, s, plans, parameter, order) && evaluate(test.right, s, plans, parameter, order)
    case 'or':
      return evaluate(test.left, s, plans, parameter, order) || evaluate(test.right, s, plans, parameter, order)
    case 'not':
      return !evaluate(test.inner, s, plans, parameter, order)
    case 'parameter':
      return A[test.value % 3] === parameter
    case 'quantified': {
      const isTrue = (a: string): boolean => evaluate(test.inner, s, plans, a, order)
      const ways: (() => boolean)[] = [
        () => A.some(isTrue),
        () => A.every((a) => isTrue(a)),
        () => A.find(isTrue) === A[test.how % 3],
        () => A.findIndex((a) => !isTrue(a)) === 1,
        () => A.filter(isTrue).length > 1,
        () => A.filter(isTrue).every((a) => isTrue(a)),
        () => exists({ a: A }, ({ a }) => isTrue(a)),
        () => !exists({ a: A, b: B }, ({ a, b }) => isTrue(a) && b === B[1]),
        () => exists({ b: B }, () => exists({ a: A }, ({ a }) => isTrue(a))),
        () => List(A).count(isTrue) > 1,
        () => every(A, isTrue),
        () => count(A, isTrue) === 1,
        () => count({ a: A, b: B }, ({ a, b }) => isTrue(a) && b === B[0]) > 1,
        () => exists(A.filter(isTrue), (a) => a !== A[0]),
      ]
      return ways[test.how % ways.length]!()
    }
    case 'same': {
      const one = locate(s, plans, test.path)
      const other = locate(s, plans, test.other)
      return is(s.getIn(one.keys), s.getIn(other.keys))
    }
    case 'scalar': {
      const { keys, plan } = locate(s, plans, test.path)
      if (plan.kind === 'record') return !is(s.getIn(keys)?.left, s.getIn(keys)?.right)
      return is(s.getIn(keys), literal(plan, test.value))
    }
    case 'inside': {
      const { keys, plan } = locate(s, plans, test.path)
      return inspect(s.getIn(keys), plan, test.how, test.value, order)
    }
  }
}

/**
 * Reads a collection in one of many ways.
 *
 * @param order - also in ways whose result depends on the order of iteration
 */
export function inspect(it: Any, plan: DomainPlan, how: Choice, pick: Choice, order: boolean): boolean {
  if (it === null) return pick % 2 === 0
  if (plan.kind === 'optional') return inspect(it, plan.inner, how, pick, order)
  if (plan.kind === 'set') {
    const element: Any = plan.wide ? WIDE_KEYS[pick % 9] : A[pick % 3]
    const inOrder: (() => Any)[] = [
      () => it.first() === element,
      () => it.delete(element).add(element).first() === element,
      () => it.add(element).delete(element).first() === element,
      () => it.union([element]).first() === element,
      () => it.toList().get(0) === element,
      () => JSON.stringify(it) === JSON.stringify([element]),
    ]
    const ways: (() => Any)[] = [
      () => it.has(element),
      () => it.size > pick % 4,
      () => it.isEmpty(),
      () => it.some((one: Any) => one === element),
      () => it.every((one: Any) => one !== element),
      () => it.includes(element),
      () => it.equals(Set([element])),
      () => it.isSubset(Set([element, plan.wide ? 'nut' : 'a1'])),
      () => it.isSuperset([element]),
      () => it.filter((one: Any) => one !== element).size === 1,
      () => it.add(element).size === 2,
      () => it.delete(element).isEmpty(),
      () => it.intersect([element]).isEmpty(),
      () => it.subtract([element]).size === it.size,
      () => [...it].length === pick % 3,
      () => it.map((one: Any) => String(one)).has('a1'),
      () => it.count() === pick % 3,
      () => it.find((one: Any) => one === element) !== undefined,
      () => it.reduce((sum: number) => sum + 1, 0) === pick % 3,
      () => it.hashCode() === Set([element]).hashCode(),
      () => it.withMutations((m: Any) => void m.add(element).delete(element)).size === pick % 2,
      () => it.sort().last() === element,
      () => it.remove('nobody').size === 1,
      () => it.max?.() === element,
      ...(order ? inOrder : []),
    ]
    return Boolean(ways[how % ways.length]!())
  }
  if (plan.kind === 'map') {
    const key: Any = plan.wide ? WIDE_KEYS[pick % 9] : B[pick % 2]
    const wanted = literal(plan.values, pick)
    const inOrder: (() => Any)[] = [
      () => it.findKey((one: Any) => is(one, wanted)) === key,
      () => is(it.first(), wanted),
      () => it.keyOf(wanted) === key,
      () => it.toObject() !== undefined && it.keySeq().first() === key,
      () =>
        it
          .toSeq()
          .map((one: Any) => is(one, wanted))
          .first(),
    ]
    const ways: (() => Any)[] = [
      () => is(it.get(key), wanted),
      () => it.has('nobody'),
      () => it.get('nobody', 7) === 7,
      () => it.size === 2,
      () => it.some((one: Any) => is(one, wanted)),
      () => it.every((one: Any) => !is(one, wanted)),
      () => it.includes(wanted),
      () => it.filter((one: Any) => is(one, wanted)).size === 1,
      () => it.count((one: Any) => is(one, wanted)) === 1,
      () => it.set(key, wanted).every((one: Any) => is(one, wanted)),
      () => it.equals(it.set(key, wanted)),
      () => it.valueSeq().some((one: Any) => is(one, wanted)),
      () => it.entrySeq().find(([, one]: Any) => is(one, wanted)) !== undefined,
      () => [...it.keys()].length === 2,
      () => [...it].some(([, one]) => is(one, wanted)),
      () => it.map((one: Any) => is(one, wanted)).get(key),
      () => it.reduce((sum: number, one: Any) => sum + (is(one, wanted) ? 1 : 0), 0) === 1,
      () => it.delete(key).some((one: Any) => is(one, wanted)),
      () => it.update(key, (one: Any) => one).equals(it),
      () => it.mapKeys((k: Any) => k).get(key) === it.get(key),
      () => it.groupBy((one: Any) => is(one, wanted)).has(true),
      () => it.find((_: Any, k: Any) => k === key) !== null,
      () =>
        it.isEmpty() ||
        it
          .sortBy((one: Any) => String(one))
          .keySeq()
          .first() === key,
      ...(order ? inOrder : []),
    ]
    return Boolean(ways[how % ways.length]!())
  }
  if (plan.kind === 'list') {
    const wanted = literal(plan.elements, pick)
    const ways: (() => Any)[] = [
      () => it.size === pick % 4,
      () => it.isEmpty(),
      () => is(it.get(pick % 3), wanted),
      () => is(it.get(-1), wanted),
      () => is(it.first(), wanted),
      () => is(it.last(), wanted),
      () => it.includes(wanted),
      () => it.some((one: Any) => is(one, wanted)),
      () => it.every((one: Any) => is(one, wanted)),
      () => it.indexOf(wanted) === pick % 3,
      () => it.findIndex((one: Any) => !is(one, wanted)) === 0,
      () => it.has(pick % 3),
      () => it.push(wanted).size === 2,
      () => is(it.pop().last(), wanted),
      () => it.slice(1).size === 1,
      () => it.reverse().equals(it),
      () => [...it].length === 1,
      () => it.count((one: Any) => is(one, wanted)) === 1,
      () => is(it.get(7, wanted), wanted),
      () => it.toSet().size === it.size,
      () => it.equals(List([wanted])),
      () => it.clear().isEmpty(),
      () => it.set(0, wanted).every((one: Any) => is(one, wanted)),
      () => it.keySeq().size === it.size,
      () => it.find((one: Any) => is(one, wanted)) !== undefined,
      () => it.shift().isEmpty(),
    ]
    return Boolean(ways[how % ways.length]!())
  }
  if (plan.kind === 'bag') {
    const element = elementOf(plan, pick)
    const inOrder: (() => Any)[] = [
      () => is([...it][0], element),
      () => is([...it.remove(element).add(element)][0], element),
      () => JSON.stringify(it) === JSON.stringify(Bag([element])),
      () => String(it.add(element)) === String(Bag([element, element])),
    ]
    const ways: (() => Any)[] = [
      () => it.has(element),
      () => it.count(element) > pick % 3,
      () => it.size > pick % 3,
      () => it.isEmpty(),
      () => it.some((one: Any) => is(one, element)),
      () => it.every((one: Any) => !is(one, element)),
      () => it.filter((one: Any) => is(one, element)).size === 1,
      () => it.filter((one: Any) => !is(one, element)).isEmpty(),
      () => it.filter((one: Any) => !is(one, element)).add(element).size > 1,
      () => it.equals(Bag([element])),
      () => it.remove(element).equals(it),
      () => is(Bag([element, element]), it),
      () => it.add(element).size === 2,
      () => it.add(element, element).remove(element).count(element) === 2,
      () => it.remove(element, element).isEmpty(),
      () => it.remove('nobody').size === it.size,
      () => it.add('nobody').has('nobody') && it.has(element),
      () => [...it].length === pick % 3,
      () => it.toMap().get(element, 0) === 1,
      () => it.hashCode() === Bag([element]).hashCode(),
      () => it.some((one: Any) => it.count(one) > 1),
      () => it.every((one: Any) => it.count(one) === it.size),
      ...(order ? inOrder : []),
    ]
    return Boolean(ways[how % ways.length]!())
  }
  if (plan.kind === 'record') {
    const ways: (() => Any)[] = [
      () => is(it.left, it.right),
      () => is(it.get('left'), literal(plan.left, pick)),
      () => it.equals(it.set('left', literal(plan.left, pick))),
      () => it.toSeq().some((one: Any) => is(one, literal(plan.left, pick))),
      () => it.hashCode() === it.set('right', literal(plan.right, pick)).hashCode(),
      () => Object.keys(it.toObject()).length === 2,
    ]
    return Boolean(ways[how % ways.length]!())
  }
  if (plan.kind === 'union') {
    const wanted = literal(plan, pick)
    const names = Object.keys(fieldsOf(plan, it.tag))
    const name = names[pick % names.length] ?? 'tag'
    const ways: (() => Any)[] = [
      () => it.tag === wanted.tag,
      () => it.get('tag') === 'uno',
      () => is(it, wanted),
      () => wanted.equals(it),
      () => it.hashCode() === wanted.hashCode(),
      () => it.has('right'),
      () => is(it.get(name), wanted.get(name, 0)),
      () => it.get('absent', 7) === 7,
      () => it.tag === 'two' && is(it.left, it.right),
      () => is(it.set(name, it.get(name)), wanted),
      () => Set([it]).has(wanted),
      () => Map([[it, 1]]).get(wanted) === 1,
      () => List([it, wanted]).toSet().size === 1,
      () => JSON.stringify(it.toJS()) === JSON.stringify(wanted.toJS()),
      () => it.toSeq().some((one: Any) => is(one, literal(plan.right, pick))),
      () => Object.keys(it.toObject()).length === 2,
      () => [...it].length === 1,
      () => String(it) === String(wanted),
    ]
    return Boolean(ways[how % ways.length]!())
  }
  return is(it, literal(plan, pick))
}

/** Changes a place in one of many ways. */
function writeTo(
  s: Any,
  plans: { [name: string]: DomainPlan },
  { path, how, value, from }: Write,
  unsafe: boolean,
): Any {
  const { keys, plan } = locate(s, plans, path)
  if (unsafe && how % 37 === 0) return s.setIn(keys, 'outside')
  if (unsafe && plan.kind === 'union' && how % 7 === 0)
    return s.setIn([...keys, 'tag'], value % 2 === 0 ? 'two' : 'uno')
  const blind = (): Any => s.setIn(keys, literal(plan, value))
  // An open place accepts anything: another place's value, changed or not, alone or inside something. But not its own
  // value inside something, because that would double with each step.
  const source = plan.kind === 'open' || how % 4 === 0 ? locate(s, plans, from) : undefined
  if (plan.kind === 'open' && source && how % 2 === 0 && !JSON.stringify(source.plan).includes('open')) {
    const found = how % 3 === 0 ? change(s.getIn(source.keys), source.plan, how, value) : s.getIn(source.keys)
    const wraps: (() => Any)[] = [() => found, () => List([found]), () => Map({ k: found }), () => Set([found])]
    return s.setIn(keys, wraps[value % wraps.length]!())
  }
  // Move a value from a place of the same domain, if there is one.
  if (source && how % 4 === 0 && areAlike(source.plan, plan)) return s.setIn(keys, s.getIn(source.keys))
  if (how % 5 === 0) return blind()
  if (how % 7 === 0) return s.set(keys[0], s.get(keys[0]))
  if (how % 11 === 0) return s.withMutations((m: Any) => void m.setIn(keys, literal(plan, value)))
  if (how % 13 === 0) return s.merge({ [keys[0] as string]: s.setIn(keys, literal(plan, value)).get(keys[0]) })
  return s.updateIn(keys, (it: Any) => change(it, plan, how, value))
}

/** Whether two domains share values: records must come from the same constructor. */
function areAlike(one: DomainPlan, other: DomainPlan): boolean {
  const text = JSON.stringify(one)
  return one === other || (text === JSON.stringify(other) && !/record|union/.test(text))
}

export function change(it: Any, plan: DomainPlan, how: Choice, pick: Choice): Any {
  const wanted = literal(plan, pick)
  if (it === null || it === undefined) return wanted
  switch (plan.kind) {
    case 'range':
      return 1 + (it % plan.size)
    case 'bool':
      return !it
    case 'optional':
      return how % 2 === 0 ? change(it, plan.inner, how, pick) : null
    case 'set': {
      const element: Any = plan.wide ? WIDE_KEYS[pick % 9] : A[pick % 3]
      const ways: (() => Any)[] = [
        () => it.add(element),
        () => it.delete(element),
        () => it.union([element, plan.wide ? 'fig' : 'a1']),
        () => it.subtract([element]),
        () => it.filter((one: Any) => one !== element),
        () => it.clear(),
        () => (it.has(element) ? it.remove(element) : it.add(element)),
        () => it.intersect([element]),
        () => it.withMutations((m: Any) => void m.add(element).delete(plan.wide ? 'kiwi' : 'a1')),
        () => it.add(element).add(element).delete(element),
        () => it.delete(element).add(element),
        () => wanted.union(it),
      ]
      return ways[how % ways.length]!()
    }
    case 'map': {
      const key: Any = plan.wide ? WIDE_KEYS[pick % 9] : B[pick % 2]
      const other = literal(plan.values, pick)
      const ways: (() => Any)[] = [
        () => it.set(key, other),
        () => it.map(() => other),
        () => it.update(key, (one: Any) => change(one, plan.values, how, pick)),
        () => it.set(key, it.get(plan.wide ? 'kiwi' : 'b1')),
        () => it.merge(Map([[key, other]])),
        () => it.map((one: Any, k: Any) => (k === key ? other : one)),
        () => it.withMutations((m: Any) => void m.set(key, other).set(plan.wide ? 'fig' : 'b2', other)),
        () => it.delete(key).set(key, other),
        () => it.mapEntries(([k, one]: Any) => [k, one]),
        () => Map(it.entries()),
      ]
      return ways[how % ways.length]!()
    }
    case 'list': {
      const other = literal(plan.elements, pick)
      const ways: (() => Any)[] = [
        () => (it.size < 3 ? it.push(other) : it.clear()),
        () => it.pop(),
        () => it.shift(),
        () => (it.size > 0 ? it.set(it.size - 1, other) : it),
        () => it.reverse(),
        () => it.filter((one: Any) => !is(one, other)),
        () => (it.size > 0 ? it.pop().push(it.first()) : it),
        () => it.map(() => other),
        () => it.withMutations((m: Any) => void m.pop()),
        () => (it.size > 1 ? it.set(0, it.get(1)) : it.push(other).pop()),
        () => it.slice(0, 1),
        () => it.take(2),
        () => it.push('outside').pop(),
      ]
      return ways[how % ways.length]!()
    }
    case 'bag': {
      const element = elementOf(plan, pick)
      const room = (held: Any): Any => (held.size < 3 ? held.add(element) : held.remove(element))
      const ways: (() => Any)[] = [
        () => room(it),
        () => it.remove(element),
        () => it.remove(element).remove(element),
        () => room(it.remove(element, element)),
        () => it.filter((one: Any) => !is(one, element)),
        () => room(it.filter((one: Any) => is(one, element))),
        () => room(room(it)),
        () => it.add(element).remove(element),
        () => it.remove(element).add(...(it.has(element) ? [element] : [])),
        () => (it.size > 1 ? Bag(it) : it),
        () => Bag(it).remove(element),
        () => (it.some((one: Any) => it.count(one) > 1) ? Bag() : room(it)),
        () => it.add('nobody').remove('nobody'),
        () => (it.has(element) ? it.filter((one: Any) => it.count(one) > 1) : room(it)),
      ]
      return ways[how % ways.length]!()
    }
    case 'record': {
      const ways: (() => Any)[] = [
        () => it.set('left', literal(plan.left, pick)),
        () => it.update('right', (one: Any) => change(one, plan.right, how, pick)),
        () => it.merge({ right: literal(plan.right, pick) }),
        () => it.clear(),
        () => it.delete('left'),
        () => it.set('left', it.left),
      ]
      return ways[how % ways.length]!()
    }
    case 'union': {
      const fields = fieldsOf(plan, it.tag)
      const [name = 'tag'] = Object.keys(fields).slice(pick % 2)
      const other = fields[name] === undefined ? it.tag : literal(fields[name], pick)
      const ways: (() => Any)[] = [
        () => it.set(name, other),
        () => wanted,
        () => it.update(name, (one: Any) => (fields[name] === undefined ? one : change(one, fields[name], how, pick))),
        () => it.merge({ [name]: other }),
        () => it.setIn([name], other),
        () => it.clear(),
        () => it.delete(name),
        () => (it.tag === 'one' || it.tag === 'uno' ? it.set('tag', pick % 2 === 0 ? 'uno' : 'one') : it),
        () => it.withMutations((m: Any) => void m.set(name, other)),
        () => wanted.set('tag', wanted.tag),
        () => (it.tag === wanted.tag ? wanted.merge(it) : wanted),
      ]
      return ways[how % ways.length]!()
    }
    default:
      return wanted
  }
}
