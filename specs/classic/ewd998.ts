/**
 * EWD998, Safra's algorithm: nodes on a ring detect that all of them have terminated, although messages take time.
 *
 * It extends EWD840 (ewd840.ts) by counters. A node counts the messages that it has sent, minus those that it has
 * received. It becomes black when it receives one. The token adds the counters up. All nodes are passive, and no message
 * is on its way, if the token comes back white, node 0 is white and passive, and the sum is zero. `design` leaves out a
 * rule:
 *
 *     no-sum   node 0 ignores the sum: messages may be on their way
 *     no-mark  nodes stay white: a node behind the token may have got its message from a node before the token
 *     no-wait  active nodes pass on the token, too
 *
 * All nodes begin black, active or not, and no message is on its way. Counters would grow forever. Kripke does not
 * explore states in which a counter exceeds `messages`.
 *
 * Source: E. W. Dijkstra, "Shmuel Safra's version of termination detection", 1987 (EWD998); the steps are those of
 * M. Kuppe and S. Merz, tlaplus/Examples, specifications/ewd998/EWD998PCal.tla. TLC finds 321,370 states for three nodes
 * whose counters are at most 2 (EWD998PCal.cfg).
 */
import { Map } from 'immutable'
import { action, bool, constant, implies, mapOf, model, oneOf, range, schema, spec } from 'kripke'

export default spec({
  name: 'ewd998',
  doc: 'Termination is detected only after it has happened.',
  constants: {
    design: constant(
      oneOf('ewd998', 'no-sum', 'no-mark', 'no-wait'),
      'ewd998',
      'the algorithm, or the rule that it lacks',
    ),
    nodes: constant(range(2, 5), 3, 'nodes on the ring'),
    messages: constant(range(1, 5), 1, 'the largest counter to explore'),
  },
  model: ({ design, nodes, messages }) => {
    const Node = range(0, nodes - 1)
    const all = Array.from({ length: nodes }, (_, node) => node)
    /** Counters add up to the number of messages on their way, so a counter is as low as all others may be high. */
    const lowest = -messages * (nodes - 1)
    const State = schema({
      active: mapOf(Node, bool()),
      color: mapOf(Node, oneOf('black', 'white')),
      counter: mapOf(Node, range(lowest, messages + 1)),
      /** The number of messages on their way to a node. */
      inbox: mapOf(Node, range(0, messages * nodes + 1)),
      token: Node,
      tokenColor: oneOf('black', 'white'),
      tokenSum: range(lowest * (nodes - 1), messages * (nodes - 1)),
    })
    type State = ReturnType<typeof State>

    const start = State({ counter: Map(all.map((node) => [node, 0])), tokenSum: 0 })
    const count = (s: State, node: number, by: 1 | -1) => s.setIn(['counter', node], s.counter.get(node) + by)
    const isDetected = (s: State) =>
      s.token === 0 &&
      s.tokenColor === 'white' &&
      s.color.get(0) === 'white' &&
      !s.active.get(0) &&
      (design === 'no-sum' || s.tokenSum + s.counter.get(0) === 0)

    return model(State, {
      init: Array.from({ length: 2 ** nodes }, (_, bits) =>
        start.set('active', Map(all.map((node) => [node, (bits >> node) % 2 === 1]))),
      ),
      actions: {
        sendToken: (s) => {
          const isConclusive =
            s.color.get(0) === 'white' &&
            s.tokenColor === 'white' &&
            (design === 'no-sum' || s.tokenSum + s.counter.get(0) === 0)
          if (s.token !== 0 || isConclusive) return undefined
          return s.merge({ token: nodes - 1, tokenColor: 'white', tokenSum: 0 }).setIn(['color', 0], 'white')
        },
        passToken: (s) => {
          const node = s.token
          if (node === 0 || (s.active.get(node) && design !== 'no-wait')) return undefined
          return s
            .merge({
              token: node - 1,
              tokenColor: s.color.get(node) === 'black' ? 'black' : s.tokenColor,
              tokenSum: s.tokenSum + s.counter.get(node),
            })
            .setIn(['color', node], 'white')
        },
        send: action({ from: Node, to: Node }, (s, { from, to }) =>
          s.active.get(from) && from !== to ? count(s, from, 1).setIn(['inbox', to], s.inbox.get(to) + 1) : undefined,
        ),
        receive: action({ node: Node }, (s, { node }) => {
          if (s.inbox.get(node) === 0) return undefined
          const received = count(s, node, -1)
            .setIn(['inbox', node], s.inbox.get(node) - 1)
            .setIn(['active', node], true)
          return design === 'no-mark' ? received : received.setIn(['color', node], 'black')
        }),
        terminate: action({ node: Node }, (s, { node }) => s.setIn(['active', node], false)),
      },
      constraints: { fewMessages: (s) => all.every((node) => s.counter.get(node) <= messages) },
      invariants: {
        detection: implies(isDetected, (s) => all.every((node) => !s.active.get(node) && s.inbox.get(node) === 0)),
        countersAddUp: (s) => all.reduce((sum, node) => sum + s.counter.get(node) - s.inbox.get(node), 0) === 0,
      },
      goals: { canDetect: isDetected },
    })
  },
})
