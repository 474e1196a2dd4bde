/**
 * What the main thread and the thread that runs the command tell each other.
 *
 * A spec function that never returns cannot be interrupted, and while it runs its thread hears no signal. So the command runs in a
 * thread of its own, and the main thread, which is always free to act, can end it.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { failCalls, recordCalls, type UnreturnedCall } from '../spec/calls.ts'

/** A standard stream as the main thread finds it. */
export interface StreamFacts {
  readonly isTTY: boolean
  /** Shared, so that it follows the size of the terminal: the columns. */
  readonly columns: Int32Array
}

/** What the thread that runs the command is told when it starts. */
export interface CommandData {
  readonly stdout: StreamFacts
  readonly stderr: StreamFacts
  /** Where to record calls of spec functions. */
  readonly calls: SharedArrayBuffer
  /** Calls that did not return when the command ran before; they fail now. */
  readonly unreturned: readonly UnreturnedCall[]
  /** The signal that ended it then; undefined if its time was up. */
  readonly interrupted: NodeJS.Signals | undefined
}

/** What the thread that runs the command tells. */
export type CommandReport =
  /** A signal ends the run in good order from now on. */
  | { readonly kind: 'listening' }
  /**
   * The run ends by itself within so many milliseconds, unless a spec function does not return. `isPart` says that it is one run of
   * several, whose results are shown together.
   */
  | { readonly kind: 'limit'; readonly ms: number; readonly isPart: boolean }
  /** Records of calls by further threads. */
  | { readonly kind: 'calls'; readonly memory: SharedArrayBuffer }
  /** A folder to remove in the end. */
  | { readonly kind: 'folder'; readonly path: string }
  /** How far the run is, as text. */
  | { readonly kind: 'progress'; readonly text: string }
  /** The states of a call that did not return, as text. */
  | { readonly kind: 'states'; readonly texts: readonly string[] }
  /** The call that did not return would have been made now. */
  | { readonly kind: 'met' }

/** What it is told: that the user asked to stop. */
export interface InterruptMessage {
  readonly kind: 'interrupt'
  readonly signal: NodeJS.Signals
}

/** What this thread was told when it started. */
export const data: CommandData = workerData as CommandData

/** Tells the main thread something. */
export function tellMain(report: CommandReport): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(report)
}

let afterUnreturned = (): void => {}

/** Has `stop` called where a command of several runs, which was interrupted before, has come as far as it did then. */
export function stopWhereInterrupted(stop: () => void): void {
  if (data.interrupted !== undefined) afterUnreturned = stop
}

/** Records calls of spec functions from now on. @param text - a state as text */
export function beSupervised(text: (state: unknown) => string): void {
  recordCalls(data.calls, (memory) => tellMain({ kind: 'calls', memory }))
  if (data.unreturned.length === 0) return
  failCalls(data.unreturned, {
    states: (states) => tellMain({ kind: 'states', texts: states.map(text) }),
    met: () => {
      tellMain({ kind: 'met' })
      afterUnreturned()
    },
  })
}

/** Whether the command runs for the second time, to show what a call that does not return leads to. */
export function isRepeated(): boolean {
  return data.unreturned.length > 0
}

/** Announces when the run will have ended by itself. */
export function announceLimit(ms: number | undefined, { isPart = false }: { readonly isPart?: boolean } = {}): void {
  tellMain({ kind: 'limit', ms: ms ?? Infinity, isPart })
}
