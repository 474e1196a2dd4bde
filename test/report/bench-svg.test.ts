import { describe, expect, it } from 'vitest'
import { bench, constant, model, oneOf, range, schema, spec, type Bench, type Measure } from '../../src/index.ts'
import { benchSvg } from '../../src/report/svg/bench.ts'
import { element, escape } from '../../src/report/svg/element.ts'
import { markerStyleOf } from '../../src/report/svg/marker.ts'
import { isFree, spread, textBox } from '../../src/report/svg/label-placement.ts'
import { logTicks, shortCount } from '../../src/report/svg/scale.ts'
import { elementsOf } from '../support/xml.ts'

const DESIGNS = ['none', '<fail> & "wait"', ...Array.from({ length: 10 }, (_, index) => `design ${index}`)]
const State = schema({ n: range(0, 1) })
const grown = spec({
  name: 'a<b',
  constants: {
    design: constant(oneOf(...DESIGNS), 'none', 'how'),
    files: constant(range(0, 99), 2, 'how many'),
    note: constant(oneOf('x < y', 'other'), 'x < y', 'no matter'),
  },
  model: () => model(State, { init: State() }),
})

/** Three to the power of `files` states, and more in later designs; cut beyond four files. */
const measure: Measure = async ({ constants = {} }) => {
  const files = constants['files'] as number
  const distinct = (DESIGNS.indexOf(constants['design'] as string) + 1) * 3 ** files
  return {
    verdict: 'holds',
    states: { initial: 1, generated: distinct, distinct, depth: 1 },
    complete: files <= 4,
    ...{ seconds: 1, bytesPerState: 10, workers: 1, peakMemoryBytes: null },
    properties: [],
    warnings: files <= 4 ? [] : [{ code: 'budget', name: 'time', text: '' }],
  }
}

function measured(files: readonly number[], designs: readonly string[] = DESIGNS): Promise<Bench> {
  const sweeps = [
    { constant: 'design', values: designs },
    { constant: 'files', values: files },
  ]
  return bench(grown, { sweeps, measure })
}

describe('benchSvg', () => {
  it('is XML, with a title, a background, every series by name and every figure', async () => {
    const svg = benchSvg(await measured([1, 2, 3, 4]))
    const elements = elementsOf(svg)
    expect(elements[0]).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg', role: 'img' } })
    expect(elements[1]).toMatchObject({ name: 'title', text: 'a<b: how the state space grows with files' })
    expect(elements.find(({ name }) => name === 'rect')?.attributes['fill']).toBe('#ffffff')
    const texts = elements.filter(({ name }) => name === 'text').map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['a<b', 'note="x < y"', 'files', '1', '2', '3', '4', '5']))
    for (const design of DESIGNS) {
      const name = texts.find((text) => text.startsWith('design=') && text.includes(design.slice(0, 6)))
      expect(name, design).toBeDefined()
    }
    const titles = elements.filter(({ name }) => name === 'title').map(({ text }) => text)
    expect(titles).toContain('design=none, 4: 81 distinct states')
    expect(titles).toContain('design=none, 5: about 243 distinct states (predicted)')
  })

  it('needs nothing but itself', async () => {
    const elements = elementsOf(benchSvg(await measured([1, 2, 3, 4])))
    for (const { name, attributes } of elements) {
      expect(['script', 'style', 'image', 'use', 'foreignObject', 'a']).not.toContain(name)
      expect(Object.keys(attributes).filter((key) => /^on|href/.test(key))).toEqual([])
      expect(Object.values(attributes).join(' ')).not.toMatch(/NaN|Infinity|undefined|url\(/)
    }
  })

  it('draws what is predicted hollow and dashed, and what was measured not', async () => {
    const elements = elementsOf(benchSvg(await measured([1, 2, 3, 4, 5], ['none'])))
    const markers = elements.filter(({ name, attributes }) => name === 'path' && attributes['fill'] !== 'none')
    const hollow = markers.filter(({ attributes }) => attributes['fill'] === '#ffffff')
    // Of five sizes the last is cut and so predicted; the other hollow marker is the key's.
    expect([markers.length, hollow.length]).toEqual([6, 2])
    expect(elements.filter(({ attributes }) => attributes['stroke-dasharray'] !== undefined)).toHaveLength(2)
    const exact = elementsOf(benchSvg(await measured([1, 2, 3], ['none'])))
    expect(exact.filter(({ attributes }) => attributes['stroke-dasharray'] !== undefined)).toHaveLength(0)
  })

  it('draws a single size, and none at all', async () => {
    for (const files of [[3], [9]]) {
      const svg = benchSvg(await measured(files, ['none']))
      expect(svg).not.toMatch(/NaN|Infinity/)
      expect(elementsOf(svg).length).toBeGreaterThan(5)
    }
  })
})

