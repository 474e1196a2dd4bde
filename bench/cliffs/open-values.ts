/**
 * Open values and collections: a bounded queue of messages. A message is an immutable map without a listed domain.
 *
 * The receiver keeps the set of kinds that it has received, and the last one, if any. With `queue=list` the queue is a
 * list of open elements, and removing its head moves all others. With `queue=open` the whole queue is one open value.
 *
 * With k kinds and a queue of at most c messages: Q = (k^(c + 1) - 1) / (k - 1) queues, R = 1 + k 2^(k - 1) receivers;
 * Q R distinct states, 1 + 2 R (Q - 1) generated, depth 2 k + c + 1.
 */
import { List, Map } from 'immutable'
import { action, constant, forAll, listOf, model, oneOf, optional, range, schema, setOf, spec, value } from 'kripke'
import type { Model } from '../../src/spec/model.ts'
import type { Counts } from './counts.ts'

interface Constants {
  readonly kinds: number
  readonly capacity: number
}

export function counts({ kinds, capacity }: Constants): Counts {
  const queues = (kinds ** (capacity + 1) - 1) / (kinds - 1)
  const receivers = 1 + kinds * 2 ** (kinds - 1)
  return {
    initial: 1,
    generated: 1 + 2 * receivers * (queues - 1),
    distinct: queues * receivers,
    depth: 2 * kinds + capacity + 1,
  }
}

type Message = Map<string, number>

const message = (kind: number): Message => Map<number>({ kind, size: kind * 100 })

/** The common part of both queues; `queue` is the domain. */
function receiving(queue: ReturnType<typeof listOf<Message>>, kinds: number, capacity: number): Model {
  const Kind = range(1, kinds)
  const State = schema({ queue, met: setOf(Kind), last: optional(Kind) })
  return model(State, {
    init: State(),
    actions: {
      send: action({ about: Kind }, (s, { about }) =>
        s.queue.size < capacity ? s.set('queue', s.queue.push(message(about))) : undefined,
      ),
      receive: (s) => {
        const kind = s.queue.first()?.get('kind')
        return kind === undefined ? undefined : s.merge({ queue: s.queue.shift(), met: s.met.add(kind), last: kind })
      },
    },
    invariants: {
      lastWasMet: forAll({ one: Kind }, (s, { one }) => s.last !== one || s.met.has(one)),
    },
  })
}

export default spec({
  name: 'open-values',
  doc: 'What do open values, lists, sets and optional values cost?',
  constants: {
    queue: constant(oneOf('list', 'open'), 'list', 'whether the queue is a list of open values or one open value'),
    kinds: constant(range(2, 8), 3, 'kinds of messages'),
    capacity: constant(range(1, 12), 8, 'the most messages in the queue'),
  },
  model: ({ queue, kinds, capacity }) =>
    queue === 'list'
      ? receiving(listOf(value(message(1)), capacity), kinds, capacity)
      : receiving(value(List<Message>()) as unknown as ReturnType<typeof listOf<Message>>, kinds, capacity),
})
