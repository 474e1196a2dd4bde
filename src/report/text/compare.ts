/** A comparison for people: variants down, properties across, and then measures. */
import type { Comparison, Variant } from '../../api/compare.ts'
import { FailedRun } from '../../api/failed-run.ts'
import type { MeasureOutcome, PropertyOutcome } from '../../api/outcome.ts'
import { stepCount } from '../../trace/trace.ts'
import { range, isCut } from './measures.ts'
import { count, plural, seconds, show } from '../show.ts'
import { columns, flow, table, type Style } from './style.ts'
import { engineLines } from './check.ts'
import { detailLines } from './error.ts'
import { traceText } from './trace.ts'

/** What a caller knows that a comparison does not. */
export interface CompareTextOptions {
  /** Show every counterexample below the matrix. */
  readonly traces?: boolean
  readonly full?: boolean
  /** The matrix alone. */
  readonly quiet?: boolean
  /** Shorten the matrix if it is wider than the terminal; else it may be as wide as it likes. */
  readonly fit?: boolean
  /** The command that shows a property's trace again, for a variant. */
  readonly again?: (variant: Variant, property: string) => string
}

/** Variants that are named one by one. */
const MAX_NAMED = 4

/** The lines of a comparison. */
export function compareText(comparison: Comparison, style: Style, options: CompareTextOptions = {}): string[] {
  const { spec, variants, warnings } = comparison
  const fixed = fixedConstants(comparison)
  if (options.quiet === true) return matrix(comparison, style, options.fit ?? false)
  const errors = variants.flatMap(({ varied, error }) => (error === undefined ? [] : [[varied, error] as const]))
  const warned = [
    ...warnings.map(({ text }) => text),
    ...saidOf(variants, ({ outcome }) => outcome?.warnings.map(({ text }) => text)),
  ]
  const noted = saidOf(variants, ({ outcome }) => outcome?.properties.flatMap(noteOn))
  const changed = saidOf(variants, ({ outcome }) => outcome && engineLines(outcome))
  return [
    ...flow([style.strong(spec), ...fixed.map(style.faint)], style.width, ' '),
    '',
    ...matrix(comparison, style, options.fit ?? false),
    ...measuresOf(comparison, style),
    ...(errors.length > 0 ? [''] : []),
    ...errors.flatMap(([varied, error]) => [
      `${style.doubtful(describe(varied))}: ${error.code} ${error.message}`,
      ...detailLines(error, style),
    ]),
    ...(noted.length > 0 ? [''] : []),
    ...noted,
    ...(warned.length > 0 ? [''] : []),
    ...warned.map((text) => `${style.doubtful('warning:')} ${text}`),
    ...(changed.length > 0 ? [''] : []),
    ...changed.map((text) => style.faint(text)),
    ...(options.traces === true ? variants.flatMap((variant) => tracesOf(variant, style, options)) : []),
  ]
}

/** Why a property is unknown, or what its verdict does not cover. */
function noteOn({ name, result, reason, caveat }: PropertyOutcome): string[] {
  if (reason !== undefined) return [`${name} is ${result}: ${reason}`]
  return caveat === undefined ? [] : [`${name} ${result} within the constraints; ${caveat}`]
}

/** The remarks about variants, each once, with the variants that it concerns unless it concerns all. */
function saidOf(variants: readonly Variant[], textsOf: (variant: Variant) => readonly string[] | undefined): string[] {
  const about = new Map<string, string[]>()
  for (const variant of variants) {
    for (const text of textsOf(variant) ?? []) about.set(text, [...(about.get(text) ?? []), describe(variant.varied)])
  }
  return Array.from(about, ([text, of]) => {
    if (of.length === variants.length) return text
    const named = of.length <= MAX_NAMED ? of.join(', ') : `${of[0]} and ${count(of.length - 1)} more`
    return `${named}: ${text}`
  })
}

/** `design=none files=2`. */
export function describe(varied: Variant['varied']): string {
  return Object.entries(varied)
    .map(([name, value]) => `${name}=${show(value)}`)
    .join(' ')
}

