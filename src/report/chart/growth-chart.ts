/**
 * A benchmark as a chart: distinct states, on a logarithmic scale, over the size; a curve for each series. Predictions are hollow and
 * dashed.
 */
import type { Bench, Series } from '../../api/bench/bench.ts'
import { isWithheld } from '../../api/bench/growth.ts'
import { figuresOf } from '../bench-row.ts'
import { fixedConstants } from '../text/bench.ts'
import { describe } from '../text/compare.ts'
import { flow } from '../text/style.ts'
import { labelLayers, type Labeled } from './labels.ts'
import {
  decadesAround,
  FAINT_INK,
  HEIGHT,
  logTicks,
  looksOf,
  PAPER,
  shortCount,
  WIDTH,
  type Chart,
  type Layer,
} from './chart.ts'

/** Lines of fixed constants below the title, and characters in one. */
const SUBTITLE_LINES = 2
const SUBTITLE_CHARACTERS = 110

const DASHES: number[][] = [
  [1, 0],
  [2, 6],
]

/** A point of a curve. */
export interface GrowthPoint {
  /** `design=none`; empty if there is one series. */
  readonly series: string
  readonly size: number
  readonly distinct: number
  readonly isPredicted: boolean
  /** Whether a dashed line starts here: the last measured point before predictions. */
  readonly isBeforePrediction: boolean
  /** The point in words. */
  readonly words: string
}

/** The chart; `axis` of the benchmark must be defined. */
export function growthChart(bench: Bench): Chart {
  const points = pointsOf(bench)
  const names = namesFromTheTop(points)
  const axis = bench.axis ?? ''
  const sizes = [...new Set(points.map(({ size }) => size))].toSorted((a, b) => a - b)
  const [first, last] = [sizes[0] ?? 0, sizes.at(-1) ?? 1]
  // Room on both sides, and a middle for a single size.
  const room = last > first ? (last - first) * 0.04 : 1
  const domain = decadesAround(points.map(({ distinct }) => distinct))
  return {
    title: `${bench.spec}: how the state space grows with ${axis}`,
    description: descriptionOf(bench),
    spec: {
      width: WIDTH,
      height: Math.max(HEIGHT, 170 + names.length * 23),
      autosize: { type: 'fit', contains: 'padding' },
      title: { text: bench.spec, subtitle: subtitleOf(bench) },
      data: { values: points },
      encoding: {
        x: {
          field: 'size',
          type: 'quantitative',
          title: axis,
          scale: { domain: [first - room, last + room], nice: false, zero: false },
          axis: { values: sizes, format: 'd', labelOverlap: 'greedy', labelSeparation: 6 },
        },
        y: {
          field: 'distinct',
          type: 'quantitative',
          title: null,
          scale: { type: 'log', domain, nice: false },
          axis: { ...logTicks(domain), domain: false, ticks: false },
        },
      },
      layer: [
        ...layersOf(points, names),
        ...labelLayers(labelsOf(points, names), { x: 'size', y: 'distinct', isLogX: false }),
      ],
    },
  }
}

/** Solid lines and filled marks for what was measured, dashed lines and hollow marks for what is predicted. */
function layersOf(points: readonly GrowthPoint[], names: readonly string[]): Layer[] {
  const { color, shape } = looksOf(names)
  const description = { field: 'words' }
  const isPredicted = points.some((point) => point.isPredicted)
  const legend = isPredicted ? ({ orient: 'bottom', symbolStrokeColor: FAINT_INK, symbolSize: 300 } as const) : null
  const dashes = (kind: string) => ({
    datum: kind,
    scale: { domain: ['measured', 'predicted'], range: DASHES },
    legend,
  })
  return [
    {
      transform: [{ filter: '!datum.isPredicted' }],
      mark: { type: 'line', aria: false },
      encoding: { color, strokeDash: dashes('measured') },
    },
    {
      transform: [{ filter: 'datum.isPredicted || datum.isBeforePrediction' }],
      mark: { type: 'line', aria: false },
      encoding: { color, strokeDash: dashes('predicted') },
    },
    {
      transform: [{ filter: '!datum.isPredicted' }],
      mark: { type: 'point', filled: true, stroke: PAPER },
      encoding: { color, shape, description },
    },
    {
      transform: [{ filter: 'datum.isPredicted' }],
      mark: { type: 'point', fill: PAPER },
      encoding: { color, shape, description },
    },
  ]
}

