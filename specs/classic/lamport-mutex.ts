/**
 * Lamport's distributed mutual exclusion: processes without common memory take turns in a critical section, by messages
 * and logical clocks alone.
 *
 * A process that wants to enter tells all others, with the time of its clock. Others acknowledge that, and set their
 * clocks ahead of it. A process enters when everybody has acknowledged, and its own request is the oldest one that it
 * knows of. For requests of the same time, names decide. Then it tells everybody that it has left. Each pair of
 * processes has a channel, in which messages keep their order. `design` leaves out a part:
 *
 *     no-acks    a process does not wait for acknowledgements: an older request may still be on its way
 *     unordered  messages overtake each other: an acknowledgement may arrive before an older request
 *     no-names   requests of the same time wait for each other
 *
 * Clocks would grow forever. Kripke does not explore states in which a clock exceeds `time`.
 *
 * Source: L. Lamport, "Time, clocks and the ordering of events in a distributed system", 1978; the steps are those of
 * S. Merz, tlaplus/Examples, specifications/lamport_mutex/LamportMutex.tla. TLC finds 724,274 states for three processes
 * and a time of 6 (MCLamportMutex.cfg).
 */
import {
  action,
  channel,
  constant,
  forAll,
  mapOf,
  members,
  model,
  oneOf,
  range,
  record,
  schema,
  setOf,
  spec,
  union,
} from 'kripke'

export default spec({
  name: 'lamport-mutex',
  doc: 'Never are two processes in their critical sections.',
  constants: {
    design: constant(
      oneOf('lamport', 'no-acks', 'unordered', 'no-names'),
      'lamport',
      'the algorithm, or what it lacks',
    ),
    processes: constant(range(2, 4), 3, 'processes'),
    time: constant(range(1, 12), 3, 'the latest time to explore'),
  },
  model: ({ design, processes, time }) => {
    const Process = members('process', processes)
    const Time = range(1, time + 1)
    type Process = (typeof Process)[number]

    const Request = record({ type: oneOf('request'), time: Time })
    const Answer = record({ type: oneOf('acknowledge', 'release') })
    const State = schema({
      clock: mapOf(Process, Time),
      /** The time of the requests that a process knows of, its own included. 0 if there is none. */
      requests: mapOf(Process, mapOf(Process, range(0, time + 1))),
      /** Who has acknowledged the request of a process, itself included. */
      acknowledged: mapOf(Process, setOf(Process)),
      critical: setOf(Process),
      /** Messages by sender and receiver. In Lamport's design no channel has two messages of the same type. */
      channel: mapOf(Process, mapOf(Process, channel(union(Request, Answer), design === 'lamport' ? 3 : 4))),
    })
    type State = ReturnType<typeof State>
    type Message = ReturnType<typeof Request> | ReturnType<typeof Answer>

    const othersOf = (process: Process) => Process.filter((other) => other !== process)
    const send = (s: State, from: Process, to: Process, message: Message) =>
      s.updateIn(['channel', from, to], (channel) => channel.push(message))
    const tellOthers = (s: State, from: Process, message: Message) =>
      othersOf(from).reduce((t, other) => send(t, from, other, message), s)

    /** Whether a process believes that its request goes before the request of another. */
    const goesBefore = (s: State, process: Process, other: Process) => {
      const [mine, theirs] = [s.requests.get(process).get(process), s.requests.get(process).get(other)]
      if (theirs === 0 || mine < theirs) return true
      return mine === theirs && design !== 'no-names' && Process.indexOf(process) < Process.indexOf(other)
    }

    return model(State, {
      init: State(),
      actions: {
        request: action({ process: Process }, (s, { process }) => {
          if (s.requests.get(process).get(process) !== 0) return undefined
          const now = s.clock.get(process)
          const requested = s.setIn(['requests', process, process], now)
          return tellOthers(
            requested.setIn(['acknowledged', process], s.acknowledged.get(process).clear().add(process)),
            process,
            Request({ time: now }),
          )
        }),
        /** A process receives the first message of a channel. Without order it may be any message. */
        receive: action(
          { process: Process, from: Process, index: range(0, design === 'unordered' ? 2 : 0) },
          (s, { process, from, index }) => {
            const channel = s.channel.get(from).get(process)
            const message = channel.get(index)
            if (message === undefined) return undefined
            const received = s.setIn(['channel', from, process], channel.remove(index))
            switch (message.type) {
              case 'request': {
                const known = received
                  .setIn(['requests', process, from], message.time)
                  .setIn(['clock', process], Math.max(s.clock.get(process), message.time) + 1)
                return send(known, process, from, Answer({ type: 'acknowledge' }))
              }
              case 'acknowledge':
                return received.updateIn(['acknowledged', process], (all) => all.add(from))
              case 'release':
                return received.setIn(['requests', process, from], 0)
            }
          },
        ),
        enter: action({ process: Process }, (s, { process }) => {
          if (s.requests.get(process).get(process) === 0) return undefined
          const isAcknowledged = Process.every((other) => s.acknowledged.get(process).has(other))
          if (!isAcknowledged && design !== 'no-acks') return undefined
          if (!othersOf(process).every((other) => goesBefore(s, process, other))) return undefined
          return s.set('critical', s.critical.add(process))
        }),
        leave: action({ process: Process }, (s, { process }) => {
          if (!s.critical.has(process)) return undefined
          const left = s
            .set('critical', s.critical.delete(process))
            .setIn(['requests', process, process], 0)
            .setIn(['acknowledged', process], s.acknowledged.get(process).clear())
          return tellOthers(left, process, Answer({ type: 'release' }))
        }),
      },
      constraints: {
        inTime: (s) => Process.every((process) => s.clock.get(process) <= time),
        // In the other designs messages may pile up.
        ...(design !== 'lamport' && {
          fewMessages: forAll(
            { from: Process, to: Process },
            (s, { from, to }) => s.channel.get(from).get(to).size <= 3,
          ),
        }),
      },
      invariants: {
        mutualExclusion: forAll(
          { one: Process, other: Process },
          (s, { one, other }) => one === other || !s.critical.has(one) || !s.critical.has(other),
        ),
      },
      /** Also the last process, which loses every tie. */
      goals: { canEnter: (s) => s.critical.has(Process[processes - 1]!) },
    })
  },
})
