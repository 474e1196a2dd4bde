#!/usr/bin/env node
/**
 * The main thread: it runs the command in another thread, passes signals on, and ends a thread that cannot end by itself.
 *
 * A spec function that never returns cannot be interrupted. If a thread is still in the same call after the user asks to stop
 * or the time limit passes, the main thread ends that thread. Then it runs the command again, and Kripke throws an error in
 * place of that call. So the report shows the earlier results and the trace to the state.
 */
import { rmSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { Worker } from 'node:worker_threads'
import { callMemory, callNumbers, recordedCall, type RecordedCall, type UnreturnedCall } from '../spec/calls.ts'
import type { CommandData, CommandReport, InterruptMessage, StreamFacts } from './supervisor/supervision.ts'

const COMMAND = new URL('./command.js', import.meta.url)

/** How often to look at the records of calls. */
const POLL_MS = 100

/** Once the run should have ended, a longer call counts as one that does not return. */
const GRACE_MS = 300

/** How long the command may take to show the trace to a call that does not return. */
const REPEAT_MS = 600

/** Kripke tells the user about a call that takes longer than this. */
const LONG_MS = 10_000

/** A call in progress: which one, and since when. */
interface Watched {
  readonly number: number
  readonly sinceMs: number
  isTold: boolean
}

const memories: SharedArrayBuffer[] = []
const folders = new Set<string>()
const watched = new Map<string, Watched>()
const unreturned: UnreturnedCall[] = []
const streams = { stdout: factsOf(1), stderr: factsOf(2) }
let interrupted: NodeJS.Signals | undefined
/** When the run should have ended, because of an interrupt or the time limit. */
let dueMs = Infinity
let isListening = false
/** Whether the command shows the results of several runs together, and this is one of them. */
let isPart = false
/** The progress of the run, as text. */
let progress: string | undefined
/** The states of the call that did not return, as text. */
let states: readonly string[] | undefined
let repeatedMs = Infinity
let isEnding = false
let worker = start()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt(signal))
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})
setInterval(checkCalls, POLL_MS).unref()

/** Starts the thread that runs the command. */
function start(): Worker {
  const calls = callMemory(1)
  memories.splice(0, memories.length, calls)
  watched.clear()
  isListening = false
  const workerData: CommandData = { ...streams, calls, unreturned: [...unreturned], interrupted }
  const thread = new Worker(COMMAND, { argv: process.argv.slice(2), workerData, stdout: true, stderr: true })
  // Only output that a spec prints without the console comes this way.
  thread.stdout.on('data', (chunk: Uint8Array) => write(1, chunk))
  thread.stderr.on('data', (chunk: Uint8Array) => write(2, chunk))
  thread.on('message', onReport)
  thread.on('error', (error) => void fail(error))
  thread.on('exit', (status) => {
    if (!isEnding) process.exitCode = unreturned.length > 0 ? statusOf(status) : status
  })
  return thread
}

function onReport(report: CommandReport): void {
  switch (report.kind) {
    case 'listening':
      isListening = true
      // A command that runs again stops at the call that does not return.
      return unreturned.length > 0 ? undefined : forwardSignal()
    case 'limit':
      isPart = report.isPart
      if (interrupted === undefined) dueMs = performance.now() + report.ms
      return
    case 'calls':
      memories.push(report.memory)
      return
    case 'folder':
      folders.add(report.path)
      return
    case 'progress':
      if (unreturned.length === 0) progress = report.text
      return
    case 'states':
      states = report.texts
      return
    case 'met':
      if (!isPart) repeatedMs = performance.now() + REPEAT_MS
      return
  }
}

/** Passes the first signal on if the command handles signals. A second one ends the process. */
function interrupt(signal: NodeJS.Signals): void {
  const isFirst = interrupted === undefined && signal !== 'SIGHUP'
  if (!isFirst) return end(signal)
  interrupted = signal
  dueMs = performance.now()
  if (isListening) return forwardSignal()
  setTimeout(
    () => {
      if (!isListening && !isEnding && unreturned.length === 0) end(signal)
    },
    GRACE_MS + 2 * POLL_MS,
  )
}

