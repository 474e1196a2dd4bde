/**
 * Does the work on diagrams in turns with others.
 *
 * An operation on diagrams goes deep, and cannot stop in the middle to let the program print or hear a signal. So it
 * is broken off when its time is up, and done again from the beginning: what it had found out is in the cache, and it
 * soon is where it was. Each time it is given twice as long.
 */
import { OutOfMemory } from '../../explore/memory.ts'
import { purely } from '../../spec/purity.ts'
import type { Diagrams } from '../../symbolic/diagram/diagrams.ts'
import { Full } from '../../symbolic/diagram/node-table.ts'
import type { Drive } from '../../symbolic/reach.ts'
import { Ended } from '../ended.ts'
import { now, type Ground } from '../run.ts'

/** Thrown to break off an operation. */
class Paused extends Error {}

/** Thrown when the work takes more operations than it may. */
export class OutOfPatience extends Error {}

const FIRST_SLICE_MS = 100

/**
 * A way to do the work of a run.
 *
 * @param operations - on diagrams that the work may take
 * @param tell - what has been found so far
 * @returns what throws {OutOfMemory}, and {OutOfPatience}, and {Ended} when time is up or the user asks for it
 */
export function driveOf(
  { settings, startedMs }: Ground,
  diagrams: Diagrams,
  operations: number,
  tell: () => void,
): Drive {
  const stopAtMs = startedMs + settings.timeoutMs
  let dueMs = Infinity
  diagrams.cache.onWork = () => {
    if (diagrams.cache.stored > operations) throw new OutOfPatience()
    if (now() >= dueMs) throw new Paused()
  }
  const rest = async (): Promise<void> => {
    if (now() >= stopAtMs) throw new Ended('time')
    tell()
    await new Promise((resolve) => setImmediate(resolve))
    if (settings.signal?.aborted === true) throw new Ended('interrupted')
  }
  let restedMs = now()
  return async (work) => {
    for (let sliceMs = FIRST_SLICE_MS; ; sliceMs *= 2) {
      if (now() - restedMs >= FIRST_SLICE_MS) {
        await rest()
        restedMs = now()
      }
      dueMs = Math.min(now() + sliceMs, stopAtMs)
      try {
        return purely(work)
      } catch (thrown) {
        diagrams.recover()
        if (thrown instanceof Full) throw new OutOfMemory()
        if (!(thrown instanceof Paused)) throw thrown
      } finally {
        dueMs = Infinity
      }
    }
  }
}
