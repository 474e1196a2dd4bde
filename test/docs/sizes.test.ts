/** The table and the picture of how large the specs are. */
import { describe, expect, it } from 'vitest'
import { variantOf, type Sized, type Variant } from '../../scripts/sized.ts'
import { sizesPage } from '../../scripts/sizes-page.ts'
import { scoresSection } from '../../scripts/scores-table.ts'
import { sizesChart } from '../../scripts/sizes-chart.ts'
import { loadDraw } from '../../src/report/chart/draw.ts'
import { elementsOf } from '../support/xml.ts'

const variant = (name: string, distinct: number, isComplete = true): Variant => ({
  ...{ name, distinct, isComplete, generated: 2 * distinct, depth: 3, seconds: isComplete ? 1 : null },
  reduced: isComplete ? Math.ceil(distinct / 2) : null,
})

const SIZES: readonly Sized[] = [
  { spec: 'a<b', at: 'default', constants: {}, vary: 'design', variants: [variant('none', 12), variant('fail', 1)] },
  { spec: 'a<b', at: 'benchmark', constants: { n: 3 }, vary: 'design', variants: [variant('none', 5_000_000, false)] },
  { spec: 'odd', at: 'default', constants: {}, vary: 'design', variants: [] },
]

const SCORES = scoresSection([{ spec: 'a<b', survivors: 'slow.' }], [])

describe('how large the specs are', () => {
  it('is drawn as XML, hollow where it is not known', async () => {
    const draw = await loadDraw()
    const elements = elementsOf(await draw(sizesChart(SIZES)))
    const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['a<b', 'odd', '12', '> 5M', 'benchmark']))
    for (const { attributes } of elements)
      expect(Object.values(attributes).join(' ')).not.toMatch(/NaN|Infinity|undefined/)
    const marks = elements.filter(({ attributes }) => attributes['aria-roledescription'] === 'point')
    const words = marks.map(({ attributes }) => [attributes['aria-label'], attributes['fill'] === '#ffffff'])
    expect(words).toEqual([
      ['fail: 1', false],
      ['none: 12', false],
      ['none: more than 5,000,000', true],
    ])
  })

  it('is a table of what was measured', () => {
    const lines = sizesPage(SIZES, SCORES).split('\n')
    expect(lines).toContain('| a<b  | defaults   | 2        | 1 to 12             | none        |')
    expect(lines).toContain('| a<b  | n=3        | 1        | more than 5,000,000 | none        |')
    expect(lines).toContain('| odd  | defaults   | 0        | –                   | –           |')
    expect(lines).toContain('- **a<b**: slow.')
    expect(lines).toContain('| none   | 12              | 6              | 24        | 3     | 1.00    |')
  })
})

describe('a measured variant', () => {
  const states = { distinct: 428, generated: 1960, depth: 16 }

  it('counts the states within constraints', () => {
    const row = { states, seconds: 1 }
    expect(variantOf('ewd998', row, row)).toEqual({
      ...states,
      ...{ name: 'ewd998', isComplete: true, seconds: 1, reduced: 428 },
    })
  })

  it('counts what a search had found when it was cut', () => {
    const row = { states: { ...states, distinct: 0 }, seconds: 1, cut: 'time', explored: states }
    expect(variantOf('ewd998', row, row)).toEqual({
      ...states,
      ...{ name: 'ewd998', isComplete: false, seconds: null, reduced: null },
    })
  })
})
