/** The types of procedures, and the mistakes that the compiler rejects. Never run: `types.test.ts` compiles it. */
import type { List } from 'immutable'
import { expectTypeOf } from 'vitest'
import {
  assign,
  call,
  forAll,
  goto,
  members,
  model,
  oneOf,
  optional,
  preempts,
  procedure,
  range,
  ret,
  schema,
  step,
  steps,
  thread,
  weak,
} from 'kripke'

const Cpu = members('cpu', 2)
const Node = members('node', 2)

const acquire = procedure('acquire', { node: Node }, 'swap', 'wait', {
  locals: { prev: optional(Node), tries: range(0, 3) },
  initial: ({ node }) => ({ prev: node, tries: 3 }),
  atomic: ['swap'],
})
const poll = procedure('poll', {}, 'read', { returns: oneOf('free', 'held') })
const count = procedure('count', { from: range(0, 3) }, 'add', { returns: range(0, 9) })
const other = procedure('other', {}, 'only')

// @ts-expect-error an atomic label that is not declared
procedure('p', {}, 'a', { atomic: ['b'] })
// @ts-expect-error an initial value outside the domain
procedure('p', {}, 'a', { locals: { n: range(0, 3) }, initial: { n: 'one' } })
// @ts-expect-error an initial value of a local that is not declared
procedure('p', {}, 'a', { locals: { n: range(0, 3) }, initial: { m: 1 } })

const State = schema({
  tail: optional(Node),
  cpu: thread({ cpu: Cpu }, 'idle', 'critical', { calls: [acquire, poll], depth: 2 }),
  irq: thread('off', 'on', { calls: [poll, count] }),
  plain: thread('start', 'stop'),
})
const s = State()

expectTypeOf(s.plain).toEqualTypeOf<'start' | 'stop'>()
expectTypeOf(s.cpu.get('cpu1').at).toEqualTypeOf<'idle' | 'critical' | 'acquire.swap' | 'acquire.wait' | 'poll.read'>()
expectTypeOf(s.irq.at).toEqualTypeOf<'off' | 'on' | 'poll.read' | 'count.add'>()
expectTypeOf(s.cpu.get('cpu1').returned!.value).toEqualTypeOf<'free' | 'held'>()
expectTypeOf(s.irq.stack).toExtend<List<{ readonly procedure: 'poll' | 'count' }>>()
const top = s.cpu.get('cpu1').stack.last()!
if (top.procedure === 'acquire') {
  expectTypeOf(top.prev).toEqualTypeOf<'node1' | 'node2' | null>()
} else {
  // @ts-expect-error a local of another procedure
  void top.prev
}

// @ts-expect-error an argument of the wrong type
call(acquire, { node: 'cpu1' })
// @ts-expect-error a missing argument
call(acquire, {})
// @ts-expect-error an unknown argument
call(acquire, { node: 'node1', nodes: 1 })

model(State, {
  init: State(),
  threads: {
    cpu: {
      unfair: ['idle', 'acquire.wait'],
      at: {
        idle: (_, { cpu, returned }) => {
          expectTypeOf(cpu).toEqualTypeOf<'cpu1' | 'cpu2'>()
          expectTypeOf(returned).toEqualTypeOf<'free' | 'held' | undefined>()
          return call(acquire, { node: 'node1' })
        },
        critical: {
          again: () => goto('idle', call(poll, {})),
          free: step({ node: Node }, (state, { node, cpu }) => {
            expectTypeOf(cpu).toEqualTypeOf<'cpu1' | 'cpu2'>()
            return [goto('idle', call(acquire, { node }, state.set('tail', node))), undefined]
          }),
        },
      },
    },
    irq: {
      at: {
        off: (_, { returned }) => {
          expectTypeOf(returned).toEqualTypeOf<'free' | 'held' | number | undefined>()
          return call(count, { from: 1 })
        },
        on: () => goto('off'),
      },
    },
    plain: { at: { start: (state) => state, stop: {} } },
  },
  procedures: {
    acquire: {
      at: {
        swap: (state, { node, prev, tries, self }) => {
          expectTypeOf(node).toEqualTypeOf<'node1' | 'node2'>()
          expectTypeOf(prev).toEqualTypeOf<'node1' | 'node2' | null>()
          expectTypeOf(tries).toEqualTypeOf<number>()
          expectTypeOf(self).toEqualTypeOf<'cpu1' | 'cpu2'>()
          return assign({ prev: state.tail }, state.set('tail', node))
        },
        wait: {
          spin: () => goto('wait', assign({ tries: 1 })),
          leave: (state) => ret(state),
          poll: () => goto('swap', call(poll, {}, assign({ tries: 0 }))),
          tail: () => ret(call(acquire, { node: 'node2' })),
        },
      },
    },
    poll: {
      at: {
        read: (state, { self }) => {
          expectTypeOf(self).toEqualTypeOf<'cpu1' | 'cpu2' | undefined>()
          return state.tail === null ? ret('free') : ret('held', state)
        },
      },
    },
    count: { at: { add: (_, { from }) => ret(from + 1) } },
  },
})

