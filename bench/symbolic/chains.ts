/**
 * Chains: few states on many levels, to show the cost of a level and of a slot's content.
 *
 * Each kind has about `length` states on one path. `flag` and `queue` go forward and back, so they have twice as many.
 */
import {
  action,
  alwaysEventually,
  bool,
  constant,
  goto,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  range,
  schema,
  spec,
  thread,
} from 'kripke'

export const KINDS = ['up', 'down', 'lockstep', 'flag', 'reset', 'labels', 'program', 'ring', 'queue'] as const

export type Kind = (typeof KINDS)[number]

interface Constants {
  readonly length: number
  readonly isViolated: boolean
  readonly isLive: boolean
}

/** The properties to check: `isLast` is true in the last state of the path, `isFirst` in the first. */
function properties(
  { isViolated, isLive }: Constants,
  isFirst: (s: never) => boolean,
  isLast: (s: never) => boolean,
): object {
  return {
    invariants: { bounded: isViolated ? (s: never) => !isLast(s) : (s: never) => !isLast(s) || !isFirst(s) },
    ...(isLive && { temporal: { returns: alwaysEventually(isFirst) } }),
    deadlock: false,
  }
}

const MODELS: { readonly [kind in Kind]: (constants: Constants) => never } = {
  /** A counter that restarts at its top. */
  up: (constants) => {
    const { length } = constants
    const State = schema({ v: range(0, length - 1) })
    return model(State, {
      init: State(),
      actions: { step: action({}, (s) => s.set('v', s.v < length - 1 ? s.v + 1 : 0), { fair: 'weak' }) },
      ...properties(
        constants,
        (s: { v: number }) => s.v === 0,
        (s: { v: number }) => s.v === length - 1,
      ),
    }) as never
  },

  /** A counter that goes down and restarts at its top. */
  down: (constants) => {
    const { length } = constants
    const State = schema({ v: range(0, length - 1) })
    return model(State, {
      init: State({ v: length - 1 }),
      actions: { step: action({}, (s) => s.set('v', s.v > 0 ? s.v - 1 : length - 1), { fair: 'weak' }) },
      ...properties(
        constants,
        (s: { v: number }) => s.v === length - 1,
        (s: { v: number }) => s.v === 0,
      ),
    }) as never
  },

  /** Two counters that count together. */
  lockstep: (constants) => {
    const { length } = constants
    const State = schema({ a: range(0, length - 1), b: range(0, length - 1) })
    return model(State, {
      init: State(),
      actions: {
        step: action(
          {},
          (s) => (s.a < length - 1 ? s.set('a', s.a + 1).set('b', s.b + 1) : s.set('a', 0).set('b', 0)),
          { fair: 'weak' },
        ),
      },
      ...properties(
        constants,
        (s: { a: number }) => s.a === 0,
        (s: { b: number }) => s.b === length - 1,
      ),
    }) as never
  },

  /** A counter with a flag for its direction. The flag flips at the ends. */
  flag: (constants) => {
    const { length } = constants
    const State = schema({ v: range(0, length - 1), falls: bool() })
    return model(State, {
      init: State(),
      actions: {
        rise: action({}, (s) => (s.falls || s.v === length - 1 ? undefined : s.set('v', s.v + 1)), { fair: 'weak' }),
        fall: action({}, (s) => (!s.falls || s.v === 0 ? undefined : s.set('v', s.v - 1)), { fair: 'weak' }),
        flip: action({}, (s) => (s.v === (s.falls ? 0 : length - 1) ? s.set('falls', !s.falls) : undefined), {
          fair: 'weak',
        }),
      },
      ...properties(
        constants,
        (s: { v: number; falls: boolean }) => s.v === 0 && !s.falls,
        (s: { v: number; falls: boolean }) => s.v === length - 1 && s.falls,
      ),
    }) as never
  },

  /** A counter that may restart at any time, so that random walks see little of it. */
  reset: (constants) => {
    const { length } = constants
    const State = schema({ v: range(0, length - 1) })
    return model(State, {
      init: State(),
      actions: {
        step: action({}, (s) => (s.v < length - 1 ? s.set('v', s.v + 1) : undefined), { fair: 'weak' }),
        reset: action({}, (s) => (s.v > 0 ? s.set('v', 0) : undefined), { fair: 'weak' }),
      },
      ...properties(
        constants,
        (s: { v: number }) => s.v === 0,
        (s: { v: number }) => s.v === length - 1,
      ),
    }) as never
  },

  /** A variable that passes through labels by one action. */
  labels: (constants) => {
    const labels = Array.from({ length: constants.length }, (_, index) => `l${index}`)
    const next = new Map(labels.map((label, index) => [label, labels[(index + 1) % labels.length]!]))
    const State = schema({ pc: oneOf(...labels) })
    return model(State, {
      init: State(),
      actions: { step: action({}, (s) => s.set('pc', next.get(s.pc)!), { fair: 'weak' }) },
      ...properties(
        constants,
        (s: { pc: string }) => s.pc === 'l0',
        (s: { pc: string }) => s.pc === labels.at(-1),
      ),
    }) as never
  },

  /** A thread with many labels, and an action instance for each. */
  program: (constants) => {
    const labels = Array.from({ length: constants.length }, (_, index) => `l${index}`)
    const State = schema({ worker: thread({}, ...labels) })
    const steps = labels.map((label, index) => [label, () => goto(labels[(index + 1) % labels.length]!)])
    return model(State, {
      init: State(),
      threads: { worker: { fair: 'weak', at: Object.fromEntries(steps) } },
      ...properties(
        constants,
        (s: { worker: string }) => s.worker === 'l0',
        (s: { worker: string }) => s.worker === labels.at(-1),
      ),
    } as never) as never
  },

  /** A ring that passes a token: a state has one slot for each state of the model. */
  ring: (constants) => {
    const Process = members('process', constants.length)
    const State = schema({ token: mapOf(Process, bool()) })
    return model(State, {
      init: State().setIn(['token', Process[0]!], true),
      actions: {
        hand: action(
          { process: Process },
          (s, { process }) => {
            if (!s.token.get(process)) return undefined
            const next = Process[(Process.indexOf(process) + 1) % Process.length]!
            return s.set('token', s.token.set(process, false).set(next, true))
          },
          { fair: 'weak' },
        ),
      },
      ...properties(
        constants,
        (s: { token: { get(it: unknown): boolean } }) => s.token.get(Process[0]),
        (s: { token: { get(it: unknown): boolean } }) => s.token.get(Process.at(-1)),
      ),
    }) as never
  },

  /** A queue that is filled and emptied: a state has one slot for each state of the model. */
  queue: (constants) => {
    const { length } = constants
    const State = schema({ queue: listOf(range(0, 2), length), drains: bool() })
    return model(State, {
      init: State(),
      actions: {
        push: action({}, (s) => (s.drains || s.queue.size === length ? undefined : s.set('queue', s.queue.push(1))), {
          fair: 'weak',
        }),
        pop: action({}, (s) => (!s.drains || s.queue.size === 0 ? undefined : s.set('queue', s.queue.pop())), {
          fair: 'weak',
        }),
        turn: action({}, (s) => (s.queue.size === (s.drains ? 0 : length) ? s.set('drains', !s.drains) : undefined), {
          fair: 'weak',
        }),
      },
      ...properties(
        constants,
        (s: { queue: { size: number }; drains: boolean }) => s.queue.size === 0 && !s.drains,
        (s: { queue: { size: number }; drains: boolean }) => s.queue.size === length && s.drains,
      ),
    }) as never
  },
}

export default spec({
  name: 'chains',
  doc: 'What do sets cost where states are one long chain?',
  constants: {
    kind: constant(oneOf(...KINDS), 'up', 'what the chain is made of'),
    length: constant(range(2, 10_000), 1000, 'states of the chain, about'),
    violated: constant(bool(), false, 'whether the last state violates the invariant'),
    live: constant(bool(), false, 'whether it is checked that the chain is gone through again and again'),
  },
  model: ({ kind, length, violated, live }) => MODELS[kind]({ length, isViolated: violated, isLive: live }),
})
