/** Neighborhoods are compared with a brute-force enumeration of the same model. */
import { describe, expect, it } from 'vitest'
import { drawGraph } from '../../../src/api/graph.ts'
import { neighborhood } from '../../../src/api/walk/neighborhood.ts'
import { follow, namesAlong } from '../../../src/api/walk/path.ts'
import { openWalk, type Walk } from '../../../src/api/walk/walk.ts'
import type { State } from '../../../src/spec/model.ts'
import dieHard from '../../../specs/classic/die-hard.ts'
import philosophers from '../../../specs/classic/dining-philosophers.ts'
import counter from '../../cli/specs/counter.ts'

/** The successors of every state by the text of the state. */
function successorsOf(walk: Walk): Map<string, { readonly state: State; readonly to: readonly string[] }> {
  const found = new Map<string, { readonly state: State; readonly to: readonly string[] }>()
  const queue = [...walk.initialStates]
  for (const state of queue) {
    if (found.has(String(state))) continue
    const steps = walk.stepsFrom(state).enabled.filter(({ isOutside }) => !isOutside)
    found.set(String(state), { state, to: steps.map((step) => String(step.state)) })
    queue.push(...steps.map((step) => step.state))
  }
  return found
}

/** The states that up to `steps` steps lead to. */
function within(successors: ReturnType<typeof successorsOf>, from: string, steps: number): Set<string> {
  let all = new Set([from])
  for (let distance = 0; distance < steps; distance++) {
    all = new Set([...all].flatMap((state) => [state, ...successors.get(state)!.to]))
  }
  return all
}

/** A path to each state of the walk's spec. */
function pathsTo(walk: Walk): string[][] {
  let paths: { names: string[]; state: State }[] = [{ names: ['init'], state: walk.initialStates[0]! }]
  const found = new Map<string, string[]>()
  while (paths.length > 0) {
    paths = paths.flatMap(({ names, state }) => {
      if (found.has(String(state))) return []
      found.set(String(state), names)
      return walk.stepsFrom(state).enabled.map((step) => ({ names: [...names, step.name], state: step.state }))
    })
  }
  return [...found.values()]
}

describe('a neighborhood', () => {
  it('has the states within some steps, those of the path, and all steps between them', () => {
    const walk = openWalk(dieHard)
    const successors = successorsOf(walk)
    const paths = pathsTo(walk)
    expect(paths).toHaveLength(16)
    for (const path of paths) {
      const { states } = follow(walk, path)
      const middle = String(states.at(-1))
      for (const steps of [0, 1, 2, 3]) {
        const { nodes, edges, current, cut } = neighborhood(walk, states, states.length - 1, { steps })
        const expected = new Set([...states.map(String), ...within(successors, middle, steps)])
        const names = nodes.map(({ state }) => String(state))
        expect(new Set(names)).toEqual(expected)
        expect(names).toHaveLength(expected.size)
        expect(names[current]).toBe(middle)
        expect(cut).toBeUndefined()
        const pairs = names.flatMap((from) =>
          [...new Set(successors.get(from)!.to)].flatMap((to) =>
            to !== from && expected.has(to) ? [`${from} ${to}`] : [],
          ),
        )
        expect(edges.map(({ from, to }) => `${names[from]!} ${names[to]!}`).sort()).toEqual(pairs.sort())
        const others = names.map((from) => successors.get(from)!.to.filter((to) => !expected.has(to)).length)
        expect(nodes.map(({ undrawn }) => undrawn)).toEqual(others)
      }
    }
  })

  it('says a way to each of its states', () => {
    const walk = openWalk(philosophers, { constants: { design: 'left-first' } })
    const path = ['init']
    for (let step = 0; step < 4; step++) {
      path.push(walk.stepsFrom(follow(walk, path).states.at(-1)!).enabled[step % 2]!.name)
    }
    const { states } = follow(walk, path)
    const { nodes, edges } = neighborhood(walk, states, 2, { steps: 2 })
    for (const { state, way, entry } of nodes) {
      const { states: reached, departure } = follow(walk, [...path.slice(0, way.at + 1), ...way.names])
      expect(departure).toBeUndefined()
      expect(reached.at(-1)!.equals(state)).toBe(true)
      if (entry !== undefined) expect(states[entry]!.equals(state)).toBe(true)
    }
    // The two steps after the middle are within two steps, so the whole path is marked.
    expect(edges.filter(({ isOnPath }) => isOnPath)).toHaveLength(4)
    expect(nodes.filter(({ entry }) => entry !== undefined)).toHaveLength(5)
  })

  it('stops at a number of states and after a time, and says so', () => {
    const walk = openWalk(philosophers)
    const { states } = follow(walk, [])
    const few = neighborhood(walk, states, 0, { steps: 5, maxStates: 7 })
    expect([few.nodes.length, few.cut]).toEqual([7, 'states'])
    expect(few.nodes.some(({ undrawn }) => undrawn > 0)).toBe(true)
    const brief = neighborhood(walk, states, 0, { steps: 5, timeMs: -1 })
    expect(brief.cut).toBe('time')
    expect(brief.nodes.length).toBeLessThan(neighborhood(walk, states, 0, { steps: 5 }).nodes.length)
  })

  it('marks initial states, what states decide, and violating steps', () => {
    const walk = openWalk(counter, { constants: { fault: 'transition' } })
    const { states } = follow(walk, [])
    const { nodes, edges } = neighborhood(walk, states, 0, { steps: 20 })
    expect(nodes.filter(({ initial }) => initial).map(({ state }) => state)).toEqual([...walk.initialStates])
    for (const { state, violated, reached } of nodes) {
      const verdicts = walk.verdictsOf(state)
      expect([...violated.keys(), ...reached.keys()].sort()).toEqual(verdicts.map(({ property }) => property).sort())
    }
    expect(edges.some(({ violated }) => violated.length > 0)).toBe(true)
  })
})

describe('a drawn graph', () => {
  it('has a shortest path to the first state of each node', () => {
    const walk = openWalk(dieHard)
    const shortest = new Map(
      pathsTo(walk).map((path) => [String(follow(walk, path).states.at(-1)), path.length] as const),
    )
    for (const project of [undefined, ['big']]) {
      const { graph, statesTo } = drawGraph(dieHard, { project })
      for (const [index, { state }] of graph.nodes.entries()) {
        const states = statesTo(index)
        expect(states.at(-1)!.equals(state)).toBe(true)
        expect(states).toHaveLength(shortest.get(String(state))!)
        const followed = follow(walk, namesAlong(walk, states))
        expect(followed.departure).toBeUndefined()
        expect(followed.states.map(String)).toEqual(states.map(String))
      }
    }
  })
})
