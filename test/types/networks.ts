/** The types that the compiler infers for channels and bags. Never run; see `inference.ts`. */
import type { List, Map } from 'immutable'
import { expectTypeOf } from 'vitest'
import {
  action,
  anyOf,
  Bag,
  bag,
  channel,
  mapOf,
  members,
  model,
  oneOf,
  range,
  record,
  schema,
  union,
  type ValueOf,
} from 'kripke'

const Node = members('node', 2)
const Ask = record({ type: oneOf('ask'), to: Node })
const Reply = record({ type: oneOf('reply'), n: range(0, 3) })
const Message = union(Ask, Reply)
type Message = ValueOf<typeof Message>
const State = schema({ network: bag(Message, 4), wire: mapOf(Node, channel(Message, 2)), words: bag(Node, 2) })
const s = State()

expectTypeOf(s.network).toEqualTypeOf<Bag<Message>>()
expectTypeOf(s.wire.get('node1')).toEqualTypeOf<List<Message>>()
expectTypeOf(s.words.toMap()).toEqualTypeOf<Map<'node1' | 'node2', number>>()
expectTypeOf([...s.words]).toEqualTypeOf<('node1' | 'node2')[]>()
expectTypeOf(s.network.count(Ask({ to: 'node1' }))).toEqualTypeOf<number>()
expectTypeOf(s.network.filter((m) => m.type === 'ask')).toEqualTypeOf<Bag<ValueOf<typeof Ask>>>()
s.set('network', s.network.add(Ask(), Reply({ n: 1 })).remove(Ask()))
s.update('network', (network) => network.filter((m) => m.type === 'reply' && m.n > 1))
s.updateIn(['wire', 'node2'], (wire) => wire.push(Reply()).shift())
State({ network: Bag([Ask(), Reply(), Ask()]), words: Bag(Node) })

// @ts-expect-error no such message
s.words.has('node3')
// @ts-expect-error no such message
s.words.add('node1', 'node3')
// @ts-expect-error not a message
s.network.add({ type: 'ask', to: 'node1' })
// @ts-expect-error not a message
s.wire.get('node1').push('ask')
// @ts-expect-error no such value
s.network.some((m) => m.type === 'answer')
// @ts-expect-error a set is not a bag
s.set('network', s.network.toMap().keySeq().toSet())
// @ts-expect-error a bag of other messages
State({ network: Bag(['node1']) })
// @ts-expect-error a bag is not a channel
s.network.push(Ask())
// @ts-expect-error a channel is not a bag
s.wire.get('node1').add(Ask())
// @ts-expect-error a bound is missing
bag(Message)

model(State, {
  init: State(),
  actions: {
    receive: (at) =>
      anyOf(at.network, (message) => {
        expectTypeOf(message).toEqualTypeOf<Message>()
        return at.set('network', at.network.remove(message))
      }),
    ask: action({ to: Node }, (at, { to }) => at.set('network', at.network.add(Ask({ to })))),
  },
  invariants: { few: (at) => at.network.every((m) => m.type === 'ask' || m.n < 3) },
})
