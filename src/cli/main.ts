#!/usr/bin/env node
/**
 * The main thread: runs the command in a thread of its own, passes signals on, and ends what cannot end by itself.
 *
 * A spec function that never returns cannot be interrupted. When the user asks to stop, or the time limit has passed, and a thread
 * is still in the same call, that thread is ended. Then the command runs again, and that call fails instead of being made: so
 * the report shows what was found before, and the way to the state.
 */
import { rmSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import { Worker } from 'node:worker_threads'
import { callMemory, callNumbers, recordedCall, type RecordedCall, type UnreturnedCall } from '../spec/calls.ts'
import type { CommandData, CommandReport, InterruptMessage, StreamFacts } from './supervision.ts'

const COMMAND = new URL('./command.js', import.meta.url)

/** How often the records of calls are looked at. */
const LOOK_MS = 100

/** A call that takes longer than this counts as one that does not return, once the run should have ended. */
const GRACE_MS = 300

/** How long the command may take to show the way to a call that does not return. */
const REPEAT_MS = 600

/** After so long in one call the user is told. */
const LONG_MS = 10_000

/** A call under way: which one, and since when. */
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
/** When the run should have ended: it was interrupted, or its time is up. */
let dueMs = Infinity
let isListening = false
/** Whether the run is one of several whose results are shown together. */
let isPart = false
/** How far the run was, as text. */
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
setInterval(look, LOOK_MS).unref()

/** Starts the thread that runs the command. */
function start(): Worker {
  const calls = callMemory(1)
  memories.splice(0, memories.length, calls)
  watched.clear()
  isListening = false
  const workerData: CommandData = { ...streams, calls, unreturned: [...unreturned], interrupted }
  const thread = new Worker(COMMAND, { argv: process.argv.slice(2), workerData, stdout: true, stderr: true })
  // Only what a spec prints past the console comes this way.
  thread.stdout.on('data', (chunk: Uint8Array) => write(1, chunk))
  thread.stderr.on('data', (chunk: Uint8Array) => write(2, chunk))
  thread.on('message', hear)
  thread.on('error', (error) => void fail(error))
  thread.on('exit', (status) => {
    if (!isEnding) process.exitCode = unreturned.length > 0 ? statusOf(status) : status
  })
  return thread
}

function hear(report: CommandReport): void {
  switch (report.kind) {
    case 'listening':
      isListening = true
      // A command that runs again stops at the call that does not return.
      return unreturned.length > 0 ? undefined : pass()
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

/** The first signal is passed on, if the command knows what to do with it. A second one ends the process. */
function interrupt(signal: NodeJS.Signals): void {
  const isFirst = interrupted === undefined && signal !== 'SIGHUP'
  if (!isFirst) return end(signal)
  interrupted = signal
  dueMs = performance.now()
  if (isListening) return pass()
  setTimeout(
    () => {
      if (!isListening && !isEnding && unreturned.length === 0) end(signal)
    },
    GRACE_MS + 2 * LOOK_MS,
  )
}

/** Tells the command that the user asked to stop. */
function pass(): void {
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

/** Looks whether a call does not return. */
function look(): void {
  const nowMs = performance.now()
  if (nowMs >= repeatedMs) return void giveUp(unreturned[0]!, 0)
  for (const [index, memory] of memories.entries()) {
    for (const [thread, number] of callNumbers(memory).entries()) {
      const key = `${index}:${thread}`
      const known = watched.get(key)
      if (known?.number !== number) watched.set(key, { number, sinceMs: nowMs, isTold: false })
      else if (number % 2 !== 0) judge(known, nowMs, () => recordedCall(memory, thread))
    }
  }
}

/** Decides what to do about a call under way. */
function judge(call: Watched, nowMs: number, read: () => RecordedCall): void {
  const tookMs = nowMs - call.sinceMs
  if (tookMs >= GRACE_MS && nowMs >= dueMs + GRACE_MS) return void giveUp(read(), tookMs)
  if (tookMs < LONG_MS || call.isTold || process.argv.includes('--quiet')) return
  call.isTold = true
  write(2, `\nkripke: ${read().who} has not returned for ${Math.round(tookMs / 1000)} s; Ctrl-C shows where\n`)
}

/** Ends the thread, whose call does not return, and shows what it leads to. */
async function giveUp(call: RecordedCall, waitedMs: number): Promise<void> {
  if (isEnding) return
  isEnding = true
  await worker.terminate()
  const isRepeated = unreturned.length > 0
  if (call.slots === undefined || (isRepeated && !isPart)) return tell(unreturned[0] ?? { ...call, waitedMs })
  unreturned.push({ ...call, waitedMs })
  isEnding = false
  dueMs = Infinity
  // Of several runs, those before are worth waiting for.
  repeatedMs = isPart ? Infinity : performance.now() + REPEAT_MS
  worker = start()
}

/** Prints which call does not return, where the way to it could not be found. */
async function tell({ who, waitedMs }: UnreturnedCall): Promise<void> {
  const { printUnreturned } = await import('./supervisor-errors.ts')
  process.exitCode = statusOf(printUnreturned({ who, waitedMs, states, progress }, streams))
}

/** A defect of Kripke, or of what a spec does outside its functions. */
async function fail(error: unknown): Promise<void> {
  isEnding = true
  const { printCrash } = await import('./supervisor-errors.ts')
  process.exitCode = printCrash(error, streams)
}

function statusOf(status: number): number {
  return interrupted === undefined ? status : interrupted === 'SIGINT' ? 130 : 143
}

/** What is known of a standard stream. Its columns follow the terminal. */
function factsOf(descriptor: 1 | 2): StreamFacts {
  const columns = new Int32Array(new SharedArrayBuffer(4))
  const isTTY = isatty(descriptor)
  if (isTTY) {
    // To touch a stream that is a pipe would change how it can be written to.
    const stream = descriptor === 1 ? process.stdout : process.stderr
    const update = (): void => {
      Atomics.store(columns, 0, stream.columns)
    }
    stream.on('resize', update)
    update()
  }
  return { isTTY, columns }
}

/** Writes to a standard stream, as far as anybody reads it. */
function write(descriptor: 1 | 2, text: string | Uint8Array): void {
  try {
    writeSync(descriptor, text as string)
  } catch {
    // Nobody reads it.
  }
}
