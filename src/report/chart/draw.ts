/** Draws charts with Vega. The packages are optional and slow to load, so nothing loads them before a chart is asked for. */
import type { Mark } from 'vega'
import { packageMissing } from '../../errors.ts'
import { CONFIG, EDGE, FONT, PAPER, type Chart } from './chart.ts'
import { PLACED_LABELS } from './labels.ts'

/** Draws a chart: the text of an SVG file without scripts, fonts or links. */
export type Draw = (chart: Chart) => Promise<string>

/** Loads Vega and Vega-Lite. @throws {CheckerError} KR107 if they are not installed */
export async function loadDraw(): Promise<Draw> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]).catch(
    (thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'ERR_MODULE_NOT_FOUND') throw thrown
      throw packageMissing(['vega', 'vega-lite'], '--svg', 'leave out --svg')
    },
  )
  const { parse, resetSVGDefIds, View } = vega
  Object.assign((vega as unknown as { readonly textMetrics: object }).textMetrics, { width: textWidth })
  return async (chart) => {
    const { spec } = compile(chart.spec, { config: CONFIG })
    spec.marks?.forEach(placeLabels)
    // Names of clip paths are numbered within a process, and a chart must not depend on those drawn before it.
    resetSVGDefIds()
    return document(chart, await new View(parse(spec), { renderer: 'none' }).toSVG())
  }
}

/** Width of a character, as a share of the font's size: a little more than sans-serif fonts take on average. */
const CHARACTER = 0.6

/**
 * How wide text will be, about. The viewer's font is not known here, and Vega's own estimate is a third too wide. Vega's types do not
 * mention `textMetrics.width`, but other programs that draw without a browser replace it too.
 */
function textWidth({ fontSize = 11, limit }: { fontSize?: number; limit?: number }, text: unknown): number {
  return Math.min(String(text).length * fontSize * CHARACTER, limit || Infinity)
}

/** Adds the transform to the marks of units named `PLACED_LABELS`, and to those in groups. */
function placeLabels(mark: Mark): void {
  if (mark.type === 'group') mark.marks?.forEach(placeLabels)
  if (mark.type !== 'text' || mark.name?.includes(PLACED_LABELS) !== true) return
  const sort = { field: 'datum.rank' }
  const size = { signal: '[width, height]' }
  mark.transform = [{ type: 'label', sort, size, anchor: [...ANCHORS], offset: [8], padding: 14 }]
}

const ANCHORS = ['top-left', 'top', 'bottom-right', 'bottom'] as const

/** Vega's drawing with its title and description, on white paper, so that it looks the same on light and dark pages. */
function document({ title, description }: Chart, drawing: string): string {
  const [root, width, height] = /<svg[^>]* width="(\d+)" height="(\d+)"[^>]*>/.exec(drawing)!
  const font = ` font-family="${FONT}"`
  const page = `x="0.5" y="0.5" width="${Number(width) - 1}" height="${Number(height) - 1}" rx="8"`
  const start = [
    root.replace('>', ` role="img" aria-labelledby="title description"${font}>`),
    `<title id="title">${escape(title)}</title>`,
    `<desc id="description">${escape(description)}</desc>`,
    `<rect ${page} fill="${PAPER}" stroke="${EDGE}"/>`,
  ]
  const marks = drawing
    .replace(root, '')
    .replaceAll(font, '')
    .replaceAll(HIDDEN_LABEL, '')
    .replaceAll(PLACES, (attribute) => attribute.replaceAll(EXACT, (number) => Number(number).toFixed(2)))
    .replaceAll(/(?<=>)(?=<(?:g|path|text)\b)/g, '\n')
  return `${start.join('\n')}${marks}\n`.replaceAll(NOT_XML, '\uFFFD')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** A label for which there was no room, or an empty one. */
const HIDDEN_LABEL = /<text [^>]*\bopacity="0"[^>]*>[^<]*<\/text>|<text [^>]*\/>/g

/** Attributes with coordinates, and coordinates more exact than anyone sees. */
const PLACES = / (?:transform|d)="[^"]*"/g
const EXACT = /\d+\.\d{3,}/g

// oxlint-disable-next-line no-control-regex -- control characters are what XML cannot hold
const NOT_XML = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu
