/**
 * A benchmark as a picture: distinct states, on a logarithmic scale, over the size; a curve for each series.
 *
 * One file that needs nothing else: no scripts, no fonts of its own. What is predicted is hollow and dashed. It has a background, and so
 * looks the same on light and dark pages.
 */
import type { Bench } from '../../api/bench/bench.ts'
import { isWithheld } from '../../api/bench/growth.ts'
import { fixedConstants } from '../text/bench.ts'
import { flow } from '../text/style.ts'
import { curvesOf, type Curve, type CurvePoint } from './curve.ts'
import { element, escape, type Svg } from './element.ts'
import { markerStyleOf, marker } from './marker.ts'
import { boxAround, boxesAlong, isFree, spread, textBox, textWidth, type Box, type Spot } from './label-placement.ts'
import { logTicks, scale, shortCount, thinned, type Scale } from './scale.ts'

const WIDTH = 800
const HEIGHT = 480
const FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
const INK = '#1f2933'
const FAINT_INK = '#52606d'
const GRID = '#e4e7eb'

/** Of labels in the picture; nothing is smaller. */
const SMALL = 12

/** Wider names of series are shortened. */
const WIDEST_NAME = 210

/** Farther from its curve's end than this, a name is led to by dots. */
const LONG_WAY = 60

/** Lines of fixed constants below the title, and characters in one. */
const SUBTITLE_LINES = 2
const SUBTITLE_CHARACTERS = 110

/** Curves with a place on the page. */
interface Plot {
  readonly curves: readonly Curve[]
  readonly x: Scale
  readonly y: Scale
  readonly area: Box
}

/** The picture, as the text of an SVG file. */
export function benchSvg(bench: Bench): string {
  const curves = curvesOf(bench)
  const subtitle = subtitleOf(bench)
  const names = curves.map(({ name }) => shortened(name))
  const nameWidth = Math.max(0, ...names.map((name) => textWidth(name, SMALL)))
  const area: Box = {
    left: 76,
    top: 76 + subtitle.length * 18,
    right: WIDTH - 32 - (nameWidth > 0 ? nameWidth + 14 : 0),
    bottom: HEIGHT - 62,
  }
  const points = curves.flatMap((curve) => curve.points)
  const sizes = [...new Set(points.map(({ size }) => size))].toSorted((a, b) => a - b)
  const counts = points.map(({ distinct }) => distinct)
  const ticks = points.length === 0 ? [1, 10] : logTicks(Math.min(...counts), Math.max(...counts))
  const [first, last] = [sizes[0] ?? 0, sizes.at(-1) ?? 1]
  // Half a step of room on both sides, and a middle for a single size.
  const room = last > first ? (last - first) * 0.04 : 1
  const plot: Plot = {
    curves,
    area,
    x: scale([first - room, last + room], [area.left, area.right]),
    y: scale([ticks[0]!, ticks.at(-1)!], [area.bottom, area.top], Math.log10),
  }
  const title = `${bench.spec}: how the state space grows with ${bench.axis}`
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    role: 'img',
    'aria-labelledby': 'title description',
    'font-family': FONT,
    'font-size': SMALL,
    fill: INK,
  }
  const drawn = element(
    'svg',
    root,
    element('title', { id: 'title' }, escape(title)),
    element('desc', { id: 'description' }, escape(description(bench))),
    element('rect', {
      x: 0.5,
      y: 0.5,
      width: WIDTH - 1,
      height: HEIGHT - 1,
      rx: 8,
      fill: '#ffffff',
      stroke: '#cbd2d9',
    }),
    heading(bench, subtitle),
    axes(plot, thinned(sizes, 20), ticks, bench.axis ?? ''),
    ...curves.map((curve, index) => line(plot, curve, index)),
    ...(names.some((name) => name !== '') ? endLabels(plot, names) : []),
    ...valueLabels(plot),
    ...(points.some(({ isPredicted }) => isPredicted) ? [key()] : []),
  )
  return `${drawn.replaceAll(/(?<=>)(?=<(?:g|rect|title|desc|path|line|text|polyline)\b)/g, '\n')}\n`
}