/** Every point of every series, with the prediction for the size after the last. */
export function pointsOf({ axis, series }: Bench): GrowthPoint[] {
  if (axis === undefined) return []
  return series.flatMap((it) => {
    const name = describe(it.of)
    const points = [...rowsOf(axis, it), ...nextOf(it)]
    return points.map((point, index) => ({
      series: name,
      ...point,
      isBeforePrediction: !point.isPredicted && points[index + 1]?.isPredicted === true,
      words: inWords(name, point),
    }))
  })
}

/** A label for each point. The figures of large sizes matter most. */
function labelsOf(points: readonly GrowthPoint[], names: readonly string[]): Labeled[][] {
  return names.map((name) =>
    points.flatMap(({ series, size, distinct, isPredicted }) => {
      const label = `${isPredicted ? '~ ' : ''}${shortCount(distinct)}`
      return series === name ? [{ x: size, y: distinct, label, rank: -size }] : []
    }),
  )
}

type Point = Pick<GrowthPoint, 'size' | 'distinct' | 'isPredicted'>

function rowsOf(axis: string, { rows }: Series): Point[] {
  return rows.flatMap((row) => {
    const { distinct, isPredicted } = figuresOf(row)
    return distinct === undefined || distinct < 1 ? [] : [{ size: row.varied[axis] as number, distinct, isPredicted }]
  })
}

function nextOf({ next }: Series): Point[] {
  if (next === undefined || isWithheld(next.forecast)) return []
  return [{ size: next.size, distinct: next.forecast.distinct, isPredicted: true }]
}

function inWords(series: string, { size, distinct, isPredicted }: Point): string {
  const states = `${distinct.toLocaleString('en')} distinct states`
  return `${series === '' ? '' : `${series}, `}${size}: ${isPredicted ? `about ${states} (predicted)` : states}`
}

/** The names of the series, those whose curve ends highest first: the legend lists them as they lie on the page. */
function namesFromTheTop(points: readonly GrowthPoint[]): string[] {
  const ends = new Map(points.map(({ series, distinct }) => [series, distinct]))
  return [...ends].toSorted(([, a], [, b]) => b - a).map(([name]) => name)
}

/** The chart in words, for readers who do not see it. */
function descriptionOf({ axis, series }: Bench): string {
  const grown = series.flatMap(({ of, law }) => {
    if (law === undefined || isWithheld(law)) return []
    const name = Object.values(of).map(String).join(' ')
    const rate = law.rate.toFixed(2)
    const how = law.kind === 'exponential' ? `times ${rate} for one more` : `to the power of ${rate}`
    return [`${name === '' ? '' : `${name}: `}${how}`]
  })
  return [`distinct states, on a logarithmic scale, over ${axis}`, ...grown].join('; ')
}

function subtitleOf(bench: Bench): string[] {
  const lines = flow(fixedConstants(bench), SUBTITLE_CHARACTERS)
  const constants = lines.length <= SUBTITLE_LINES ? lines : [lines[0]!, `${lines[1]} …`]
  return [...constants, ['distinct states (log scale)', ...rateOf(bench)].join(' · ')]
}

/** How fast a single series grows. */
function rateOf({ axis, series }: Bench): string[] {
  const law = series.length === 1 ? series[0]!.law : undefined
  if (law === undefined || isWithheld(law)) return []
  const rate = law.rate.toFixed(1)
  return [law.kind === 'exponential' ? `one more of ${axis}: × ${rate}` : `grows as ${axis} to the power of ${rate}`]
}