describe('the parts of a picture', () => {
  it('escapes attributes and text, and replaces what XML cannot hold', () => {
    const svg = element('text', { id: '"<&>"', x: 1.2345 }, escape('a < b & "c"\u0001\uD800'))
    expect(svg).toBe('<text id="&quot;&lt;&amp;&gt;&quot;" x="1.2">a &lt; b &amp; &quot;c&quot;\uFFFD\uFFFD</text>')
    expect(elementsOf(svg)[0]).toMatchObject({ attributes: { id: '"<&>"' }, text: 'a < b & "c"\uFFFD\uFFFD' })
  })

  it('has ticks around the values: decades, or finer ones where those are few', () => {
    expect(logTicks(12, 296_448)).toEqual([10, 100, 1000, 10_000, 100_000, 1_000_000])
    expect(logTicks(15, 90)).toEqual([10, 20, 50, 100])
    expect(logTicks(5, 5)).toEqual([5, 10])
    expect(logTicks(1, 1)).toEqual([1, 2])
    expect(logTicks(1, 1e15).length).toBeLessThanOrEqual(9)
    for (const [low, high] of [
      [1, 1],
      [3, 7],
      [12, 340],
      [1000, 1000],
      [99, 1e9],
    ] as const) {
      const ticks = logTicks(low, high)
      expect(ticks[0]).toBeLessThanOrEqual(low)
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(high)
    }
  })

  it('says counts to three digits', () => {
    expect([0, 7, 288, 999.6, 1568, 50_816, 1_745_408, 1e21].map(shortCount)).toEqual([
      '0',
      '7',
      '288',
      '1 k',
      '1.57 k',
      '50.8 k',
      '1.75 M',
      '1e+21',
    ])
  })

  it('gives 28 series looks of their own', () => {
    const looks = Array.from({ length: 28 }, (_, series) => JSON.stringify(markerStyleOf(series)))
    expect(new Set(looks).size).toBe(28)
  })

  it('moves labels apart, in order and within bounds', () => {
    const GAP = 16
    for (const wanted of [[50, 10, 52], [95, 99], [3, 3, 3], [40], [60, 58, 57, 100]]) {
      const placed = spread(wanted, GAP, 0, 100)
      const order = wanted.map((_, label) => label).toSorted((a, b) => wanted[a]! - wanted[b]! || a - b)
      const places = order.map((label) => placed[label]!)
      places.forEach((place, index) => {
        expect(place).toBeGreaterThanOrEqual(index === 0 ? 0 : places[index - 1]! + GAP)
        expect(place).toBeLessThanOrEqual(100)
      })
    }
    // Labels that are apart stay.
    expect(spread([50, 10], GAP, 0, 100)).toEqual([50, 10])
    // Where the bounds leave too little room, no label covers another.
    const crowded = spread([0, 0, 0], GAP, 0, 10)
    expect([crowded[1]! - crowded[0]!, crowded[2]! - crowded[1]!].every((gap) => gap >= GAP)).toBe(true)
  })

  it('sees what a label would cover', () => {
    const area = { left: 0, top: 0, right: 100, bottom: 100 }
    const label = textBox('abc', 10, { x: 50, y: 50 }, 'middle')
    expect(isFree(label, [], area)).toBe(true)
    expect(isFree(label, [{ left: 55, top: 45, right: 60, bottom: 48 }], area)).toBe(false)
    expect(isFree(textBox('abc', 10, { x: 2, y: 50 }, 'end'), [], area)).toBe(false)
  })
})
