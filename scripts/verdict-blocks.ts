/**
 * The verdict matrices of a page. Between
 *
 *     <!-- verdicts: specs/truncate-dma.ts --vary design -->
 *     <!-- /verdicts -->
 *
 * stands the output of `kripke compare` for these arguments. Times are removed, so that a page changes only if
 * something else does. If the last line is missing, the matrix is inserted there.
 */

/** Returns the output of `kripke` for some arguments. */
export type Print = (args: readonly string[]) => Promise<string>

/** A page with current matrices. */
export interface Renewed {
  readonly text: string
  /** The arguments of the matrices that were out of date. */
  readonly stale: readonly string[]
}

const FIRST = /^<!-- verdicts: (.+?) -->$/
const LAST = '<!-- /verdicts -->'

/** Renews the matrices of a page, one after another. */
export async function renewed(page: string, print: Print): Promise<Renewed> {
  const lines = page.split('\n')
  const out: string[] = []
  const stale: string[] = []
  for (let at = 0; at < lines.length; at++) {
    // A full command has the same meaning.
    const args = FIRST.exec(lines[at]!)?.[1]!.replace(/^.*\bcompare /, '')
    out.push(args === undefined ? lines[at]! : `<!-- verdicts: ${args} -->`)
    if (args === undefined) continue
    const end = lines.findIndex((line, index) => index > at && (line === LAST || FIRST.test(line)))
    const isClosed = lines[end] === LAST
    const old = isClosed ? lines.slice(at + 1, end) : []
    const matrix = ['', '```text', `$ npx kripke compare ${args}`, ...(await matrixOf(args, print)), '```', '']
    if (old.join('\n') !== matrix.join('\n')) stale.push(args)
    out.push(...matrix, LAST)
    if (isClosed) at = end
  }
  return { text: out.join('\n'), stale }
}

async function matrixOf(args: string, print: Print): Promise<string[]> {
  return withoutTimes((await print(['compare', ...args.split(/\s+/)])).trimEnd().split('\n'))
}

/** Removes the last column, `seconds`, from the matrix, which ends at a blank line. */
export function withoutTimes(lines: readonly string[]): string[] {
  const head = lines.findIndex((line) => line.endsWith('  seconds'))
  if (head < 0) return [...lines]
  const width = lines[head]!.length - '  seconds'.length
  const end = lines.indexOf('', head)
  return lines.map((line, index) =>
    index < head || (end >= 0 && index >= end) ? line : line.slice(0, width).trimEnd(),
  )
}
