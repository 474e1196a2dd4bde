/** One run of `--watch`, in a thread of its own: it can be ended wherever it is, and leaves nothing behind. */
import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { PropertyOutcome } from '../../api/outcome.ts'
import { errorText } from '../../report/text/error.ts'
import { neverReturned, type CheckerError } from '../../errors.ts'
import { errorDocument } from '../../report/json/documents.ts'
import { statusOfError } from '../exit-status.ts'
import { styleOf } from '../output.ts'
import { stderr, stdout } from '../streams.ts'
import { crashError, detailsOf } from '../supervisor/errors.ts'
import { SupervisedCommand } from '../supervisor/supervised-command.ts'
import { postToSupervisor, type CommandReport } from '../supervisor/supervision.ts'
import type { BeginMessage, WatchedData } from './messages.ts'

const COMMAND = new URL('./watched-command.js', import.meta.url)

/** The beginning of a line of progress, which is taken away later. */
const REWRITTEN = '\r\u001B[2K'

/** A text that a run printed. */
export interface Printed {
  readonly to: 'stdout' | 'stderr'
  readonly text: string
}

/** Learns about a run in progress. */
export interface RunListener {
  printed(printed: Printed): void
  depends(run: WatchedRun): void
}

export class WatchedRun {
  /** The files that it depends on, and places where it looked for some. */
  readonly paths: Set<string> = new Set()
  /** The result; undefined as long as there is none. */
  properties: readonly PropertyOutcome[] | undefined
  /** What it printed, without progress. */
  readonly printed: Printed[] = []
  readonly #argv: readonly string[]
  readonly #listener: RunListener
  readonly #folders: string[] = []
  readonly #command: SupervisedCommand
  #thread: Worker | undefined
  #isBegun = false
  #isStopped = false

  /**
   * @param argv - the command line
   * @param listener - called at once with what the run prints, and when it has added to `paths`
   * @param isAhead - whether the run will begin later
   */
  constructor(argv: readonly string[], listener: RunListener, isAhead: boolean) {
    this.#argv = argv
    this.#listener = listener
    this.#command = new SupervisedCommand({
      start: (supervision) => this.#start({ ...supervision, argv, isAhead: isAhead && !this.#isBegun }),
      onReport: (report) => this.#onReport(report),
      onLongCall: (who, seconds) => {
        if (argv.includes('--quiet')) return
        this.#print('stderr', `kripke: ${who} has not returned for ${seconds} s; save the spec to start again\n`)
      },
      printUnreturned: async (unreturned) =>
        this.#printError(neverReturned(unreturned.who, unreturned.waitedMs, detailsOf(unreturned))),
      printCrash: async (thrown) => this.#printError(crashError(thrown)),
    })
  }

  /** Begins the run. @returns the exit status, once it has ended by itself */
  async begin(): Promise<number> {
    this.#isBegun = true
    this.#postBegin()
    const status = await this.#command.status
    this.#removeFolders()
    return status
  }

  /** Ends the run, wherever it is. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#command.stop()
    this.#removeFolders()
  }

  #print(to: Printed['to'], text: string): void {
    if (this.#isStopped) return
    const printed = { to, text }
    if (!text.startsWith(REWRITTEN)) this.printed.push(printed)
    this.#listener.printed(printed)
  }

  #start(data: WatchedData): Worker {
    const thread = new Worker(COMMAND, { workerData: data, stdout: true, stderr: true })
    // Only output that a spec prints without the console comes this way.
    for (const stream of [thread.stdout, thread.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.#print('stderr', text))
    }
    this.#thread = thread
    if (this.#isBegun) this.#postBegin()
    return thread
  }

  #postBegin(): void {
    const facts = ({ isTTY, columns }: typeof stdout): BeginMessage['stdout'] => ({ isTTY, columns })
    const message: BeginMessage = { stdout: facts(stdout), stderr: facts(stderr) }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#thread!.postMessage(message)
  }

  #onReport(report: CommandReport): void {
    if (this.#isStopped && report.kind !== 'folder') return
    if (report.kind === 'inputs') {
      for (const path of report.paths) this.paths.add(path)
      this.#listener.depends(this)
    } else if (report.kind === 'verdicts') this.properties = report.properties
    else if (report.kind === 'write') this.#print(report.to, report.text)
    else if (report.kind === 'folder') {
      this.#folders.push(report.path)
      postToSupervisor(report)
    }
  }

  #printError(error: CheckerError): number {
    if (this.#argv.includes('--ndjson')) {
      this.#print('stdout', `${JSON.stringify({ event: 'error', ...errorDocument(error) })}\n`)
    } else this.#print('stderr', `${errorText(error, styleOf(stderr)).join('\n')}\n`)
    return statusOfError(error)
  }

  #removeFolders(): void {
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  }
}
