/**
 * The thread of one run of `--watch`. It may start before there is something to run, so that the run itself begins at once.
 *
 * Its output goes to the watch as messages, because the watch decides what of it is shown.
 */
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { main } from '../command-line.ts'
import type { CommandReport } from '../supervisor/supervision.ts'
import type { BeginMessage, WatchedData } from './messages.ts'

/** Runs the command in this thread, once the watch says so. @returns the exit status */
export async function runWatchedCommand(): Promise<number> {
  const { argv, isAhead, ...supervision } = workerData as WatchedData
  const port = parentPort!
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  const post = (report: CommandReport): void => port.postMessage(report)
  if (isAhead) void loadCompiler()
  const [{ stdout, stderr }] = (await once(port, 'message')) as [BeginMessage]
  return await main(argv, {
    ...supervision,
    isWatched: true,
    stdout: { ...stdout, write: (text) => post({ kind: 'write', to: 'stdout', text }) },
    stderr: { ...stderr, write: (text) => post({ kind: 'write', to: 'stderr', text }) },
    post,
  })
}

/** Loads the compiler and starts its process. If that fails, compiling will fail in the same way. */
async function loadCompiler(): Promise<void> {
  try {
    await import('../spec-loader/bundle.ts')
    const { transform } = await import('esbuild')
    await transform('')
  } catch {
    // As above.
  }
}