/** Tells the command that the user asked to stop. */
function forwardSignal(): void {
  if (interrupted === undefined || !isListening) return
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage({ kind: 'interrupt', signal: interrupted } satisfies InterruptMessage)
}

/** Ends the process as the signal would have. */
function end(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  process.kill(process.pid, signal)
}

/** Checks whether a call does not return. */
function checkCalls(): void {
  const nowMs = performance.now()
  if (nowMs >= repeatedMs) return void endThreadIn(unreturned[0]!, 0)
  for (const [index, memory] of memories.entries()) {
    for (const [thread, number] of callNumbers(memory).entries()) {
      const key = `${index}:${thread}`
      const known = watched.get(key)
      if (known?.number !== number) watched.set(key, { number, sinceMs: nowMs, isTold: false })
      else if (number % 2 !== 0) checkCall(known, nowMs, () => recordedCall(memory, thread))
    }
  }
}

/** Decides what to do about a call in progress. */
function checkCall(call: Watched, nowMs: number, read: () => RecordedCall): void {
  const tookMs = nowMs - call.sinceMs
  if (tookMs >= GRACE_MS && nowMs >= dueMs + GRACE_MS) return void endThreadIn(read(), tookMs)
  if (tookMs < LONG_MS || call.isTold || process.argv.includes('--quiet')) return
  call.isTold = true
  write(
    2,
    `\nkripke: ${read().who} has not returned for ${Math.round(tookMs / 1000)} s; press Ctrl-C to stop and see its state\n`,
  )
}

/** Ends the thread whose call does not return, and runs the command again to show the trace to that call. */
async function endThreadIn(call: RecordedCall, waitedMs: number): Promise<void> {
  if (isEnding) return
  isEnding = true
  await worker.terminate()
  const isRepeated = unreturned.length > 0
  if (call.slots === undefined || (isRepeated && !isPart)) return tell(unreturned[0] ?? { ...call, waitedMs })
  unreturned.push({ ...call, waitedMs })
  isEnding = false
  dueMs = Infinity
  // If there are several runs, the results of earlier runs are worth waiting for.
  repeatedMs = isPart ? Infinity : performance.now() + REPEAT_MS
  worker = start()
}

/** Prints which call does not return, if no trace to it could be found. */
async function tell({ who, waitedMs }: UnreturnedCall): Promise<void> {
  const { printUnreturned } = await import('./supervisor/errors.ts')
  process.exitCode = statusOf(printUnreturned({ who, waitedMs, states, progress }, streams))
}

/** A defect of Kripke, or an error in code that a spec runs outside its functions. */
async function fail(error: unknown): Promise<void> {
  isEnding = true
  const { printCrash } = await import('./supervisor/errors.ts')
  process.exitCode = printCrash(error, streams)
}

function statusOf(status: number): number {
  return interrupted === undefined ? status : interrupted === 'SIGINT' ? 130 : 143
}

/** The properties of a standard stream. Its columns follow the terminal. */
function factsOf(descriptor: 1 | 2): StreamFacts {
  const columns = new Int32Array(new SharedArrayBuffer(4))
  const isTTY = isatty(descriptor)
  if (isTTY) {
    // Merely accessing a stream that is a pipe would change how to write to it.
    const stream = descriptor === 1 ? process.stdout : process.stderr
    const update = (): void => {
      Atomics.store(columns, 0, stream.columns)
    }
    stream.on('resize', update)
    update()
  }
  return { isTTY, columns }
}

/** Writes to a standard stream until its reader has gone. */
function write(descriptor: 1 | 2, text: string | Uint8Array): void {
  try {
    writeSync(descriptor, text as string)
  } catch {
    // Nobody reads it.
  }
}
