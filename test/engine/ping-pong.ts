/**
 * Two nodes count together by messages, over networks of several kinds.
 *
 * The steps are those of Stateright's ping-pong (`src/actor/actor_test_util.rs`). Its tests have the numbers of states
 * (`src/actor/model.rs`): 14 and 4,094 for a lossy, duplicating network up to 1 and 5, and 11 for the others without loss.
 */
import {
  action,
  anyOf,
  bag,
  bool,
  channel,
  constant,
  mapOf,
  members,
  model,
  oneOf,
  range,
  record,
  schema,
  setOf,
  spec,
} from 'kripke'

export default spec({
  name: 'ping-pong',
  constants: {
    network: constant(oneOf('duplicating', 'reordering', 'ordered', 'counts'), 'duplicating'),
    lossy: constant(bool(), true),
    max: constant(range(1, 40), 1),
    /** How many copies of its message a node sends. */
    copies: constant(range(1, 3), 1),
    room: constant(range(1, 40), 16),
    /** Room for so many different messages that only those that occur get slots. */
    sparse: constant(bool(), false),
    symmetric: constant(bool(), false),
  },
  model: ({ network, lossy, max, copies, room, sparse, symmetric }) => {
    const Node = members('node', 2, { symmetric })
    const Message = record({ to: Node, n: range(0, sparse ? 999 : max) })
    type Message = ReturnType<typeof Message>
    const State = schema({
      count: mapOf(Node, range(0, max)),
      bag: bag(Message, network === 'counts' || network === 'ordered' ? 1 : room),
      channel: channel(Message, network === 'ordered' ? room : 1),
      /** A bag again, in other domains: the number of copies of each message. */
      counts: mapOf(network === 'counts' ? Message : record({ to: Node, n: range(0, 0) }), range(0, room)),
      started: setOf(Node),
    })
    type State = ReturnType<typeof State>
    const all = Node.flatMap((to) => Array.from({ length: max + 1 }, (_, n) => Message({ to, n })))
    const sentIn = (s: State) => (network === 'counts' ? s.counts.reduce((sum, n) => sum + n, 0) : s.bag.size)
    const hasRoom = (s: State) => (network === 'ordered' ? s.channel.size : sentIn(s)) + copies <= room

    const send = (s: State, message: Message): State => {
      if (network === 'ordered') {
        return s.update('channel', (sent) =>
          Array.from({ length: copies }).reduce<typeof sent>((it) => it.push(message), sent),
        )
      }
      if (network === 'counts') return s.updateIn(['counts', message], (n) => n + copies)
      return s.update('bag', (sent) => sent.add(...Array.from({ length: copies }, () => message)))
    }
    const isThere = (s: State, message: Message) => {
      if (network === 'ordered') return s.channel.first()?.equals(message) === true
      return network === 'counts' ? s.counts.get(message) > 0 : s.bag.has(message)
    }
    const taken = (s: State, message: Message): State => {
      if (network === 'ordered') return s.update('channel', (sent) => sent.shift())
      if (network === 'counts') return s.updateIn(['counts', message], (n) => n - 1)
      return s.update('bag', (sent) => sent.remove(message))
    }
    const first = Node[0]!
    const other = (node: (typeof Node)[number]) => Node.find((it) => it !== node)!

    return model(State, {
      // The first node sends at the start. If the nodes are interchangeable, either does.
      init: (symmetric ? Node : [first]).map((node) =>
        send(State({ started: State().started.add(node) }), Message({ to: other(node), n: 0 })),
      ),
      actions: {
        deliver: action({ to: Node, n: range(0, max) }, (s, { to, n }) => {
          const message = Message({ to, n })
          if (s.count.get(to) !== n || n === max || !isThere(s, message) || !hasRoom(s)) return undefined
          const counted = s.setIn(['count', to], n + 1)
          const received = network === 'duplicating' ? counted : taken(counted, message)
          // The node that began waits for the answer to its last message before it sends the next one.
          return send(received, Message({ to: other(to), n: s.started.has(to) ? n + 1 : n }))
        }),
        ...(lossy &&
          (network === 'duplicating'
            ? {
                lose: action({ to: Node, n: range(0, max) }, (s, { to, n }) =>
                  s.bag.has(Message({ to, n })) ? taken(s, Message({ to, n })) : undefined,
                ),
              }
            : {
                lose: (s) => {
                  if (network === 'counts') return all.filter((m) => s.counts.get(m) > 0).map((m) => taken(s, m))
                  if (network === 'ordered')
                    return anyOf(s.channel.keys(), (at) => s.update('channel', (it) => it.delete(at)))
                  return anyOf(s.bag, (m) => taken(s, m))
                },
              })),
      },
      invariants: { close: (s) => Math.abs(s.count.get('node1') - s.count.get('node2')) <= 1 },
      goals: { end: (s) => Node.some((node) => s.count.get(node) === max) },
      deadlock: false,
    })
  },
})
