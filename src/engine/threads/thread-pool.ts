/** The threads, by piscina: one task for each on every level. */
import { allocate } from '../../store/memory.ts'
import type { WorkerThreads } from '../explicit/parallel/parallel-search.ts'

/** What a thread is told when it starts; the options are the caller's affair. */
export interface WorkerInit<Orders> {
  /** Two words that all threads share: how many have come up, and how many are ready. */
  readonly readyCounters: Int32Array
  readonly options: Orders
}

/** Indexes into the ready counters. */
const REGISTERED = 0
const READY = 1

/** Threads that can be ended. */
export interface ThreadPool<Task, Report> extends WorkerThreads<Task, Report> {
  /** Whether all threads are ready. */
  readonly isReady: boolean
  /** Why a thread ended while it had no task, or could not begin; undefined if none did. */
  readonly failure: unknown
  /** Ends the threads. */
  close(): Promise<void>
}

/**
 * Starts threads that run the module at `url`, whose default export takes a task. They make themselves ready in their own time.
 */
export async function startThreads<Orders, Task, Report>(
  url: string,
  size: number,
  options: Orders,
): Promise<ThreadPool<Task, Report>> {
  const { Piscina } = await import('piscina')
  const readyCounters = allocate(2, 'shared')
  const pool = new Piscina({
    filename: url,
    minThreads: size,
    maxThreads: size,
    concurrentTasksPerWorker: 1,
    idleTimeout: Infinity,
    workerData: { readyCounters, options },
  })
  let failure: unknown
  pool.on('error', (error: unknown) => (failure ??= error))
  return {
    size,
    get isReady() {
      return Atomics.load(readyCounters, READY) === size
    },
    get failure() {
      // Of a thread that ends by itself piscina says nothing: it leaves it out, or starts another in its place.
      const isWhole = pool.threads.length === size && Atomics.load(readyCounters, REGISTERED) <= size
      return failure ?? (isWhole ? undefined : new Error('a thread ended'))
    },
    work: (task) => Array.from({ length: size }, () => pool.run(task) as Promise<Report>),
    close: () => pool.destroy(),
  }
}

/** What this thread was told when it started. */
export async function workerInit<Orders>(): Promise<WorkerInit<Orders>> {
  const { workerData } = await import('piscina')
  return workerData as WorkerInit<Orders>
}

/** Gives this thread its number, from 1 up. */
export function registerWorker(readyCounters: Int32Array): number {
  return Atomics.add(readyCounters, REGISTERED, 1) + 1
}

/** Says that this thread is ready. */
export function reportReady(readyCounters: Int32Array): void {
  Atomics.add(readyCounters, READY, 1)
}
