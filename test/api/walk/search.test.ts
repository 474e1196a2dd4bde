/** Searches from a walk, compared with a breadth-first enumeration by the walk. */
import { describe, expect, it } from 'vitest'
import { Map as ValueMap } from 'immutable'
import { follow } from '../../../src/api/walk/path.ts'
import { functionOf, functionSource, type StateFunction } from '../../../src/api/walk/predicate.ts'
import { search, withOneModel, type Search } from '../../../src/api/walk/search.ts'
import { openWalk, type Walk } from '../../../src/api/walk/walk.ts'
import type { State } from '../../../src/spec/model.ts'
import type { AnySpec } from '../../../src/spec/spec.ts'
import dieHard from '../../../specs/classic/die-hard.ts'
import twoPhase from '../../../specs/classic/two-phase-commit.ts'
import truncateDma from '../../../specs/truncate-dma.ts'

const DEFAULTS: Search = { from: undefined, until: undefined, how: 'shortest', seed: 1 }

/** The number of steps from some states to the nearest one that satisfies a predicate. */
function distance(walk: Walk, from: readonly State[], until: (state: State) => boolean): number | undefined {
  let depths = ValueMap<State, number>(from.map((state) => [state, 0]))
  const queue = [...from]
  for (const state of queue) {
    if (until(state)) return depths.get(state)
    for (const { state: after, isOutside } of walk.stepsFrom(state).enabled) {
      if (isOutside || depths.has(after)) continue
      depths = depths.set(after, depths.get(state)! + 1)
      queue.push(after)
    }
  }
  return undefined
}

function open(spec: AnySpec, constants: object = {}): { spec: AnySpec; walk: Walk } {
  const shared = withOneModel(spec)
  return { spec: shared, walk: openWalk(shared, { constants }) }
}

function predicate(walk: Walk, expression: string): StateFunction {
  return functionOf(functionSource(expression, { variables: walk.variables, constants: Object.keys(walk.constants) }))
}

describe('a search', () => {
  it.each([
    ['die-hard', dieHard, {}, 'big === 4'],
    ['two-phase-commit', twoPhase, {}, "rm.every((it) => it === 'committed')"],
    ['truncate-dma', truncateDma, { design: 'none' }, 'exists(owner.values(), (it) => it === "file1")'],
  ])('finds a shortest path to a state: %s', async (_, given, constants, expression) => {
    const { spec, walk } = open(given as AnySpec, constants)
    const until = predicate(walk, expression)
    const { names } = await search(spec, walk, { ...DEFAULTS, until })
    const { states, departure } = follow(walk, names!)
    expect(departure).toBeUndefined()
    expect(until(states.at(-1)!, walk.constants)).toBe(true)
    const least = distance(walk, walk.initialStates, (state) => until(state, walk.constants) === true)
    expect(states.length - 1).toBe(least)
  })

  it('begins at a state in the middle', async () => {
    const { spec, walk } = open(dieHard)
    const from = follow(walk, ['init', 'fillBig', 'bigToSmall']).states.at(-1)!
    const until = predicate(walk, 'big === 4')
    const { names } = await search(spec, walk, { ...DEFAULTS, from, until })
    const least = distance(walk, [from], (state) => state.get('big') === 4)
    expect(names).toHaveLength(least!)
    const all = follow(walk, ['init', 'fillBig', 'bigToSmall', ...names!])
    expect(all.departure).toBeUndefined()
    expect(all.states.at(-1)!.get('big')).toBe(4)
  })

  it('finds a violation, and at random too', async () => {
    const { spec, walk } = open(truncateDma, { design: 'none' })
    for (const how of ['shortest', 'random'] as const) {
      const { names } = await search(spec, walk, { ...DEFAULTS, how })
      const last = follow(walk, names!).states.at(-1)!
      expect(walk.verdictsOf(last).filter(({ isGood }) => !isGood)).not.toEqual([])
    }
  })

  it('says that it covered every state if it does not find a path', async () => {
    const { spec, walk } = open(dieHard)
    const found = await search(spec, walk, { ...DEFAULTS, until: predicate(walk, 'big === 6') })
    // 16 states: Kripke's page of Die Hard, and TLC.
    expect(found).toEqual({ names: undefined, explored: 16, isExhaustive: true })
  })

  it('explains an expression that fails, and one that is not a boolean', async () => {
    const { spec, walk } = open(dieHard)
    const run = (expression: string): Promise<unknown> =>
      search(spec, walk, { ...DEFAULTS, until: predicate(walk, expression) })
    await expect(run('big.missing.field')).rejects.toThrow('the expression')
    await expect(run('big + 1')).rejects.toThrow('the expression')
    expect(() => predicate(walk, 'big ===')).toThrow(expect.objectContaining({ code: 'KR101' }))
  })
})
