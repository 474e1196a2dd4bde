/** A history as text: a column for each client, a row for each start and each return. */
import { show } from '../spec/show.ts'
import { refused } from './driver.ts'
import type { HistoryCall } from './linearize.ts'

/** Columns of a client at most. */
const WIDEST = 40

/** The lines of a history. */
export function historyLines(clients: readonly string[], calls: readonly HistoryCall[]): string[] {
  const events = calls.flatMap(({ client, name, returned, start, end }) => [
    { at: start, client, text: name },
    ...(end === Infinity ? [] : [{ at: end, client, text: resultText(returned) }]),
  ])
  events.sort((a, b) => a.at - b.at)
  const widths = clients.map((client) => {
    const own = events.filter((event) => event.client === client).map(({ text }) => text.length)
    return Math.min(WIDEST, Math.max(client.length, ...own))
  })
  const row = (of: (client: string) => string): string =>
    `  ${clients.map((client, index) => of(client).padEnd(widths[index]!)).join('  ')}`.trimEnd()
  return [
    row((client) => client),
    ...events.map(({ client, text }) =>
      row((it) => (it === client ? (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text) : '')),
    ),
  ]
}

function resultText(returned: unknown): string {
  if (returned === refused) return '→ refused'
  return returned === undefined ? '→' : `→ ${show(returned)}`
}