/** The picture in words, for those who do not see it. */
function description({ axis, series }: Bench): string {
  const grown = series.flatMap(({ of, law }) => {
    if (law === undefined || isWithheld(law)) return []
    const name = Object.values(of).map(String).join(' ')
    const rate = law.rate.toFixed(2)
    const how = law.kind === 'exponential' ? `times ${rate} for one more` : `to the power of ${rate}`
    return [`${name === '' ? '' : `${name}: `}${how}`]
  })
  return ['distinct states, on a logarithmic scale, over ' + axis, ...grown].join('; ')
}

function subtitleOf(bench: Bench): string[] {
  const lines = flow(fixedConstants(bench), SUBTITLE_CHARACTERS)
  return lines.length <= SUBTITLE_LINES ? lines : [lines[0]!, `${lines[1]} …`]
}

function heading({ spec, axis, series }: Bench, subtitle: readonly string[]): Svg {
  const law = series.length === 1 ? series[0]!.law : undefined
  const rate =
    law === undefined || isWithheld(law)
      ? ''
      : law.kind === 'exponential'
        ? `one more of ${axis}: × ${law.rate.toFixed(1)}`
        : `grows as ${axis} to the power of ${law.rate.toFixed(1)}`
  return element(
    'g',
    {},
    text(spec, { x: 24, y: 34 }, { 'font-size': 18, 'font-weight': 600 }),
    ...(rate === ''
      ? []
      : [text(rate, { x: WIDTH - 32, y: 34 }, { 'font-size': 14, fill: FAINT_INK, 'text-anchor': 'end' })]),
    ...subtitle.map((it, index) => text(it, { x: 24, y: 55 + index * 18 }, { fill: FAINT_INK })),
    text('distinct states (log scale)', { x: 24, y: 56 + subtitle.length * 18 }, { fill: FAINT_INK }),
  )
}

function axes({ x, y, area }: Plot, sizes: readonly number[], ticks: readonly number[], axis: string): Svg {
  const middle = (area.left + area.right) / 2
  const rule = (x1: number, y1: number, x2: number, y2: number, stroke: string): Svg =>
    element('line', { x1, y1, x2, y2, stroke, 'stroke-width': 1 })
  return element(
    'g',
    {},
    ...ticks.map((tick) => rule(area.left, y(tick), area.right, y(tick), GRID)),
    ...sizes.map((size) => rule(x(size), area.top, x(size), area.bottom, GRID)),
    rule(area.left, area.bottom, area.right, area.bottom, FAINT_INK),
    ...ticks.map((tick) =>
      text(shortCount(tick), { x: area.left - 10, y: y(tick) + 4 }, { fill: FAINT_INK, 'text-anchor': 'end' }),
    ),
    ...sizes.flatMap((size) => [
      rule(x(size), area.bottom, x(size), area.bottom + 5, FAINT_INK),
      text(String(size), { x: x(size), y: area.bottom + 21 }, { fill: FAINT_INK, 'text-anchor': 'middle' }),
    ]),
    text(axis, { x: middle, y: HEIGHT - 18 }, { 'text-anchor': 'middle', 'font-size': 13 }),
  )
}

/** What hollow and dashed means. */
function key(): Svg {
  const [left, y] = [WIDTH - 112, HEIGHT - 22]
  const dashes = { x1: left - 16, y1: y, x2: left + 16, y2: y, 'stroke-dasharray': '2 6', 'stroke-linecap': 'round' }
  return element(
    'g',
    {},
    element('line', { ...dashes, stroke: FAINT_INK, 'stroke-width': 2 }),
    marker({ x: left, y }, { color: FAINT_INK, shape: 0 }, true, 'predicted'),
    text('predicted', { x: left + 24, y: y + 4 }, { fill: FAINT_INK }),
  )
}

