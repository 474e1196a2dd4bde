import { describe, expect, it } from 'vitest'
import { bench, constant, model, oneOf, range, schema, spec, type Bench, type Measure } from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { decadesAround, logTicks, looksOf, shortCount } from '../../src/report/chart/chart.ts'
import { loadDraw } from '../../src/report/chart/draw.ts'
import { growthChart, pointsOf } from '../../src/report/chart/growth-chart.ts'
import { labelLayers } from '../../src/report/chart/labels.ts'
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
    ...{ seconds: 1, bytesPerState: 10, workers: 1, peakMemoryBytes: undefined },
    properties: [],
    warnings: files <= 4 ? [] : [{ code: 'budget', name: 'time', text: '' }],
  }
}

function measured(files: readonly number[], designs: readonly string[] = DESIGNS): Promise<Bench> {
  const sweeps = [
    { constant: 'design', values: designs },
    { constant: 'files', values: files },
  ]
  return bench(grown as AnySpec, { sweeps, measure })
}

const drawn = async (files: readonly number[], designs?: readonly string[]) => {
  const draw = await loadDraw()
  return draw(growthChart(await measured(files, designs)))
}

describe('growthChart', () => {
  it('has a point for every figure, and says which are predicted', async () => {
    const points = pointsOf(await measured([1, 2, 3, 4], ['none', 'design 0']))
    expect(points.map(({ series, size, distinct }) => [series, size, Math.round(distinct)])).toEqual([
      ...[1, 2, 3, 4, 5].map((files) => ['design=none', files, 3 ** files]),
      ...[1, 2, 3, 4, 5].map((files) => ['design="design 0"', files, 3 * 3 ** files]),
    ])
    const flags = points.slice(0, 5).map(({ isPredicted, isBeforePrediction }) => [isPredicted, isBeforePrediction])
    expect(flags).toEqual([...Array.from({ length: 3 }, () => [false, false]), [false, true], [true, false]])
  })

  it('names the series in the order in which their curves end, from the top', async () => {
    const { spec } = growthChart(await measured([1, 2, 3, 4]))
    const scales = JSON.stringify(spec).match(/"field":"series","scale":\{"domain":(\[.*?\])/)!
    expect(JSON.parse(scales[1]!)).toHaveLength(DESIGNS.length)
    expect(JSON.parse(scales[1]!)[0]).toBe('design="design 9"')
    expect(JSON.parse(scales[1]!).at(-1)).toBe('design=none')
  })

  it('is drawn as XML, with a title, a background, every series by name and every figure', async () => {
    const elements = elementsOf(await drawn([1, 2, 3, 4]))
    expect(elements[0]).toMatchObject({ name: 'svg', attributes: { xmlns: 'http://www.w3.org/2000/svg', role: 'img' } })
    expect(elements[1]).toMatchObject({ name: 'title', text: 'a<b: how the state space grows with files' })
    expect(elements[2]).toMatchObject({ name: 'desc', text: expect.stringContaining('none: times 3.00 for one more') })
    expect(elements[3]).toMatchObject({ name: 'rect', attributes: { fill: '#ffffff' } })
    const texts = elements.filter(({ name }) => name === 'text' || name === 'tspan').map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['a<b', 'note="x < y"', 'files', '1', '2', '3', '4', '5']))
    expect(texts.filter((text) => text.startsWith('design='))).toHaveLength(DESIGNS.length)
    const words = elements.flatMap(({ attributes }) => attributes['aria-label'] ?? [])
    expect(words).toContain('design=none, 4: 81 distinct states')
    expect(words).toContain('design=none, 5: about 243 distinct states (predicted)')
  })

  it('needs nothing but itself', async () => {
    for (const { name, attributes } of elementsOf(await drawn([1, 2, 3, 4]))) {
      expect(['script', 'style', 'image', 'use', 'foreignObject', 'a']).not.toContain(name)
      expect(Object.keys(attributes).filter((key) => /^on|href/.test(key))).toEqual([])
      expect(Object.values(attributes).join(' ')).not.toMatch(/NaN|Infinity|undefined|url\(/)
    }
  })

  it('draws what is predicted hollow and dashed, and what was measured not', async () => {
    const count = (svg: string) => {
      const elements = elementsOf(svg).filter(({ attributes }) => !('aria-hidden' in attributes))
      const marks = elements.filter(({ attributes }) => attributes['aria-roledescription'] === 'point')
      return {
        marks: marks.length,
        hollow: marks.filter(({ attributes }) => attributes['fill'] === '#ffffff').length,
        hasKey: elements.some(({ name, text }) => name === 'text' && text === 'predicted'),
        isDashed: svg.includes('stroke-dasharray="2,6"'),
      }
    }
    // Of five sizes the last is cut and so predicted.
    expect(count(await drawn([1, 2, 3, 4, 5], ['none']))).toEqual({ marks: 5, hollow: 1, hasKey: true, isDashed: true })
    expect(count(await drawn([1, 2, 3], ['none']))).toEqual({ marks: 3, hollow: 0, hasKey: false, isDashed: false })
  })

  it('draws a single size, and none at all', async () => {
    for (const files of [[3], [9]]) {
      const svg = await drawn(files, ['none'])
      expect(svg).not.toMatch(/NaN|Infinity/)
      expect(elementsOf(svg).length).toBeGreaterThan(5)
    }
  })

  it('is drawn the same each time, whatever was drawn before', async () => {
    const first = await drawn([1, 2, 3, 4], ['none', 'design 0'])
    await drawn([1, 2, 3, 4])
    expect(await drawn([1, 2, 3, 4], ['none', 'design 0'])).toBe(first)
  })

  it('replaces what XML cannot hold', async () => {
    const chart = growthChart({ ...(await measured([1, 2], ['none'])), spec: 'a\u0001\uD800' })
    const elements = elementsOf(await (await loadDraw())(chart))
    expect(elements.filter(({ text }) => text === 'a\uFFFD\uFFFD').map(({ name }) => name)).toContain('text')
  })
})

