/**
 * The messages between a command and its supervisor: the main thread, or whoever calls the command line as a function.
 *
 * Nothing can interrupt a spec function that never returns, and its thread cannot handle a signal meanwhile. So the command
 * runs in another thread, and the main thread is always free to end it.
 */
import type { PropertyOutcome } from '../../api/outcome.ts'
import { callMemory, failCalls, recordCalls, type UnreturnedCall } from '../../spec/calls.ts'

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
  /** The command serves pages until the user ends it. No call that does not return is worth another run. */
  | { readonly kind: 'serving' }
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
  /** Files that a watched run depends on, and paths at which it looked for some. */
  | { readonly kind: 'inputs'; readonly paths: readonly string[] }
  /** The result of a watched run. */
  | { readonly kind: 'verdicts'; readonly properties: readonly PropertyOutcome[] }
  /** The output of a watched run. */
  | { readonly kind: 'write'; readonly to: 'stdout' | 'stderr'; readonly text: string }

/** A message to that thread: the user asked to stop. */
export interface InterruptMessage {
  readonly kind: 'interrupt'
  readonly signal: NodeJS.Signals
}

/** What a command knows of its supervisor. Without one, nothing interrupts the command and nothing ends it. */
export interface Supervisor {
  /** Receives the messages of the command. */
  readonly post?: (report: CommandReport) => void
  /** Aborts when the user asks to stop. The reason is the name of the signal. */
  readonly signal?: AbortSignal
  /** Where to record calls of spec functions. */
  readonly calls?: SharedArrayBuffer
  /** As in `CommandData`. */
  readonly unreturned?: readonly UnreturnedCall[]
  /** As in `CommandData`. */
  readonly interrupted?: NodeJS.Signals | undefined
  /** Whether this is one of the runs of `--watch`. */
  readonly isWatched?: boolean
}

let supervisor: Supervisor = {}
let afterUnreturned = (): void => {}

/** Sets the supervisor of the command that runs from now on. */
export function useSupervisor(its: Supervisor): void {
  supervisor = its
  afterUnreturned = () => {}
}

/** Sends a message to the supervisor. */
export function postToSupervisor(report: CommandReport): void {
  supervisor.post?.(report)
}

/** Calls `stop` with the name of the signal when the user asks to stop. */
export function onInterrupt(stop: (signal: NodeJS.Signals) => void): void {
  const { signal } = supervisor
  if (signal?.aborted) stop(signal.reason as NodeJS.Signals)
  else signal?.addEventListener('abort', () => stop(signal.reason as NodeJS.Signals), { once: true })
}

/** Calls `stop` once a command of several runs that was interrupted before reaches the same point again. */
export function stopWhereInterrupted(stop: (signal: NodeJS.Signals) => void): void {
  const { interrupted } = supervisor
  if (interrupted !== undefined) afterUnreturned = () => stop(interrupted)
}

/** Records calls of spec functions from now on, if anybody reads the records. @param text - a state as text */
export function recordSpecCalls(text: (state: unknown) => string): void {
  const { calls, unreturned = [] } = supervisor
  if (calls !== undefined) {
    recordCalls(calls, (threads) => {
      const memory = callMemory(threads)
      postToSupervisor({ kind: 'calls', memory })
      return memory
    })
  }
  if (unreturned.length === 0) return
  failCalls(unreturned, {
    states: (states) => postToSupervisor({ kind: 'states', texts: states.map(text) }),
    reached: () => {
      postToSupervisor({ kind: 'met' })
      afterUnreturned()
    },
  })
}

/** Whether the command runs for the second time, to show the trace to a call that does not return. */
export function isRepeated(): boolean {
  return (supervisor.unreturned ?? []).length > 0
}

/** Whether the command is one of the runs of `--watch`, so that its supervisor wants to know its inputs and verdicts. */
export function isWatched(): boolean {
  return supervisor.isWatched === true
}

/** Announces when the run will have ended by itself. */
export function announceLimit(ms: number | undefined, { isPart = false }: { readonly isPart?: boolean } = {}): void {
  postToSupervisor({ kind: 'limit', ms: ms ?? Infinity, isPart })
}
