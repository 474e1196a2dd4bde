/**
 * Peterson's algorithm: two processes share a critical section, and use only reads and writes to agree on who is in it.
 *
 * A process that wants to enter raises a flag and gives the turn to the other. It waits until the other's flag is down,
 * or until it has the turn again. `design` removes one part of the algorithm:
 *
 *     no-turn     waits for the other's flag alone: both may raise theirs and wait for each other
 *     no-flag     waits for the turn alone: safe, but the process that gave it away may wait for one that never comes
 *     turn-first  gives the turn before it raises the flag: the other may enter and leave in between
 *     late-flag   raises the flag only after it has found that it may enter
 *     own-turn    takes the turn instead of giving it: the last to take it enters, after the first
 *
 * A process may stay idle forever. Once it wants to enter, its steps are weakly fair.
 *
 * Source: G. L. Peterson, "Myths about the mutual exclusion problem", 1981; the steps are those of tlaplus/Examples,
 * specifications/locks_auxiliary_vars/Peterson.tla.
 */
import { bool, constant, forAll, goto, leadsTo, mapOf, members, model, oneOf, schema, spec, thread } from 'kripke'

const Process = members('process', 2)
const State = schema({
  flag: mapOf(Process, bool()),
  turn: oneOf(...Process),
  process: thread({ process: Process }, 'idle', 'raise', 'giveTurn', 'wait', 'critical', 'leave'),
})
type State = ReturnType<typeof State>
type Own = { process: (typeof Process)[number] }

const otherThan = (process: Own['process']) => (process === 'process1' ? 'process2' : 'process1')

const nothing = (s: State) => s
const raise = (s: State, { process }: Own) => s.setIn(['flag', process], true)
const giveTurn = (s: State, { process }: Own) => s.set('turn', otherThan(process))
const takeTurn = (s: State, { process }: Own) => s.set('turn', process)

const isAlone = (s: State, { process }: Own) => !s.flag.get(otherThan(process))
const hasTurn = (s: State, { process }: Own) => s.turn === process
const isAloneOrHasTurn = (s: State, own: Own) => isAlone(s, own) || hasTurn(s, own)

/** The steps of a process, in this order, before it may enter, and when it enters. */
const DESIGNS = {
  peterson: [raise, giveTurn, isAloneOrHasTurn, nothing],
  'no-turn': [raise, nothing, isAlone, nothing],
  'no-flag': [nothing, giveTurn, hasTurn, nothing],
  'turn-first': [giveTurn, raise, isAloneOrHasTurn, nothing],
  'late-flag': [nothing, giveTurn, isAloneOrHasTurn, raise],
  'own-turn': [raise, takeTurn, isAloneOrHasTurn, nothing],
} as const

export default spec({
  name: 'peterson',
  doc: 'Never are both processes in their critical sections, and who wants to enter does.',
  constants: {
    design: constant(
      oneOf('peterson', 'no-turn', 'no-flag', 'turn-first', 'late-flag', 'own-turn'),
      'peterson',
      'the algorithm, or what is wrong with it',
    ),
  },
  model: ({ design }) => {
    const [first, second, mayEnter, enter] = DESIGNS[design]

    return model(State, {
      init: State(),
      threads: {
        process: {
          fair: 'weak',
          unfair: ['idle'],
          at: {
            idle: nothing,
            raise: first,
            giveTurn: second,
            wait: (s, own) => mayEnter(s, own) && enter(s, own),
            critical: nothing,
            leave: (s, { process }) => goto('idle', s.setIn(['flag', process], false)),
          },
        },
      },
      invariants: {
        mutualExclusion: (s) => !Process.every((process) => ['critical', 'leave'].includes(s.process.get(process))),
      },
      temporal: {
        /** A process that wants to enter does so eventually. */
        noStarvation: forAll({ process: Process }, ({ process }) =>
          leadsTo(
            (s) => s.process.get(process) === 'raise',
            (s) => s.process.get(process) === 'critical',
          ),
        ),
      },
    })
  },
})
