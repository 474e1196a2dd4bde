/** Signals: the first one ends the search and lets the command print what was found; a second one ends the process. */
import { INTERRUPTED, TERMINATED } from '../exit-status.ts'
import { stdout } from '../streams.ts'
import { onInterrupt, postToSupervisor } from './supervision.ts'

/** Whether and how the user asked to stop. */
export interface Interrupt {
  readonly signal: AbortSignal
  /** The exit status to use; undefined as long as nobody asked. */
  readonly status: number | undefined
  /** Stops as a signal would. */
  stop(signal: NodeJS.Signals): void
}

/** Listens for SIGINT and SIGTERM from now on. Until then, they end the process. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController()
  let status: number | undefined
  const stop = (signal: NodeJS.Signals): void => {
    status = signal === 'SIGINT' ? INTERRUPTED : TERMINATED
    controller.abort()
  }
  onInterrupt(stop)
  postToSupervisor({ kind: 'listening' })
  // Whoever read the results has gone: there is nobody left to search for.
  stdout.onClosed = () => controller.abort()
  return {
    signal: controller.signal,
    get status() {
      return status
    },
    stop,
  }
}