describe('the parts of a chart', () => {
  it('has axes that begin and end with powers of ten', () => {
    expect([[12, 296_448], [10, 100], [5], [1], []].map(decadesAround)).toEqual([
      [10, 1_000_000],
      [10, 100],
      [1, 10],
      [1, 10],
      [1, 10],
    ])
  })

  it('has ticks at decades, or finer ones where those are few', () => {
    expect(logTicks([10, 100_000]).values).toEqual([10, 100, 1000, 10_000, 100_000])
    expect(logTicks([10, 100]).values).toEqual([10, 20, 50, 100])
    expect(logTicks([1, 1e31]).values.length).toBeLessThanOrEqual(9)
  })

  it('says counts to three digits', () => {
    expect([0, 7, 288, 999.6, 1568, 50_816, 1_745_408, 1e21].map(shortCount)).toEqual([
      ...['0', '7', '288', '1k', '1.57k', '50.8k', '1.75M', '1e+21'],
    ])
  })

  it('gives 28 series looks of their own', () => {
    const names = Array.from({ length: 28 }, (_, series) => String(series))
    const { color, shape } = looksOf(names)
    const looks = names.map((_, series) => `${color.scale.range[series]} ${shape.scale.range[series]}`)
    expect(new Set(looks).size).toBe(28)
  })

  it('keeps labels from the lines between points', () => {
    const curve = [
      { x: 1, y: 10, label: 'low', rank: -1 },
      { x: 3, y: 1000, label: 'high', rank: -3 },
    ]
    const [halo, ink] = labelLayers([curve], { x: 'size', y: 'distinct', isLogX: false })
    expect(halo!.data).toEqual(ink!.data)
    const { values } = ink!.data as unknown as { values: { size: number; distinct: number; label: string }[] }
    expect(values.filter(({ label }) => label !== '').map(({ size }) => size)).toEqual([1, 3])
    const middle = values.find(({ size, label }) => label === '' && size === 2)
    expect(middle?.distinct).toBeCloseTo(100)
  })
})
