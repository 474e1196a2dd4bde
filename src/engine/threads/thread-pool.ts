/** A thread pool on piscina. */
import { allocate } from '../../store/memory.ts'
import type { WorkerThreads } from '../explicit/parallel/parallel-search.ts'

/** The start data of a thread. The caller defines the options. */
export interface WorkerInit<Orders> {
  /** Two words that all threads share: how many have registered, and how many are ready. */
  readonly readyCounters: Int32Array
  readonly options: Orders
}

/** Indexes into the ready counters. */
const REGISTERED = 0
const READY = 1

export interface ThreadPool<Task, Report> extends WorkerThreads<Task, Report> {
  /** Whether all threads are ready. */
  readonly isReady: boolean
  /** Why a thread ended without a task, or could not start; undefined if none did. */
  readonly failure: unknown
  /** Gives a task to the next free thread. */
  run(task: Task): Promise<Report>
  close(): Promise<void>
}

/**
 * Starts threads that run the module at `url`. Its default export takes a task. The threads prepare themselves
 * asynchronously.
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
      // Piscina does not report a thread that ends by itself: it drops it, or starts another one.
      const isWhole = pool.threads.length === size && Atomics.load(readyCounters, REGISTERED) <= size
      return failure ?? (isWhole ? undefined : new Error('a thread ended'))
    },
    work: (task) => Array.from({ length: size }, () => pool.run(task) as Promise<Report>),
    run: (task) => pool.run(task) as Promise<Report>,
    close: () => pool.destroy(),
  }
}

/** The start data of this thread. */
export async function workerInit<Orders>(): Promise<WorkerInit<Orders>> {
  const { workerData } = await import('piscina')
  return workerData as WorkerInit<Orders>
}

/** Gives this thread its number, from 1 up. */
export function registerWorker(readyCounters: Int32Array): number {
  return Atomics.add(readyCounters, REGISTERED, 1) + 1
}

/**
 * Reports that this thread is ready.
 *
 */
export function reportReady(readyCounters: Int32Array): void {
  Atomics.add(readyCounters, READY, 1)
}
