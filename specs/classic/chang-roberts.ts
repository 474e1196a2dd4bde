/**
 * The election of Chang and Roberts: nodes on a ring elect the one with the lowest number as their leader. A node can
 * send messages to its neighbor only, and does not know how many nodes there are.
 *
 * Some nodes are candidates and send their numbers around the ring. A candidate that receives a lower number than its own
 * gives up, and passes the number on. It drops higher numbers. A node that is not a candidate passes all numbers on. A
 * candidate that receives its own number has won: its number was lower than the numbers of all other candidates.
 *
 *     pass-higher  candidates pass higher numbers on, too
 *     stay         candidates do not give up when they pass a lower number on
 *
 * Messages may overtake each other. All steps are weakly fair.
 *
 * Source: E. Chang, R. Roberts, "An improved algorithm for decentralized extrema-finding in circular configurations of
 * processes", 1979; the steps are those of S. Merz, tlaplus/Examples, specifications/chang_roberts/ChangRoberts.tla. TLC
 * finds 137 states for three nodes (MCChangRoberts.cfg).
 */
import {
  bool,
  constant,
  eventually,
  forAll,
  goto,
  implies,
  mapOf,
  model,
  oneOf,
  range,
  schema,
  setOf,
  spec,
  step,
  thread,
} from 'kripke'
import { Map } from 'immutable'

export default spec({
  name: 'chang-roberts',
  doc: 'If there are candidates, the one with the lowest number wins the election.',
  constants: {
    design: constant(
      oneOf('chang-roberts', 'pass-higher', 'stay'),
      'chang-roberts',
      'the algorithm, or what is wrong with it',
    ),
    nodes: constant(range(1, 8), 3, 'nodes on the ring'),
    ring: constant(oneOf('ascending', 'descending'), 'ascending', 'the numbers in the order of messages'),
  },
  model: ({ design, nodes, ring }) => {
    const Node = range(1, nodes)
    const all = Array.from({ length: nodes }, (_, index) => index + 1)
    const State = schema({
      /** Whether a node begins as a candidate. */
      starts: mapOf(Node, bool()),
      standing: mapOf(Node, oneOf('candidate', 'lost', 'won')),
      /** Numbers that a node has not received yet. */
      inbox: mapOf(Node, setOf(Node)),
      node: thread({ node: Node }, 'start', 'run'),
    })
    type State = ReturnType<typeof State>
    type Own = { node: number }

    const neighborOf = (node: number) => (ring === 'ascending' ? (node % nodes) + 1 : ((node + nodes - 2) % nodes) + 1)
    const pass = (s: State, node: number, number: number) =>
      s.updateIn(['inbox', neighborOf(node)], (inbox) => inbox.add(number))
    const isQuiet = (s: State) => all.every((node) => s.node.get(node) === 'run' && s.inbox.get(node).isEmpty())

    return model(State, {
      init: Array.from({ length: 2 ** nodes }, (_, bits) => {
        const starts = all.map((node) => [node, (bits >> (node - 1)) % 2 === 1] as const)
        return State({
          starts: Map(starts),
          standing: Map(starts.map(([node, does]) => [node, does ? 'candidate' : 'lost'])),
        })
      }),
      threads: {
        node: {
          fair: 'weak',
          at: {
            start: (s, { node }) => (s.starts.get(node) ? pass(s, node, node) : s),
            run: step({ number: Node }, (s: State, { node, number }: Own & { number: number }) => {
              if (!s.inbox.get(node).has(number)) return undefined
              const received = s.updateIn(['inbox', node], (inbox) => inbox.delete(number))
              if (s.standing.get(node) === 'lost') return goto('run', pass(received, node, number))
              if (number === node) return goto('run', received.setIn(['standing', node], 'won'))
              if (number > node) return goto('run', design === 'pass-higher' ? pass(received, node, number) : received)
              const passed = pass(received, node, number)
              return goto('run', design === 'stay' ? passed : passed.setIn(['standing', node], 'lost'))
            }),
          },
        },
      },
      // In the end nobody has anything to receive.
      deadlock: { unless: isQuiet },
      invariants: {
        /** The winner was the lowest candidate, and all others know that they have lost. */
        lowestWins: forAll({ node: Node, other: Node }, (s, { node, other }) => {
          if (s.standing.get(node) !== 'won') return true
          if (node === other) return s.starts.get(node)
          return s.standing.get(other) === 'lost' && (!s.starts.get(other) || other > node)
        }),
      },
      temporal: {
        somebodyWins: implies(
          (s) => all.some((node) => s.starts.get(node)),
          eventually((s) => all.some((node) => s.standing.get(node) === 'won')),
        ),
        /** The messages come to an end. */
        ends: eventually(isQuiet),
      },
    })
  },
})
