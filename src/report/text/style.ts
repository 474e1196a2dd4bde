/** What a terminal lets text look like. */
import { createColors } from 'picocolors'

/** How to write for a certain terminal. */
export interface Style {
  /** Columns there are; Infinity where lines may be as long as they like. */
  readonly width: number
  readonly name: (text: string) => string
  readonly faint: (text: string) => string
  readonly strong: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly doubtful: (text: string) => string
}

/** A style with or without colors. */
export function styleFor({ color, width }: { color: boolean; width: number }): Style {
  const { bold, cyan, dim, green, red, yellow } = createColors(color)
  return { width, name: cyan, faint: dim, strong: bold, good: green, bad: (text) => red(bold(text)), doubtful: yellow }
}

/** Plain text in lines of 120 columns. */
export const PLAIN: Style = styleFor({ color: false, width: 120 })

// oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
const ESCAPES = /\u001B\[\d+m/g

/** How many columns text takes: escape sequences take none. */
export function columns(text: string): number {
  return text.replace(ESCAPES, '').length
}

/** Text filled up with blanks to `width` columns, on the right unless `align` says otherwise. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - columns(text)))
  return align === 'left' ? text + blanks : blanks + text
}

/** Parts joined by `separator`, in lines of at most `width` columns; a part longer than a line has one to itself. */
export function flow(parts: readonly string[], width: number, separator: string = ' · '): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    const joined = `${last}${separator}${part}`
    if (last !== undefined && columns(joined) <= width) lines[lines.length - 1] = joined
    else lines.push(part)
  }
  return lines
}

/** Rows in columns two blanks apart; a column of which every cell but the first is a figure is aligned right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => columns(row[column] ?? ''))))
  const isFigures = widths.map((_, column) =>
    rows.slice(1).every((row) => /^~?[\d,.–-]*$/.test((row[column] ?? '').replace(ESCAPES, ''))),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column]!, isFigures[column] ? 'right' : 'left'))
      .join('  ')
      .trimEnd(),
  )
}
