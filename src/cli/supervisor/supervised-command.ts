/**
 * Runs a command in a thread, and ends the thread if a call of a spec function does not return.
 *
 * A spec function that never returns cannot be interrupted. If a thread is still in the same call after the user asks to stop
 * or the time limit passes, the supervisor ends that thread. Then it runs the command again, and Kripke throws an error in
 * place of that call. So the report shows the earlier results and the trace to the state.
 */
import type { Worker } from 'node:worker_threads'
import { callMemory, callNumbers, recordedCall, type RecordedCall, type UnreturnedCall } from '../../spec/calls.ts'
import { HOLDS } from '../exit-status.ts'
import type { Unreturned } from './errors.ts'
import type { CommandData, CommandReport, InterruptMessage } from './supervision.ts'

/** How often to look at the records of calls. */
const POLL_MS = 100

/** Once the run should have ended, a longer call counts as one that does not return. */
const GRACE_MS = 300

/** How long the command may take to show the trace to a call that does not return, besides twice its start. */
const REPEAT_MS = 600

/** How long a server may take to end. Then its threads end wherever they are. */
const SERVER_MS = 1000

/** Kripke tells the user about a call that takes longer than this. */
const LONG_MS = 10_000

/** A call in progress: which one, and since when. */
interface Watched {
  readonly number: number
  readonly sinceMs: number
  isTold: boolean
}

/** What the thread needs to know of its supervision. */
export type Supervision = Pick<CommandData, 'calls' | 'unreturned' | 'interrupted'>

/** What the owner of a command does for it. */
export interface CommandOwner {
  /** Starts the thread. */
  start(supervision: Supervision): Worker
  /** Receives what the thread reports. */
  onReport(report: CommandReport): void
  /** Tells the user about a call that takes long. */
  onLongCall(who: string, seconds: number): void
  /** Prints which call does not return, if no trace to it could be found. @returns the exit status */
  printUnreturned(unreturned: Unreturned): Promise<number>
  /** Prints an error that ended the thread: a defect of Kripke, or one in code that a spec runs outside its functions. */
  printCrash(error: unknown): Promise<number>
}

/** A command that runs in a thread. */
export class SupervisedCommand {
  /** The exit status, once the command has ended; never if it was stopped. */
  readonly status: Promise<number>
  readonly #owner: CommandOwner
  readonly #memories: SharedArrayBuffer[] = []
  readonly #watched = new Map<string, Watched>()
  readonly #unreturned: UnreturnedCall[] = []
  readonly #poll: NodeJS.Timeout
  #end: (status: number) => void
  #interrupted: NodeJS.Signals | undefined
  /** When the run should have ended, because of an interrupt or the time limit. */
  #dueMs = Infinity
  #isListening = false
  #isServing = false
  /** Whether the command shows the results of several runs together, and this is one of them. */
  #isPart = false
  /** The progress of the run, as text. */
  #progress: string | undefined
  /** The states of the call that did not return, as text. */
  #states: readonly string[] | undefined
  #repeatedMs = Infinity
  #startedMs = 0
  /** How long the first run took to load the spec, which depends on the machine and its load. */
  #startMs: number | undefined
  #isEnding = false
  #thread: Worker

  constructor(owner: CommandOwner) {
    this.#owner = owner
    this.#end = () => {}
    this.status = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#thread = this.#start()
    this.#poll = setInterval(() => this.#checkCalls(), POLL_MS).unref()
  }

