import { describe, expect, it } from 'vitest'
import {
  always,
  alwaysEventually,
  and,
  bool,
  eventually,
  implies,
  model,
  not,
  range,
  schema,
  spec,
  strong,
  taken,
  weak,
  type FormulaLike,
} from '../../../src/index.ts'
import { check } from '../../../src/api/check.ts'
import { compareEngines } from '../../support/twins.ts'

const State = schema({ n: range(0, 2) })

/** Goes back and forth between 0 and 1, and may leave from 0. */
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

/** Chooses 0 or 1 in any state, so one of the choices changes nothing. */
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

const Two = schema({ n: range(0, 2), flag: bool() })
type Two = ReturnType<typeof Two>

/**
 * Two actions that lead to the same state from some states and to different ones from others, and an action that
 * changes nothing.
 */
const meeting = (claim: FormulaLike<Two>, fairness: { demand?: ReturnType<typeof weak> } = {}) =>
  spec({
    name: 'meeting',
    model: () =>
      model(Two, {
        init: Two(),
        actions: {
          walk: (s) => s.n < 2 && s.set('n', s.n + 1),
          jump: (s) => s.n < 2 && s.merge({ n: 2, flag: false }),
          back: (s) => s.n === 2 && s.merge({ n: 1, flag: !s.flag }),
          stay: (s) => s,
          ...(fairness.demand === undefined && { clear: (s: Two) => s.set('flag', false) }),
        },
        temporal: { claim },
        fairness,
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
    expect((await check(given, { engine: 'symbolic', tuning: { explicitUpTo: 0 } })).verdict).toBe(expected)
    expect(await compareEngines(given, {})).toBe('symbolic')
  })
})

describe('questions about steps on sets of states: a step', () => {
  const n1 = (s: Two) => s.n === 1
  const flag = (s: Two) => s.flag
  it.each([
    ['may be by two actions', always(implies(and(n1, not(flag), taken('jump')), taken('walk'))), 'holds'],
    [
      'may be by two actions, whichever is asked',
      always(implies(and(n1, not(flag), taken('walk')), taken('jump'))),
      'holds',
    ],
    [
      'are by one where the others differ in what only one writes',
      always(implies(and(n1, taken('walk')), taken('jump'))),
      'violated',
    ],
    ['are by one where both write differently', always(implies(taken('jump'), taken('walk'))), 'violated'],
    ['are by no action if nothing changes', always(not(taken('stay'))), 'holds'],
    ['are by no action if nothing changes, whatever is written', always(implies(taken('clear'), flag)), 'holds'],
    ['are not there while it stutters', eventually(taken('walk')), 'violated'],
  ] as const)('%s', async (_, claim, expected) => {
    const given = meeting(claim)
    const { properties, engine } = await check(given, { engine: 'symbolic', tuning: { explicitUpTo: 0 } })
    expect([properties[0]!.result, engine]).toEqual([expected, 'symbolic'])
    expect(await compareEngines(given, {})).toBe('symbolic')
  })

  it.each([
    ['are by both however a demand comes to be met', weak('walk', 'back'), 'jump', 'holds'],
    ['need not be by one that no demand asks for', weak('jump', 'back'), 'walk', 'violated'],
  ] as const)('%s', async (_, demand, name, expected) => {
    const given = meeting(alwaysEventually(taken(name)), { demand })
    const { properties, engine } = await check(given, { engine: 'symbolic', tuning: { explicitUpTo: 0 } })
    expect([properties[0]!.result, engine]).toEqual([expected, 'symbolic'])
    expect(await compareEngines(given, {})).toBe('symbolic')
  })
})
