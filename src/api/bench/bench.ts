/**
 * Benchmarks a spec: one check for every combination of the values of some constants, and how the state space grows along the last of
 * them that is a number.
 *
 * A row that a bound cuts short has no counts of its own. It and the larger sizes of its series, which are then not tried, are predicted
 * from the sizes that were explored to the end, as far as their growth can be trusted.
 */
import { badOption, CheckerError } from '../../errors.ts'
import { resolveConstants, type Constants } from '../../spec/constant.ts'
import type { AnySpec, Spec } from '../../spec/spec.ts'
import { forecast, type Forecast, type Sample } from './forecast.ts'
import { fitGrowth, isWithheld, type Law, type Withheld } from './growth.ts'
import { cutOf, measureHere, summarize, type Measure, type Measurement } from './measure.ts'
import type { CheckOptions } from '../../engine/settings.ts'
import { planSweeps, type Plan, type Sweep } from './sweep.ts'

/** How to benchmark. `timeoutMs` and the other bounds are for each run. */
export interface BenchOptions<C extends Constants = any, P extends string = any> extends Omit<
  CheckOptions<C, P>,
  'continue' | 'engine'
> {
  /** Default `explicit`, so that the rows are comparable and predict each other. */
  readonly engine?: CheckOptions['engine']
  /** At least one. Growth is along the last numeric one. The others give a series for each combination. */
  readonly sweeps: readonly Sweep<C>[]
  /** How often to check each row; `seconds` is the median. Default 1. */
  readonly runs?: number | undefined
  /** Runs one check. By default it runs in this process. */
  readonly measure?: Measure | undefined
  /** Called before each row that `bench` tries. */
  readonly onRow?: ((varied: Values) => void) | undefined
}

/** Constants by name. */
export type Values = { readonly [constant: string]: unknown }

/** One combination. Exactly one of `measured`, `error` and `missing` is defined. */
export interface BenchRow {
  /** The swept constants. */
  readonly varied: Values
  /** All constants. */
  readonly constants: Values
  /** Undefined unless Kripke explored every reachable state. */
  readonly measured: Measurement | undefined
  /** A spec function that failed, or an assumption that is false. */
  readonly error: CheckerError | undefined
  readonly missing: Missing | undefined
  /** Distinct states, measured or predicted, divided by the states of the size before; undefined for the first row. */
  readonly growth: number | undefined
}

/** A row that has no counts. */
export interface Missing {
  /** Why: a bound that cut it (`time`, `memory`, `states`, `depth`), `killed`, `interrupted`, or `not tried`. */
  readonly cause: string
  /** What Kripke explored before the cut; undefined if it did not try the row. */
  readonly explored: Measurement | undefined
  readonly forecast: Forecast | Withheld
}

/** The rows that differ only in the size, in ascending order. */
export interface Series {
  /** The swept constants, except the size. */
  readonly of: Values
  readonly rows: readonly BenchRow[]
  /** Undefined if there is no axis. */
  readonly law: Law | Withheld | undefined
  /** The size after the last, if Kripke explored every size to the end. */
  readonly next: { readonly size: number; readonly forecast: Forecast | Withheld } | undefined
}

export interface Bench {
  readonly spec: string
  /** The swept constants, in the given order. */
  readonly sweeps: readonly string[]
  /** The constant along which growth is judged; undefined if no swept constant is a number. */
  readonly axis: string | undefined
  readonly runs: number
  readonly series: readonly Series[]
  /** False if an interruption left rows out. */
  readonly complete: boolean
}

/**
 * Measures every combination.
 *
 * @throws {CheckerError} for a mistake in the spec or the options that concerns more than one row
 */
export async function bench<C extends Constants, P extends string>(
  spec: Spec<C, P>,
  options: BenchOptions<NoInfer<C>, NoInfer<P>>,
): Promise<Bench> {
  return await benchAny(spec, options)
}

async function benchAny(spec: AnySpec, options: BenchOptions): Promise<Bench> {
  const { sweeps, runs = 1, measure = measureHere(spec), onRow, engine = 'explicit', ...others } = options
  const checkOptions = { ...others, engine }
  if (!Number.isSafeInteger(runs) || runs < 1) throw badOption(`runs must be a positive integer, but is ${runs}`)
  const plan = planSweeps(spec, sweeps, checkOptions.constants)
  const series: Series[] = []
  for (const of of plan.series) {
    if (checkOptions.signal?.aborted === true) break
    series.push(await benchSeries({ spec, plan, of, runs, measure, onRow, options: checkOptions }))
  }
  const each = plan.axis?.sizes.length ?? 1
  const complete = series.length === plan.series.length && series.every(({ rows }) => rows.length === each)
  return { spec: spec.name, sweeps: plan.names, axis: plan.axis?.name, runs, series, complete }
}

/** What it takes to measure a series. */
interface Job extends Pick<BenchOptions, 'onRow'> {
  readonly spec: AnySpec
  readonly plan: Plan
  readonly of: Values
  readonly runs: number
  readonly measure: Measure
  readonly options: CheckOptions
}

