/**
 * The sizes of the specs as a chart: a row for each spec, with a line for the defaults and one for the benchmark. A mark on a line is the
 * distinct states of one variant, on a logarithmic scale; it is hollow if the search was cut.
 */
import {
  decadesAround,
  INK,
  logTicks,
  looksOf,
  PAPER,
  shortCount,
  WIDTH,
  type Chart,
} from '../src/report/chart/chart.ts'
import { ascending, extremes, type Sized } from './sized.ts'
import { inWords } from './sizes-page.ts'

const ROW = 44

/** A mark: the distinct states of a variant. */
export interface SizeMark {
  readonly spec: string
  readonly series: 'defaults' | 'benchmark'
  readonly distinct: number
  readonly isComplete: boolean
  /** The mark in words. */
  readonly words: string
}

/** The chart. */
export function sizesChart(measured: readonly Sized[]): Chart {
  const marks = measured.flatMap(marksOf)
  const specs = [...new Set(measured.map(({ spec }) => spec))]
  const series = ['defaults', 'benchmark']
  const domain = decadesAround(marks.map(({ distinct }) => distinct))
  const { color, shape } = looksOf(series, { orient: 'top', direction: 'horizontal', offset: 8 })
  const description = { field: 'words' }
  const title = 'How large the specs are'
  return {
    title,
    description: inWords(measured),
    spec: {
      width: WIDTH,
      height: 140 + specs.length * ROW,
      autosize: { type: 'fit', contains: 'padding' },
      title: { text: title, subtitle: 'distinct states (log scale); a mark for each variant' },
      data: { values: marks },
      encoding: {
        x: {
          field: 'distinct',
          type: 'quantitative',
          title: null,
          scale: { type: 'log', domain, nice: false },
          axis: { ...logTicks(domain), domain: false, ticks: false },
        },
        y: {
          field: 'spec',
          title: null,
          scale: { domain: specs },
          axis: { domain: false, ticks: false, labelColor: INK },
        },
        yOffset: { field: 'series', scale: { domain: series, paddingOuter: 0.4 } },
      },
      layer: [
        {
          mark: { type: 'rule', aria: false },
          encoding: {
            x: { field: 'distinct', aggregate: 'min' },
            x2: { field: 'distinct', aggregate: 'max' },
            color,
          },
        },
        {
          transform: [{ filter: 'datum.isComplete' }],
          mark: { type: 'point', filled: true, stroke: PAPER },
          encoding: { color, shape, description },
        },
        {
          transform: [{ filter: '!datum.isComplete' }],
          mark: { type: 'point', fill: PAPER },
          encoding: { color, shape, description },
        },
        {
          data: { values: measured.flatMap(largestOf) },
          mark: { type: 'text', align: 'left', dx: 10, aria: false },
          encoding: { text: { field: 'label' } },
        },
      ],
    },
  }
}

function seriesOf({ at }: Sized): SizeMark['series'] {
  return at === 'default' ? 'defaults' : 'benchmark'
}

/** Ascending, so that the largest is on top: the label speaks of it. */
function marksOf(sized: Sized): SizeMark[] {
  return ascending(sized).map(({ name, distinct, isComplete }) => {
    const words = `${name}: ${isComplete ? '' : 'more than '}${distinct.toLocaleString('en')}`
    return { spec: sized.spec, series: seriesOf(sized), distinct: Math.max(1, distinct), isComplete, words }
  })
}

/** The label of the largest variant. */
function largestOf(sized: Sized): object[] {
  const most = extremes(sized)?.most
  if (most === undefined) return []
  const label = `${most.isComplete ? '' : '> '}${shortCount(most.distinct)}`
  return [{ spec: sized.spec, series: seriesOf(sized), distinct: Math.max(1, most.distinct), label }]
}
