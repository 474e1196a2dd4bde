/** The picture of both engines, and of others beside them. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CASES, nameOf } from '../../bench/symbolic/cases.ts'
import type { Results } from '../../bench/symbolic/results.ts'
import { enginesOf, type Race } from '../../scripts/engines.ts'
import { about, enginesChart, inSeconds } from '../../scripts/engines-chart.ts'
import { loadDraw } from '../../src/report/chart/draw.ts'
import { elementsOf } from '../support/xml.ts'

const figures = (distinct: bigint, seconds: number) => ({
  ...{ seconds: [9 * seconds, seconds, seconds / 9], peakMemoryBytes: null, specCalls: null },
  ...{ distinct: String(distinct), depth: null },
})
const measured = (managers: number, explicit: number | undefined, symbolic: number) => {
  const distinct = 2n ** BigInt(managers) + 4n ** BigInt(managers) + 6n ** BigInt(managers)
  return {
    ...{ name: `two <${managers}>`, family: 'two-phase-commit', symmetry: false },
    constants: { resourceManagers: managers },
    by: {
      explicit: explicit === undefined ? 'over 30 s' : figures(distinct, explicit),
      symbolic: figures(distinct, symbolic),
    },
  }
}
const RESULTS: Results = {
  ...{ machine: 'a', node: 'v20', commit: 'abc', date: '2026-01-01', runs: 3, timeoutSeconds: 30, load: [0, 0] },
  cases: [measured(7, 0.4, 0.3), measured(9, 4, 0.5), measured(40, undefined, 1.5), measured(100, undefined, 8)],
}
const RACE: Race = {
  heats: [
    {
      ...{ model: 'two-phase-9', workers: 1, distinct: 10_340_352 },
      results: [
        { contestant: 'spin', seconds: [14] },
        { contestant: 'rumur', seconds: [75] },
      ],
    },
    { model: 'truncate-dma', workers: 1, distinct: 381_129, results: [{ contestant: 'spin', seconds: [1] }] },
  ],
}

describe('the picture of engines', () => {
  it('is XML, with a mark for each size of each checker', async () => {
    const draw = await loadDraw()
    const elements = elementsOf(await draw(enginesChart(enginesOf(RESULTS, RACE))))
    for (const { attributes } of elements)
      expect(Object.values(attributes).join(' ')).not.toMatch(/NaN|Infinity|undefined/)
    const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['Kripke, explicit', 'Kripke, symbolic', 'SPIN', 'Rumur', '40']))
    expect(texts).toContain('→ 100: 6.5 · 10⁷⁷ states in 8.0 s')
    const marks = elements.filter(({ attributes }) => attributes['aria-roledescription'] === 'point')
    const words = marks.map(({ attributes }) => attributes['aria-label'])
    expect(words).toEqual(
      expect.arrayContaining([
        'Kripke, explicit, 9: 10,340,352 states in 4.0 s',
        'Kripke, symbolic, 7: 296,448 states in 0.30 s',
        'SPIN, 9: 10,340,352 states in 14 s',
        'Rumur, 9: 10,340,352 states in 75 s',
      ]),
    )
    // Two explicit, three symbolic, two peers.
    expect(words).toHaveLength(7)
  })

  it('is that of the repository', () => {
    expect(existsSync('docs/symbolic.svg')).toBe(true)
    expect(elementsOf(readFileSync('docs/symbolic.svg', 'utf8')).length).toBeGreaterThan(20)
  })

  it('says numbers as people do', () => {
    expect([288, 10_340_352, 1.337e31].map(about)).toEqual(['288', '10,340,352', '1.3 · 10³¹'])
    expect([0.618, 4.04, 9.96, 75.4].map(inSeconds)).toEqual(['0.62 s', '4.0 s', '10 s', '75 s'])
  })
})

describe('npm run symbolic', () => {
  it('measures specs that are there, each case once', () => {
    for (const { spec } of CASES) expect(existsSync(spec)).toBe(true)
    const names = CASES.map(nameOf)
    expect(new Set(names).size).toBe(names.length)
    expect(CASES.find(({ constants }) => constants['resourceManagers'] === 9)?.distinct).toBe(10_340_352n)
  })
})
