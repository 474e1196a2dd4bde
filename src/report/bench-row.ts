/** A row of a benchmark as figures: measured or predicted, undefined where nothing is known. */
import { forecastOf, type BenchRow } from '../api/bench/bench.ts'
import { violatedIn } from '../api/bench/measure.ts'

/** What every report shows of a row. */
export interface Figures {
  readonly distinct: number | undefined
  readonly generated: number | undefined
  readonly depth: number | undefined
  readonly seconds: number | undefined
  /** Distinct states per second. */
  readonly statesPerSecond: number | undefined
  readonly bytesPerState: number | undefined
  /** Of seen states and levels. */
  readonly memoryBytes: number | undefined
  readonly peakMemoryBytes: number | undefined
  readonly isPredicted: boolean
}

const UNKNOWN: Figures = {
  distinct: undefined,
  generated: undefined,
  depth: undefined,
  seconds: undefined,
  statesPerSecond: undefined,
  bytesPerState: undefined,
  memoryBytes: undefined,
  peakMemoryBytes: undefined,
  isPredicted: false,
}

/** The figures of a row. */
export function figuresOf({ measured, missing }: BenchRow): Figures {
  if (measured !== undefined) {
    const { states, seconds, bytesPerState, peakMemoryBytes } = measured
    const { distinct, generated, depth } = states
    const memoryBytes = Math.round(bytesPerState * distinct)
    const counts = { distinct, generated, depth, seconds, bytesPerState, memoryBytes, peakMemoryBytes }
    return { ...counts, statesPerSecond: rate(distinct, seconds), isPredicted: false }
  }
  const forecast = forecastOf(missing)
  if (forecast === undefined) return UNKNOWN
  const { distinct, seconds, bytesPerState } = forecast
  const memoryBytes = Math.round(forecast.memoryBytes)
  return {
    ...UNKNOWN,
    distinct,
    seconds,
    bytesPerState,
    memoryBytes,
    statesPerSecond: rate(distinct, seconds),
    isPredicted: true,
  }
}

function rate(distinct: number, seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds === 0 ? undefined : Math.round(distinct / seconds)
}

/** A remark of a few words about a row, besides its figures; empty if there is nothing to say. */
export function remarkOn({ measured, error, missing }: BenchRow): string {
  if (error !== undefined) return error.code
  if (missing !== undefined) return REMARKS[missing.cause] ?? missing.cause
  const violated = measured === undefined ? [] : violatedIn(measured)
  return violated.length === 0 ? '' : `✗ ${violated.join(', ')}`
}

const REMARKS: { readonly [cause: string]: string } = {
  time: 'cut: time',
  memory: 'cut: memory',
  states: 'cut: states',
  depth: 'cut: depth',
  killed: 'killed: out of memory?',
  interrupted: 'interrupted',
  'not tried': 'would not fit',
}
