/**
 * Lamport's bakery: processes take numbered tickets and are served in the order of their tickets. No register has two
 * writers.
 *
 * A process that enters reads all other tickets and takes a number above them all. Two processes that enter at the same
 * time may take the same number; then the one with the lower name goes first. A choosing process sets a flag, and
 * others do not read its ticket until it has chosen, because it may have decided on a number without having taken the
 * ticket. `design` removes one or the other:
 *
 *     no-choosing   reads tickets at once: a lower one may still be taken
 *     no-names      a process waits for others with the same number: they wait for each other
 *
 * Numbers would grow forever while the shop is never empty. Here they are bounded: the door closes while the numbers
 * are so high that they might not suffice for all who enter. A process may stay outside forever. Once it is in, its
 * steps are weakly fair.
 *
 * Source: L. Lamport, "A new solution of Dijkstra's concurrent programming problem", 1974; the steps are those of
 * tlaplus/Examples, specifications/Bakery-Boulangerie/Bakery.tla, with atomic reads and writes of registers.
 */
import {
  bool,
  constant,
  forAll,
  goto,
  leadsTo,
  mapOf,
  members,
  model,
  oneOf,
  range,
  schema,
  setOf,
  spec,
  step,
  thread,
} from 'kripke'

export default spec({
  name: 'bakery',
  doc: 'Never are two processes in their critical sections, and who comes in is served.',
  constants: {
    design: constant(oneOf('bakery', 'no-choosing', 'no-names'), 'bakery', 'the algorithm, or what it lacks'),
    processes: constant(range(2, 3), 2, 'processes'),
    tickets: constant(range(2, 9), 4, 'the highest number'),
  },
  assumptions: { 'all may come in at once': ({ processes, tickets }) => tickets >= processes },
  model: ({ design, processes, tickets }) => {
    const Process = members('process', processes)
    type Process = (typeof Process)[number]
    type Own = { process: Process }
    const State = schema({
      choosing: mapOf(Process, bool()),
      /** 0 without a ticket. */
      ticket: mapOf(Process, range(0, tickets)),
      /** What a process knows: the processes still to read, the highest ticket seen, and the process it waits for. */
      unseen: mapOf(Process, setOf(Process)),
      highest: mapOf(Process, range(0, tickets)),
      next: mapOf(Process, oneOf('nobody', ...Process)),
      process: thread(
        { process: Process },
        ...(['outside', 'choose', 'look', 'take', 'chosen', 'pick', 'wait', 'critical', 'leave'] as const),
      ),
    })
    type State = ReturnType<typeof State>

    const lookAround = (s: State, own: Process) =>
      s.setIn(
        ['unseen', own],
        s.unseen.get(own).withMutations((set) => Process.forEach((other) => other !== own && set.add(other))),
      )
    const isFirst = (s: State, own: Process, other: Process) => {
      const [mine, theirs] = [s.ticket.get(own), s.ticket.get(other)]
      if (theirs === 0 || mine < theirs) return true
      return design !== 'no-names' && mine === theirs && Process.indexOf(own) < Process.indexOf(other)
    }
    const isOpen = (s: State) =>
      Process.every((other) => Math.max(s.ticket.get(other), s.highest.get(other)) <= tickets - processes)

    return model(State, {
      init: State(),
      threads: {
        process: {
          fair: 'weak',
          unfair: ['outside'],
          at: {
            outside: (s) => isOpen(s) && s,
            choose: (s, { process }) =>
              lookAround(design === 'no-choosing' ? s : s.setIn(['choosing', process], true), process),
            look: step({ other: Process }, (s, { process, other }) => {
              if (!s.unseen.get(process).has(other)) return undefined
              const unseen = s.unseen.get(process).remove(other)
              const highest = Math.max(s.highest.get(process), s.ticket.get(other))
              const seen = s.setIn(['unseen', process], unseen).setIn(['highest', process], highest)
              return goto(unseen.isEmpty() ? 'take' : 'look', seen)
            }),
            take: (s, { process }) =>
              s.setIn(['ticket', process], s.highest.get(process) + 1).setIn(['highest', process], 0),
            chosen: (s, { process }) => lookAround(s.setIn(['choosing', process], false), process),
            pick: step(
              { other: Process },
              (s, { process, other }) =>
                s.unseen.get(process).has(other) && !s.choosing.get(other) && s.setIn(['next', process], other),
            ),
            wait: (s, { process }: Own) => {
              const other = s.next.get(process)
              if (other === 'nobody' || !isFirst(s, process, other)) return undefined
              const unseen = s.unseen.get(process).remove(other)
              const served = s.setIn(['unseen', process], unseen).setIn(['next', process], 'nobody')
              return goto(unseen.isEmpty() ? 'critical' : 'pick', served)
            },
            critical: (s) => s,
            leave: (s, { process }) => goto('outside', s.setIn(['ticket', process], 0)),
          },
        },
      },
      invariants: {
        mutualExclusion: (s) =>
          Process.filter((process) => ['critical', 'leave'].includes(s.process.get(process))).length <= 1,
      },
      temporal: {
        /** A process that enters is served eventually. */
        noStarvation: forAll({ process: Process }, ({ process }) =>
          leadsTo(
            (s) => s.process.get(process) === 'choose',
            (s) => s.process.get(process) === 'critical',
          ),
        ),
      },
    })
  },
})
