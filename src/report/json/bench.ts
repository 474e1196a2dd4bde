/** A benchmark as the JSON document of `bench --json`. */
import type { Bench, BenchRow, Series } from '../../api/bench/bench.ts'
import type { Forecast } from '../../api/bench/forecast.ts'
import { isWithheld, type Withheld } from '../../api/bench/growth.ts'
import { figuresOf } from '../bench-row.ts'
import { countsDocument, errorDocument } from './documents.ts'
import { nulled, plainJson, type Json } from './plain.ts'
import { VERSION } from '../version.ts'

/** The document; a figure that is not known is null. */
export function benchDocument({ spec, sweeps, axis, runs, series, complete }: Bench): {
  readonly [name: string]: Json
} {
  return {
    kripke: VERSION,
    spec,
    sweeps,
    axis: axis ?? null,
    runs,
    complete,
    rows: series.flatMap(({ rows }) => rows.map(rowDocument)),
    series: series.map(seriesDocument),
  }
}

function rowDocument(row: BenchRow): Json {
  const { constants, measured, error, missing, growth } = row
  const { distinct, generated, depth, seconds, statesPerSecond, bytesPerState, peakMemoryBytes, ...other } =
    figuresOf(row)
  return {
    constants: plainJson(constants),
    states:
      measured === undefined
        ? nulled({ initial: undefined, generated, distinct, depth })
        : countsDocument(measured.states),
    ...nulled({ seconds, statesPerSecond, bytesPerState, peakMemoryBytes }),
    complete: measured?.complete ?? false,
    predicted: other.isPredicted,
    verdict: measured?.verdict ?? null,
    growth: growth ?? null,
    memoryBytes: other.memoryBytes ?? null,
    workers: measured?.workers ?? null,
    ...(measured !== undefined && {
      properties: measured.properties.map(({ name, result }) => ({ name, result })),
      warnings: measured.warnings.map(({ code, name, text }) => ({ code, name, text })),
    }),
    ...(missing !== undefined && {
      cut: missing.cause,
      explored: missing.explored === undefined ? null : countsDocument(missing.explored.states),
      withheld: isWithheld(missing.forecast) ? missing.forecast.withheld : null,
    }),
    ...(error !== undefined && { error: errorDocument(error)['error']! }),
  }
}

function seriesDocument({ of, law, next }: Series): Json {
  return {
    constants: plainJson(of),
    growth:
      law === undefined
        ? null
        : isWithheld(law)
          ? { withheld: law.withheld }
          : { kind: law.kind, rate: law.rate, checkedOn: law.checkedOn, error: law.error },
    next: next === undefined ? null : { size: next.size, ...forecastDocument(next.forecast) },
  }
}

function forecastDocument(forecast: Forecast | Withheld): { readonly [name: string]: Json } {
  if (isWithheld(forecast)) return { withheld: forecast.withheld }
  const { distinct, seconds, bytesPerState, memoryBytes } = forecast
  return nulled({ distinct, seconds, bytesPerState, memoryBytes: Math.round(memoryBytes) })
}
