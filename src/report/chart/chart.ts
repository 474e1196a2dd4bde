/** What all charts have in common: a Vega-Lite specification in one size, one typeface and colors that most people can tell apart. */
import type { Config, TopLevelSpec } from 'vega-lite'

/** A chart before it is drawn. */
export interface Chart {
  readonly title: string
  /** The chart in words, for readers who do not see it. */
  readonly description: string
  readonly spec: Layered
}

/** A specification with layers. */
type Layered = Extract<TopLevelSpec, { readonly layer: unknown }>

export type Layer = Layered['layer'][number]

/** Pixels across, page border included. */
export const WIDTH = 800

export const HEIGHT = 480

export const INK = '#1f2933'
export const FAINT_INK = '#52606d'
export const PAPER = '#ffffff'
export const EDGE = '#cbd2d9'
const GRID = '#e4e7eb'
export const FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

/**
 * Colors that color-blind readers can tell apart, without those too pale for a white background.
 *
 * @see Okabe and Ito, "Color Universal Design", 2008
 */
const COLORS: readonly string[] = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']

/** Seven colors and four shapes make 28 looks before one repeats. */
const SHAPES: readonly string[] = ['circle', 'square', 'diamond', 'triangle-up']

/** Color and shape by the field `series`, with a legend in the order of the names; without one if the only name is empty. */
export function looksOf(names: readonly string[], legend: object = {}): { color: Look; shape: Look } {
  const look = (range: readonly string[]): Look => ({
    field: 'series',
    scale: { domain: [...names], range: names.map((_, index) => range[index % range.length]!) },
    legend: names.some((name) => name !== '') ? legend : null,
  })
  return { color: look(COLORS), shape: look(SHAPES) }
}

interface Look {
  readonly field: string
  readonly scale: { domain: string[]; range: string[] }
  readonly legend: object | null
}

/** How charts look. */
export const CONFIG: Config = {
  font: FONT,
  background: 'transparent',
  padding: 24,
  view: { stroke: null },
  title: {
    ...{ anchor: 'start', frame: 'bounds', offset: 16, fontSize: 18, fontWeight: 600, color: INK },
    ...{ subtitleFontSize: 12, subtitleColor: FAINT_INK, subtitlePadding: 6, subtitleLineHeight: 18 },
  },
  axis: {
    ...{
      gridColor: GRID,
      domainColor: FAINT_INK,
      tickColor: FAINT_INK,
      labelPadding: 6,
      labelFlush: false,
      titlePadding: 12,
    },
    ...{ labelFontSize: 12, labelColor: FAINT_INK, titleFontSize: 13, titleFontWeight: 'normal', titleColor: INK },
  },
  legend: {
    ...{ labelFontSize: 12, labelColor: INK, labelLimit: 210, title: null, symbolSize: 70, symbolLimit: 1000 },
    ...{ rowPadding: 5, columnPadding: 20, offset: 16 },
  },
  text: { fontSize: 12, color: INK },
  line: { strokeWidth: 2, strokeCap: 'round' },
  point: { size: 80, strokeWidth: 1.6, opacity: 1 },
}

/** Ticks at powers of ten, at most nine; at 2 and 5 between them if the scale has only a few. */
export function logTicks([low, high]: readonly [number, number]): { values: number[]; format: string } {
  const [first, last] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))]
  const step = Math.ceil((last - first) / 8)
  const decades = Array.from(
    { length: Math.floor((last - first) / step) + 1 },
    (_, tick) => 10 ** (first + tick * step),
  )
  const values = last - first > 2 ? decades : decades.flatMap((decade) => [decade, 2 * decade, 5 * decade])
  return { values: values.filter((value) => value <= high), format: last > 15 ? '~e' : '~s' }
}

/** The powers of ten around the values, at least two of them. */
export function decadesAround(values: readonly number[]): [number, number] {
  const [least, most] = values.length === 0 ? [1, 1] : [Math.min(...values), Math.max(...values)]
  const low = Math.floor(Math.log10(least) + 1e-9)
  return [10 ** low, 10 ** Math.max(low + 1, Math.ceil(Math.log10(most) - 1e-9))]
}

/** A count to three digits: `288`, `50.8k`, `1.75M`, `1.34e+31`. */
export function shortCount(value: number): string {
  const three = Number(value.toPrecision(3))
  if (three >= 1e15) return three.toExponential()
  const power = Math.max(0, Math.floor(Math.log10(Math.max(1, three)) / 3))
  return `${Number((three / 1000 ** power).toPrecision(3))}${['', 'k', 'M', 'G', 'T'][power]}`
}
