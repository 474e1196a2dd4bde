/** The threads, by piscina: one task for each on every level. */
import { received, sendable, type Commons } from './commons.ts'
import type { Crew } from './parallel-search.ts'

/** What a thread is told when it starts; the rest of it is the caller's affair. */
export interface Enlistment<Orders> {
  readonly commons: Commons
  readonly orders: Orders
}

/** A crew that can be dismissed. */
export interface Pool<Task, Report> extends Crew<Task, Report> {
  /** Why a thread ended while it had no task, or could not begin; undefined if none did. */
  readonly failure: unknown
  /** Ends the threads. */
  dismiss(): Promise<void>
}

/**
 * Starts threads that run the module at `url`, whose default export takes a task. They load what they need in their own time; see
 * `READY`.
 */
export async function startPool<Orders, Task, Report>(
  url: string,
  size: number,
  enlistment: Enlistment<Orders>,
): Promise<Pool<Task, Report>> {
  const { Piscina } = await import('piscina')
  const pool = new Piscina({
    filename: url,
    minThreads: size,
    maxThreads: size,
    concurrentTasksPerWorker: 1,
    idleTimeout: Infinity,
    workerData: { commons: sendable(enlistment.commons), orders: enlistment.orders },
  })
  let failure: unknown
  pool.on('error', (error: unknown) => (failure ??= error))
  return {
    size,
    get failure() {
      return failure
    },
    work: (task) => Array.from({ length: size }, () => pool.run(task) as Promise<Report>),
    dismiss: () => pool.destroy(),
  }
}

/** What this thread was told when it started. */
export async function enlisted<Orders>(): Promise<Enlistment<Orders>> {
  const { workerData } = await import('piscina')
  const { commons, orders } = workerData as { commons: Parameters<typeof received>[0]; orders: Orders }
  return { commons: received(commons), orders }
}
