/** Walks are compared with a brute-force enumeration of the same model, and with what a check finds. */
import { describe, expect, it } from 'vitest'
import { action, anySubset, check, members, model, oneOf, schema, setOf, spec } from '../../../src/index.ts'
import type { State } from '../../../src/spec/model.ts'
import { follow } from '../../../src/api/walk/path.ts'
import { namesOfInitialStates } from '../../../src/api/walk/step-names.ts'
import { openWalk, type Walk } from '../../../src/api/walk/walk.ts'
import dieHard from '../../../specs/classic/die-hard.ts'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import twoPhase from '../../../specs/classic/two-phase-commit.ts'
import { Set as ValueSet } from 'immutable'

/** All states that steps within the constraints lead to. */
function reachable(walk: Walk): { readonly states: readonly State[]; readonly steps: number } {
  let seen = ValueSet<State>(walk.initialStates)
  const queue = [...seen]
  let steps = 0
  for (const state of queue) {
    for (const { state: after, isOutside } of walk.stepsFrom(state).enabled) {
      steps++
      if (isOutside || seen.has(after)) continue
      seen = seen.add(after)
      queue.push(after)
    }
  }
  return { states: queue, steps }
}

const Task = members('task', 2)
const Lock = schema({ holder: oneOf('nobody', 'task1', 'task2'), waits: setOf(Task) })

/** A lock that two tasks take, and tasks that are woken in any number. It fails if two wait. */
const lock = spec({
  name: 'lock',
  model: () =>
    model(Lock, {
      init: Lock({ holder: 'nobody' }),
      actions: {
        acquire: action({ task: Task }, (s, { task }) => (s.holder === 'nobody' ? s.set('holder', task) : undefined)),
        wait: action({ task: Task }, (s, { task }) =>
          s.waits.has(task) ? undefined : s.set('waits', s.waits.add(task)),
        ),
        wake: (s) => (s.waits.isEmpty() ? undefined : anySubset(s.waits, (kept) => s.set('waits', kept))),
        crash: (s) => {
          if (s.waits.size < 2) return undefined
          throw new Error('two wait')
        },
      },
      invariants: { fewWait: (s) => s.waits.size < 2 },
    }),
})

describe('a walk', () => {
  it.each([
    ['die-hard', dieHard, {}],
    ['two-phase-commit', twoPhase, { resourceManagers: 3 }],
    ['dining-philosophers', philosophers, { philosophers: 3 }],
  ] as const)('reaches the states of a check: %s', async (_, it, constants) => {
    const { states } = await check(it as never, { constants, continue: true, symmetry: false } as never)
    const { states: found, steps } = reachable(openWalk(it as never, { constants } as never))
    expect(found.length).toBe(states.distinct)
    expect(steps + 1).toBe(states.generated)
  })

  it('judges states as a check does', async () => {
    const walk = openWalk(dieHard)
    const bad = reachable(walk).states.filter((state) => walk.verdictsOf(state).length > 0)
    expect(bad.length).toBeGreaterThan(0)
    const { properties } = await check(dieHard, { continue: true })
    const decided = new Set(bad.flatMap((state) => walk.verdictsOf(state).map(({ property }) => property)))
    expect([...decided].sort()).toEqual(
      properties
        .filter(({ result }) => result === 'violated' || result === 'reached')
        .map(({ name }) => name)
        .sort(),
    )
  })

  it('names steps by action, bindings and choices, and follows these names', () => {
    const walk = openWalk(lock)
    expect(namesOfInitialStates(walk.initialStates, walk.variables)).toEqual(['init'])
    const path = ['init', 'wait(task1)', 'wake {kept: {}}', 'acquire(task2)']
    const { states, steps, departure } = follow(walk, path)
    expect(departure).toBeUndefined()
    expect(steps.map(({ name }) => name)).toEqual(path.slice(1))
    expect(states.at(-1)!.get('holder')).toBe('task2')
    expect(follow(walk, []).states).toEqual(walk.initialStates.slice(0, 1))
  })

  it('gives every step of a state a name of its own', () => {
    const walk = openWalk(twoPhase as never)
    for (const state of reachable(walk).states) {
      const names = walk.stepsFrom(state).enabled.map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
    }
  })

  it('says where a path departs, and what the spec has instead', () => {
    const { states, departure } = follow(openWalk(lock), ['init', 'wait(task1)', 'wait(task1)', 'acquire(task1)'])
    expect(states).toHaveLength(2)
    expect(departure).toMatchObject({ index: 2, name: 'wait(task1)', failed: undefined })
    expect(departure!.instead).toContain('wait(task2)')
    expect(follow(openWalk(lock), ['init {x: 1}']).departure).toMatchObject({ index: 0, instead: ['init'] })
  })

  it('keeps a function that fails apart from the steps', () => {
    const walk = openWalk(lock)
    const { states } = follow(walk, ['init', 'wait(task1)', 'wait(task2)'])
    const { enabled, failed } = walk.stepsFrom(states.at(-1)!)
    expect(enabled.map(({ name }) => name)).toContain('acquire(task1)')
    expect(failed.map(({ action, error }) => [action, error.code])).toEqual([['crash', 'KR503']])
    expect(walk.verdictsOf(states.at(-1)!)).toEqual([{ property: 'fewWait', kind: 'invariant', isGood: false }])
  })

  it('says what a disabled action read', () => {
    const walk = openWalk(lock)
    const { states } = follow(walk, ['init', 'acquire(task1)'])
    const acquire = walk.disabledIn(states.at(-1)!).filter(({ action }) => action === 'acquire')
    expect(acquire.map(({ bindings, read }) => [bindings['task'], read])).toEqual([
      ['task1', [{ path: 'holder', value: 'task1' }]],
      ['task2', [{ path: 'holder', value: 'task1' }]],
    ])
  })
})
