/**
 * Draws how long checkers take for how many states: a curve for each checker, with two logarithmic axes. Symbolic
 * curves continue beyond the right edge, so their ends have a label in words.
 */
import { element, escape, type Svg } from '../src/report/svg/element.ts'
import { markerStyleOf, marker } from '../src/report/svg/marker.ts'
import {
  boxAround,
  boxesAlong,
  isFree,
  spread,
  textBox,
  type Box,
  type Spot,
} from '../src/report/svg/label-placement.ts'
import { logTicks, scale, type Scale } from '../src/report/svg/scale.ts'

const WIDTH = 800
const HEIGHT = 440
const FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
const INK = '#1f2933'
const FAINT_INK = '#52606d'
const GRID = '#e4e7eb'
const AREA: Box = { left: 64, top: 84, right: WIDTH - 40, bottom: HEIGHT - 62 }
const SMALL = 12

/** Separates a name from lines that run through it. */
const HALO = { stroke: '#ffffff', 'stroke-width': 4, 'paint-order': 'stroke' }

/** One size of a model, measured with one checker. */
export interface Timed {
  /** The size, such as the number of processes. */
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
  /** The label for the greatest size, which is too far to the right to draw. */
  readonly beyond?: string
}

/** The contents of the picture. */
export interface Engines {
  readonly title: string
  readonly subtitle: string
  readonly timings: readonly Timing[]
  /** A number of states with a meaning. */
  readonly landmark: { readonly states: number; readonly meaning: string }
}

interface Plot {
  readonly x: Scale
  readonly y: Scale
}

/** The picture, as the text of an SVG file. */
export function enginesSvg({ title, subtitle, timings, landmark }: Engines): string {
  const points = timings.flatMap((timing) => timing.points)
  const states = [...points.map((point) => point.states), landmark.states]
  const seconds = points.map((point) => point.seconds)
  const [xTicks, yTicks] = [logTicks(...ends(states)), logTicks(...ends(seconds))]
  const plot: Plot = {
    x: scale(ends(xTicks), [AREA.left, AREA.right], Math.log10),
    y: scale(ends(yTicks), [AREA.bottom, AREA.top], Math.log10),
  }
  const drawn = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: 'img',
      'aria-labelledby': 'title description',
      'font-family': FONT,
      'font-size': SMALL,
      fill: INK,
    },
    element('title', { id: 'title' }, escape(title)),
    element('desc', { id: 'description' }, escape(timings.map(inWords).join('; '))),
    element('rect', {
      x: 0.5,
      y: 0.5,
      width: WIDTH - 1,
      height: HEIGHT - 1,
      rx: 8,
      fill: '#ffffff',
      stroke: '#cbd2d9',
    }),
    text(title, { x: 24, y: 34 }, { 'font-size': 18, 'font-weight': 600 }),
    text(subtitle, { x: 24, y: 56 }, { fill: FAINT_INK }),
    ...axes(plot, xTicks, yTicks),
    ...guide(plot, landmark),
    ...timings.map((timing, index) => curve(plot, timing, index)),
    ...labels(plot, timings),
  )
  return `${drawn.replaceAll(/(?<=>)(?=<(?:g|rect|title|desc|path|line|text)\b)/g, '\n')}\n`
}

function ends(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)]
}

function inWords({ name, points }: Timing): string {
  return `${name}: ${points.map((point) => `${about(point.states)} states in ${inSeconds(point.seconds)}`).join(', ')}`
}

function axes({ x, y }: Plot, xTicks: readonly number[], yTicks: readonly number[]): Svg[] {
  return [
    ...yTicks.flatMap((tick) => [
      rule({ x: AREA.left, y: y(tick) }, { x: AREA.right, y: y(tick) }, GRID),
      text(`${tick} s`, { x: AREA.left - 10, y: y(tick) + 4 }, { fill: FAINT_INK, 'text-anchor': 'end' }),
    ]),
    ...xTicks.flatMap((tick) => [
      rule({ x: x(tick), y: AREA.top }, { x: x(tick), y: AREA.bottom }, GRID),
      text(powerOfTen(tick), { x: x(tick), y: AREA.bottom + 21 }, { fill: FAINT_INK, 'text-anchor': 'middle' }),
    ]),
    rule({ x: AREA.left, y: AREA.bottom }, { x: AREA.right, y: AREA.bottom }, FAINT_INK),
    text(
      'distinct states (log scale)',
      { x: (AREA.left + AREA.right) / 2, y: HEIGHT - 18 },
      { 'text-anchor': 'middle', 'font-size': 13 },
    ),
  ]
}