/** Solid between sizes that were explored, dashed to and from those that are predicted. */
function line({ x, y }: Plot, { name, points }: Curve, index: number): Svg {
  const look = markerStyleOf(index)
  const spot = ({ size, distinct }: CurvePoint): Spot => ({ x: x(size), y: y(distinct) })
  const segments = points.slice(1).map((point, before) => {
    const [from, to] = [spot(points[before]!), spot(point)]
    const isDashed = point.isPredicted || points[before]!.isPredicted
    return element('line', {
      ...{
        x1: from.x,
        y1: from.y,
        x2: to.x,
        y2: to.y,
        stroke: look.color,
        'stroke-width': 2,
        'stroke-linecap': 'round',
      },
      'stroke-dasharray': isDashed ? '2 6' : undefined,
    })
  })
  const markers = points.map((point) => {
    const about = `${name === '' ? '' : `${name}, `}${point.size}: `
    const figure = `${point.isPredicted ? 'about ' : ''}${point.distinct.toLocaleString('en')} distinct states`
    return marker(
      spot(point),
      look,
      point.isPredicted,
      escape(`${about}${figure}${point.isPredicted ? ' (predicted)' : ''}`),
    )
  })
  return element('g', {}, ...segments, ...markers)
}

/** The name of each series at the end of its curve, moved apart where they would overlap. */
function endLabels({ curves, x, y, area }: Plot, names: readonly string[]): Svg[] {
  const drawn = curves.flatMap(({ points }, index) => {
    const last = points.at(-1)
    return last === undefined ? [] : [{ index, end: { x: x(last.size), y: y(last.distinct) } }]
  })
  const heights = spread(
    drawn.map(({ end }) => end.y),
    SMALL + 4,
    area.top,
    area.bottom,
  )
  const labelX = area.right + 10
  return drawn.flatMap(({ index, end }, order) => {
    const height = heights[order]!
    const { color } = markerStyleOf(index)
    return [
      element('path', {
        d: `M${(end.x + 7).toFixed(1)},${end.y.toFixed(1)}L${labelX - 3},${height.toFixed(1)}`,
        fill: 'none',
        stroke: color,
        'stroke-width': 1,
        opacity: '0.6',
        // A long way from a curve that was cut would look like a part of it.
        'stroke-dasharray': labelX - end.x > LONG_WAY ? '1 4' : undefined,
      }),
      text(names[index]!, { x: labelX, y: height + 4 }, {}),
    ]
  })
}

/** The counts beside the points, wherever there is room: those of the largest sizes first. */
function valueLabels({ curves, x, y, area }: Plot): Svg[] {
  const spots = curves.map(({ points }) => points.map(({ size, distinct }) => ({ x: x(size), y: y(distinct) })))
  const taken = spots.flatMap((curve) => [
    ...curve.map((spot) => boxAround(spot, 6)),
    ...curve.slice(1).flatMap((spot, before) => boxesAlong(curve[before]!, spot)),
  ])
  const labels: Svg[] = []
  const room = { ...area, top: area.top - SMALL }
  const candidates = curves
    .flatMap(({ points }, curve) => points.map((point, index) => ({ point, spot: spots[curve]![index]! })))
    .toSorted((a, b) => b.point.size - a.point.size)
  for (const { point, spot } of candidates) {
    const label = `${point.isPredicted ? '~ ' : ''}${shortCount(point.distinct)}`
    const places = [
      { at: { x: spot.x - 8, y: spot.y - 7 }, anchor: 'end' },
      { at: { x: spot.x, y: spot.y - 11 }, anchor: 'middle' },
      { at: { x: spot.x + 9, y: spot.y + 14 }, anchor: 'start' },
      { at: { x: spot.x, y: spot.y + 20 }, anchor: 'middle' },
    ] as const
    const place = places.find(({ at, anchor }) => isFree(textBox(label, SMALL, at, anchor), taken, room))
    if (place === undefined) continue
    taken.push(textBox(label, SMALL, place.at, place.anchor))
    labels.push(text(label, place.at, { 'text-anchor': place.anchor, fill: point.isPredicted ? FAINT_INK : INK }))
  }
  return labels
}

function text(content: string, { x, y }: Spot, attributes: { readonly [name: string]: string | number }): Svg {
  return element('text', { x, y, ...attributes }, escape(content))
}

function shortened(name: string): string {
  if (textWidth(name, SMALL) <= WIDEST_NAME) return name
  const fitting = Math.floor(name.length * (WIDEST_NAME / textWidth(name, SMALL)))
  return `${name.slice(0, fitting - 1)}…`
}
