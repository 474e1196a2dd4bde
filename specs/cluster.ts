/**
 * The protocol by which several machines explore one state graph, level by level: Kripke's cluster.
 *
 * The hash of a state determines its slot, and each slot has an owner among the nodes. The frontier of a node are the
 * states of its slots on the current level. The node expands them, and sends the successors to their owners in batches.
 * An owner keeps those that are new to it, and publishes them to the journal of their slot, which is durable. Batches are
 * not: they may be delayed, reordered, delivered again or lost. A node that crashes loses its memory.
 *
 * What a node sends to another on one level is a part. END closes it, and says how many batches it has. A node is DONE
 * with a level if it has expanded its frontier, has each batch of the parts from all others, and the journals have what
 * it has published. The coordinator keeps all that it knows in the control stream, which is durable. When all nodes are
 * DONE, it appends GO: the next level begins. If no node has found a new state, it appends FINISH instead. Nodes read the
 * stream at different speeds. Batches of a level that a node has not begun wait until it has read GO.
 *
 * When a node is lost, or the server that carries the messages restarts, the coordinator begins a new epoch. The first
 * remaining node takes over the slots of the lost one, and reads their journals. Every node expands its frontier again,
 * and sends its parts again. Only parts of the new epoch count. States that arrived before are kept, because they are
 * true anyway.
 *
 * Is each state found, expanded and counted, and at its depth? Does no level begin before the last is complete? Does each
 * run end? `kripke compare specs/cluster.ts --vary design -c nodes=3` answers. With two nodes it is faster, but then the
 * designs marked * are right.
 *
 * Designs that each lack one precaution:
 *
 *     ack-before-insert  a node is DONE before the journals have what it has published
 *     no-count           END closes a part even if some of its batches have not arrived
 *     count-copies       counts each batch that arrives, also a copy
 *     no-epoch         * messages do not have an epoch, so parts of two epochs count together
 *     old-done           the coordinator accepts a DONE of the epoch before
 *     no-hold            takes a batch of the next level for one of the current level
 *     early-epoch      * inserts a batch of an epoch that it has not begun, before it has read the journals
 *     no-resend          only reads the journals: the nodes do not expand their frontiers again
 *     keep-filter      * a node does not send again what it has sent in an epoch before
 *     drop-frontier      a node forgets its frontier when it is DONE, not when it reads GO
 *
 * Designs that differ but are still right:
 *
 *     early-level        inserts a batch of the next level at once, for the level after it, and counts it after GO
 *     ignore-old         ignores batches of an epoch before
 *
 * `suspects=any`: the coordinator may declare a node lost that is only slow. That node goes on until it reads so.
 *
 * Abstracted: a batch has one state. Every part is sent again in a new epoch, although a part between two nodes whose
 * slots stay the same could stay. The coordinator reads the control stream and appends to it in one step, as by an append
 * that names the expected position. So several coordinators may run. Credits, checksums, nodes that join, and a lost
 * message without a restart are left out. A restart loses all messages in flight, and begins a new epoch in the same step.
 * What a node has published may reach the journal even after the node has crashed, or may be lost with it.
 *
 * Kripke's cluster (docs/cluster.md) has one number for level and epoch: that of the last command in the control stream.
 * Its nodes are like `ignore-old`, and the last batch of a part is marked instead of an END. They send a batch again until
 * it is acknowledged, so a restart needs no new epoch. Here, a message that stays in flight stands for that.
 */
import {
  action,
  anyOf,
  constant,
  eventually,
  exists,
  forAll,
  implies,
  listOf,
  mapOf,
  members,
  messages,
  model,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  steps,
  union,
  weak,
} from 'kripke'

