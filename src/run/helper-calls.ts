/** What threads that help say of the spec functions they call: see `spec/calls.ts`. */
import { callMemory, callNumbers, furtherRecords } from '../spec/calls.ts'

/** How long to wait for a call, in milliseconds: long enough for whoever supervises this thread to see that it does not return. */
const LONGEST_WAIT_MS = 1000
const LOOK_MS = 20

/** Memory for the records of threads that are about to start; undefined if nobody reads the records of this thread. */
export function recordsOfHelpers(threads: number): SharedArrayBuffer | undefined {
  const announce = furtherRecords()
  if (announce === undefined) return undefined
  const memory = callMemory(threads)
  announce(memory)
  return memory
}

/** Waits until every thread has left the call in which it is now, but not for long. */
export async function callsOver(memory: SharedArrayBuffer | undefined): Promise<void> {
  if (memory === undefined) return
  const before = callNumbers(memory)
  const isUnderWay = (): boolean =>
    callNumbers(memory).some((number, thread) => number % 2 !== 0 && number === before[thread])
  for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS && isUnderWay(); waitedMs += LOOK_MS) {
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_MS)
    })
  }
}
