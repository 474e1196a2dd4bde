/**
 * German's cache coherence protocol: a directory hands out shared and exclusive copies of one cache line.
 *
 * A node asks for a shared or an exclusive copy. The directory serves one request at a time. Before it grants an
 * exclusive copy, it invalidates all copies; before a shared one, the exclusive copy, if there is one. It grants when
 * the nodes have given these copies up. A node that gives up an exclusive copy returns the data. Each node has three
 * channels: for its requests, for what the directory sends, and for acknowledgements. Each holds at most one message.
 *
 *     forget-shared     the directory forgets shared copies, and grants an exclusive one without invalidating them
 *     forget-exclusive  the directory grants a shared copy without invalidating the exclusive one
 *     lost-writeback    the directory ignores the data that a node returns
 *     overwrite         the directory invalidates although the channel is full, and overwrites a grant
 *
 * `data=0` leaves the data out. The directory is strongly fair in receiving requests. All other steps, except asking and
 * storing, are weakly fair.
 *
 * Source: S. German, 2000; the steps and properties are those of M. Kuppe, tlaplus/Examples,
 * specifications/GermanProtocol: GermanCoherence.tla (data=0) and GermanWithMutex.tla. They follow the Murphi model of
 * C.-T. Chou, P. K. Mannava, S. Park, "A simple method for parameterized verification of cache coherence protocols",
 * 2004. For two nodes, TLC finds 735 states up to symmetry without data, and 3,390 states with two values.
 */
import { Set } from 'immutable'
import {
  action,
  bool,
  constant,
  forAll,
  leadsTo,
  mapOf,
  members,
  model,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  steps,
  strong,
  weak,
} from 'kripke'

