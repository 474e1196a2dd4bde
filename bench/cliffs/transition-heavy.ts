/**
 * Transition properties on every step: processes go up and down, one at a time, and there are four claims about the
 * steps.
 *
 * Two of the claims read single slots. Two read both states completely, so that nearly every step is a separate path.
 *
 * With n processes and t the top: (t + 1)^n distinct states, 1 + 2 n t (t + 1)^(n - 1) generated, depth n t + 1.
 */
import { action, constant, forAll, mapOf, members, model, oneOf, range, schema, spec } from 'kripke'
import type { Counts } from './counts.ts'

interface Constants {
  readonly processes: number
  readonly top: number
}

export function counts({ processes: n, top }: Constants): Counts {
  return { initial: 1, generated: 1 + 2 * n * top * (top + 1) ** (n - 1), distinct: (top + 1) ** n, depth: n * top + 1 }
}

export default spec({
  name: 'transition-heavy',
  doc: 'What do properties cost that look at every step?',
  constants: {
    claims: constant(oneOf('single', 'whole', 'all'), 'all', 'which claims: of single slots, of whole states, or all'),
    processes: constant(range(1, 16), 6, 'processes'),
    top: constant(range(1, 64), 4, 'how far up they go'),
  },
  model: ({ claims, processes, top }) => {
    const Process = members('process', processes)
    const State = schema({ at: mapOf(Process, range(0, top)) })

    return model(State, {
      init: State(),
      actions: {
        up: action({ process: Process }, (s, { process }) =>
          s.at.get(process) < top ? s.updateIn(['at', process], (at) => at + 1) : undefined,
        ),
        down: action({ process: Process }, (s, { process }) =>
          s.at.get(process) > 0 ? s.updateIn(['at', process], (at) => at - 1) : undefined,
        ),
      },
      transitions: {
        ...(claims !== 'whole' && {
          noJump: forAll(
            { process: Process },
            ({ before, after }, { process }) => Math.abs(after.at.get(process) - before.at.get(process)) <= 1,
          ),
          upIsUp: ({ action, bindings, before, after }) => {
            const process = bindings['process'] as (typeof Process)[number]
            return after.at.get(process) > before.at.get(process) === (action === 'up')
          },
        }),
        ...(claims !== 'single' && {
          oneMoves: ({ before, after }) =>
            Process.filter((process) => before.at.get(process) !== after.at.get(process)).length === 1,
          sumByOne: ({ before, after }) => {
            const sum = (s: typeof before): number => s.at.reduce((all, at) => all + at, 0)
            return Math.abs(sum(after) - sum(before)) === 1
          },
        }),
      },
    })
  },
})
