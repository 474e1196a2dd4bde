/**
 * Draws the sizes of the specs. Each spec has a row with a line for the defaults and a line for the benchmark. Marks on
 * a line show the distinct states of each variant, on a logarithmic scale.
 */
import { element, escape, type Svg } from '../src/report/svg/element.ts'
import { markerStyleOf, marker } from '../src/report/svg/marker.ts'
import type { Spot } from '../src/report/svg/label-placement.ts'
import { logTicks, scale, shortCount, type Scale } from '../src/report/svg/scale.ts'
import { ascending, extremes, type Sized } from './sized.ts'
import { inWords } from './sizes-page.ts'

const WIDTH = 800
const FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
const INK = '#1f2933'
const FAINT_INK = '#52606d'
const GRID = '#e4e7eb'
const AREA = { left: 150, right: WIDTH - 90, top: 84 }
const ROW = 44

/** The picture, as the text of an SVG file. */
export function sizesSvg(measured: readonly Sized[]): string {
  const specs = [...new Set(measured.map(({ spec }) => spec))]
  const bottom = AREA.top + specs.length * ROW
  const height = bottom + 42
  const counts = measured.flatMap(({ variants }) => variants.map(({ distinct }) => Math.max(1, distinct)))
  const ticks = logTicks(Math.min(...counts), Math.max(...counts))
  const x = scale([ticks[0]!, ticks.at(-1)!], [AREA.left, AREA.right], Math.log10)
  const title = 'How large the specs are'
  const drawn = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${WIDTH} ${height}`,
      width: WIDTH,
      height,
      role: 'img',
      'aria-labelledby': 'title description',
      'font-family': FONT,
      'font-size': 12,
      fill: INK,
    },
    element('title', { id: 'title' }, escape(title)),
    element('desc', { id: 'description' }, escape(inWords(measured))),
    element('rect', {
      x: 0.5,
      y: 0.5,
      width: WIDTH - 1,
      height: height - 1,
      rx: 8,
      fill: '#ffffff',
      stroke: '#cbd2d9',
    }),
    text(title, { x: 24, y: 34 }, { 'font-size': 18, 'font-weight': 600 }),
    text('distinct states (log scale); a mark for each variant', { x: 24, y: 56 }, { fill: FAINT_INK }),
    ...key('defaults', 0, WIDTH - 210),
    ...key('benchmark', 1, WIDTH - 115),
    ...ticks.flatMap((tick) => [
      rule({ x: x(tick), y: AREA.top }, { x: x(tick), y: bottom }, GRID),
      text(shortCount(tick), { x: x(tick), y: bottom + 21 }, { fill: FAINT_INK, 'text-anchor': 'middle' }),
    ]),
    ...specs.flatMap((spec, row) => rowOf(spec, measured, x, AREA.top + row * ROW)),
  )
  return `${drawn.replaceAll(/(?<=>)(?=<(?:g|rect|title|desc|path|line|text)\b)/g, '\n')}\n`
}

function rowOf(spec: string, measured: readonly Sized[], x: Scale, top: number): Svg[] {
  const own = measured.filter((sized) => sized.spec === spec)
  return [
    text(spec, { x: AREA.left - 14, y: top + ROW / 2 + 4 }, { 'text-anchor': 'end' }),
    ...own.flatMap((sized) => marks(sized, x, top + (sized.at === 'default' ? 0.3 : 0.7) * ROW)),
  ]
}

/**
 * A line from the smallest to the largest variant, a mark for each (hollow if the search was cut), and the largest
 * number.
 */
function marks(sized: Sized, x: Scale, y: number): Svg[] {
  const found = extremes(sized)
  if (found === undefined) return []
  const look = markerStyleOf(sized.at === 'default' ? 0 : 1)
  const [from, to] = [x(Math.max(1, found.least.distinct)), x(Math.max(1, found.most.distinct))]
  return [
    rule({ x: from, y }, { x: to, y }, look.color),
    // The largest one on top, because the label belongs to it.
    ...ascending(sized).map(({ name, distinct, isComplete }) => {
      const label = `${name}: ${isComplete ? '' : 'more than '}${distinct.toLocaleString('en')}`
      return marker({ x: x(Math.max(1, distinct)), y }, look, !isComplete, escape(label))
    }),
    text(`${found.most.isComplete ? '' : '> '}${shortCount(found.most.distinct)}`, { x: to + 10, y: y + 4 }, {}),
  ]
}

function key(name: string, look: number, x: number): Svg[] {
  return [marker({ x, y: 52 }, markerStyleOf(look), false, name), text(name, { x: x + 12, y: 56 }, { fill: FAINT_INK })]
}

function rule(from: Spot, to: Spot, stroke: string): Svg {
  return element('line', { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke, 'stroke-width': 1 })
}

function text(content: string, { x, y }: Spot, attributes: { readonly [name: string]: string | number }): Svg {
  return element('text', { x, y, ...attributes }, escape(content))
}
