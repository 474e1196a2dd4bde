/** A benchmark as comma-separated values (RFC 4180): a header, then a row for each combination. */
import { spellingOf } from '../spec/constant-text.ts'
import type { Bench, BenchRow } from '../api/bench/bench.ts'
import { figuresOf, remarkOn } from './bench-row.ts'

const COLUMNS = [
  ...['distinct', 'generated', 'depth', 'seconds', 'statesPerSecond', 'bytesPerState', 'peakMemoryBytes'],
  ...['growth', 'verdict', 'complete', 'predicted', 'remark'],
]

/** The text, with all constants first; a figure that is not known is an empty field. */
export function benchCsv({ series }: Bench): string {
  const rows = series.flatMap((it) => it.rows)
  const names = Object.keys(rows[0]?.constants ?? {})
  return [[...names, ...COLUMNS], ...rows.map((row) => fieldsOf(row, names))].map(line).join('')
}

function fieldsOf(row: BenchRow, names: readonly string[]): unknown[] {
  const { constants, measured, growth } = row
  const { distinct, generated, depth, seconds, statesPerSecond, bytesPerState, ...rest } = figuresOf(row)
  return [
    ...names.map((name) => spellingOf(constants[name])),
    ...[distinct, generated, depth, seconds, statesPerSecond, bytesPerState, rest.peakMemoryBytes],
    ...[growth, measured?.verdict, measured?.complete ?? false, rest.isPredicted, remarkOn(row)],
  ]
}

function line(fields: readonly unknown[]): string {
  return `${fields.map(field).join(',')}\r\n`
}

function field(value: unknown): string {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
