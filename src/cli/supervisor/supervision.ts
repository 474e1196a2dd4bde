/**
 * The messages between the main thread and the thread that runs the command.
 *
 * Nothing can interrupt a spec function that never returns, and its thread cannot handle a signal meanwhile. So the command
 * runs in another thread, and the main thread is always free to end it.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { failCalls, recordCalls, type UnreturnedCall } from '../../spec/calls.ts'

/** A standard stream as the main thread finds it. */
export interface StreamFacts {
  readonly isTTY: boolean
  /** The columns. Shared memory, so that they follow the size of the terminal. */
  readonly columns: Int32Array
}

/** What the thread that runs the command gets when it starts. */
export interface CommandData {
  readonly stdout: StreamFacts
  readonly stderr: StreamFacts
  /** Where to record calls of spec functions. */
  readonly calls: SharedArrayBuffer
  /** Calls that did not return in the earlier run of the command. They fail in this run. */
  readonly unreturned: readonly UnreturnedCall[]
  /** The signal that ended the earlier run; undefined if its time was up. */
  readonly interrupted: NodeJS.Signals | undefined
}

/** A message from the thread that runs the command. */
export type CommandReport =
  /** From now on the command handles a signal and ends the run itself. */
  | { readonly kind: 'listening' }
  /**
   * The run ends by itself within so many milliseconds, unless a spec function does not return. `isPart`: the command shows the
   * results of several runs together, and this is one of them.
   */
  | { readonly kind: 'limit'; readonly ms: number; readonly isPart: boolean }
  /** The memory for records of calls by further threads. */
  | { readonly kind: 'calls'; readonly memory: SharedArrayBuffer }
  /** A folder to remove in the end. */
  | { readonly kind: 'folder'; readonly path: string }
  /** The progress of the run, as text. */
  | { readonly kind: 'progress'; readonly text: string }
  /** The states of a call that did not return, as text. */
  | { readonly kind: 'states'; readonly texts: readonly string[] }
  /** The run has reached the call that did not return. */
  | { readonly kind: 'met' }

/** A message to that thread: the user asked to stop. */
export interface InterruptMessage {
  readonly kind: 'interrupt'
  readonly signal: NodeJS.Signals
}

/** What this thread got when it started. */
export const data: CommandData = workerData as CommandData

/** Sends a message to the main thread. */
export function postToMain(report: CommandReport): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(report)
}

let afterUnreturned = (): void => {}

/** Calls `stop` once a command of several runs that was interrupted before reaches the same point again. */
export function stopWhereInterrupted(stop: () => void): void {
  if (data.interrupted !== undefined) afterUnreturned = stop
}

/** Records calls of spec functions from now on. @param text - a state as text */
export function recordSpecCalls(text: (state: unknown) => string): void {
  recordCalls(data.calls, (memory) => postToMain({ kind: 'calls', memory }))
  if (data.unreturned.length === 0) return
  failCalls(data.unreturned, {
    states: (states) => postToMain({ kind: 'states', texts: states.map(text) }),
    reached: () => {
      postToMain({ kind: 'met' })
      afterUnreturned()
    },
  })
}

/** Whether the command runs for the second time, to show the trace to a call that does not return. */
export function isRepeated(): boolean {
  return data.unreturned.length > 0
}

/** Announces when the run will have ended by itself. */
export function announceLimit(ms: number | undefined, { isPart = false }: { readonly isPart?: boolean } = {}): void {
  postToMain({ kind: 'limit', ms: ms ?? Infinity, isPart })
}