export default spec({
  name: 'german',
  doc: 'A node with an exclusive copy is alone, and every copy has the value that was stored last.',
  constants: {
    design: constant(
      oneOf('german', 'forget-shared', 'forget-exclusive', 'lost-writeback', 'overwrite'),
      'german',
      'the protocol, or what is wrong with it',
    ),
    nodes: constant(range(1, 5), 2, 'nodes with a cache'),
    data: constant(range(0, 3), 2, 'values to store; 0 leaves data out'),
  },
  model: ({ design, nodes, data }) => {
    const Node = members('node', nodes, { symmetric: true })
    const Data = members('data', Math.max(1, data), { symmetric: true })
    const Copy = oneOf('shared', 'exclusive')
    const Request = record({ node: Node, copy: Copy })
    const State = schema({
      cache: mapOf(Node, oneOf('invalid', 'shared', 'exclusive')),
      cached: mapOf(Node, optional(Data)),
      /** The channels of a node, and the data in them. */
      request: mapOf(Node, optional(Copy)),
      order: mapOf(Node, optional(oneOf('invalidate', 'shared', 'exclusive'))),
      granted: mapOf(Node, optional(Data)),
      acknowledged: mapOf(Node, bool()),
      returned: mapOf(Node, optional(Data)),
      /** The directory: the request that it serves, who has copies, and who has to give them up. */
      serving: optional(Request),
      sharers: setOf(Node),
      toInvalidate: setOf(Node),
      isExclusive: bool(),
      memory: optional(Data),
      /** The value that was stored last. It is not part of the protocol. */
      latest: optional(Data),
    })

    return model(State, {
      init: data === 0 ? State() : Data.map((value) => State({ memory: value, latest: value })),
      actions: {
        ...(data > 0 && {
          store: action({ node: Node, value: Data }, (s: ReturnType<typeof State>, { node, value }) =>
            s.cache.get(node) === 'exclusive' ? s.setIn(['cached', node], value).set('latest', value) : undefined,
          ),
        }),
        ask: action({ node: Node, copy: Copy }, (s, { node, copy }) => {
          const cache = s.cache.get(node)
          if (s.request.get(node) !== null || cache === 'exclusive' || cache === copy) return undefined
          return s.setIn(['request', node], copy)
        }),
        serve: action({ node: Node }, (s, { node }) => {
          const copy = s.request.get(node)
          if (copy === null || s.serving !== null) return undefined
          const served = s.setIn(['request', node], null).set('serving', Request({ node, copy }))
          if (copy === 'shared' && design === 'forget-exclusive') return served.set('isExclusive', false)
          if (copy === 'exclusive' && design === 'forget-shared' && !s.isExclusive)
            return served.merge({ sharers: Set(), toInvalidate: Set() })
          return served.set('toInvalidate', s.sharers)
        }),
        invalidate: action({ node: Node }, (s, { node }) => {
          if (!s.toInvalidate.has(node) || s.serving === null) return undefined
          if (s.order.get(node) !== null && design !== 'overwrite') return undefined
          if (s.serving.copy === 'shared' && !s.isExclusive) return undefined
          return s.setIn(['order', node], 'invalidate').set('toInvalidate', s.toInvalidate.delete(node))
        }),
        acknowledge: action({ node: Node }, (s, { node }) => {
          if (s.order.get(node) !== 'invalidate' || s.acknowledged.get(node)) return undefined
          return s
            .setIn(['order', node], null)
            .setIn(['acknowledged', node], true)
            .setIn(['returned', node], s.cache.get(node) === 'exclusive' ? s.cached.get(node) : null)
            .setIn(['cache', node], 'invalid')
            .setIn(['cached', node], null)
        }),
        /** The directory receives an acknowledgement, and the data if the copy was exclusive. */
        collect: action({ node: Node }, (s, { node }) => {
          if (!s.acknowledged.get(node) || s.serving === null) return undefined
          const collected = s.setIn(['acknowledged', node], false).set('sharers', s.sharers.delete(node))
          if (!s.isExclusive) return collected
          const memory = design === 'lost-writeback' ? s.memory : s.returned.get(node)
          return collected.setIn(['returned', node], null).merge({ isExclusive: false, memory })
        }),
        grant: action({ node: Node }, (s, { node }) => {
          if (s.serving?.node !== node || s.order.get(node) !== null) return undefined
          const { copy } = s.serving
          if (s.isExclusive || (copy === 'exclusive' && !s.sharers.isEmpty())) return undefined
          return s
            .setIn(['order', node], copy)
            .setIn(['granted', node], s.memory)
            .merge({ serving: null, sharers: s.sharers.add(node), isExclusive: copy === 'exclusive' })
        }),
        receive: action({ node: Node }, (s, { node }) => {
          const order = s.order.get(node)
          if (order === null || order === 'invalidate') return undefined
          return s
            .setIn(['cache', node], order)
            .setIn(['cached', node], s.granted.get(node))
            .setIn(['order', node], null)
            .setIn(['granted', node], null)
        }),
      },
      fairness: {
        serves: forAll({ node: Node }, ({ node }) => strong(steps('serve', { node }))),
        invalidates: forAll({ node: Node }, ({ node }) => weak(steps('invalidate', { node }))),
        acknowledges: forAll({ node: Node }, ({ node }) => weak(steps('acknowledge', { node }))),
        collects: forAll({ node: Node }, ({ node }) => weak(steps('collect', { node }))),
        grants: forAll({ node: Node }, ({ node }) => weak(steps('grant', { node }))),
        receives: forAll({ node: Node }, ({ node }) => weak(steps('receive', { node }))),
      },
      // A node that is alone does not ask again.
      deadlock: { unless: (s) => s.cache.every((cache) => cache === 'exclusive') },
      invariants: {
        coherent: forAll(
          { node: Node, other: Node },
          (s, { node, other }) =>
            node === other || s.cache.get(node) !== 'exclusive' || s.cache.get(other) === 'invalid',
        ),
        upToDate: {
          copies: forAll(
            { node: Node },
            (s, { node }) => s.cache.get(node) === 'invalid' || s.cached.get(node) === s.latest,
          ),
          memory: (s) => s.isExclusive || s.memory === s.latest,
        },
        directoryKnows: forAll({ node: Node }, (s, { node }) => s.cache.get(node) === 'invalid' || s.sharers.has(node)),
      },
      goals: { allShare: (s) => s.cache.every((cache) => cache === 'shared') },
      temporal: {
        isGranted: forAll({ node: Node, copy: Copy }, ({ node, copy }) =>
          leadsTo(
            (s) => s.request.get(node) === copy,
            (s) => (copy === 'shared' ? s.cache.get(node) !== 'invalid' : s.cache.get(node) === 'exclusive'),
          ),
        ),
      },
    })
  },
})
