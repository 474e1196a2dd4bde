/** The race as Markdown: one table, followed by the data needed to repeat it. */
import { median, spread } from '../median.ts'
import type { Heat, Result } from './heat.ts'

export interface Race {
  readonly machine: string
  readonly date: string
  readonly commit: string
  readonly rounds: number
  /** By contestant. */
  readonly versions: Readonly<Record<string, string>>
  readonly heats: readonly Heat[]
}

/** The whole race. Ends with a line feed. */
export function markdown({ machine, date, commit, rounds, versions, heats }: Race): string {
  const bullets = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n')
  const rows = heats.flatMap((heat) => heat.results.map((result) => [...cellsOf(heat), ...cellsOfResult(result)]))
  const skipped = [...new Set(heats.flatMap((heat) => heat.skipped))]
  const blocks = [
    `Kripke at ${commit} against others, ${date}, on ${machine}. Whole processes in turn, ${rounds} rounds; medians, and the range ` +
      'in brackets. A ratio is Kripke’s time by the other’s in the same round: below 1, Kripke is faster.',
    tableOf(
      ['model', 'distinct', 'workers', 'tool', 'seconds', 'peak MiB', 'Kripke / tool', 'compiling, s (not counted)'],
      rows,
    ),
    ...(skipped.length > 0 ? [`Did not run:\n\n${bullets(skipped)}`] : []),
    `Versions:\n\n${bullets(Object.entries(versions).map(([name, version]) => `${name}: ${version}`))}`,
    `Settings:\n\n${bullets(heats.flatMap(settingsOf))}`,
    `Commands:\n\n\`\`\`text\n${heats.flatMap(commandsOf).join('\n')}\n\`\`\``,
  ]
  return `${blocks.join('\n\n')}\n`
}

const cellsOf = ({ model, distinct, workers }: Heat) => [model, distinct.toLocaleString('en-US'), String(workers)]

function cellsOfResult({ contestant, seconds, peakMemoryBytes, ratios, preparation }: Result): string[] {
  const ratio = contestant === 'kripke' || ratios.length === 0 ? '' : spread(ratios, 2)
  const peak = (median(peakMemoryBytes) / 2 ** 20).toFixed(0)
  return [contestant, spread(seconds, 2), peak, ratio, preparation?.seconds.toFixed(1) ?? '']
}

const settingsOf = ({ model, workers, results }: Heat) =>
  results.map(({ contestant, settings }) => `${model}, workers ${workers}, ${contestant}: \`${settings}\``)

const commandsOf = ({ results }: Heat) =>
  results.flatMap(({ command, preparation }) => [...(preparation?.commands ?? []), command])

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}
