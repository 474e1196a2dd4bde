/**
 * Lamport's "Teaching concurrency": processes form a ring. Each one writes 1 to its own register, then copies its
 * neighbor's register. When all have finished, at least one has copied a 1: one write was the last of all, and that
 * process then read a register that was already written.
 *
 * It shows the use of an invariant: reasoning about interleavings is confusing, even though the algorithm has only two
 * steps.
 *
 *     registers=regular  a write takes time, and a read during it gives the old value or the new one: it still works
 *     order=read-first   reads before it writes: then all may read before any has written
 *
 * Source: L. Lamport, "Teaching concurrency", ACM SIGACT News 40(1), 2009; tlaplus/Examples,
 * specifications/TeachingConcurrency, Simple.tla and SimpleRegular.tla.
 */
import { bool, constant, goto, implies, mapOf, members, model, oneOf, range, schema, spec, step, thread } from 'kripke'

export default spec({
  name: 'teaching-concurrency',
  doc: 'When all processes have finished, at least one has copied a 1.',
  constants: {
    processes: constant(range(1, 12), 4, 'processes in the ring'),
    registers: constant(oneOf('atomic', 'regular'), 'atomic', 'what a read gives while the register is written'),
    order: constant(oneOf('write-first', 'read-first'), 'write-first', 'what a process does first'),
  },
  model: ({ processes, registers, order }) => {
    const Process = members('process', processes)
    type Own = { process: (typeof Process)[number] }
    const writesFirst = order === 'write-first'
    const State = schema({
      /** `changing` while 1 is written over 0. */
      register: mapOf(Process, oneOf('zero', 'changing', 'one')),
      copied: mapOf(Process, bool()),
      process: writesFirst
        ? thread({ process: Process }, 'write', 'finish', 'read', 'done')
        : thread({ process: Process }, 'read', 'write', 'finish', 'done'),
    })
    type State = ReturnType<typeof State>

    const afterWrite = writesFirst ? 'read' : 'done'
    const afterRead = writesFirst ? 'done' : 'write'
    const neighborOf = (process: Own['process']) => Process[(Process.indexOf(process) + processes - 1) % processes]!
    const isDone = (s: State) => Process.every((process) => s.process.get(process) === 'done')

    return model(State, {
      init: State(),
      threads: {
        process: {
          fair: 'weak',
          at: {
            write: (s, { process }) =>
              registers === 'atomic'
                ? goto(afterWrite, s.setIn(['register', process], 'one'))
                : goto('finish', s.setIn(['register', process], 'changing')),
            finish: (s, { process }) => goto(afterWrite, s.setIn(['register', process], 'one')),
            read: step({ one: bool() }, (s: State, { process, one }: Own & { one: boolean }) => {
              const neighbor = s.register.get(neighborOf(process))
              return (
                (neighbor === 'changing' || one === (neighbor === 'one')) &&
                goto(afterRead, s.setIn(['copied', process], one))
              )
            }),
            done: {},
          },
        },
      },
      invariants: {
        oneIsCopied: implies(isDone, (s) => Process.some((process) => s.copied.get(process))),
      },
      goals: {
        canFinish: isDone,
        /** A process may be ahead of its neighbor. */
        zeroIsCopied: (s) => isDone(s) && Process.some((process) => !s.copied.get(process)),
      },
    })
  },
})