  /**
   * Asks the command to stop.
   *
   * @param refuse - called if the command does not handle signals
   */
  interrupt(signal: NodeJS.Signals, refuse: () => void): void {
    this.#interrupted = signal
    if (this.#isServing) {
      this.#forwardSignal()
      setTimeout(() => void this.#endServer(), SERVER_MS)
      return
    }
    this.#dueMs = performance.now()
    if (this.#isListening) return this.#forwardSignal()
    setTimeout(
      () => {
        if (!this.#isListening && !this.#isEnding && this.#unreturned.length === 0) refuse()
      },
      GRACE_MS + 2 * POLL_MS,
    )
  }

  async #endServer(): Promise<void> {
    await this.stop()
    this.#finish(HOLDS)
  }

  /** Ends the thread at once, wherever it is. */
  async stop(): Promise<void> {
    this.#isEnding = true
    clearInterval(this.#poll)
    await this.#thread.terminate()
  }

  #start(): Worker {
    this.#startedMs = performance.now()
    const calls = callMemory(1)
    this.#memories.splice(0, this.#memories.length, calls)
    this.#watched.clear()
    this.#isListening = false
    const thread = this.#owner.start({ calls, unreturned: [...this.#unreturned], interrupted: this.#interrupted })
    thread.on('message', (report: CommandReport) => this.#onReport(report))
    thread.on('error', (error) => void this.#fail(error))
    thread.on('exit', (status) => {
      if (!this.#isEnding) this.#finish(this.#unreturned.length > 0 ? this.#statusOf(status) : status)
    })
    return thread
  }

  #finish(status: number): void {
    clearInterval(this.#poll)
    this.#end(status)
  }

  #onReport(report: CommandReport): void {
    switch (report.kind) {
      case 'listening':
        this.#isListening = true
        this.#startMs ??= performance.now() - this.#startedMs
        // A command that runs again stops at the call that does not return.
        if (this.#unreturned.length === 0) this.#forwardSignal()
        break
      case 'serving':
        this.#isServing = true
        break
      case 'limit':
        this.#isPart = report.isPart
        if (this.#interrupted === undefined) this.#dueMs = performance.now() + report.ms
        break
      case 'calls':
        this.#memories.push(report.memory)
        break
      case 'progress':
        if (this.#unreturned.length === 0) this.#progress = report.text
        break
      case 'states':
        this.#states = report.texts
        break
      case 'met':
        if (!this.#isPart) this.#repeatedMs = this.#repeatDueMs()
        break
      default:
        this.#owner.onReport(report)
    }
  }

  /** Tells the command that the user asked to stop. */
  #forwardSignal(): void {
    if (this.#interrupted === undefined || !this.#isListening) return
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#thread.postMessage({ kind: 'interrupt', signal: this.#interrupted } satisfies InterruptMessage)
  }

  /** Checks whether a call does not return. */
  #checkCalls(): void {
    const nowMs = performance.now()
    if (nowMs >= this.#repeatedMs) return void this.#endThreadIn(this.#unreturned[0]!, 0)
    for (const [index, memory] of this.#memories.entries()) {
      for (const [thread, number] of callNumbers(memory).entries()) {
        const key = `${index}:${thread}`
        const known = this.#watched.get(key)
        if (known?.number !== number) this.#watched.set(key, { number, sinceMs: nowMs, isTold: false })
        else if (number % 2 !== 0) this.#checkCall(known, nowMs, () => recordedCall(memory, thread))
      }
    }
  }

  /** Decides what to do about a call in progress. */
  #checkCall(call: Watched, nowMs: number, read: () => RecordedCall): void {
    const tookMs = nowMs - call.sinceMs
    if (tookMs >= GRACE_MS && nowMs >= this.#dueMs + GRACE_MS) return void this.#endThreadIn(read(), tookMs)
    if (tookMs < LONG_MS || call.isTold) return
    call.isTold = true
    this.#owner.onLongCall(read().who, Math.round(tookMs / 1000))
  }

  /** Ends the thread whose call does not return, and runs the command again to show the trace to that call. */
  async #endThreadIn(call: RecordedCall, waitedMs: number): Promise<void> {
    if (this.#isEnding) return
    this.#isEnding = true
    await this.#thread.terminate()
    const isRepeated = this.#unreturned.length > 0
    if (call.slots === undefined || (isRepeated && !this.#isPart)) {
      return this.#tell(this.#unreturned[0] ?? { ...call, waitedMs })
    }
    this.#unreturned.push({ ...call, waitedMs })
    this.#isEnding = false
    this.#dueMs = Infinity
    // If there are several runs, the results of earlier runs are worth waiting for.
    this.#repeatedMs = this.#isPart ? Infinity : this.#repeatDueMs()
    this.#thread = this.#start()
  }

  #repeatDueMs(): number {
    return performance.now() + REPEAT_MS + 2 * (this.#startMs ?? 0)
  }

  async #tell({ who, waitedMs }: UnreturnedCall): Promise<void> {
    const unreturned = { who, waitedMs, states: this.#states, progress: this.#progress }
    this.#finish(this.#statusOf(await this.#owner.printUnreturned(unreturned)))
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#isEnding) return
    this.#isEnding = true
    this.#finish(await this.#owner.printCrash(error))
  }

  #statusOf(status: number): number {
    return this.#interrupted === undefined ? status : this.#interrupted === 'SIGINT' ? 130 : 143
  }
}
