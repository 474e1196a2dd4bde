/** A buffer with a slot in front of it refines a queue: a spec that threads can import. */
import { List } from 'immutable'
import { action, constant, listOf, members, model, oneOf, optional, range, refines, schema, spec } from 'kripke'

const queueOf = (jobs: number) => schema({ queue: listOf(members('job', jobs), 3) })

const queue = spec({
  name: 'queue',
  constants: { jobs: constant(range(1, 5), 2) },
  model: ({ jobs }) => {
    const Queue = queueOf(jobs)
    return model(Queue, {
      init: Queue(),
      actions: {
        put: action({ job: members('job', jobs) }, (s, { job }) =>
          s.queue.size < 3 ? s.update('queue', (all) => all.push(job)) : undefined,
        ),
        take: action((s) => (s.queue.isEmpty() ? undefined : s.update('queue', (all) => all.shift())), {
          fair: 'weak',
        }),
      },
    })
  },
})

export const fifo = spec({
  name: 'fifo',
  constants: {
    bug: constant(oneOf('none', 'lifo', 'begin'), 'none'),
    jobs: constant(range(1, 5), 2),
  },
  model: ({ bug, jobs }) => {
    const Job = members('job', jobs)
    const Fifo = schema({ buffer: listOf(Job, 3), slot: optional(Job) })
    return model(Fifo, {
      init: Fifo(bug === 'begin' ? { slot: Job[0]! } : {}),
      actions: {
        put: action({ job: Job }, (s, { job }) =>
          s.buffer.size + (s.slot === null ? 0 : 1) < 3 ? s.update('buffer', (all) => all.push(job)) : undefined,
        ),
        move: action(
          (s) => {
            if (s.slot !== null || s.buffer.isEmpty()) return undefined
            return bug === 'lifo'
              ? s.merge({ slot: s.buffer.last()!, buffer: s.buffer.pop() })
              : s.merge({ slot: s.buffer.first()!, buffer: s.buffer.shift() })
          },
          { fair: 'weak' },
        ),
        take: action((s) => (s.slot === null ? undefined : s.set('slot', null)), { fair: 'weak' }),
      },
      refinements: {
        queue: refines(queue, (s) => ({ queue: s.slot === null ? s.buffer : List([s.slot, ...s.buffer]) }), {
          constants: { jobs },
        }),
      },
      deadlock: false,
    })
  },
})
