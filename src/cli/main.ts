#!/usr/bin/env node
/** The main thread: it runs the command in another thread, passes signals on, and ends a thread that cannot end by itself. */
import { fstatSync, rmSync, writeSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { SupervisedCommand } from './supervisor/supervised-command.ts'
import type { CommandData, StreamFacts } from './supervisor/supervision.ts'

const COMMAND = new URL('./command.js', import.meta.url)

const folders = new Set<string>()
const streams = { stdout: factsOf(1), stderr: factsOf(2) }
let interrupted: NodeJS.Signals | undefined

const command = new SupervisedCommand({
  start(supervision) {
    const workerData: CommandData = { ...streams, ...supervision }
    const thread = new Worker(COMMAND, { argv: process.argv.slice(2), workerData, stdout: true, stderr: true })
    // Only output that a spec prints without the console comes this way.
    thread.stdout.on('data', (chunk: Uint8Array) => write(1, chunk))
    thread.stderr.on('data', (chunk: Uint8Array) => write(2, chunk))
    return thread
  },
  onReport(report) {
    if (report.kind === 'folder') folders.add(report.path)
  },
  onLongCall(who, seconds) {
    if (process.argv.includes('--quiet')) return
    write(2, `\nkripke: ${who} has not returned for ${seconds} s; press Ctrl-C to stop and see its state\n`)
  },
  async printUnreturned(unreturned) {
    const { loadProgram } = await import('./program/load-program.ts')
    return loadProgram().printUnreturned(unreturned, streams)
  },
  async printCrash(error) {
    const { loadProgram } = await import('./program/load-program.ts')
    return loadProgram().printCrash(error, streams)
  },
})

void command.status.then((status) => {
  process.exitCode = status
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt(signal))
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** Passes the first signal on if the command handles signals. A second one ends the process. */
function interrupt(signal: NodeJS.Signals): void {
  const isFirst = interrupted === undefined && signal !== 'SIGHUP'
  if (!isFirst) return end(signal)
  interrupted = signal
  command.interrupt(signal, () => end(signal))
}

/** Ends the process as the signal would have. */
function end(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal)
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  process.kill(process.pid, signal)
}

/** The properties of a standard stream. Its columns follow the terminal. */
function factsOf(descriptor: 1 | 2): StreamFacts {
  const columns = new Int32Array(new SharedArrayBuffer(4))
  const isTTY = isTerminal(descriptor)
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

/** Whether a standard stream is a terminal. It takes long to load the module that tells, so that is left out for files and pipes. */
function isTerminal(descriptor: 1 | 2): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice() && process.getBuiltinModule('node:tty').isatty(descriptor)
  } catch {
    return false
  }
}

/** Writes to a standard stream until its reader has gone. */
function write(descriptor: 1 | 2, text: string | Uint8Array): void {
  try {
    writeSync(descriptor, text as string)
  } catch {
    // Nobody reads it.
  }
}
