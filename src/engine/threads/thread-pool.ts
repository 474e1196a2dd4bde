/** The threads, by piscina: one task for each on every level. */
import { allocate } from '../../store/memory.ts'
import type { Crew } from '../explicit/parallel/parallel-search.ts'

/** What a thread is told when it starts; the orders are the caller's affair. */
export interface Enlistment<Orders> {
  /** Two words that all threads share: how many have come up, and how many are ready. */
  readonly muster: Int32Array
  readonly orders: Orders
}

/** Indexes into a muster. */
const ARRIVED = 0
const READY = 1

/** A crew that can be dismissed. */
export interface Pool<Task, Report> extends Crew<Task, Report> {
  /** Whether all threads are ready. */
  readonly isReady: boolean
  /** Why a thread ended while it had no task, or could not begin; undefined if none did. */
  readonly failure: unknown
  /** Ends the threads. */
  dismiss(): Promise<void>
}

/**
 * Starts threads that run the module at `url`, whose default export takes a task. They make themselves ready in their own time.
 */
export async function startPool<Orders, Task, Report>(
  url: string,
  size: number,
  orders: Orders,
): Promise<Pool<Task, Report>> {
  const { Piscina } = await import('piscina')
  const muster = allocate(2, 'shared')
  const pool = new Piscina({
    filename: url,
    minThreads: size,
    maxThreads: size,
    concurrentTasksPerWorker: 1,
    idleTimeout: Infinity,
    workerData: { muster, orders },
  })
  let failure: unknown
  pool.on('error', (error: unknown) => (failure ??= error))
  return {
    size,
    get isReady() {
      return Atomics.load(muster, READY) === size
    },
    get failure() {
      // Of a thread that ends by itself piscina says nothing: it leaves it out, or starts another in its place.
      const isWhole = pool.threads.length === size && Atomics.load(muster, ARRIVED) <= size
      return failure ?? (isWhole ? undefined : new Error('a thread ended'))
    },
    work: (task) => Array.from({ length: size }, () => pool.run(task) as Promise<Report>),
    dismiss: () => pool.destroy(),
  }
}

/** What this thread was told when it started. */
export async function enlisted<Orders>(): Promise<Enlistment<Orders>> {
  const { workerData } = await import('piscina')
  return workerData as Enlistment<Orders>
}

/** Gives this thread its number, from 1 up. */
export function arrive(muster: Int32Array): number {
  return Atomics.add(muster, ARRIVED, 1) + 1
}

/** Says that this thread is ready. */
export function reportReady(muster: Int32Array): void {
  Atomics.add(muster, READY, 1)
}
