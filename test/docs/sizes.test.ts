/** The table and the picture of how large the specs are. */
import { describe, expect, it } from 'vitest'
import type { Sized, Variant } from '../../scripts/sized.ts'
import { sizesPage } from '../../scripts/sizes-page.ts'
import { sizesSvg } from '../../scripts/sizes-svg.ts'
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

describe('how large the specs are', () => {
  it('is drawn as XML, within the picture, hollow where it is not known', () => {
    const elements = elementsOf(sizesSvg(SIZES))
    const { width, height } = elements[0]!.attributes
    const texts = elements.filter(({ name }) => name === 'text')
    expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(['a<b', 'odd', '12', '> 5 M', 'benchmark']))
    for (const { attributes } of texts) {
      expect(Number(attributes['x'])).toBeLessThan(Number(width))
      expect(Number(attributes['y'])).toBeLessThan(Number(height))
    }
    for (const { attributes } of elements)
      expect(Object.values(attributes).join(' ')).not.toMatch(/NaN|Infinity|undefined/)
    const titles = elements.filter(({ name }) => name === 'title').map(({ text }) => text)
    expect(titles).toEqual(expect.arrayContaining(['none: 12', 'fail: 1', 'none: more than 5,000,000']))
    const marks = elements.filter(({ name, attributes }) => name === 'path' && attributes['fill'] === '#ffffff')
    expect(marks).toHaveLength(1)
  })

  it('is a table of what was measured', () => {
    const lines = sizesPage(SIZES).split('\n')
    expect(lines).toContain('| a<b  | defaults   | 2        | 1 to 12             | none        |')
    expect(lines).toContain('| a<b  | n=3        | 1        | more than 5,000,000 | none        |')
    expect(lines).toContain('| odd  | defaults   | 0        | –                   | –           |')
    expect(lines).toContain('| none   | 12              | 6              | 24        | 3     | 1.00    |')
  })
})
