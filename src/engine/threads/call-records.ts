/** Records of the spec functions that worker threads call: see `spec/calls.ts`. */
import { callNumbers } from '../../spec/calls.ts'

/** Maximal time to wait for a call. The supervising thread needs this time to see that the call does not return. */
const LONGEST_WAIT_MS = 1000
const POLL_MS = 20

/** Waits, for a limited time, until each thread has left its present call. */
export async function waitForCalls(memory: SharedArrayBuffer | undefined): Promise<void> {
  if (memory === undefined) return
  const before = callNumbers(memory)
  const isUnderWay = (): boolean =>
    callNumbers(memory).some((number, thread) => number % 2 !== 0 && number === before[thread])
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS && isUnderWay(); waitedMs += POLL_MS) {
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS)
    })
  }
}
