/** Signals: the first one ends the search and lets the command print what was found; a second one ends the process. */
import { INTERRUPTED, TERMINATED } from './exit-status.ts'

/** Whether and how the user asked to stop. */
export interface Interrupt {
  readonly signal: AbortSignal
  /** The exit status to use; undefined as long as nobody asked. */
  readonly status: number | undefined
}

/** Listens for SIGINT and SIGTERM from now on. */
export function listenForInterrupt(): Interrupt {
  const controller = new AbortController()
  let status: number | undefined
  const stop = (as: number): void => {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onTerminate)
    status = as
    controller.abort()
  }
  const onInterrupt = (): void => stop(INTERRUPTED)
  const onTerminate = (): void => stop(TERMINATED)
  process.on('SIGINT', onInterrupt).on('SIGTERM', onTerminate)
  // Whoever read the results has gone: there is nobody left to search for.
  process.stdout.once('error', () => controller.abort())
  return {
    signal: controller.signal,
    get status() {
      return status
    },
  }
}
