/** The thread that runs the command of this process. `main.ts` starts it, and ends it if a spec function does not return. */
import { parentPort, workerData } from 'node:worker_threads'
import { main } from './command-line.ts'
import { descriptorSink } from './output.ts'
import type { CommandData, InterruptMessage } from './supervisor/supervision.ts'

/** Runs the command in this thread. @returns the exit status */
export async function runCommand(): Promise<number> {
  const { stdout, stderr, ...supervision } = workerData as CommandData
  const port = parentPort!
  const asked = new AbortController()
  port.once('message', ({ signal }: InterruptMessage) => asked.abort(signal))
  // Only the main thread keeps the process alive for it.
  port.unref()
  return await main(process.argv.slice(2), {
    ...supervision,
    stdout: descriptorSink(1, stdout),
    stderr: descriptorSink(2, stderr),
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    post: (report) => port.postMessage(report),
    signal: asked.signal,
  })
}
