/** Markers and colors that tell series apart, by shape as well as by color. */
import { element, type Svg } from './element.ts'
import type { Spot } from './label-placement.ts'

/**
 * Colors that people who see few colors can tell apart, without those too pale for a white background.
 *
 * @see Okabe and Ito, "Color Universal Design", 2008
 */
const COLORS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']

/** How a series is drawn. */
export interface MarkerStyle {
  readonly color: string
  readonly shape: number
}

/** The look of a series by its number: seven colors and four shapes make 28 looks before one repeats. */
export function markerStyleOf(series: number): MarkerStyle {
  return { color: COLORS[series % COLORS.length]!, shape: series % SHAPES.length }
}

const SHAPES: readonly ((spot: Spot, radius: number) => string)[] = [
  ({ x, y }, r) => `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0Z`,
  ({ x, y }, r) => `M${x - r * 0.9},${y - r * 0.9}h${1.8 * r}v${1.8 * r}h${-1.8 * r}Z`,
  ({ x, y }, r) => `M${x},${y - 1.2 * r}l${1.2 * r},${1.2 * r}l${-1.2 * r},${1.2 * r}l${-1.2 * r},${-1.2 * r}Z`,
  ({ x, y }, r) => `M${x},${y - 1.2 * r}L${x + 1.1 * r},${y + 0.8 * r}H${x - 1.1 * r}Z`,
]

/** A marker; hollow for what is predicted. `title` is what pointing at it shows. */
export function marker({ x, y }: Spot, { color, shape }: MarkerStyle, hollow: boolean, title: Svg): Svg {
  const spot = { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 }
  const d = SHAPES[shape]!(spot, 4.5).replaceAll(/-?\d+\.\d{3,}/g, (number) =>
    String(Number(Number(number).toFixed(2))),
  )
  const paint = hollow
    ? { fill: '#ffffff', stroke: color, 'stroke-width': 1.8 }
    : { fill: color, stroke: '#ffffff', 'stroke-width': 1.2 }
  return element('path', { d, ...paint }, element('title', {}, title))
}
