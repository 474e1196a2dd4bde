/**
 * Does the work on diagrams in turns with others.
 *
 * An operation on diagrams goes deep, and cannot stop in the middle to let the program print or hear a signal. So it
 * is broken off when its time is up, and done again from the beginning: what it had found out is in the cache, and it
 * soon is where it was. Each time it is given twice as long.
 *
 * Work that is bounded is broken off by what it did, not by the clock: what is done again counts as work, and whether
 * the bound is met must not depend on how fast the machine is, or how busy.
 */
import { OutOfMemory } from '../../explore/memory.ts'
import { purely } from '../../spec/purity.ts'
import { Full } from '../../symbolic/diagram/node-table.ts'
import type { Drive } from '../../symbolic/reach.ts'
import type { SymbolicModel } from '../../symbolic/symbolic-model.ts'
import { Ended } from '../ended.ts'
import { now, type Ground } from '../run.ts'

/** Thrown to break off an operation. */
class Paused extends Error {}

/** Thrown when the work takes more operations than it may. */
export class OutOfPatience extends Error {}

const FIRST_SLICE_MS = 100

/** About as many operations as are done in that time. */
const FIRST_SLICE_OPERATIONS = 2 ** 18

/** Operations that take as long as learning a path, which calls the spec several times. */
const OPERATIONS_FOR_A_PATH = 2 ** 8

/** What there is to be driven: operations on diagrams, and paths to learn. */
export type Driven = Pick<SymbolicModel, 'diagrams' | 'cubes'>

/**
 * A way to do the work of a run.
 *
 * @param operations - on diagrams that the work may take, learning reckoned in
 * @param tell - what has been found so far
 * @returns what throws {OutOfMemory}, and {OutOfPatience}, and {Ended} when time is up or the user asks for it
 */
export function driveOf(
  { settings, startedMs }: Pick<Ground, 'settings' | 'startedMs'>,
  model: Driven,
  operations: number,
  tell: () => void,
): Drive {
  const { diagrams } = model
  const stopAtMs = startedMs + settings.timeoutMs
  const isBounded = operations < Infinity
  const done = (): number => diagrams.cache.stored + OPERATIONS_FOR_A_PATH * model.cubes
  let dueMs = Infinity
  let dueOperations = Infinity
  diagrams.cache.onWork = () => {
    if (done() > operations) throw new OutOfPatience()
    const ms = now()
    if (ms >= stopAtMs || (isBounded ? done() >= dueOperations : ms >= dueMs)) throw new Paused()
  }
  const rest = async (): Promise<void> => {
    if (now() >= stopAtMs) throw new Ended('time')
    tell()
    await new Promise((resolve) => setImmediate(resolve))
    if (settings.signal?.aborted === true) throw new Ended('interrupted')
  }
  let restedMs = now()
  return async (work) => {
    for (let slices = 1; ; slices *= 2) {
      const ms = now()
      if (ms - restedMs >= FIRST_SLICE_MS || ms >= stopAtMs) {
        await rest()
        restedMs = now()
      }
      dueMs = now() + slices * FIRST_SLICE_MS
      dueOperations = done() + slices * FIRST_SLICE_OPERATIONS
      try {
        return purely(work)
      } catch (thrown) {
        diagrams.recover()
        if (thrown instanceof Full) throw new OutOfMemory()
        if (!(thrown instanceof Paused)) throw thrown
      } finally {
        dueMs = Infinity
        dueOperations = Infinity
      }
    }
  }
}
