/** The types that the compiler infers for aliases, views and refinements. Never run; see `inference.ts`. */
import { List } from 'immutable'
import { expectTypeOf } from 'vitest'
import { check, constant, listOf, mapOf, members, model, oneOf, range, refines, schema, spec } from 'kripke'

const State = schema({ n: range(0, 3), phase: oneOf('idle', 'busy') })

model(State, {
  init: State(),
  actions: { up: (s) => s },
  alias: (s, { action, bindings, before, index }) => {
    expectTypeOf(s.phase).toEqualTypeOf<'idle' | 'busy'>()
    expectTypeOf(before.n).toEqualTypeOf<number>()
    expectTypeOf(action).toEqualTypeOf<string>()
    expectTypeOf(bindings).toEqualTypeOf<{ readonly [name: string]: unknown }>()
    return { n: s.n, index, last: s.n === 3 ? 'yes' : undefined }
  },
})
model(State, { init: State(), actions: { up: (s) => s }, alias: ({ n }) => ({ n }) })

// @ts-expect-error no such variable
model(State, { init: State(), actions: { up: (s) => s }, alias: (s) => ({ n: s.m }) })
// @ts-expect-error a value without a name
model(State, { init: State(), actions: { up: (s) => s }, alias: (s) => s.n })
// @ts-expect-error the first argument is the state
model(State, { init: State(), actions: { up: (s) => s }, alias: ({ before }) => ({ n: before.n }) })

model(State, { init: State(), actions: { up: (s) => s }, view: (s) => [s.n, s.phase] })
// @ts-expect-error no such variable
model(State, { init: State(), actions: { up: (s) => s }, view: (s) => s.m })

const Job = members('job', 2)
const Queue = schema({ queue: listOf(Job, 2), owner: mapOf(Job, oneOf('free', 'taken')) })
const queue = spec({
  name: 'queue',
  constants: { size: constant(range(1, 3), 2) },
  model: () => model(Queue, { init: Queue(), actions: { put: (s) => s } }),
})
const Fifo = schema({ buffer: listOf(Job, 2), owner: mapOf(Job, oneOf('free', 'taken')), n: range(0, 3) })

const fifo = spec({
  name: 'fifo',
  model: () =>
    model(Fifo, {
      init: Fifo(),
      actions: { put: (s) => s },
      invariants: { small: (s) => s.n < 3 },
      refinements: {
        // The mapping knows the state, and its result the variables of the abstract spec.
        queue: refines(
          queue,
          (s) => {
            expectTypeOf(s.n).toEqualTypeOf<number>()
            return { queue: s.buffer, owner: s.owner }
          },
          { constants: { size: 3 } },
        ),
        computed: refines(queue, (s) => ({ queue: List(s.buffer), owner: s.owner.map(() => 'free' as const) })),
        // A state with these variables, or with more.
        state: refines(queue, (s) => Queue({ queue: s.buffer })),
      },
    }),
})
const { property } = await check(fifo, { properties: ['small', 'queue', 'queue.fair.put'] })
property('queue.fair.put')
// @ts-expect-error no such property
property('queues')

const refined = <R extends object>(refinements: R) => refinements
model(Queue, { init: Queue(), actions: { put: (s) => s }, refinements: { self: refines(queue, (s) => s) } })
const bare = { init: Fifo(), actions: {} }
// @ts-expect-error a missing variable
model(Fifo, { ...bare, refinements: { queue: refines(queue, (s) => ({ queue: s.buffer })) } })
// @ts-expect-error a value of the wrong type
model(Fifo, { ...bare, refinements: { queue: refines(queue, (s) => ({ queue: s.n, owner: s.owner })) } })
// @ts-expect-error a state without the variables
model(Fifo, { ...bare, refinements: { queue: refines(queue, (s) => s) } })
// @ts-expect-error no such variable of the model
model(Fifo, { ...bare, refinements: { queue: refines(queue, (s) => ({ queue: s.queue, owner: s.owner })) } })
const map = (s: ReturnType<typeof Fifo>) => Queue({ queue: s.buffer })
// @ts-expect-error no such constant
refines(queue, map, { constants: { m: 3 } })
// @ts-expect-error a predicate
model(Fifo, { ...bare, refinements: { queue: (s: ReturnType<typeof Fifo>) => s.n === 1 } })
// @ts-expect-error not a spec
refined({ queue: refines(Queue, () => ({ queue: List(), owner: Queue().owner })) })