/** What became of a row, before growth is looked at. */
interface Attempt extends Pick<BenchRow, 'varied' | 'measured' | 'error'> {
  readonly size: number | undefined
  readonly cut: { readonly cause: string; readonly explored: Measurement | undefined } | undefined
}

async function benchSeries(job: Job): Promise<Series> {
  const { plan, of, options, onRow } = job
  const attempts: Attempt[] = []
  for (const size of plan.axis?.sizes ?? [undefined]) {
    const varied = inOrder(plan, size === undefined ? of : { ...of, [plan.axis!.name]: size })
    if (isOutOfReach(attempts, size, options)) {
      attempts.push({
        varied,
        size,
        measured: undefined,
        error: undefined,
        cut: { cause: 'not tried', explored: undefined },
      })
      continue
    }
    onRow?.(varied)
    attempts.push({ varied, size, ...(await attempt(job, varied)) })
    if (options.signal?.aborted === true) break
  }
  return judge(job, attempts)
}

/** The swept constants in the order in which the sweeps were given. */
function inOrder({ names }: Plan, values: Values): Values {
  return Object.fromEntries(names.map((name) => [name, values[name]]))
}

/** Whether a smaller size was cut or not tried, or this one is predicted not to fit. */
function isOutOfReach(attempts: readonly Attempt[], size: number | undefined, options: CheckOptions): boolean {
  if (size === undefined) return false
  if (attempts.some(({ cut }) => cut !== undefined)) return true
  const { timeoutMs = Infinity, memoryBytes = Infinity, maxStates = Infinity } = options
  const samples = samplesOf(attempts)
  const expected = forecast(fitGrowth(samples), samples, size)
  if (isWithheld(expected)) return false
  const { distinct, seconds, memoryBytes: bytes } = expected
  return (seconds ?? 0) * 1000 > timeoutMs || bytes > memoryBytes || distinct > maxStates
}

async function attempt(
  { spec, options, runs, measure }: Job,
  varied: Values,
): Promise<Pick<Attempt, 'measured' | 'error' | 'cut'>> {
  const results: Measurement[] = []
  const failed = (error: CheckerError) => ({ measured: undefined, error, cut: undefined })
  while (results.length < runs) {
    const result = await measure({ ...options, constants: { ...options.constants, ...varied } })
    if (result instanceof CheckerError) return failed(result)
    const cause = cutOf(result)
    // Fewer runs than were asked for are still a measurement.
    if (cause === 'interrupted' && results.length > 0) break
    if (cause !== undefined) return { measured: undefined, error: undefined, cut: { cause, explored: result } }
    results.push(result)
    if (options.signal?.aborted === true) break
  }
  const measured = summarize(spec.name, results)
  return measured instanceof CheckerError ? failed(measured) : { measured, error: undefined, cut: undefined }
}

/** The rows explored to the end, as points of a curve. */
function samplesOf(attempts: readonly Attempt[]): Sample[] {
  return attempts.flatMap(({ size, measured }) => {
    if (size === undefined || measured === undefined) return []
    const { states, seconds, bytesPerState } = measured
    return [{ size, distinct: states.distinct, seconds, bytesPerState }]
  })
}

/** Fits the law of a series, and predicts with it what was not explored. */
function judge({ spec, plan, of, options }: Job, attempts: readonly Attempt[]): Series {
  const samples = samplesOf(attempts)
  const law = plan.axis && fitGrowth(samples)
  const expect = (size: number | undefined): Forecast | Withheld =>
    law === undefined || size === undefined ? { withheld: 'no size was explored' } : forecast(law, samples, size)
  let before: number | undefined
  const rows = attempts.map(({ varied, size, measured, error, cut }): BenchRow => {
    const constants = resolveConstants(spec.name, spec.constants, { ...options.constants, ...varied })
    const missing = cut && { ...cut, forecast: borneOut(expect(size), cut.explored) }
    const distinct = measured?.states.distinct ?? forecastOf(missing)?.distinct
    const growth = plan.axis && before && distinct !== undefined ? distinct / before : undefined
    before = distinct
    return { varied, constants, measured, error, missing, growth }
  })
  const [penultimate, last] = (plan.axis?.sizes ?? []).slice(-2)
  const isWhole = last !== undefined && attempts.length === plan.axis!.sizes.length && attempts.at(-1)!.measured
  const size = isWhole ? last + (last - (penultimate ?? last - 1)) : undefined
  return { of, rows, law, next: size === undefined ? undefined : { size, forecast: expect(size) } }
}

/** A prediction of a row that was cut, unless what was seen of it contradicts it. */
function borneOut(expected: Forecast | Withheld, explored: Measurement | undefined): Forecast | Withheld {
  if (isWithheld(expected) || explored === undefined) return expected
  const { states, seconds } = explored
  if (states.distinct > expected.distinct) return { withheld: 'more states were seen than the fit predicts' }
  return expected.seconds !== undefined && expected.seconds < seconds ? { ...expected, seconds: undefined } : expected
}

/** The prediction of a row that has one. */
export function forecastOf(missing: Missing | undefined): Forecast | undefined {
  return missing === undefined || isWithheld(missing.forecast) ? undefined : missing.forecast
}