const Small = schema({ tail: optional(Node), cpu: thread({ cpu: Cpu }, 'idle', 'end', { calls: [acquire, poll] }) })
model(Small, {
  init: Small(),
  threads: {
    cpu: {
      // @ts-expect-error a label of a procedure that the thread does not call
      unfair: ['count.add'],
      at: {
        // @ts-expect-error a call of a procedure that the thread does not declare
        idle: () => call(other, {}),
        // @ts-expect-error a return outside a procedure
        end: (state) => ret(state),
      },
    },
  },
  procedures: {
    acquire: {
      at: {
        // @ts-expect-error an assignment to a local that is not declared
        swap: () => assign({ from: 1 }),
        wait: {
          // @ts-expect-error a value of the wrong type
          one: () => assign({ tries: 'many' }),
          // @ts-expect-error a value from a procedure without one
          two: (state) => ret('free', state),
          // @ts-expect-error a label of the thread
          three: () => goto('idle'),
          // @ts-expect-error a parameter that the procedure does not have
          four: (state, { from }) => assign({ tries: from }, state),
        },
      },
    },
    poll: {
      at: {
        read: {
          // @ts-expect-error a value outside the domain
          one: () => ret('busy'),
          // @ts-expect-error a tail call of a procedure that returns nothing
          two: () => ret(call(acquire, { node: 'node1' })),
          // @ts-expect-error no value
          three: () => ret(),
        },
      },
    },
  },
})

// @ts-expect-error procedures without a body
model(Small, { init: Small(), threads: { cpu: { at: { idle: {}, end: {} } } } })

const None = schema({ main: thread('run') })
// @ts-expect-error procedures that no thread calls
model(None, { init: None(), threads: { main: { at: { run: {} } } }, procedures: { acquire: { at: {} } } })

// Priorities and atomic sections.
const Scheduled = schema({
  irq: thread({ cpu: Cpu }, 'idle', 'run'),
  task: thread('a', 'b', { atomic: ['a', 'b'] }),
})
expectTypeOf(Scheduled().task).toEqualTypeOf<'a' | 'b'>()
// @ts-expect-error a label that is not declared
thread('a', 'b', { atomic: ['c'] })
// @ts-expect-error no steps to pre-empt
preempts('irq')
const threads = {
  irq: { at: { idle: {}, run: {} } },
  task: { at: { a: {}, b: {} } },
}
model(Scheduled, {
  init: Scheduled(),
  threads,
  priorities: {
    one: preempts('irq', 'task'),
    each: forAll({ cpu: Cpu }, ({ cpu }) => {
      expectTypeOf(cpu).toEqualTypeOf<'cpu1' | 'cpu2'>()
      return preempts(steps('irq', { cpu }), 'task')
    }),
  },
})
// @ts-expect-error a fairness constraint is not a priority
model(Scheduled, { init: Scheduled(), threads, priorities: { one: weak('irq') } })
