/** A benchmark for people: a table of rows, and below it how each series grows. */
import type { Bench, BenchRow, Series } from '../../api/bench/bench.ts'
import type { Forecast } from '../../api/bench/forecast.ts'
import { isWithheld, type Law, type Withheld } from '../../api/bench/growth.ts'
import { figuresOf, remarkOn } from '../bench-row.ts'
import { describe } from './compare.ts'
import { bytes, count, seconds, show } from '../show.ts'
import { flow, table, type Style } from './style.ts'

/** What a caller knows that a benchmark does not. */
export interface BenchTextOptions {
  /** The table alone. */
  readonly quiet?: boolean
}

/** The lines of a benchmark. */
export function benchText(bench: Bench, style: Style, { quiet = false }: BenchTextOptions = {}): string[] {
  const { spec, axis, series } = bench
  const rows = series.flatMap((it) => it.rows)
  const lines = figures(bench, rows)
  const shown = lines.map((line, index) => (index === 0 ? style.strong(line) : painted(line, rows[index - 1]!, style)))
  if (quiet) return shown
  const errors = rows.flatMap(({ varied, error }) => (error === undefined ? [] : [[varied, error] as const]))
  return [
    ...flow([style.strong(spec), ...fixedConstants(bench).map(style.faint)], style.width, ' '),
    '',
    ...shown,
    ...(axis === undefined || series.length === 0 ? [] : ['', ...series.flatMap((it) => growthOf(axis, it, style))]),
    ...(errors.length > 0 ? [''] : []),
    ...errors.map(([varied, { code, message, at }]) => {
      const where = at === undefined ? '' : ` (${at})`
      return `${style.doubtful(describe(varied))}: ${code} ${message}${where}`
    }),
    ...(bench.complete ? [] : ['', `${style.doubtful('warning:')} you interrupted the run: some rows were not tried`]),
  ]
}

/** The constants that are not swept, as `name=value`. */
export function fixedConstants({ sweeps, series }: Bench): string[] {
  const constants = series[0]?.rows[0]?.constants ?? {}
  return Object.entries(constants).flatMap(([name, value]) => (sweeps.includes(name) ? [] : [`${name}=${show(value)}`]))
}

function figures({ sweeps, axis }: Bench, rows: readonly BenchRow[]): string[] {
  const headers = ['distinct', 'generated', 'depth', 'seconds', 'states/s', 'bytes/state']
  const isRemarked = rows.some((row) => remarkOn(row) !== '')
  return table([
    [...sweeps, ...headers, ...(axis === undefined ? [] : ['growth']), ...(isRemarked ? [''] : [])],
    ...rows.map((row) => [
      ...sweeps.map((name) => show(row.varied[name])),
      ...cells(row),
      ...(axis === undefined ? [] : [growthCell(row)]),
      ...(isRemarked ? [remarkOn(row)] : []),
    ]),
  ])
}

/** Predicted figures have a tilde before them; what is not known is a dash. */
function cells(row: BenchRow): string[] {
  const { isPredicted, ...it } = figuresOf(row)
  const cell = (value: number | undefined, text: (value: number) => string): string =>
    value === undefined ? '–' : `${isPredicted ? '~' : ''}${text(isPredicted ? rounded(value) : value)}`
  return [
    cell(it.distinct, count),
    cell(it.generated, count),
    cell(it.depth, count),
    cell(it.seconds, seconds),
    cell(it.statesPerSecond, count),
    cell(it.bytesPerState, (value) => value.toFixed(1)),
  ]
}

function growthCell(row: BenchRow): string {
  if (row.growth === undefined) return row.measured === undefined ? '–' : ''
  return `${figuresOf(row).isPredicted ? '~' : ''}${row.growth.toFixed(2)}`
}

/** Rounds to three digits, because a prediction is not more precise. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

function painted(line: string, { measured, error }: BenchRow, style: Style): string {
  if (measured === undefined) return error === undefined ? style.faint(line) : style.doubtful(line)
  const [figures, violated] = line.split('✗')
  return violated === undefined ? line : `${figures}${style.bad(`✗${violated}`)}`
}

/** `design=none: one more of files multiplies the distinct states by 5.9; files=5 would have about ...`. */
function growthOf(axis: string, { of, rows, law, next }: Series, style: Style): string[] {
  if (law === undefined) return []
  const subject = Object.keys(of).length === 0 ? '' : `${style.strong(describe(of))}: `
  if (isWithheld(law)) return [`${subject}no prediction: ${law.withheld}`]
  const cut = rows.find(({ missing }) => missing !== undefined)
  const size = next?.size ?? cut?.varied[axis]
  const forecast = next?.forecast ?? cut?.missing?.forecast
  const outlook = forecast === undefined ? '' : `; ${axis}=${show(size)} ${expectation(forecast)}`
  const check = `checked on ${law.checkedOn}: ${Math.round(law.error * 100)} % off`
  return flow(`${subject}${growthText(axis, law)} (${check})${outlook}`.split(' '), style.width, ' ')
}

/** A law in words. */
function growthText(axis: string, { kind, rate }: Law): string {
  return kind === 'exponential'
    ? `each increment of ${axis} multiplies the distinct states by ${rate.toFixed(2)}`
    : `the distinct states grow as ${axis} to the power of ${rate.toFixed(2)}`
}

function expectation(forecast: Forecast | Withheld): string {
  if (isWithheld(forecast)) return `cannot be predicted: ${forecast.withheld}`
  const { distinct, seconds: time, memoryBytes } = forecast
  const took = time === undefined ? '' : `, take about ${count(Number(time.toPrecision(2)))} s`
  const untold = time === undefined ? ' (no time: runs were too short, or uneven)' : ''
  return `would have about ${count(rounded(distinct))}${took} and need about ${bytes(memoryBytes)} for states${untold}`
}
