/**
 * Constraints: processes could count further, but constraints cut off part of the steps.
 *
 * With `by=each` there is a constraint for each process. With `by=sum` there is one for all of them, which reads the
 * whole state.
 *
 * With n processes and maximum m: `each` leaves D = (m + 1)^n states and depth n m + 1; `sum` leaves D = C(n + m, m)
 * and depth m + 1. A process is always enabled, so 1 + n D states are generated.
 */
import { action, constant, mapOf, members, model, oneOf, range, schema, spec } from 'kripke'
import { choose, type Counts } from './counts.ts'

interface Constants {
  readonly by: 'each' | 'sum'
  readonly processes: number
  readonly most: number
}

export function counts({ by, processes: n, most }: Constants): Counts {
  const distinct = by === 'each' ? (most + 1) ** n : choose(n + most, most)
  return { initial: 1, generated: 1 + n * distinct, distinct, depth: by === 'each' ? n * most + 1 : most + 1 }
}

export default spec({
  name: 'constrained',
  doc: 'What do constraints cost that cut off a part of the steps?',
  constants: {
    by: constant(oneOf('each', 'sum'), 'each', 'what is constrained: each process, or their sum'),
    processes: constant(range(1, 16), 6, 'processes'),
    most: constant(range(1, 64), 6, 'how far they count'),
  },
  model: ({ by, processes, most }) => {
    const Process = members('process', processes)
    const State = schema({ count: mapOf(Process, range(0, most + 1)) })
    type S = ReturnType<typeof State>

    return model(State, {
      init: State(),
      actions: {
        count: action({ process: Process }, (s, { process }) => {
          const next = s.count.get(process) + 1
          return next <= most + 1 ? s.setIn(['count', process], next) : undefined
        }),
      },
      invariants: { counts: (s) => s.count.get(Process[0]!) <= most + 1 },
      constraints:
        by === 'sum'
          ? { sumIsLow: (s) => s.count.reduce((sum, count) => sum + count, 0) <= most }
          : Object.fromEntries(
              Process.map((process) => [`${process}IsLow`, (s: S): boolean => s.count.get(process) <= most]),
            ),
    })
  },
})
