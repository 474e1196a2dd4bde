/**
 * The verdict matrices of a page. Between
 *
 *     <!-- verdicts: specs/truncate-dma.ts --vary design -->
 *     <!-- /verdicts -->
 *
 * stands what `kripke compare` prints for these arguments, without its times, so that a page does not change when nothing else has. A first
 * line whose last is missing is a place where a matrix is still to be put.
 */

/** Prints what `kripke` does for some arguments. */
export type Print = (args: readonly string[]) => Promise<string>

/** A page with its matrices as they are now. */
export interface Renewed {
  readonly text: string
  /** The arguments of those that were not as they are now. */
  readonly stale: readonly string[]
}

const FIRST = /^<!-- verdicts: (.+?) -->$/
const LAST = '<!-- /verdicts -->'

/** Puts the matrices into a page anew, one after another. */
export async function renewed(page: string, print: Print): Promise<Renewed> {
  const lines = page.split('\n')
  const out: string[] = []
  const stale: string[] = []
  for (let at = 0; at < lines.length; at++) {
    // Written out as a command it means the same.
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

/** Cuts the last column, `seconds`, off the matrix, which ends at a blank line. */
export function withoutTimes(lines: readonly string[]): string[] {
  const head = lines.findIndex((line) => line.endsWith('  seconds'))
  if (head < 0) return [...lines]
  const width = lines[head]!.length - '  seconds'.length
  const end = lines.indexOf('', head)
  return lines.map((line, index) =>
    index < head || (end >= 0 && index >= end) ? line : line.slice(0, width).trimEnd(),
  )
}
