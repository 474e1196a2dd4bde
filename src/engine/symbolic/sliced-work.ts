/**
 * Does the work on diagrams in turns with others.
 *
 * An operation on diagrams goes deep, and cannot stop in the middle to let the program print or hear a signal. So it
 * is broken off when its time is up, and done again from the beginning: what it had found out is in the cache, and it
 * soon is where it was. While it learns or makes new nodes it gets on, and always has the same time. Otherwise the
 * cache may have lost what it needs, so each time it is given twice as long.
 *
 * Work that is bounded is broken off by what it did, not by the clock: what is done again counts as work, and whether
 * the bound is met must not depend on how fast the machine is, or how busy.
 */
import { OutOfMemory } from '../../store/memory.ts'
import { purely } from '../../spec/purity.ts'
import { TableFull } from './diagram/node-table.ts'
import type { RunSliced } from './reachable-set.ts'
import type { SymbolicModel } from './symbolic-model.ts'
import { Ended } from '../ending.ts'
import { now } from '../clock.ts'
import type { CheckContext } from '../context.ts'

/** Thrown to break off an operation. */
class Paused extends Error {}

/** Thrown when more would be done than may be. */
export class BudgetExceeded extends Error {}

const FIRST_SLICE_MS = 100

/** Results that are stored for each new node, at most, while work gets on. */
const MAX_STORED_PER_NODE = 64

/** About as many operations as are done in that time. */
const FIRST_SLICE_WORK = 2 ** 18

/** How much may be done. */
export interface Budget {
  /** Operations on diagrams, learning reckoned in; see `OperationCache`. */
  work: number
}

/** What there is to be driven: operations on diagrams. */
export type Sliced = Pick<SymbolicModel, 'diagrams' | 'collect'>

/**
 * A way to do the work of a run.
 *
 * @param budget - read anew each time
 * @param tell - what has been found so far
 * @returns what throws {OutOfMemory}, and {BudgetExceeded}, and {Ended} when time is up or the user asks for it
 */
export function slicedRunner(
  { settings, startedMs }: Pick<CheckContext, 'settings' | 'startedMs'>,
  model: Sliced,
  budget: Readonly<Budget>,
  tell: () => void,
): RunSliced {
  const { diagrams } = model
  const { cache } = diagrams
  const stopAtMs = startedMs + settings.timeoutMs
  let dueMs = Infinity
  let dueWork = Infinity
  cache.onWork = () => {
    if (cache.work > budget.work) throw new BudgetExceeded()
    const ms = now()
    if (ms >= stopAtMs || (budget.work < Infinity ? cache.work >= dueWork : ms >= dueMs)) throw new Paused()
  }
  const rest = async (): Promise<void> => {
    if (now() >= stopAtMs) throw new Ended('time')
    tell()
    await new Promise((resolve) => setImmediate(resolve))
    if (settings.signal?.aborted === true) throw new Ended('interrupted')
  }
  let restedMs = now()
  return async (work, held) => {
    let hasCollected = held === undefined
    for (let slices = 1; ;) {
      const ms = now()
      if (ms - restedMs >= FIRST_SLICE_MS || ms >= stopAtMs) {
        await rest()
        restedMs = now()
      }
      dueMs = now() + slices * FIRST_SLICE_MS
      dueWork = cache.work + slices * FIRST_SLICE_WORK
      const { stored, kept } = cache
      const { made } = diagrams.table
      try {
        return purely(work)
      } catch (thrown) {
        diagrams.recover()
        if (thrown instanceof TableFull) {
          // What the work has left behind may be most of what there is. If it is full again, it needs that much.
          if (hasCollected) throw new OutOfMemory()
          hasCollected = true
          model.collect(held!())
        } else if (!(thrown instanceof Paused)) throw thrown
        const perNode = (cache.stored - stored) / (diagrams.table.made - made)
        const getsOn = cache.kept > kept || perNode <= MAX_STORED_PER_NODE
        slices = getsOn ? 1 : 2 * slices
      } finally {
        dueMs = Infinity
        dueWork = Infinity
      }
    }
  }
}