/** The graph to explore. Its states are called vertices here. If there are two nodes, the first one has slot 3, too. */
const GRAPH = {
  a: { slot: 1, depth: 1, successors: ['c'] },
  b: { slot: 1, depth: 1, successors: ['d'] },
  c: { slot: 2, depth: 2, successors: ['e'] },
  d: { slot: 2, depth: 2, successors: ['a', 'c'] },
  e: { slot: 3, depth: 3, successors: ['c'] },
} as const
type Vertex = keyof typeof GRAPH
const VERTICES = ['a', 'b', 'c', 'd', 'e'] as const
/** No part has more than two batches. */
const SEQS = [0, 1]
const COUNTS = [0, 1, 2]

export default spec({
  name: 'cluster',
  doc: 'A search on several machines: is each state found once and at its depth, whatever is lost on the way?',
  constants: {
    design: constant(
      oneOf(
        'epochs',
        'ack-before-insert',
        'no-count',
        'count-copies',
        'no-epoch',
        'old-done',
        'no-hold',
        'early-epoch',
        'no-resend',
        'keep-filter',
        'drop-frontier',
        'early-level',
        'ignore-old',
      ),
      'epochs',
      'the protocol, or what is wrong with it',
    ),
    nodes: constant(range(2, 3), 2, 'nodes that explore'),
    losses: constant(range(0, 2), 1, 'nodes that may be lost'),
    restarts: constant(range(0, 2), 0, 'restarts of the server that carries the messages'),
    suspects: constant(oneOf('crashed', 'any'), 'crashed', 'which nodes the coordinator may declare lost'),
  },
  assumptions: { 'a node is left': ({ nodes, losses }) => losses < nodes },

  model: ({ design, nodes, losses, restarts, suspects }) => {
    const Node = members('node', nodes)
    type Node = (typeof Node)[number]
    const Vertex = oneOf(...VERTICES)
    /** A wrong design may find a vertex on a later level. */
    const levels = VERTICES.length + 1
    const Level = range(1, levels)
    const EPOCHS = Array.from({ length: 1 + losses + restarts }, (_, index) => index + 1)
    const Epoch = oneOf(...EPOCHS)
    const Seq = oneOf(...SEQS)
    const Count = oneOf(...COUNTS)

    const header = { level: Level, epoch: Epoch, from: Node, to: Node }
    const Batch = record({ type: oneOf('batch'), ...header, seq: Seq, vertex: Vertex })
    const End = record({ type: oneOf('end'), ...header, count: Count })
    type Batch = ReturnType<typeof Batch>
    type End = ReturnType<typeof End>

    const Go = record({ type: oneOf('go') })
    const NewEpoch = record({ type: oneOf('newEpoch'), lost: optional(Node) })
    const Finish = record({ type: oneOf('finish') })
    const entries = levels + losses + restarts
    const Done = record({ level: Level, epoch: Epoch, found: range(0, VERTICES.length) })

    const Memory = record({
      /** How many entries of the control stream it has read, and what they said. */
      read: range(0, entries),
      level: Level,
      epoch: Epoch,
      lost: setOf(Node),
      /** The vertices of its slots, by level. */
      found: mapOf(Vertex, optional(Level)),
      /** The vertices of the frontier that it has expanded in this epoch. */
      expanded: setOf(Vertex),
      /** What it has sent, and need not send again. */
      filter: setOf(Vertex),
      /** By receiver: how many batches of this level and epoch it has sent. */
      sent: mapOf(Node, Count),
      /** By sender: the batches of this level and epoch that have arrived, and how many there are if END has arrived. */
      arrived: mapOf(Node, setOf(Seq)),
      count: mapOf(Node, optional(Count)),
    })

    const State = schema({
      node: mapOf(Node, Memory),
      crashed: setOf(Node),
      /** Messages stay in flight when they are received, so they may be delivered again. */
      network: messages(union(Batch, End)),
      restartsLeft: range(0, restarts),
      /** The journals of all slots: with which levels a vertex was published. */
      journal: mapOf(Vertex, setOf(Level)),
      /** What a node has published, and the journals do not have yet. */
      publishing: mapOf(Node, mapOf(Vertex, optional(Level))),
      control: listOf(union(Go, NewEpoch, Finish), entries),
      /** The last DONE of each node in the control stream. */
      done: mapOf(Node, optional(Done)),
      /** The coordinator's count of vertices. */
      distinct: range(0, 2 * VERTICES.length),
      /** The vertices that some node has expanded. */
      expanded: setOf(Vertex),
    })
    type State = ReturnType<typeof State>

    // ── What the control stream says ─────────────────────────────────────────────────────────────────────────────────

    const isFinished = (s: State) => s.control.some((entry) => entry.type === 'finish')
    const isLost = (s: State, node: Node) => s.control.some((entry) => entry.type === 'newEpoch' && entry.lost === node)
    const currentLevel = (s: State) => 1 + s.control.count((entry) => entry.type === 'go')
    const currentEpoch = (s: State) => 1 + s.control.count((entry) => entry.type === 'newEpoch')
    const isDone = (s: State, node: Node) => {
      const done = s.done.get(node)
      if (done === null || done.level !== currentLevel(s)) return false
      return done.epoch === currentEpoch(s) || design === 'old-done'
    }

    // ── What a node does ─────────────────────────────────────────────────────────────────────────────────────────────

    const isUp = (s: State, node: Node) => !s.crashed.has(node) && !isFinished(s)
    const firstOwner = (vertex: Vertex): Node => Node[(GRAPH[vertex].slot - 1) % nodes]!
    const ownerOf = (s: State, node: Node, vertex: Vertex): Node => {
      const { lost } = s.node.get(node)
      return lost.has(firstOwner(vertex)) ? Node.find((other) => !lost.has(other))! : firstOwner(vertex)
    }
    const others = (s: State, node: Node) => Node.filter((other) => other !== node && !s.node.get(node).lost.has(other))
    const frontier = (s: State, node: Node) => {
      const { found, level } = s.node.get(node)
      return VERTICES.filter((vertex) => found.get(vertex) === level)
    }
    const unexpanded = (s: State, node: Node) => {
      const { expanded } = s.node.get(node)
      return frontier(s, node).filter((vertex) => !expanded.has(vertex))
    }

    const insert = (s: State, node: Node, vertex: Vertex, level: number) =>
      s.node.get(node).found.get(vertex) === null
        ? s
            .updateIn(['node', node, 'found'], (all) => all.set(vertex, level))
            .setIn(['publishing', node, vertex], level)
        : s
    const post = (s: State, message: Batch | End) =>
      s.crashed.has(message.to) ? s : s.set('network', s.network.add(message))
    const epochOf = (s: State, node: Node) => (design === 'no-epoch' ? 1 : s.node.get(node).epoch)
    /** Inserts a successor, or sends it to its owner. */
    const pass = (s: State, node: Node, vertex: Vertex) => {
      const to = ownerOf(s, node, vertex)
      const { level, filter, sent } = s.node.get(node)
      if (to === node) return insert(s, node, vertex, level + 1)
      if (filter.has(vertex)) return s
      return post(s, Batch({ level, epoch: epochOf(s, node), from: node, to, seq: sent.get(to), vertex }))
        .setIn(['node', node, 'filter'], filter.add(vertex))
        .updateIn(['node', node, 'sent'], (all) => all.set(to, sent.get(to) + 1))
    }
    /** Sends END to all others if the frontier is expanded. */
    const close = (s: State, node: Node) => {
      if (unexpanded(s, node).length > 0) return s
      const { level, sent } = s.node.get(node)
      return others(s, node).reduce(
        (all, to) => post(all, End({ level, epoch: epochOf(s, node), from: node, to, count: sent.get(to) })),
        s,
      )
    }
    /** Begins to expand the frontier, except what is marked as expanded already. */
    const begin = (s: State, node: Node, expanded: readonly Vertex[], keepsParts = false) => {
      const { sent, arrived, count } = Memory()
      const begun = s.mergeIn(['node', node], { sent, ...(!keepsParts && { arrived, count }) })
      return close(begun.setIn(['node', node, 'expanded'], Memory().expanded.union(expanded)), node)
    }

    const hasPart = (s: State, node: Node, from: Node) => {
      const { arrived, count } = s.node.get(node)
      return count.get(from) !== null && (design === 'no-count' || arrived.get(from).size === count.get(from))
    }

    /** The batches in flight that bring a vertex of a level. */
    const batchesTo = (s: State, to: Node, vertex: Vertex, level: number) =>
      Node.flatMap((from) =>
        EPOCHS.flatMap((epoch) => SEQS.map((seq) => Batch({ level, epoch, from, to, seq, vertex }))),
      ).filter((batch) => batch.from !== to && s.network.has(batch))
    /** The ENDs in flight of the level on which the receiver is. */
    const endsTo = (s: State, to: Node, from: Node) => {
      const { level } = s.node.get(to)
      return EPOCHS.flatMap((epoch) => COUNTS.map((count) => End({ level, epoch, from, to, count }))).filter(
        (end) => from !== to && s.network.has(end),
      )
    }

    /** Receives a batch of the current level; undefined if that changes nothing, or the batch has to wait. */
    const receive = (s: State, batch: Batch) => {
      const { epoch, from, to, seq, vertex } = batch
      const memory = s.node.get(to)
      if (epoch > memory.epoch && design !== 'early-epoch') return undefined
      const isCounted = epoch === memory.epoch || design === 'no-epoch'
      const inserted = epoch >= memory.epoch || design !== 'ignore-old' ? insert(s, to, vertex, batch.level + 1) : s
      const arrived = memory.arrived.get(from)
      const counted = design === 'count-copies' && arrived.has(seq) ? SEQS.find((other) => !arrived.has(other)) : seq
      if (!isCounted || counted === undefined || arrived.has(counted)) return inserted === s ? undefined : inserted
      return inserted.updateIn(['node', to, 'arrived'], (all) => all.set(from, arrived.add(counted)))
    }
    const receiveEnd = (s: State, { epoch, from, to, count }: End) => {
      const memory = s.node.get(to)
      const isCounted = epoch === memory.epoch || design === 'no-epoch'
      return isCounted && memory.count.get(from) !== count
        ? s.updateIn(['node', to, 'count'], (all) => all.set(from, count))
        : undefined
    }
    /** Receives a batch of a level that has not begun. */
    const receiveEarly = (s: State, batch: Batch) => {
      const { epoch, to, vertex, level } = batch
      if (epoch > s.node.get(to).epoch) return undefined
      if (design === 'no-hold') return insert(s, to, vertex, level).set('network', s.network.delete(batch))
      const inserted = insert(s, to, vertex, level + 1)
      return inserted === s ? undefined : inserted
    }

    /** Ends a node. What it has published may still reach the journals. */
    const stop = (s: State, node: Node) =>
      s
        .merge({ crashed: s.crashed.add(node), network: s.network.filter(({ to }) => to !== node) })
        .setIn(['node', node], Memory())

    const beginLevel = (s: State, node: Node) => {
      const { read, level } = s.node.get(node)
      const next = s.mergeIn(['node', node], { read: read + 1, level: level + 1 })
      // A message of an earlier level changes nothing. It is removed to save states.
      const network = s.network.filter((message) => message.to !== node || message.level > level)
      return begin(next.set('network', network), node, [])
    }
    const beginEpoch = (s: State, node: Node, lost: Node | null) => {
      if (lost === node) return stop(s, node)
      const memory = s.node.get(node)
      const done = s.done.get(node)
      const wasDone = done !== null && done.level === memory.level && done.epoch === memory.epoch
      const isKept = design === 'no-resend' || (design === 'drop-frontier' && wasDone)
      const kept = isKept ? frontier(s, node) : []
      let next = s.mergeIn(['node', node], {
        read: memory.read + 1,
        epoch: memory.epoch + 1,
        ...(lost !== null && { lost: memory.lost.add(lost) }),
        ...(design !== 'keep-filter' && { filter: Memory().filter }),
      })
      for (const vertex of VERTICES) {
        const published = s.journal.get(vertex)
        if (ownerOf(next, node, vertex) !== node || published.isEmpty()) continue
        if (memory.found.get(vertex) === null)
          next = next.updateIn(['node', node, 'found'], (all) => all.set(vertex, Math.min(...published)))
      }
      return begin(next, node, kept, design === 'no-epoch')
    }

    // ── The model ────────────────────────────────────────────────────────────────────────────────────────────────────

    const start = State({ restartsLeft: restarts, distinct: 2 })
    const published = VERTICES.filter((vertex) => GRAPH[vertex].depth === 1).reduce(
      (s, vertex) =>
        s
          .updateIn(['node', firstOwner(vertex), 'found'], (all) => all.set(vertex, 1))
          .setIn(['journal', vertex], s.journal.get(vertex).add(1)),
      start,
    )

    return model(State, {
      init: Node.reduce(close, published),
      actions: {
        // A node.
        expand: action({ node: Node }, (s, { node }) =>
          isUp(s, node)
            ? anyOf(unexpanded(s, node), (vertex) => {
                const { expanded } = s.node.get(node)
                const marked = s
                  .setIn(['node', node, 'expanded'], expanded.add(vertex))
                  .set('expanded', s.expanded.add(vertex))
                const { successors } = GRAPH[vertex]
                return close(
                  successors.reduce((all, successor) => pass(all, node, successor), marked),
                  node,
                )
              })
            : undefined,
        ),
        receive: action({ to: Node, vertex: Vertex }, (s, { to, vertex }) =>
          isUp(s, to) ? anyOf(batchesTo(s, to, vertex, s.node.get(to).level), (batch) => receive(s, batch)) : undefined,
        ),
        receiveEnd: action({ to: Node, from: Node }, (s, { to, from }) =>
          isUp(s, to) ? anyOf(endsTo(s, to, from), (end) => receiveEnd(s, end)) : undefined,
        ),
        ...((design === 'no-hold' || design === 'early-level') && {
          receiveEarly: action({ to: Node, vertex: Vertex }, (s: State, { to, vertex }) =>
            isUp(s, to)
              ? anyOf(batchesTo(s, to, vertex, s.node.get(to).level + 1), (batch) => receiveEarly(s, batch))
              : undefined,
          ),
        }),
        /** The journal has what a node has published. */
        store: action({ node: Node }, (s, { node }) =>
          isFinished(s)
            ? undefined
            : anyOf(Vertex, (vertex) => {
                const level = s.publishing.get(node).get(vertex)
                if (level === null) return undefined
                return s
                  .setIn(['journal', vertex], s.journal.get(vertex).add(level))
                  .setIn(['publishing', node, vertex], null)
              }),
        ),
        done: action({ node: Node }, (s, { node }) => {
          const { level, epoch, found } = s.node.get(node)
          const last = s.done.get(node)
          if (!isUp(s, node) || (last !== null && last.level === level && last.epoch === epoch)) return undefined
          const isStored =
            VERTICES.every((vertex) => s.publishing.get(node).get(vertex) === null) || design === 'ack-before-insert'
          const isDone = isStored && unexpanded(s, node).length === 0
          return isDone && others(s, node).every((from) => hasPart(s, node, from))
            ? s.setIn(['done', node], Done({ level, epoch, found: found.count((at) => at === level + 1) }))
            : undefined
        }),
        readControl: action({ node: Node }, (s, { node }) => {
          const entry = s.control.get(s.node.get(node).read)
          if (!isUp(s, node) || entry === undefined || entry.type === 'finish') return undefined
          return entry.type === 'go' ? beginLevel(s, node) : beginEpoch(s, node, entry.lost)
        }),

        // The coordinator.
        go: (s) => {
          const remaining = Node.filter((node) => !isLost(s, node))
          if (isFinished(s) || !remaining.every((node) => isDone(s, node))) return undefined
          const found = remaining.reduce((sum, node) => sum + s.done.get(node)!.found, 0)
          return s.merge({
            control: s.control.push(found > 0 ? Go() : Finish()),
            distinct: Math.min(s.distinct + found, 2 * VERTICES.length),
          })
        },
        ...(losses > 0 && {
          declareLost: action({ node: Node }, (s: State, { node }) => {
            const lost = Node.filter((other) => isLost(s, other))
            if (isFinished(s) || lost.includes(node) || lost.length === losses) return undefined
            if (suspects === 'crashed' && !s.crashed.has(node)) return undefined
            return s.set('control', s.control.push(NewEpoch({ lost: node })))
          }),
        }),

        // What goes wrong. If slow nodes are declared lost, one that takes no more steps is like one that has crashed.
        ...(losses > 0 &&
          suspects === 'crashed' && {
            crash: action({ node: Node }, (s: State, { node }) =>
              isUp(s, node) && s.crashed.size < losses ? stop(s, node) : undefined,
            ),
          }),
        ...(restarts > 0 && {
          restart: (s: State) =>
            s.restartsLeft > 0 && !isFinished(s)
              ? s.merge({
                  network: s.network.clear(),
                  restartsLeft: s.restartsLeft - 1,
                  control: s.control.push(NewEpoch({ lost: null })),
                })
              : undefined,
        }),
      },

      invariants: {
        /** In the end the journals have each state. */
        nothingLost: forAll(
          { vertex: Vertex },
          implies(isFinished, (s, { vertex }) => !s.journal.get(vertex).isEmpty()),
        ),
        allExpanded: forAll(
          { vertex: Vertex },
          implies(isFinished, (s, { vertex }) => s.expanded.has(vertex)),
        ),
        /** When a level begins, the journals have each of its states. */
        levelComplete: forAll(
          { vertex: Vertex },
          (s, { vertex }) => currentLevel(s) < GRAPH[vertex].depth || !s.journal.get(vertex).isEmpty(),
        ),
        depthRight: forAll({ vertex: Vertex }, (s, { vertex }) =>
          s.journal.get(vertex).every((level) => level === GRAPH[vertex].depth),
        ),
        countRight: implies(isFinished, (s) => s.distinct === VERTICES.length),
      },

      /** What the protocol is for does occur. */
      goals: {
        batchWaits: (s) =>
          exists(
            { from: Node, to: Node },
            ({ from, to }) => s.node.get(from).level > s.node.get(to).level && s.node.get(from).sent.get(to) > 0,
          ),
        ...(losses > 0 && { endsAfterLoss: (s: State) => isFinished(s) && Node.some((node) => isLost(s, node)) }),
        ...(restarts > 0 && { endsAfterRestart: (s: State) => isFinished(s) && s.restartsLeft === 0 }),
      },

      deadlock: { unless: isFinished },

      fairness: {
        nodes: forAll({ node: Node }, ({ node }) =>
          weak(
            steps('expand', { node }),
            steps('receive', { to: node }),
            steps('receiveEnd', { to: node }),
            steps('store', { node }),
            steps('done', { node }),
            steps('readControl', { node }),
            { when: (s: State) => !s.crashed.has(node) && !isLost(s, node) },
          ),
        ),
        coordinator: weak('go'),
        ...(losses > 0 && {
          detector: forAll({ node: Node }, ({ node }) =>
            weak(steps('declareLost', { node }), { when: (s: State) => s.crashed.has(node) }),
          ),
        }),
      },
      temporal: { ends: eventually(isFinished) },
    })
  },
})
