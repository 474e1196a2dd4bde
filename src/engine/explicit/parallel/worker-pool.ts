/** The worker threads of a run: when to start them, what to send them, and how to merge their reports. */
import { impure, workerLost } from '../../../errors.ts'
import { OutOfMemory } from '../../../store/memory.ts'
import { BroadcastLog } from './broadcast-log.ts'
import { toMessage, type SentMemory } from './shared-memory.ts'
import { LostWorker, ParallelSearch } from './parallel-search.ts'
import { startThreads, type ThreadPool } from '../../threads/thread-pool.ts'
import type { Search } from '../search.ts'
import { furtherRecords } from '../../../spec/calls.ts'
import { purely } from '../../../spec/purity.ts'
import { ValueLog } from '../../../state/value-log.ts'
import { waitForCalls } from '../../threads/call-records.ts'
import type { LevelReport, LevelTask, WorkerOptions } from './protocol.ts'
import type { ExplicitRun } from '../explicit-run.ts'
import { deserializeError } from '../../threads/serialized-error.ts'

const WORKER = new URL('./worker.js', import.meta.url)

export class WorkerPool {
  readonly #run: ExplicitRun
  readonly #pool: ThreadPool<LevelTask, LevelReport>
  /** Slots that predicates read in any thread; see `Progress.heard`. */
  readonly #reads: BroadcastLog
  readonly #calls: SharedArrayBuffer | undefined
  /** Undefined until several threads search. */
  #search: ParallelSearch | undefined
  #memory: SentMemory | undefined
  /** Calls of the spec's functions by each worker, as last reported. */
  #specCalls: readonly number[] = []

  private constructor(
    run: ExplicitRun,
    pool: ThreadPool<LevelTask, LevelReport>,
    { reads, calls }: { reads: BroadcastLog; calls: SharedArrayBuffer | undefined },
  ) {
    this.#run = run
    this.#pool = pool
    this.#reads = reads
    this.#calls = calls
  }

  /**
   * Starts the threads, which prepare themselves. Call this between two levels. @throws {OutOfMemory}; {Unshareable}
   */
  static async start(run: ExplicitRun): Promise<WorkerPool> {
    const { settings, layout, search } = run
    const { workers, module, properties, interpret, symmetry, seed, asks } = settings
    const values = new ValueLog()
    layout.interner.share(values)
    const reads = new BroadcastLog()
    const calls = furtherRecords(workers - 1)
    const options: WorkerOptions = {
      module: module!,
      constants: run.constants,
      properties: properties.map(({ name }) => name),
      interpret,
      asks,
      symmetry,
      seed,
      depth: search.depth,
      elements: run.elements,
      values: values.memory,
      reads: reads.memory,
      calls,
    }
    const pool = await startThreads<WorkerOptions, LevelTask, LevelReport>(WORKER.href, workers - 1, options)
    return new WorkerPool(run, pool, { reads, calls })
  }

  get isReady(): boolean {
    return this.#pool.isReady
  }

  /** @throws {CheckerError} KR902 if a thread was lost while it was idle, or before it was ready */
  assertAlive(): void {
    const { failure } = this.#pool
    if (failure !== undefined) throw lossOf(new LostWorker(failure))
  }

  /** Continues a search between two levels. @throws {OutOfMemory} */
  takeOver(search: Search): ParallelSearch {
    const { settings, monitor } = this.#run
    const { workers: threads, parallelFrom: from, memoryBytes: maxBytes } = settings
    this.#run.search = this.#search = new ParallelSearch(search, monitor, { threads, from, maxBytes })
    this.#memory = toMessage(this.#search.memory)
    return this.#search
  }

  /** Calls of the spec's functions by the other threads. */
  get specCalls(): number {
    return this.#specCalls.reduce((sum, calls) => sum + calls, 0)
  }

  /**
   * Expands a level, or its rest.
   *
   * @param rest - gives other tasks their turn; rejects to end the work
   * @throws {OutOfMemory}, what `rest` rejects with, {CheckerError} KR902 if a thread is lost
   */
  async expandLevel(pause: () => boolean, rest: () => Promise<void>): Promise<void> {
    const search = this.#search!
    this.assertAlive()
    const { monitor, evaluator } = this.#run
    this.#broadcastReads(evaluator.drainDelta?.())
    const names = (properties: Iterable<{ name: string }>): string[] => Array.from(properties, ({ name }) => name)
    const task: LevelTask = {
      memory: this.#memory!,
      depth: monitor.depth,
      decided: names(monitor.settled),
      notVacuous: names(this.#run.settings.properties.filter((property) => !monitor.vacuous.has(property))),
      decisions: evaluator.decisions?.(),
    }
    const reports = await search
      .expandLevel(this.#pool, task, pause, rest, (share) => purely(share))
      .catch((thrown: unknown) => {
        throw thrown instanceof LostWorker ? lossOf(thrown) : thrown
      })
    const error = reports.map((report) => report.error).find((it) => it !== undefined)
    if (error !== undefined) throw deserializeError(error)
    if (reports.length > 0) this.#specCalls = reports.map(({ specCalls }) => specCalls)
    for (const report of reports) this.#mergeReport(report)
  }

  /** Ends the threads. First waits for a thread that is in a call of a spec function. */
  async close(): Promise<void> {
    await waitForCalls(this.#calls)
    await this.#pool.close()
  }

  #broadcastReads(delta: unknown): void {
    if (delta !== undefined) this.#reads.write(this.#run.evaluator.slotsReadIn?.(delta) ?? [])
  }

  #mergeReport({ candidates, outside, measured, delta }: LevelReport): void {
    const { monitor, evaluator } = this.#run
    const { outside: before } = monitor
    purely(() => candidates.forEach((candidate) => monitor.lookAt(candidate, evaluator.next)))
    monitor.outside = before + outside
    measured.forEach((bounds, index) => monitor.ranges[index]!.include(bounds))
    if (delta !== undefined) evaluator.mergeDelta?.(delta)
    this.#broadcastReads(delta)
    const isMissed = candidates.some(({ occasion }) => occasion === 'expansion') && monitor.failure === undefined
    if (isMissed) throw impure('a spec function', 'failed in one thread and not in another')
  }
}

/** The error for a lost thread: out of memory for the whole run, or a reason that the user should know. */
function lossOf({ cause, message }: LostWorker): Error {
  const isMemory = (cause as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return isMemory ? new OutOfMemory() : workerLost(message)
}
