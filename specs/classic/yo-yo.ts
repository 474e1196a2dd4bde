/**
 * Yo-Yo: the nodes of a network elect the one with the lowest number as their leader. Each knows only its neighbors.
 *
 * Every link points from the lower to the higher number at first. A node without incoming links is a source: a candidate.
 * Each round has two phases. Going down, sources send their numbers, and every other node waits for all its incoming
 * links and passes on the lowest number that it received. Going up, a node waits for the replies of all its outgoing
 * links. It replies yes to the neighbors that sent the lowest number, and no to the others. If it received a no, it
 * replies no to all. A link with the reply no turns around, so a source with such a link is not a source any more.
 *
 * In the end there is one source, but no node knows that. So nodes also prune links, and say so in their replies. A node
 * that received a number several times keeps one of these links. A sink with one link leaves the election. The source
 * that has no links any more is the leader.
 *
 *     no-pruning    only the rounds: they go on forever with one source
 *     keep-sinks    nodes prune links, but sinks with one link stay
 *     prune-all     a node that received a number several times keeps none of these links
 *     forget-early  a node that replies forgets the numbers that neighbors have already sent for the next round
 *
 * Steps are weakly fair together: while some step is enabled, one is taken.
 *
 * Source: N. Santoro, "Design and analysis of distributed algorithms", 2006, section 3.8.3; the steps and properties are
 * those of L. Yvoz and S. Merz, tlaplus/Examples, specifications/YoYo: YoYoPruning.tla, YoYoNoPruning.tla and
 * YoYoAllGraphs.tla. TLC finds 102 states for the graph below, 60 without pruning, and 26,731 for all graphs of five nodes.
 */
import { Map, Set } from 'immutable'
import {
  anyOf,
  bool,
  constant,
  eventually,
  eventuallyAlways,
  forAll,
  goto,
  listOf,
  mapOf,
  model,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  thread,
  weak,
} from 'kripke'

/** All links between five nodes. */
const LINKS = ['1-2', '1-3', '1-4', '1-5', '2-3', '2-4', '2-5', '3-4', '3-5', '4-5'] as const
type Link = (typeof LINKS)[number]

