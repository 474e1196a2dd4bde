/**
 * Random models of threads for fast-check: program counters, guards and shared variables, so that many steps are
 * independent of each other. The models of `random-spec.ts` have few such steps.
 *
 * A model is generated as data, so that a failing one can be printed and shrunk.
 */
import fc from 'fast-check'
import {
  action,
  bool,
  implies,
  mapOf,
  members,
  model,
  oneOf,
  preempts,
  range,
  schema,
  setOf,
  spec,
} from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

const THREADS = ['t1', 't2', 't3'] as const
const LABELS = ['l0', 'l1', 'l2', 'l3'] as const
const FLAGS = members('flag', 3)

/** A test of a variable, or of the position of a thread. */
interface Test {
  readonly what: number
  readonly of: number
  readonly value: number
  readonly isNegated: boolean
}

/** A write to a shared variable. */
interface Write {
  readonly what: number
  readonly of: number
  readonly value: number
}

interface StepPlan {
  /** The label to go to; most steps go to the next one. */
  readonly to: number
  readonly guard: readonly Test[]
  readonly writes: readonly Write[]
  /** Another outcome of the same step, which the step may choose. */
  readonly other: { readonly to: number; readonly writes: readonly Write[]; readonly isFirst: boolean } | null
  /** Where the step throws. */
  readonly fault: readonly Test[] | null
}

interface ThreadsPlan {
  /** By thread: a step for each label, and some more. */
  readonly threads: readonly (readonly StepPlan[])[]
  /** A step of every thread, written as one action with a parameter, and its label. */
  readonly common: { readonly step: StepPlan; readonly from: number } | null
  readonly invariants: readonly { readonly not: readonly Test[]; readonly given: readonly Test[] | null }[]
  readonly goals: readonly (readonly Test[])[]
  readonly end: readonly Test[] | null
  readonly deadlock: boolean
  /** Threads that pre-empt others: a thread may pre-empt those after it. */
  readonly priorities: readonly { readonly high: number; readonly low: number; readonly label: number }[]
}

/** A value with the probability `1 / times`, otherwise null. */
const rarely = <T>(times: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

const small = fc.nat(11)
const test: fc.Arbitrary<Test> = fc.record({ what: small, of: small, value: small, isNegated: fc.boolean() })
const tests = (minLength: number, maxLength: number) => fc.array(test, { minLength, maxLength })
const write = fc.record({ what: small, of: small, value: small })
const writes = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.array(write, { minLength: 1, maxLength: 2 }) },
)
const step: fc.Arbitrary<StepPlan> = fc.record({
  to: small,
  guard: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: tests(1, 2) }),
  writes,
  other: rarely(4, fc.record({ to: small, writes, isFirst: fc.boolean() })),
  fault: rarely(24, tests(2, 3)),
})

export const threadsPlan: fc.Arbitrary<ThreadsPlan> = fc.record({
  threads: fc.array(fc.array(step, { minLength: 2, maxLength: 5 }), { minLength: 2, maxLength: 3 }),
  common: rarely(2, fc.record({ step, from: small })),
  invariants: fc.array(fc.record({ not: tests(2, 4), given: rarely(3, tests(1, 2)) }), { maxLength: 2 }),
  goals: fc.array(tests(2, 3), { maxLength: 1 }),
  end: rarely(3, tests(1, 2)),
  deadlock: fc.boolean(),
  priorities: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.record({ high: fc.nat(1), low: fc.nat(1), label: small }), { maxLength: 2 }) },
  ),
})

type Any = any

