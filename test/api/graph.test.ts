/** Compares state graphs with known facts about their models. */
import { describe, expect, it } from 'vitest'
import { graphDot } from '../../src/report/graph-dot.ts'
import { graph } from '../../src/api/graph.ts'
import dieHard from '../../specs/classic/die-hard.ts'
import twoPhase from '../../specs/classic/two-phase-commit.ts'
import counter from '../cli/specs/counter.ts'

describe('a state graph', () => {
  it('contains each state once, and the steps between them', () => {
    const { nodes, edges, states, variables } = graph(dieHard)
    expect([nodes.length, states, variables]).toEqual([16, 16, ['small', 'big']])
    expect(nodes.filter(({ initial }) => initial)).toHaveLength(1)
    const bad = nodes.filter(({ violated }) => violated.has('bigIsNotFour')).map(({ state }) => state.get('big'))
    expect(bad).toEqual([4, 4])
    // By hand: with two empty jugs the only step is to fill one of them.
    const first = edges.filter(({ from }) => from === 0).map(({ by }) => by.map(({ action }) => action))
    expect(first).toEqual([['fillSmall'], ['fillBig']])
    for (const { from, to } of edges) expect(from).not.toBe(to)
  })

  it('merges states that agree on some variables', () => {
    const whole = graph(dieHard)
    const merged = graph(dieHard, { project: ['big'] })
    expect(merged.nodes.map(({ state }) => state.get('big')).sort()).toEqual([0, 1, 2, 3, 4, 5])
    expect(merged.nodes.reduce((sum, { states }) => sum + states, 0)).toBe(16)
    expect(merged.nodes.find(({ violated }) => violated.size > 0)).toMatchObject({ states: 2 })
    const bigOf = ({ nodes }: typeof whole, index: number): unknown => nodes[index]!.state.get('big')
    const pairs = (it: typeof whole): Set<string> =>
      new Set(it.edges.map(({ from, to }) => `${bigOf(it, from)} ${bigOf(it, to)}`))
    const expected = [...pairs(whole)].filter((pair) => pair.split(' ')[0] !== pair.split(' ')[1])
    expect([...pairs(merged)].sort()).toEqual(expected.sort())
    expect(merged.edges).toHaveLength(expected.length)
  })

  it('marks deadlocks, goals and violating steps', () => {
    const dead = graph(counter, { constants: { fault: 'deadlock', most: 2 } })
    expect(dead.nodes.filter(({ violated }) => violated.has('deadlock')).map(({ state }) => state.get('n'))).toEqual([
      2,
    ])
    expect(dead.nodes.filter(({ reached }) => reached.has('full'))).toHaveLength(1)
    const back = graph(counter, { constants: { fault: 'transition' } })
    const wrong = back.edges.filter(({ violated }) => violated.length > 0)
    expect(wrong.length).toBeGreaterThan(0)
    for (const { from, to } of wrong)
      expect([back.nodes[from]!, back.nodes[to]!].map(({ state }) => state.get('n'))).toEqual([3, 0])
  })

  it('is the same with learned and reference evaluation, and in each run', () => {
    const options = { constants: { resourceManagers: 2 } }
    const drawn = graphDot(graph(twoPhase, options))
    expect(graphDot(graph(twoPhase, options))).toBe(drawn)
    expect(graphDot(graph(twoPhase, { ...options, interpret: true }))).toBe(drawn)
  })

  it('is refused with a hint if it would be too large', () => {
    expect(() => graph(dieHard, { maxStates: 15 })).toThrow(/15 nodes/)
    expect(graph(dieHard, { maxStates: 16 }).nodes).toHaveLength(16)
    expect(() => graph(twoPhase, { constants: { resourceManagers: 7 }, project: ['tm'], maxStates: 20 })).toThrow(
      expect.objectContaining({ code: 'KR403', hint: expect.stringMatching(/-c.*--project.*--max-states/) }),
    )
    expect(() => graph(dieHard, { project: ['bgi'] })).toThrow(/no variable "bgi"/)
  })

  it('reports a failing function as a check does', () => {
    expect(() => graph(counter, { constants: { fault: 'throw' } })).toThrow(
      expect.objectContaining({ code: 'KR503', message: expect.stringMatching(/action "up" threw TypeError/) }),
    )
  })
})

describe('DOT', () => {
  it('has a line for each node and edge, and names violations', () => {
    const { nodes, edges } = graph(dieHard)
    const dot = graphDot(graph(dieHard))
    expect(dot.match(/^ {2}n\d+ \[/gm)).toHaveLength(nodes.length)
    expect(dot.match(/^ {2}n\d+ -> n\d+ \[/gm)).toHaveLength(edges.length)
    expect(dot.match(/✗ bigIsNotFour/g)).toHaveLength(2)
    expect(graphDot(graph(dieHard, { project: ['small'] }))).toMatch(/✗ bigIsNotFour in 1 of \d/)
  })
})