export default spec({
  name: 'yo-yo',
  doc: 'The node with the lowest number becomes the leader, and all others leave the election.',
  constants: {
    design: constant(
      oneOf('pruning', 'no-pruning', 'keep-sinks', 'prune-all', 'forget-early'),
      'pruning',
      'the algorithm, or what is wrong with it',
    ),
    nodes: constant(range(1, 5), 5, 'nodes of the network'),
    network: constant(oneOf('links', 'any'), 'links', 'the network: the one with these links, or any connected one'),
    links: constant(listOf(oneOf(...LINKS), 10), ['1-2', '1-5', '3-4', '3-5', '4-5'], 'links between nodes'),
  },
  assumptions: {
    'the network is connected': ({ nodes, network, links }) => network === 'any' || connects(links, nodes),
  },
  model: ({ design, nodes, network, links }) => {
    const Node = range(1, nodes)
    const all = Array.from({ length: nodes }, (_, index) => index + 1)
    const Reply = record({ says: oneOf('yes', 'no'), prune: bool() })
    const State = schema({
      hasLeft: mapOf(Node, bool()),
      /** The neighbors from which links come, and those to which they lead, as far as a node knows. */
      incoming: mapOf(Node, setOf(Node)),
      outgoing: mapOf(Node, setOf(Node)),
      /** What a node received from each neighbor. */
      number: mapOf(Node, mapOf(Node, optional(Node))),
      reply: mapOf(Node, mapOf(Node, optional(Reply))),
      node: thread({ node: Node }, 'down', 'up'),
    })
    type State = ReturnType<typeof State>

    const sendersOf = (messages: Map<number, unknown>): Set<number> =>
      Set(all.filter((sender) => messages.get(sender) !== null))
    const isSource = (s: State, node: number) => s.incoming.get(node).isEmpty() && !s.outgoing.get(node).isEmpty()
    const isLeader = (s: State, node: number) => s.incoming.get(node).isEmpty() && s.outgoing.get(node).isEmpty()
    const isDone = (s: State) =>
      all.every((node) => (node === 1 ? isLeader(s, node) : s.hasLeft.get(node))) &&
      all.every((node) => sendersOf(s.number.get(node)).isEmpty() && sendersOf(s.reply.get(node)).isEmpty())

    /** The sets of links that a node may keep, when it received `numbers` over its incoming links. */
    const keeping = (numbers: Map<number, number>): Set<number>[] => {
      if (design === 'no-pruning') return [Set(numbers.keys())]
      const groups = [...numbers.groupBy((number) => number).values()].map((group) => [...group.keys()])
      if (design === 'prune-all') return [Set(groups.filter(({ length }) => length === 1).flat())]
      return groups.reduce(
        (sets, senders) => sets.flatMap((kept) => senders.map((sender) => kept.add(sender))),
        [Set<number>()],
      )
    }

    const networks = (network === 'links' ? [links] : subsetsOf(LINKS)).filter((each) => connects(each, nodes))

    return model(State, {
      init: networks.map((each) => {
        const pairs = each.map(endsOf)
        return State({
          incoming: Map(all.map((node) => [node, Set(pairs.filter(([, to]) => to === node).map(([from]) => from))])),
          outgoing: Map(all.map((node) => [node, Set(pairs.filter(([from]) => from === node).map(([, to]) => to))])),
        })
      }),
      threads: {
        node: {
          guard: (s, { node }) => !s.hasLeft.get(node) && !isLeader(s, node),
          at: {
            down: (s, { node }) => {
              const received = s.number.get(node)
              if (!isSource(s, node) && !sendersOf(received).equals(s.incoming.get(node))) return undefined
              const lowest = isSource(s, node)
                ? node
                : Math.min(...received.toList().filter((number) => number !== null))
              return s.outgoing.get(node).reduce((sent, to) => sent.setIn(['number', to, node], lowest), s)
            },
            up: (s, { node }) => {
              const [incoming, outgoing] = [s.incoming.get(node), s.outgoing.get(node)]
              const replies = s.reply.get(node)
              if (!sendersOf(replies).equals(outgoing)) return undefined
              const refusing = outgoing.filter((other) => replies.get(other)?.says === 'no')
              const pruned = outgoing.filter((other) => replies.get(other)?.prune)
              const received = Map(incoming.toArray().map((other) => [other, s.number.get(node).get(other)!]))
              const lowest = Math.min(...received.values())
              const agreed = incoming.filter((other) => refusing.isEmpty() && received.get(other) === lowest)
              const leaves = outgoing.isEmpty() && incoming.size === 1 && !['no-pruning', 'keep-sinks'].includes(design)
              const forgotten = design === 'forget-early' ? all : [...incoming]

              return anyOf(keeping(received), (kept) => {
                const sent = incoming.reduce((before, to) => {
                  const says = agreed.has(to) ? 'yes' : 'no'
                  return before.setIn(['reply', to, node], Reply({ says, prune: leaves || !kept.has(to) }))
                }, s)
                const read = outgoing.reduce((before, from) => before.setIn(['reply', node, from], null), sent)
                const done = forgotten.reduce((before, from) => before.setIn(['number', node, from], null), read)
                const comes = leaves ? Set<number>() : kept.intersect(agreed).union(refusing.subtract(pruned))
                const goes = outgoing.subtract(refusing, pruned).union(kept.subtract(agreed))
                return goto(
                  'down',
                  done
                    .setIn(['incoming', node], comes)
                    .setIn(['outgoing', node], goes)
                    .setIn(['hasLeft', node], leaves),
                )
              })
            },
          },
        },
      },
      fairness: { goesOn: weak('node') },
      deadlock: { unless: isDone },
      invariants: {
        lowestLeads: forAll({ node: Node }, (s, { node }) => node === 1 || s.hasLeft.get(node) || !isLeader(s, node)),
        /** Both ends agree about a link, unless a reply that turns it around or prunes it is on its way. */
        linksAgree: forAll({ from: Node, to: Node }, (s, { from, to }) => {
          const leads = s.outgoing.get(from).has(to)
          if (s.incoming.get(to).has(from)) return leads
          const replies = [s.reply.get(from).get(to), s.reply.get(to).get(from)]
          if (s.outgoing.get(to).has(from))
            return leads === replies.some((reply) => reply?.says === 'no' && !reply.prune)
          return leads === (replies[0]?.prune === true)
        }),
      },
      temporal: {
        ...(design !== 'no-pruning' && { ends: eventually(isDone) }),
        oneSource: eventuallyAlways((s) => all.every((node) => node === 1 || !isSource(s, node))),
      },
    })
  },
})

function endsOf(link: Link): readonly [from: number, to: number] {
  return [Number(link[0]), Number(link[2])]
}

/** Whether links connect all nodes, and no others. */
function connects(links: readonly Link[], nodes: number): boolean {
  const reached = new globalThis.Set([1])
  for (const node of reached) {
    for (const link of links) {
      const [from, to] = endsOf(link)
      if (from === node) reached.add(to)
      if (to === node) reached.add(from)
    }
  }
  return reached.size === nodes && links.every((link) => endsOf(link).every((end) => end <= nodes))
}

function subsetsOf<T>(values: readonly T[]): T[][] {
  return values.reduce<T[][]>((sets, value) => sets.concat(sets.map((set) => [...set, value])), [[]])
}
