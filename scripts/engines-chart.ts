/**
 * How long checkers take for how many states, as a picture: a curve for each checker, both axes logarithmic. What is beyond the right
 * edge, where symbolic curves go on for ever, is told in words at their ends.
 */
import {
  decadesAround,
  FAINT_INK,
  INK,
  logTicks,
  looksOf,
  PAPER,
  WIDTH,
  type Chart,
  type Layer,
} from '../src/report/chart/chart.ts'
import { labelLayers } from '../src/report/chart/labels.ts'

const HEIGHT = 440

/** One size of a model, by one checker. */
export interface Timed {
  /** The size, such as how many processes there are. */
  readonly size: number
  readonly states: number
  readonly seconds: number
}

/** A checker. */
export interface Timing {
  readonly name: string
  /** Ascending, at least one. */
  readonly points: readonly Timed[]
  /** Whether points are labeled with their sizes. */
  readonly isLabeled: boolean
  /** What is said of the greatest size, which is too far to the right to be drawn. */
  readonly beyond?: string
}

/** What is drawn. */
export interface Engines {
  readonly title: string
  readonly subtitle: string
  readonly timings: readonly Timing[]
  /** A number of states that means something, and what. */
  readonly landmark: { readonly states: number; readonly meaning: string }
}

/** The chart. */
export function enginesChart({ title, subtitle, timings, landmark }: Engines): Chart {
  const points = pointsOf(timings)
  const xDomain = decadesAround([...points.map(({ states }) => states), landmark.states])
  const yDomain = decadesAround(points.map(({ seconds }) => seconds))
  return {
    title,
    description: timings.map(inWords).join('; '),
    spec: {
      width: WIDTH,
      height: HEIGHT,
      autosize: { type: 'fit', contains: 'padding' },
      title: { text: title, subtitle },
      data: { values: points },
      encoding: {
        x: {
          field: 'states',
          type: 'quantitative',
          title: 'distinct states (log scale)',
          scale: { type: 'log', domain: xDomain, nice: false },
          axis: powersOfTen(logTicks(xDomain).values),
        },
        y: {
          field: 'seconds',
          type: 'quantitative',
          title: null,
          scale: { type: 'log', domain: yDomain, nice: false },
          axis: { values: logTicks(yDomain).values, labelExpr: "datum.value + ' s'", domain: false, ticks: false },
        },
      },
      layer: [...landmarkLayers(landmark), ...curveLayers(timings), ...sizeLabels(timings), ...beyondLayers(timings)],
    },
  }
}

/** A point of a curve, as the chart has it. */
export interface EnginePoint extends Timed {
  readonly series: string
  /** The point in words. */
  readonly words: string
}

/** Every point of every checker. */
export function pointsOf(timings: readonly Timing[]): EnginePoint[] {
  return timings.flatMap(({ name, points }) =>
    points.map((point) => {
      const { size, states, seconds } = point
      const words = `${name}, ${size}: ${states.toLocaleString('en')} states in ${inSeconds(seconds)}`
      return { series: name, ...point, words }
    }),
  )
}

function powersOfTen(values: number[]): { values: number[]; labelExpr: string } {
  const labels = Object.fromEntries(values.map((value) => [value, powerOfTen(value)]))
  return { values, labelExpr: `${JSON.stringify(labels)}[datum.value]` }
}

function curveLayers(timings: readonly Timing[]): Layer[] {
  const { color, shape } = looksOf(
    timings.map(({ name }) => name),
    { orient: 'top', direction: 'horizontal', offset: 8 },
  )
  const description = { field: 'words' }
  return [
    { mark: { type: 'line', aria: false }, encoding: { color } },
    { mark: { type: 'point', filled: true, stroke: PAPER }, encoding: { color, shape, description } },
  ]
}

function landmarkLayers({ states, meaning }: Engines['landmark']): Layer[] {
  const data = { values: [{ states, meaning }] }
  const height = { value: 'height' } as const
  const text = { type: 'text', align: 'left', dx: 8, dy: -10, color: FAINT_INK, aria: false } as const
  return [
    {
      data,
      mark: { type: 'rule', color: FAINT_INK, strokeDash: [4, 4], aria: false },
      encoding: { y: { value: 0 }, y2: height },
    },
    { data, mark: text, encoding: { y: height, text: { field: 'meaning' } } },
  ]
}

/** Sizes beside the points of checkers that want them, where there is room. */
function sizeLabels(timings: readonly Timing[]): Layer[] {
  const curves = timings.map(({ points, isLabeled }) =>
    points.map(({ size, states, seconds }) => {
      return { x: states, y: seconds, label: isLabeled ? String(size) : '', rank: isLabeled ? size : Infinity }
    }),
  )
  return labelLayers(curves, { x: 'states', y: 'seconds', isLogX: true })
}

/** What is beyond the right edge, in words above the end of the curve. */
function beyondLayers(timings: readonly Timing[]): Layer[] {
  const values = timings.flatMap(({ beyond, points }) => (beyond === undefined ? [] : [{ ...points.at(-1)!, beyond }]))
  const mark = { type: 'text', align: 'right', dx: 24, dy: -28, color: INK } as const
  return [{ data: { values }, mark, encoding: { text: { field: 'beyond' } } }]
}

function inWords({ name, points }: Timing): string {
  return `${name}: ${points.map((point) => `${about(point.states)} states in ${inSeconds(point.seconds)}`).join(', ')}`
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** `10³¹`, of a power of ten. */
export function powerOfTen(value: number): string {
  const digits = String(Math.round(Math.log10(value)))
  return `10${digits.replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!).replace('-', '⁻')}`
}

/** `1.3 · 10³¹`; small numbers in full. */
export function about(value: number): string {
  if (value < 1e9) return value.toLocaleString('en')
  const power = Math.floor(Math.log10(value))
  return `${(value / 10 ** power).toFixed(1)} · ${powerOfTen(10 ** power)}`
}

/** `0.62 s`, `14 s`. */
export function inSeconds(seconds: number): string {
  return `${seconds < 9.95 ? seconds.toPrecision(2) : Math.round(seconds)} s`
}
