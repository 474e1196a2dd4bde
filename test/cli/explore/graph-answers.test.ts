/** The graphs of the explorer, compared with `graph` from TypeScript. */
import { afterAll, describe, expect, it } from 'vitest'
import { graph } from '../../../src/api/graph.ts'
import twoPhase from '../../../specs/classic/two-phase-commit.ts'
import { ask, closeAll, open } from './ask.ts'

afterAll(closeAll)

const TWO = { resourceManagers: '2' }

describe('the graph of the explorer', () => {
  it('is the whole graph, with the state and the path of the page', async () => {
    const session = await open('specs/classic/two-phase-commit.ts')
    const path = ['init', 'rmPrepare(rm1)', 'tmReceivePrepared(rm1)']
    const { nodes, edges, states } = await ask(session, 'graph', { constants: TWO, path, at: 1, scope: 'whole' })
    const expected = graph(twoPhase, { constants: { resourceManagers: 2 } })
    expect([nodes.length, states]).toEqual([expected.nodes.length, expected.states])
    expect(edges.map(({ from, to }) => [from, to])).toEqual(expected.edges.map(({ from, to }) => [from, to]))
    expect(nodes.flatMap(({ isCurrent, entry }) => (isCurrent ? [entry] : []))).toEqual([1])
    expect(edges.filter(({ isOnPath }) => isOnPath).map(({ names }) => names)).toEqual([['rmPrepare(rm1)']])
    // Two nodes never look the same if all their rows are shown.
    const whole = nodes.filter(({ more }) => more === 0).map(({ rows }) => JSON.stringify(rows))
    expect(new Set(whole).size).toBe(whole.length)
  })

  it('leads to each node of a whole and of a merged graph', async () => {
    const session = await open('specs/classic/two-phase-commit.ts')
    for (const project of [[], ['tm']]) {
      const body = { constants: TWO, scope: 'whole', project }
      const { nodes } = await ask(session, 'graph', body)
      for (const [node] of nodes.entries()) {
        const { path } = await ask(session, 'way', { constants: TWO, project, node })
        const there = await ask(session, 'graph', { ...body, path })
        expect(there.nodes.findIndex(({ isCurrent }) => isCurrent)).toBe(node)
      }
    }
  })

  it('merges states, and counts those that decide a property', async () => {
    const session = await open('specs/classic/die-hard.ts')
    const { nodes, isProjected, states } = await ask(session, 'graph', { scope: 'whole', project: ['small'] })
    expect([isProjected, states]).toEqual([true, 16])
    expect(nodes.map(({ rows }) => rows[0]!.text).sort()).toEqual(['0', '1', '2', '3'])
    const bad = nodes.flatMap(({ violates }) => violates)
    expect(bad.map(({ states: count }) => count).reduce((a, b) => a + b)).toBe(2)
  })

  it('shows how the states around differ if their values are too many for a node', async () => {
    const session = await open('specs/truncate-dma.ts')
    const { nodes, comparedWith } = await ask(session, 'graph', { steps: 2 })
    expect(comparedWith).toBe('current')
    expect(nodes.find(({ isCurrent }) => isCurrent)!.rows).toEqual([])
    expect(nodes.map(({ rows }) => rows)).toContainEqual([{ path: 'owner[block1]', text: 'file1' }])
    const { comparedWith: none, nodes: few } = await ask(await open('specs/classic/die-hard.ts'), 'graph', { steps: 1 })
    expect(none).toBeNull()
    expect(few[0]!.rows).toEqual([
      { path: 'small', text: '0' },
      { path: 'big', text: '0' },
    ])
  })

  it('says in which states an expression is true', async () => {
    const session = await open('specs/classic/die-hard.ts')
    const body = { scope: 'whole', expression: 'small + big === 4' }
    const { nodes } = await ask(session, 'graph', body)
    const sums = nodes.map(({ rows }) => Number(rows[0]!.text) + Number(rows[1]!.text))
    expect(nodes.map(({ isTrue }) => isTrue)).toEqual(sums.map((sum) => sum === 4))
    const around = await ask(session, 'graph', { expression: 'big > 0', steps: 1 })
    expect(around.nodes.map(({ isTrue }) => isTrue)).toEqual([false, false, true])
    const none = await ask(session, 'graph', { steps: 1 })
    expect(none.nodes.map(({ isTrue }) => isTrue)).toEqual([null, null, null])
    const loops = ask(session, 'graph', { expression: '(() => { for (;;); })()' })
    await expect(loops).rejects.toMatchObject({ code: 'KR101', message: expect.stringContaining('within 1 s') })
    const fails = ask(session, 'graph', { expression: 'smal === 4' })
    await expect(fails).rejects.toMatchObject({
      code: 'KR101',
      message: expect.stringContaining('smal is not defined'),
    })
  })

  it('refuses a whole graph that is too large, unknown variables and nodes', async () => {
    const session = await open('specs/classic/two-phase-commit.ts')
    const many = { constants: { resourceManagers: '9' }, scope: 'whole' }
    await expect(ask(session, 'graph', many)).rejects.toMatchObject({ code: 'KR403' })
    await expect(ask(session, 'graph', { scope: 'whole', project: ['mt'] })).rejects.toMatchObject({ code: 'KR102' })
    await expect(ask(session, 'graph', { project: ['tm'] })).rejects.toMatchObject({ code: 'KR101' })
    await expect(ask(session, 'graph', { scope: 'all' })).rejects.toMatchObject({ code: 'KR101' })
    await expect(ask(session, 'way', { node: 10_000 })).rejects.toMatchObject({ code: 'KR101' })
  })
})