/** The spec that a plan describes. */
export function threadsSpec({ threads, common, invariants, goals, end, deadlock, priorities }: ThreadsPlan): AnySpec {
  const names = THREADS.slice(0, threads.length)
  const Thread = oneOf(...names)
  const State = schema({
    pc: mapOf(Thread, oneOf(...LABELS)),
    local: mapOf(Thread, range(0, 2)),
    number: range(0, 3),
    lock: oneOf('free', ...names),
    flags: setOf(FLAGS),
    open: bool(),
  })
  const nameOf = (index: number): string => names[index % names.length]!
  const labelOf = (index: number): string => LABELS[index % 4]!
  const holds = (s: Any, { what, of, value, isNegated }: Test, self: string): boolean => {
    const is = (): boolean => {
      switch (what % 6) {
        case 0:
          return s.pc.get(nameOf(of)) === labelOf(value)
        case 1:
          return s.local.get(of % 3 === 0 ? self : nameOf(of)) === value % 3
        case 2:
          return s.number > value % 4
        case 3:
          return s.lock === (of % 2 === 0 ? 'free' : self)
        case 4:
          return s.flags.has(FLAGS[value % 3]!)
        default:
          return s.open
      }
    }
    return is() !== isNegated
  }
  const all = (s: Any, each: readonly Test[], self = 't1'): boolean => each.every((one) => holds(s, one, self))
  const write = (s: Any, { what, of, value }: Write, self: string): Any => {
    switch (what) {
      case 9:
      case 10:
      case 11:
      case 0:
      case 1:
        return s.setIn(['local', self], value % 3)
      case 2:
        return s.set('number', value % 4)
      case 3:
        // May leave the domain.
        return s.set('number', value % 5 === 0 ? s.number + 1 : Math.min(3, s.number + 1))
      case 4:
        return s.set('lock', of % 2 === 0 ? 'free' : self)
      case 5:
        return s.set('flags', s.flags.add(FLAGS[value % 3]!))
      case 6:
        return s.set('flags', s.flags.delete(FLAGS[value % 3]!))
      case 7:
        return s.setIn(['local', self], s.local.get(nameOf(of)))
      default:
        return s.set('open', value % 3 === 0 ? !s.open : value % 3 === 1)
    }
  }
  const move = (s: Any, to: number, each: readonly Write[], self: string): Any =>
    each.reduce((after: Any, one) => write(after, one, self), s).setIn(['pc', self], labelOf(to))
  const take = (s: Any, from: number, plan: StepPlan, self: string): Any => {
    const { guard, writes: own, other, fault } = plan
    const to = plan.to % 3 === 0 ? plan.to : from + 1
    if (s.pc.get(self) !== labelOf(from)) return undefined
    if (!all(s, guard, self)) return undefined
    if (fault !== null && all(s, fault, self)) throw new Error('planned')
    const after = move(s, to, own, self)
    if (other === null) return after
    const instead = move(s, other.to, other.writes, self)
    return other.isFirst ? [instead, after] : [after, instead]
  }
  const actions = Object.fromEntries(
    threads.flatMap((steps, thread) =>
      steps.map((plan, index) => [`${names[thread]!}at${index}`, (s: Any) => take(s, index % 4, plan, names[thread]!)]),
    ),
  )
  const isOf =
    (thread: number) =>
    (name: string): boolean =>
      name.startsWith(`${names[thread] ?? '-'}at`)
  const make = () =>
    model(
      State as Any,
      {
        init: (State as Any)(),
        actions: {
          ...actions,
          ...(common !== null && {
            common: action({ who: Thread }, (s: Any, { who }: Any) => take(s, common.from, common.step, who)),
          }),
        },
        priorities: Object.fromEntries(
          priorities.flatMap(({ high, low, label }, index) => {
            const [above, below] = [high, 1 + low].map((thread) => Object.keys(actions).filter(isOf(thread)))
            const one = above![label % Math.max(1, above!.length)]
            return high > low || one === undefined || below!.length === 0
              ? []
              : [[`first${index}`, preempts(one, ...(below as [string]))]]
          }),
        ),
        invariants: Object.fromEntries(
          invariants.map(({ not, given }, index) => {
            const claim = (s: Any): boolean => !all(s, not)
            return [`inv${index}`, given === null ? claim : implies((s: Any) => all(s, given), claim)]
          }),
        ),
        goals: Object.fromEntries(goals.map((each, index) => [`goal${index}`, (s: Any) => all(s, each)])),
        deadlock: deadlock ? (end === null ? true : { unless: (s: Any) => all(s, end) }) : false,
      } as Any,
    )
  return spec({ name: 'random-threads', constants: {}, model: make }) as AnySpec
}

/** Bounds on the analysis of a model. Some leave paths without a known outcome. */
export const limits: fc.Arbitrary<{ readonly calls: number; readonly maxPaths: number }> = fc.record({
  calls: fc.constantFrom(20_000, 20_000, 20_000, 20_000, 80),
  maxPaths: fc.constantFrom(1024, 1024, 2, 5, 12),
})
