import { describe, expect, it } from 'vitest'
import { eventually, leadsTo, model, range, schema, spec, strong, taken, weak } from '../../src/index.ts'
import { check } from '../../src/run/check.ts'
import { compareEngines } from '../support/twins.ts'

const State = schema({ n: range(0, 2) })

/** Goes to and fro between 0 and 1, and may leave from 0. */
const leaving = (fairness: typeof weak) =>
  spec({
    name: 'leaving',
    model: () =>
      model(State, {
        init: State(),
        deadlock: false,
        actions: {
          go: (s) => s.n < 2 && s.set('n', 1 - s.n),
          leave: (s) => s.n === 0 && s.set('n', 2),
        },
        temporal: { leaves: eventually((s) => s.n === 2) },
        fairness: { goes: weak('go'), leaves: fairness('leave') },
      }),
  })

/** Chooses 0 or 1, whatever it was: one of both changes nothing. */
const choosing = spec({
  name: 'choosing',
  model: () =>
    model(State, {
      init: State(),
      actions: { choose: (s) => [s.set('n', 0), s.set('n', 1)] },
      temporal: { chooses: eventually((s) => s.n === 1) },
      fairness: { chooses: weak('choose') },
    }),
})

describe('fairness on sets of states', () => {
  it.each([
    ['weak fairness is met by what is disabled again and again', leaving(weak), 'violated'],
    ['strong fairness is not', leaving(strong), 'holds'],
    ['a step that changes nothing does not count as taken', choosing, 'holds'],
  ] as const)('%s', async (_, given, expected) => {
    const { verdict, engine } = await check(given, { engine: 'symbolic' })
    expect([verdict, engine]).toEqual([expected, 'symbolic'])
    expect(await compareEngines(given, {})).toBe('symbolic')
  })

  it('tells of properties in the order of the spec, whichever way each is decided', async () => {
    const idle = spec({
      name: 'idle',
      model: () =>
        model(State, {
          init: State(),
          actions: { go: (s) => s.n < 2 && s.set('n', 2), never: (s) => s.n === 1 && s.set('n', 0) },
          temporal: {
            // Which step is taken is asked of single states.
            first: leadsTo((s) => s.n === 1, taken('never')),
            second: leadsTo(
              (s) => s.n === 1,
              (s) => s.n === 0,
            ),
          },
          deadlock: false,
        }),
    })
    expect(await compareEngines(idle, {})).toBe('symbolic')
  })
})
