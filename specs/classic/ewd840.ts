/**
 * EWD840: nodes on a ring detect that all of them have terminated.
 *
 * An active node may activate any other node by a message, which arrives at once. A passive node does nothing until
 * it is activated. Node 0 sends a token around the ring, from the highest node down. A node passes it on when it
 * is passive. If the token comes back white, and node 0 is white and passive, then all nodes are passive.
 *
 * Black marks warn of messages behind the token's back. A node that activates a higher one becomes black: the token may
 * have passed that node already. A black node makes the token black, and then becomes white. A black token does not
 * prove anything, so node 0 sends another one. `design` leaves out a rule:
 *
 *     no-black-node   nodes stay white when they activate others
 *     no-black-token  a black node does not make the token black
 *     no-wait         active nodes pass on the token, too
 *
 * Nodes may begin with any color and anywhere, active or not. The token begins anywhere, and black. Only the token is
 * weakly fair: a node may stay active forever.
 *
 * Source: E. W. Dijkstra, W. H. J. Feijen, A. J. M. van Gasteren, "Derivation of a termination detection algorithm for
 * distributed computations", 1983 (EWD840); the steps and properties are those of S. Merz, tlaplus/Examples,
 * specifications/ewd840/EWD840.tla. TLC finds 302 states for three nodes, 1,566 for four (manifest.json there).
 */
import { Map } from 'immutable'
import { action, constant, implies, leadsTo, mapOf, model, oneOf, range, bool, schema, spec, weak } from 'kripke'

export default spec({
  name: 'ewd840',
  doc: 'Termination is detected only after it has happened, and it is always detected in the end.',
  constants: {
    design: constant(
      oneOf('ewd840', 'no-black-node', 'no-black-token', 'no-wait'),
      'ewd840',
      'the algorithm, or the rule that it lacks',
    ),
    nodes: constant(range(1, 8), 4, 'nodes on the ring'),
  },
  model: ({ design, nodes }) => {
    const Node = range(0, nodes - 1)
    const others = Array.from({ length: nodes - 1 }, (_, index) => index + 1)
    const all = [0, ...others]
    const State = schema({
      active: mapOf(Node, bool()),
      color: mapOf(Node, oneOf('white', 'black')),
      token: Node,
      tokenColor: oneOf('black', 'white'),
    })
    type State = ReturnType<typeof State>

    const isBlack = (s: State, node: number) => s.color.get(node) === 'black'
    const hasTerminated = (s: State) => all.every((node) => !s.active.get(node))
    const isDetected = (s: State) => s.token === 0 && s.tokenColor === 'white' && !isBlack(s, 0) && !s.active.get(0)

    const colors = (black: readonly boolean[]) => all.map((node) => [node, black[node] ? 'black' : 'white'] as const)

    return model(State, {
      // All states in which the token is black.
      init: choices(nodes).flatMap((active) =>
        choices(nodes).flatMap((black) =>
          all.map((token) => State({ active: Map(active.entries()), color: Map(colors(black)), token })),
        ),
      ),
      actions: {
        sendToken: (s) => {
          if (s.token !== 0 || (s.tokenColor === 'white' && !isBlack(s, 0))) return undefined
          return s.merge({ token: nodes - 1, tokenColor: 'white' }).setIn(['color', 0], 'white')
        },
        passToken: (s) => {
          const node = s.token
          if (node === 0) return undefined
          const mayPass = !s.active.get(node) || isBlack(s, node) || s.tokenColor === 'black'
          if (!mayPass && design !== 'no-wait') return undefined
          const passed = s.set('token', node - 1).setIn(['color', node], 'white')
          return isBlack(s, node) && design !== 'no-black-token' ? passed.set('tokenColor', 'black') : passed
        },
        activate: action({ node: Node, other: Node }, (s, { node, other }) => {
          if (node === other || !s.active.get(node)) return undefined
          const active = s.setIn(['active', other], true)
          return other > node && design !== 'no-black-node' ? active.setIn(['color', node], 'black') : active
        }),
        terminate: action({ node: Node }, (s, { node }) => s.active.get(node) && s.setIn(['active', node], false)),
      },
      fairness: { tokenMoves: weak('sendToken', 'passToken') },
      deadlock: { unless: isDetected },
      invariants: {
        detection: implies(isDetected, hasTerminated),
        /** Dijkstra's: the token has left only passive nodes, or a black node or the token itself tells of the others. */
        dijkstra: (s) =>
          all.every((node) => node <= s.token || !s.active.get(node)) ||
          all.some((node) => node <= s.token && isBlack(s, node)) ||
          s.tokenColor === 'black',
      },
      goals: { canDetect: isDetected },
      temporal: { isAlwaysDetected: leadsTo(hasTerminated, isDetected) },
    })
  },
})

/** All lists of booleans of a length. */
function choices(length: number): boolean[][] {
  return Array.from({ length: 2 ** length }, (_, number) =>
    Array.from({ length }, (_, bit) => ((number >> bit) & 1) === 1),
  )
}