function guide({ x }: Plot, { states, meaning }: Engines['landmark']): Svg[] {
  const at = x(states)
  return [
    element('line', {
      ...{ x1: at, y1: AREA.top, x2: at, y2: AREA.bottom, stroke: FAINT_INK, 'stroke-width': 1 },
      'stroke-dasharray': '4 4',
    }),
    text(meaning, { x: at + 8, y: AREA.bottom - 10 }, { fill: FAINT_INK }),
  ]
}

function curve(plot: Plot, { name, points }: Timing, index: number): Svg {
  const look = markerStyleOf(index)
  const spots = points.map((point) => spotOf(plot, point))
  const lines = spots.slice(1).map((to, before) => {
    const from = spots[before]!
    const ends = { x1: from.x, y1: from.y, x2: to.x, y2: to.y }
    return element('line', { ...ends, stroke: look.color, 'stroke-width': 2, 'stroke-linecap': 'round' })
  })
  const marks = points.map(({ size, states, seconds }, at) => {
    const about = `${name}, ${size}: ${states.toLocaleString('en')} states in ${inSeconds(seconds)}`
    return marker(spots[at]!, look, false, escape(about))
  })
  return element('g', {}, ...lines, ...marks)
}

/** Names at the ends of curves, moved apart if they overlap, and sizes beside points where they fit. */
function labels(plot: Plot, timings: readonly Timing[]): Svg[] {
  const spots = timings.map(({ points }) => points.map((point) => spotOf(plot, point)))
  const taken = spots.flatMap((curve) => [
    ...curve.map((spot) => boxAround(spot, 5)),
    ...curve.slice(1).flatMap((spot, before) => boxesAlong(curve[before]!, spot)),
  ])
  const drawn: Svg[] = []
  const put = (label: string, at: Spot, anchor: 'start' | 'middle' | 'end', attributes = {}): void => {
    taken.push(textBox(label, SMALL, at, anchor))
    drawn.push(text(label, at, { 'text-anchor': anchor, ...attributes }))
  }
  const lasts = spots.map((curve) => curve.at(-1)!)
  const heights = spread(
    lasts.map(({ y }) => y),
    SMALL + 4,
    AREA.top,
    AREA.bottom,
  )
  for (const [index, { name, beyond }] of timings.entries()) {
    const { x, y } = lasts[index]!
    const bold = { fill: markerStyleOf(index).color, 'font-weight': 600, ...HALO }
    if (x > (AREA.left + AREA.right) / 2) {
      put(name, { x: AREA.right, y: y - (beyond === undefined ? 14 : 32) }, 'end', bold)
      if (beyond !== undefined) put(beyond, { x: AREA.right, y: y - 15 }, 'end', { fill: FAINT_INK })
    } else put(name, { x: x + 12, y: heights[index]! + 4 }, 'start', bold)
  }
  for (const [index, { points, isLabeled }] of timings.entries()) {
    if (!isLabeled) continue
    for (const [at, { size }] of points.entries()) {
      const { x, y } = spots[index]![at]!
      const places = [
        { x, y: y + 20 },
        { x, y: y - 11 },
      ]
      const place = places.find((spot) => isFree(textBox(String(size), SMALL, spot, 'middle'), taken, AREA))
      if (place !== undefined) put(String(size), place, 'middle')
    }
  }
  return drawn
}

function spotOf({ x, y }: Plot, { states, seconds }: Timed): Spot {
  return { x: x(states), y: y(seconds) }
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** `10³¹` for a power of ten. */
export function powerOfTen(value: number): string {
  const digits = String(Math.round(Math.log10(value)))
  return `10${digits.replaceAll(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)]!).replace('-', '⁻')}`
}

/** `1.3 · 10³¹`. Small numbers appear in full. */
export function about(value: number): string {
  if (value < 1e9) return value.toLocaleString('en')
  const power = Math.floor(Math.log10(value))
  return `${(value / 10 ** power).toFixed(1)} · ${powerOfTen(10 ** power)}`
}

/** `0.62 s`, `14 s`. */
export function inSeconds(seconds: number): string {
  return `${seconds < 9.95 ? seconds.toPrecision(2) : Math.round(seconds)} s`
}

function rule(from: Spot, to: Spot, stroke: string): Svg {
  return element('line', { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke, 'stroke-width': 1 })
}

function text(content: string, { x, y }: Spot, attributes: { readonly [name: string]: string | number }): Svg {
  return element('text', { x, y, ...attributes }, escape(content))
}
