/**
 * Measures a check in a process of its own: `kripke check --ndjson --continue`, from the same installation.
 *
 * In one process the peak of memory never falls from one check to the next, and what the engine compiled for one check makes the next
 * one faster. A process of its own starts as cold as a user's does, and its peak is its own.
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { CheckerError, defect } from '../../errors.ts'
import { concernsOneRow, type Measure, type Measurement } from '../../api/bench/measure.ts'
import type { CheckOptions, Progress } from '../../api/options.ts'
import { spellingOf } from '../../spec/constant-text.ts'

const MAIN = fileURLToPath(new URL('main.js', import.meta.url))

/** An error that a child process reported, and the exit status it ended with. */
export class ChildError extends CheckerError {
  readonly status: number

  constructor(parts: ConstructorParameters<typeof CheckerError>[0], status: number) {
    super(parts)
    this.status = status
  }
}

/** What a line of `--ndjson` says, as far as it matters here. */
type Line =
  | ({ readonly event: 'progress' } & Progress)
  | ({ readonly event: 'result' } & Measurement)
  | { readonly event: 'error'; readonly error: ErrorDocument; readonly properties?: unknown }

interface ErrorDocument {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly at?: string
  readonly details?: { readonly [label: string]: string }
}

/**
 * Measures the spec in the file `path`.
 *
 * @param workers - as given with `--workers`
 */
export function measureInChild(path: string, workers: number | string | undefined): Measure {
  return async (options) => {
    const args = [
      ...process.execArgv,
      MAIN,
      'check',
      '--ndjson',
      '--continue',
      ...argumentsFor(options, workers),
      '--',
      path,
    ]
    // In a group of its own an interrupt of the terminal does not reach it: it is passed on below, once.
    const child = process
      .getBuiltinModule('node:child_process')
      .spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    const interrupt = (): void => void child.kill('SIGINT')
    const end = (): void => void child.kill('SIGKILL')
    options.signal?.addEventListener('abort', interrupt, { once: true })
    process.once('exit', end)
    try {
      const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
      let last: Line | undefined
      for await (const text of createInterface({ input: child.stdout })) {
        const line = parse(text)
        if (line?.event === 'progress') options.onProgress?.(line)
        else last = line ?? last
      }
      const [status, signal] = await closed
      if (last?.event === 'result') return last
      if (last?.event === 'error') return errorOf(last, status)
      if (options.signal?.aborted === true) return ended('interrupted')
      if (signal !== null) return ended('killed')
      throw defect(`a check exited without a result, with status ${status}`)
    } finally {
      options.signal?.removeEventListener('abort', interrupt)
      process.off('exit', end)
    }
  }
}

/** Undefined for a line that was cut short, as the last one of a process that was killed may be. */
function parse(text: string): Line | undefined {
  try {
    // What a document calls null is not known.
    return JSON.parse(text, (_, value: unknown) => value ?? undefined) as Line
  } catch {
    return undefined
  }
}

/** A check that ended, without a word, before it had seen anything: interrupted while it started, or killed for want of memory. */
function ended(name: 'interrupted' | 'killed'): Measurement {
  return {
    verdict: 'incomplete',
    states: { initial: 0, generated: 0, distinct: 0, depth: 0 },
    complete: false,
    seconds: 0,
    bytesPerState: 0,
    peakMemoryBytes: undefined,
    workers: 1,
    properties: [],
    warnings: [{ code: 'budget', name, text: `the search was ${name}` }],
  }
}

/** The command line that asks for what the options say. */
function argumentsFor(options: CheckOptions, workers: number | string | undefined): string[] {
  const { constants = {}, properties, deadlock, engine, interpret, symmetry } = options
  const valued = {
    property: properties?.join(','),
    deadlock: onOff(deadlock),
    engine,
    symmetry: onOff(symmetry),
    'max-depth': options.maxDepth,
    'max-states': options.maxStates,
    timeout: options.timeoutMs === undefined ? undefined : `${Math.ceil(options.timeoutMs)}ms`,
    memory: options.memoryBytes === undefined ? undefined : `${Math.ceil(options.memoryBytes)}B`,
    seed: options.seed,
    workers,
  }
  return [
    ...Object.entries(constants).flatMap(([name, value]) => ['-c', `${name}=${spellingOf(value)}`]),
    ...Object.entries(valued).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)])),
    ...(interpret === true ? ['--interpret'] : []),
  ]
}

function onOff(choice: boolean | undefined): string | undefined {
  return choice === undefined ? undefined : choice ? 'on' : 'off'
}

/** The error of the row; one that concerns every row is thrown. */
function errorOf({ error, properties }: Extract<Line, { event: 'error' }>, status: number | null): CheckerError {
  const { code, message, hint, at, details = {} } = error
  const parts = { code, message, at, details: Object.entries(details), ...(hint === undefined ? {} : { hint }) }
  const found = new ChildError(parts, status ?? 0)
  // A run in which a function of the spec failed says what it found before, whatever the code.
  if (properties !== undefined || concernsOneRow(found)) return found
  throw found
}
