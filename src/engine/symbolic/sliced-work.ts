/**
 * Runs diagram operations in slices, so that other tasks get their turn.
 *
 * Diagram operations are not resumable, but the program must print and receive signals meanwhile. So the runner aborts
 * an operation when its slice is over, and reruns it later; the operation cache makes the rerun cheap. All slices have
 * the same length while the work learns paths or makes new nodes. Otherwise the cache may have lost needed results, so
 * the runner doubles the slice.
 *
 * Work with a budget is aborted by its amount of work, not by the clock. A rerun counts as work, and the budget must
 * not depend on how fast or how busy the machine is.
 */
import { OutOfMemory } from '../../store/memory.ts'
import { purely } from '../../spec/purity.ts'
import { TableFull } from './diagram/node-table.ts'
import type { RunSliced } from './reachable-set.ts'
import type { SymbolicModel } from './symbolic-model.ts'
import { Ended } from '../ending.ts'
import { now } from '../clock.ts'
import type { CheckContext } from '../context.ts'

/** Thrown to abort an operation at the end of its slice. */
class Paused extends Error {}

/** Thrown when work exceeds its budget. */
export class BudgetExceeded extends Error {}

const FIRST_SLICE_MS = 100

/** Maximal number of stored results for each new node while work makes progress. */
const MAX_STORED_PER_NODE = 64

/** About as many operations as fit into the time of the first slice. */
const FIRST_SLICE_WORK = 2 ** 18

/** A limit on work. */
export interface Budget {
  /** Diagram operations, learning included; see `OperationCache`. */
  work: number
}

/** The object whose operations the runner drives. */
export type Sliced = Pick<SymbolicModel, 'diagrams' | 'collect'>

/**
 * The runner for the work of a run.
 *
 * @param budget - read again before each slice
 * @param tell - reports progress
 * @returns a function that throws {OutOfMemory}, {BudgetExceeded}, and {Ended} when time is up or the user stops the
 *   run
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
          // The aborted work may have filled the table with garbage. If it fills up again after a collection, the work
          // needs all of it.
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
