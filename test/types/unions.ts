/** The types that the compiler infers for unions. Never run; see `inference.ts`. */
import { List, Set } from 'immutable'
import { expectTypeOf } from 'vitest'
import {
  action,
  bool,
  forAll,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  union,
  value,
  type ValueOf,
} from 'kripke'

const Node = members('node', 2)
const Prepare = record({ type: oneOf('prepare'), ballot: range(1, 3) })
const Accept = record({ type: oneOf('accept', 'accepted'), ballot: range(1, 3), value: optional(Node) })
const Stop = record({ type: oneOf('stop') })
const Message = union(Prepare, Accept, Stop)
type Message = ValueOf<typeof Message>

expectTypeOf<Message>().toEqualTypeOf<ValueOf<typeof Prepare> | ValueOf<typeof Accept> | ValueOf<typeof Stop>>()
expectTypeOf<Message['type']>().toEqualTypeOf<'prepare' | 'accept' | 'accepted' | 'stop'>()

const Packet = record({ to: Node, body: Message })
const State = schema({
  last: Message,
  inbox: mapOf(Node, Message),
  sent: setOf(Message),
  queue: listOf(Message, 3),
  held: optional(Message),
  packet: Packet,
  byMessage: mapOf(union(Prepare, Stop), range(0, 2)),
  n: range(0, 3),
})
const s = State()

// The tag narrows the type, wherever the value comes from.
function ballotOf(m: Message): number {
  // @ts-expect-error not every variant has it
  const { ballot } = m
  if (m.type === 'prepare') {
    expectTypeOf(m).toEqualTypeOf<ValueOf<typeof Prepare>>()
    // @ts-expect-error not a field of this variant
    return m.ballot + m.value
  }
  if (m.type === 'accepted') {
    expectTypeOf(m.value).toEqualTypeOf<'node1' | 'node2' | null>()
    return m.ballot
  }
  // @ts-expect-error there is no such literal
  if (m.type === 'prepared') return 1
  return m.type === 'stop' ? ballot : m.ballot
}
ballotOf(s.last)
ballotOf(s.inbox.get('node1'))
ballotOf(s.queue.first()!)
ballotOf(s.packet.body)
if (s.held !== null && s.held.type === 'accept') expectTypeOf(s.held.ballot).toEqualTypeOf<number>()
expectTypeOf(s.sent.some((m) => m.type === 'prepare' && m.ballot === 2)).toEqualTypeOf<boolean>()
expectTypeOf(s.sent.filter((m) => m.type === 'prepare')).toExtend<Set<ValueOf<typeof Prepare>>>()

function exhaustive(m: Message): number {
  switch (m.type) {
    case 'prepare':
      return m.ballot
    case 'accept':
    case 'accepted':
      return m.value === null ? 0 : m.ballot
    case 'stop':
      return 0
    default: {
      const never: never = m
      return never
    }
  }
}
function lacking(m: Message): number {
  switch (m.type) {
    case 'prepare':
      return m.ballot
    case 'stop':
      return 0
    default: {
      // @ts-expect-error some variants are left
      const never: never = m
      return never
    }
  }
}
exhaustive(s.last)
lacking(s.last)

// Writing: the variants build values, and paths lead into them.
s.set('last', Prepare({ ballot: 2 }))
  .set('held', null)
  .set('held', Stop())
s.set('inbox', s.inbox.set('node2', Accept({ type: 'accepted', value: 'node1' })))
s.set('sent', s.sent.add(Prepare()).union([Accept(), Stop()])).set('queue', s.queue.push(Stop()))
s.set('queue', List<Message>([Prepare(), Stop()]))
s.setIn(['inbox', 'node1'], Stop()).setIn(['last', 'ballot'], 2).setIn(['packet', 'body'], Accept())
s.setIn(['inbox', 'node1', 'ballot'], 3).setIn(['packet', 'body', 'value'], 'node2')
s.updateIn(['inbox', 'node1'], (m) => (m.type === 'accept' ? m.set('value', 'node2') : Stop()))
s.updateIn(['last', 'ballot'], (ballot) => ballot + 1)
s.update('last', (m) => (m.type === 'prepare' ? m.set('ballot', 2) : m))
s.byMessage.get(Prepare())
State({ last: Stop(), sent: Set<Message>([Stop()]), packet: Packet({ body: Prepare() }) })
mapOf(Node, Message).fill(Stop())

// @ts-expect-error a plain object is not a record
s.set('last', { type: 'stop' })
// @ts-expect-error a record that is not a variant
s.set('last', Packet())
// @ts-expect-error no such field in any variant
s.setIn(['last', 'ballots'], 2)
// @ts-expect-error no such value
s.setIn(['last', 'ballot'], 'two')
// @ts-expect-error not a variant of this union
s.byMessage.get(Accept())
// @ts-expect-error the literal of another variant
Prepare({ type: 'stop' })
s.updateIn(['inbox', 'node1'], (m) => {
  // @ts-expect-error no such literal
  return m.type === 'acept' ? Stop() : m
})

// Unions of unions count as one union of all variants.
//
const More = union(Message, record({ type: oneOf('more'), any: value<string>('') }))
expectTypeOf<ValueOf<typeof More>['type']>().toEqualTypeOf<'prepare' | 'accept' | 'accepted' | 'stop' | 'more'>()
const Good = record({ ok: oneOf(true), n: range(0, 1) })
const Flagged = union(Good, record({ ok: oneOf(false), why: bool() }))
function why(it: ValueOf<typeof Flagged>): boolean {
  return it.ok ? it.n === 1 : it.why
}
why(Good())

// @ts-expect-error one record is not a union
union(Prepare)
// @ts-expect-error not a record
union(Prepare, bool())
// @ts-expect-error domains are not literals
oneOf(Prepare, Accept)

model(State, {
  init: State(),
  actions: {
    receive: action({ m: Message, node: Node }, (it, { m, node }) => {
      if (!it.sent.has(m)) return undefined
      expectTypeOf(m).toEqualTypeOf<Message>()
      return m.type === 'stop' ? it.setIn(['inbox', node], m) : it.set('n', m.ballot)
    }),
  },
  invariants: {
    small: forAll({ m: union(Prepare, Stop) }, (it, { m }) => m.type === 'stop' || !it.sent.has(m) || m.ballot < 4),
  },
})
