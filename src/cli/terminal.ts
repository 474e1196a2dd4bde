/** Standard output and error: styles, progress, files. */
import { chmod, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { fileFailed } from '../errors.ts'
import type { ClusterProgress } from '../api/cluster.ts'
import type { Progress, SimulationProgress } from '../api/options.ts'
import { count, seconds } from '../report/show.ts'
import { stderr, stdout, tryWrite } from './streams.ts'
import { postToSupervisor } from './supervisor/supervision.ts'

/** How often a line of progress is printed where lines cannot be rewritten. */
const PATIENCE_MS = 10_000

/** Prints lines to standard output. @throws {CheckerError} KR105 */
export function print(lines: readonly string[]): void {
  stdout.write(`${lines.join('\n')}\n`)
}

/** Prints a JSON document to standard output. */
export function printJson(document: unknown): void {
  stdout.write(`${JSON.stringify(document, null, 2)}\n`)
}

/** Prints a JSON document to standard output, on one line. */
export function printLine(document: unknown): void {
  stdout.write(`${JSON.stringify(document)}\n`)
}

/** Prints progress to standard error: one rewritten line on a terminal, now and then a line elsewhere. */
export class ProgressLine {
  readonly #prefix: string
  #printedMs = 0
  #isShown = false

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  show(progress: Progress): void {
    const { distinct, generated, depth, pending, elapsedMs, cluster } = progress
    const rate = count(Math.round((distinct / Math.max(1, elapsedMs)) * 1000))
    // What matters most comes first: a narrow terminal cuts the end.
    const text =
      `${count(distinct)} distinct, ${seconds(elapsedMs / 1000)} s, depth ${depth}, ` +
      `${rate} distinct/s, ${count(pending)} to expand, ${count(generated)} generated`
    this.#print(cluster === undefined ? text : `${clusterProgress(cluster)}, ${text}`, elapsedMs)
  }

  /** Shows how far a simulation is. */
  showWalks({ walks, steps, distinct, elapsedMs }: SimulationProgress): void {
    const rate = count(Math.round((steps / Math.max(1, elapsedMs)) * 1000))
    const text = `${count(walks)} walks, ${seconds(elapsedMs / 1000)} s, ${count(distinct)} distinct seen, ${rate} steps/s`
    this.#print(text, elapsedMs)
  }

  /** Shows how many mutants are checked. */
  showMutants(checked: number, all: number, elapsedMs: number): void {
    this.#print(`${count(checked)} of ${count(all)} mutants, ${seconds(elapsedMs / 1000)} s`, elapsedMs)
  }

  #print(text: string, elapsedMs: number): void {
    postToSupervisor({ kind: 'progress', text })
    const line = `${this.#prefix}: ${text}`
    if (stderr.isTTY) {
      tryWrite(`\r\u001B[2K${line.slice(0, stderr.columns - 1)}`)
      this.#isShown = true
    } else if (elapsedMs - this.#printedMs >= PATIENCE_MS) {
      tryWrite(`${line}\n`)
      this.#printedMs = elapsedMs
    }
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#isShown) tryWrite('\r\u001B[2K')
    this.#isShown = false
  }
}

/** Writes a whole file or nothing. Writes directly to anything else, such as a pipe. @throws {CheckerError} KR105 */
export async function writeWhole(path: string, content: string): Promise<void> {
  try {
    const target = await realpath(path).catch(() => path)
    const isOther = await stat(target).then(
      (found) => !found.isFile(),
      () => false,
    )
    if (isOther) await writeFile(target, content)
    else await replaceFile(target, content)
  } catch (thrown) {
    throw fileFailed('write', path, (thrown as NodeJS.ErrnoException).code ?? String(thrown))
  }
}

async function replaceFile(path: string, content: string): Promise<void> {
  const draft = `${path}.${process.pid}.part`
  try {
    await writeFile(draft, content)
    const mode = await stat(path).then(
      (found) => found.mode,
      () => undefined,
    )
    if (mode !== undefined) await chmod(draft, mode)
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

function clusterProgress({ nodes, wanted, bytesSent, slots: [least, greatest] }: ClusterProgress): string {
  if (wanted !== undefined && nodes < wanted) return `waits for workers: ${count(nodes)} of ${count(wanted)}`
  const share = least === greatest ? count(least) : `${least} to ${greatest}`
  const sent = `${count(Math.round(bytesSent / 1e6))} MB sent`
  if (nodes === 0) return 'waits for workers'
  return `${count(nodes)} ${nodes === 1 ? 'node' : 'nodes'} with ${share} slots, ${sent}`
}