function fixedConstants({ vary, variants }: Comparison): string[] {
  const constants = variants.find(({ outcome }) => outcome !== undefined)?.outcome?.constants ?? {}
  return Object.entries(constants).flatMap(([name, value]) => (vary.includes(name) ? [] : [`${name}=${show(value)}`]))
}

/** Violations are written out, unless the lines must fit and then would not: then each is a number of steps. */
function matrix(comparison: Comparison, style: Style, fit: boolean): string[] {
  const wide = matrixWith(comparison, style, true)
  const lines = !fit || wide.every((line) => columns(line) <= style.width) ? wide : matrixWith(comparison, style, false)
  return [style.strong(lines[0]!), ...lines.slice(1)]
}

function matrixWith({ vary, variants }: Comparison, style: Style, isWide: boolean): string[] {
  const names = [...new Set(variants.flatMap(({ outcome }) => outcome?.properties.map(({ name }) => name) ?? []))]
  const rows = variants.map((variant) => {
    const { varied, outcome, error } = variant
    const values = vary.map((name) => show(varied[name]))
    if (outcome === undefined) return [...values, ...names.map(() => style.doubtful(error!.code)), '–', '–']
    const cells = names.map((name) =>
      cell(
        variant,
        outcome.properties.find((it) => it.name === name),
        style,
        isWide,
      ),
    )
    return [...values, ...cells, count((outcome.states.exact ?? outcome.states).distinct), seconds(outcome.seconds)]
  })
  return table([[...vary, ...names, 'distinct', 'seconds'], ...rows])
}

/** A second table, of what was measured; nothing if there are no measures. */
function measuresOf({ vary, variants }: Comparison, style: Style): string[] {
  const measures = variants.flatMap(({ outcome }) => outcome?.measures ?? [])
  const names = [...new Set(measures.map(titleOf))]
  if (names.length === 0) return []
  const rows = variants.map(({ varied, outcome }) => {
    const values = vary.map((name) => show(varied[name]))
    const cells = names.map((name) => {
      const own = outcome?.measures.find((it) => titleOf(it) === name)
      return own === undefined ? '–' : `${range(own)}${isCut(outcome!) ? ' so far' : ''}`
    })
    return [...values, ...cells]
  })
  const [head, ...lines] = table([[...vary, ...names], ...rows])
  return ['', style.strong(head!), ...lines]
}

/** `lost`, or `flushes/step` for a measure of steps. */
function titleOf({ name, over }: MeasureOutcome): string {
  return over === 'steps' ? `${name}/step` : name
}

/**
 * `holds`, `violated (5 steps)`, `reached (3 steps)`, `unreached`, `unknown`; `–` if the variant does not have the property. `≤
 * 5 steps` is for a lasso that may not be shortest.
 */
function cell({ outcome }: Variant, property: PropertyOutcome | undefined, style: Style, isWide: boolean): string {
  if (property === undefined) return style.faint('–')
  const { result } = property
  const trace = property.trace === undefined ? undefined : outcome!.traces[property.trace]!
  const steps = trace && `${trace.isShortest === false ? '≤ ' : ''}${plural(stepCount(trace), 'step')}`
  const text = steps === undefined ? result : isWide ? `${result} (${steps})` : steps
  if (result === 'violated') return style.bad(text)
  if (result === 'reached') return style.good(text)
  if (property.caveat !== undefined) return style.good(isWide ? 'holds (within constraints)' : 'holds within')
  return result === 'holds' ? style.good(result) : result === 'unknown' ? style.doubtful(result) : style.bad(result)
}

function tracesOf(variant: Variant, style: Style, options: CompareTextOptions): string[] {
  const { varied, outcome, error } = variant
  const failed = error instanceof FailedRun ? [...error.found.traces, error.trace] : []
  const traces = (outcome?.traces ?? failed).filter(({ kind }) => kind !== 'goal')
  return traces.flatMap((trace) => [
    '',
    style.strong(describe(varied)),
    ...traceText(trace, style, options),
    ...(options.again === undefined || trace.kind === 'error'
      ? []
      : [style.faint(`again: ${options.again(variant, trace.property)}`)]),
  ])
}
