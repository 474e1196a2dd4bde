/** Errors that the main thread prints when the thread that ran the command can no longer print. */
import { defect, heapExhausted, neverReturned, noCurrentFolder, type CheckerError, type Detail } from '../../errors.ts'
import { errorText } from '../../report/text/error.ts'
import { errorDocument } from '../../report/json/documents.ts'
import { statusOfError } from '../exit-status.ts'
import { descriptorSink, Output, styleOf } from '../output.ts'
import type { StreamFacts } from './supervision.ts'

/** The standard streams. */
interface Streams {
  readonly stdout: StreamFacts
  readonly stderr: StreamFacts
}

/** A call of a spec function that does not return. */
export interface Unreturned {
  /** The name of the function in the error. */
  readonly who: string
  readonly waitedMs: number
  /** As text: the state, or both states of the step; undefined if they are not known. */
  readonly states: readonly string[] | undefined
  /** The progress of the run, as text. */
  readonly progress: string | undefined
}

/** Prints which call does not return. @returns the exit status */
export function printUnreturned(unreturned: Unreturned, streams: Streams): number {
  return printError(neverReturned(unreturned.who, unreturned.waitedMs, detailsOf(unreturned)), streams)
}

/** What is known about a call that does not return. */
export function detailsOf({ states, progress }: Unreturned): Detail[] {
  const details: Detail[] = []
  if (states !== undefined) details.push(['state', states.join(' → ')])
  if (progress !== undefined) details.push(['before', progress])
  return details
}

/** Prints why the thread that ran the command ended. @returns the exit status */
export function printCrash(thrown: unknown, streams: Streams): number {
  const error = crashError(thrown)
  const { stack } = thrown as Error
  const status = printError(error, streams)
  if (error.code === 'KR901' && stack !== undefined) new Output(descriptorSink(2, streams.stderr)).write(`${stack}\n`)
  return status
}

/** The error for what ended a thread. */
export function crashError(thrown: unknown): CheckerError {
  const { code, name, message, syscall } = thrown as NodeJS.ErrnoException
  // A thread cannot start in a folder that was removed.
  if (syscall === 'uv_cwd' || message.endsWith('uv_cwd')) return noCurrentFolder(code ?? 'ENOENT')
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return heapExhausted()
  return defect(thrown instanceof Error ? `${name}: ${message}` : String(thrown))
}

function printError(error: CheckerError, streams: Streams): number {
  const isAsked = (option: string): boolean => process.argv.includes(option)
  const stdout = new Output(descriptorSink(1, streams.stdout))
  const stderr = new Output(descriptorSink(2, streams.stderr))
  try {
    if (isAsked('--ndjson')) stdout.write(`${JSON.stringify({ event: 'error', ...errorDocument(error) })}\n`)
    else if (isAsked('--json')) stdout.write(`${JSON.stringify(errorDocument(error), null, 2)}\n`)
    else stderr.write(`${errorText(error, styleOf(stderr)).join('\n')}\n`)
  } catch {
    // Nobody is left to tell.
  }
  return statusOfError(error)
}
