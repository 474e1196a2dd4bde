/**
 * `kripke check --watch`: checks again whenever a file that the spec depends on is saved.
 *
 * Each run has a thread of its own. A save ends it wherever it is, in a function that never returns, too. While nothing
 * runs, the thread of the next run starts ahead and loads the compiler, so that a small check takes a few hundredths of a second.
 */
import { statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { badOption } from '../../errors.ts'
import { seconds } from '../../report/show.ts'
import { INCOMPLETE } from '../exit-status.ts'
import { styleOf } from '../output.ts'
import { fullPath } from '../spec-loader/full-path.ts'
import { stderr, stdout, tryWrite } from '../streams.ts'
import { listenForInterrupt } from '../supervisor/interrupt.ts'
import { printLine } from '../terminal.ts'
import { FileWatcher } from './file-watcher.ts'
import { verdictChanges, verdictsOf, type VerdictChange, type Verdicts } from './verdict-changes.ts'
import { WatchedRun, type Printed } from './watched-run.ts'

/** A run that takes longer may be ended by a save, so it is worth to start the thread of the next one meanwhile. */
const LONG_MS = 500

/** Extensions that an import may leave out. */
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json']

/** Clears the terminal, but not what has scrolled out of it. */
const CLEAR = '\u001B[H\u001B[2J'
const CLEAR_LINE = '\r\u001B[2K'

/** The options of `check` that concern the watch itself. */
export interface WatchOptions {
  readonly json?: boolean
  readonly ndjson?: boolean
  readonly quiet?: boolean
}

/**
 * Checks the spec at `path` until the user asks to stop. `argv` is the command line, with which each run is started.
 *
 * @returns the exit status
 * @throws {CheckerError} KR101 for options that contradict each other, KR105 if standard output cannot be written
 */
export async function watch(path: string, argv: readonly string[], options: WatchOptions): Promise<number> {
  if (options.json) throw badOption('--watch must not be given with --json, which prints one document', 'use --ndjson')
  const interrupt = listenForInterrupt()
  const session = new Session(path, argv, options)
  try {
    await Promise.race([session.failed, aborted(interrupt.signal)])
  } finally {
    await session.close()
  }
  return interrupt.status ?? session.status
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

class Session {
  /** Rejected if the watch itself fails. */
  readonly failed: Promise<never>
  /** The exit status of the last run. */
  status = INCOMPLETE
  readonly #argv: readonly string[]
  readonly #options: WatchOptions
  readonly #spec: string
  readonly #files: FileWatcher
  #fail: (thrown: unknown) => void = () => {}
  #number = 0
  #saved = new Set<string>()
  #current: WatchedRun | undefined
  #next: WatchedRun | undefined
  #ahead: NodeJS.Timeout | undefined
  /** What the last run that had a result printed. */
  #lastResult = ''
  #verdicts: Verdicts | undefined
  /** The paths to watch, as the runs reported them. */
  #paths: ReadonlySet<string> = new Set()
  /** When the run began, by the clock. */
  #startedAt = 0
  #isClosed = false

  constructor(path: string, argv: readonly string[], options: WatchOptions) {
    this.#argv = argv
    this.#options = options
    this.#spec = fullPath(path)
    this.failed = new Promise((_, reject) => {
      this.#fail = reject
    })
    this.#files = new FileWatcher((saved) => this.#begin(saved))
    // The first run reads the file after this, so a save just before is not another one.
    this.#files.watch([this.#spec], Infinity)
    this.#begin([])
  }

  /** Ends the run and the watch. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#files.close()
    clearTimeout(this.#ahead)
    if (stderr.isTTY) tryWrite(CLEAR_LINE)
    await Promise.all([this.#current?.stop(), this.#next?.stop()])
  }

  /** Ends the run that is in progress, and begins another. */
  #begin(saved: readonly string[]): void {
    for (const path of saved) this.#saved.add(path)
    this.#run(++this.#number).catch((thrown: unknown) => this.#fail(thrown))
  }

  async #run(number: number): Promise<void> {
    const isOld = (): boolean => this.#isClosed || number !== this.#number
    clearTimeout(this.#ahead)
    await this.#current?.stop()
    if (isOld()) return
    const saved = [...this.#saved].map((path) => relative(process.cwd(), path)).toSorted()
    this.#saved.clear()
    const run = this.#next ?? this.#thread(false)
    this.#next = undefined
    this.#current = run
    this.#ahead = setTimeout(() => this.#startAhead(), LONG_MS)
    if (this.#options.ndjson) printLine({ event: 'run', run: number, saved })
    const startedMs = performance.now()
    this.#startedAt = Date.now()
    const status = await run.begin()
    if (isOld()) return
    this.#current = undefined
    this.status = status
    const changes = this.#changes(run)
    if (this.#options.ndjson) {
      printLine({ event: 'waiting', run: number, status, changes: changes ?? null })
    } else {
      this.#show(run, changes)
      this.#tell(number, saved, performance.now() - startedMs)
    }
    this.#startAhead()
    // After a run without a result, what earlier ones depended on may be the cause.
    if (run.properties !== undefined) this.#watch(run.paths)
  }

  #thread(isAhead: boolean): WatchedRun {
    const listener = {
      printed: (printed: Printed) => this.#print(printed),
      depends: (run: WatchedRun) => this.#watch([...this.#paths, ...run.paths]),
    }
    return new WatchedRun(this.#argv, listener, isAhead)
  }

  /** Starts the thread of the next run. */
  #startAhead(): void {
    clearTimeout(this.#ahead)
    if (!this.#isClosed) this.#next ??= this.#thread(true)
  }

  /** Prints what cannot wait for the end of the run. A result is shown as a whole. */
  #print({ to, text }: Printed): void {
    if (to === 'stderr') tryWrite(text)
    else if (this.#options.ndjson) stdout.write(text)
  }

  /** What changed since the last run that had a result; undefined if one of the two is missing. */
  #changes({ properties }: WatchedRun): readonly VerdictChange[] | undefined {
    if (properties === undefined) return undefined
    const [before, after] = [this.#verdicts, verdictsOf(properties)]
    this.#verdicts = after
    return before && verdictChanges(before, after)
  }

  /** Shows the result. On a terminal it takes the place of the last one, which stays if there is none. */
  #show({ printed }: WatchedRun, changes: readonly VerdictChange[] | undefined): void {
    const lines = changes === undefined ? [] : changeLines(changes)
    const result = printed.flatMap(({ to, text }) => (to === 'stdout' ? [text] : [])).join('')
    const below = lines.length === 0 ? '' : `\n${lines.join('\n')}\n`
    if (stdout.isTTY) {
      const errors = stderr.isTTY ? printed : printed.filter(({ to }) => to === 'stdout')
      const kept = result === '' ? this.#lastResult : ''
      stdout.write(`${CLEAR}${kept}${errors.map(({ text }) => text).join('')}${below}`)
    } else if (result + below !== '') stdout.write(`${result}${below}`)
    if (result !== '') this.#lastResult = result
  }

  /** Says which run this was, and that the watch goes on. */
  #tell(number: number, saved: readonly string[], tookMs: number): void {
    if (this.#options.quiet) return
    const cause = saved.length === 0 ? '' : `, after a change of ${saved.join(', ')}`
    const text = `run ${number}${cause}: status ${this.status}, ${seconds(tookMs / 1000)} s; waiting for changes, Ctrl-C ends`
    tryWrite(`${styleOf(stderr).faint(text)}\n`)
  }

  /** Watches the spec and these files, but no packages. */
  #watch(paths: Iterable<string>): void {
    const isOwn = (path: string): boolean => !path.split(/[/\\]/).includes('node_modules')
    this.#paths = new Set([this.#spec, ...[...paths].filter(isOwn)])
    this.#files.watch(new Set([...this.#paths].flatMap(candidates)), this.#startedAt)
  }
}

/** The files that an import of `path` may mean. */
function candidates(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return [path]
  const sources = /\.[cm]?jsx?$/.test(path) ? [path.replace(/js(x?)$/, 'ts$1'), path.replace(/jsx?$/, 'tsx')] : []
  return [path, ...sources, ...EXTENSIONS.flatMap((extension) => [path + extension, join(path, `index${extension}`)])]
}

function changeLines(changes: readonly VerdictChange[]): string[] {
  const style = styleOf(stdout)
  if (changes.length === 0) return [style.faint('no verdict changed')]
  return changes.map(({ name, from, to }) => `${style.strong(name)}: ${from ?? 'new'} → ${to ?? 'removed'}`)
}
