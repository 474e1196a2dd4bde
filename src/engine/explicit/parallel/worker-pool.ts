/** Several threads for a run: when to call them up, what to tell them, and what to make of what they tell. */
import { impure, workerLost } from '../../../errors.ts'
import { OutOfMemory } from '../../../store/memory.ts'
import { Bulletin } from './broadcast-log.ts'
import { sendable, type SentCommons } from './shared-memory.ts'
import { Lost, ParallelSearch } from './parallel-search.ts'
import { startPool, type Pool } from '../../threads/thread-pool.ts'
import type { Search } from '../search.ts'
import { purely } from '../../../spec/purity.ts'
import { ValueLog } from '../../../state/value-log.ts'
import { waitForCalls, recordsOfHelpers } from '../../threads/call-records.ts'
import type { LevelReport, LevelTask, Orders } from './protocol.ts'
import type { Run } from '../../context.ts'
import { reasonOf } from '../../threads/serialized-error.ts'

/** Where the module of the threads is, beside this one. */
const WORKER = new URL('./worker.js', import.meta.url)

export class Crew {
  readonly #run: Run
  readonly #pool: Pool<LevelTask, LevelReport>
  /** What predicates read in any thread: see `Progress.heard`. */
  readonly #reads: Bulletin
  readonly #calls: SharedArrayBuffer | undefined
  /** The search, once several threads do it. */
  #search: ParallelSearch | undefined
  #commons: SentCommons | undefined
  /** Calls of the spec's functions by each of the others, as last told. */
  #specCalls: readonly number[] = []

  private constructor(
    run: Run,
    pool: Pool<LevelTask, LevelReport>,
    { reads, calls }: { reads: Bulletin; calls: SharedArrayBuffer | undefined },
  ) {
    this.#run = run
    this.#pool = pool
    this.#reads = reads
    this.#calls = calls
  }

  /** Calls up the threads, which make themselves ready. To be called between two levels. @throws {OutOfMemory}; {Unshareable} */
  static async callUp(run: Run): Promise<Crew> {
    const { settings, layout, search } = run
    const { workers, module, properties, interpret, symmetry, seed } = settings
    const values = new ValueLog()
    layout.interner.share(values)
    const reads = new Bulletin()
    const calls = recordsOfHelpers(workers - 1)
    const orders: Orders = {
      module: module!,
      constants: run.constants,
      properties: properties.map(({ name }) => name),
      interpret,
      symmetry,
      seed,
      depth: search.depth,
      values: values.memory,
      reads: reads.memory,
      calls,
    }
    const pool = await startPool<Orders, LevelTask, LevelReport>(WORKER.href, workers - 1, orders)
    return new Crew(run, pool, { reads, calls })
  }

  /** Whether the threads are ready. */
  get isReady(): boolean {
    return this.#pool.isReady
  }

  /** @throws {CheckerError} KR902 if a thread was lost while it had nothing to do, or before it was ready */
  requireWhole(): void {
    const { failure } = this.#pool
    if (failure !== undefined) throw lossOf(new Lost(failure))
  }

  /** Goes on with a search, between two levels. @throws {OutOfMemory} */
  takeOver(search: Search): void {
    const { settings, monitor } = this.#run
    const { workers: threads, parallelFrom: from, memoryBytes: maxBytes } = settings
    this.#run.search = this.#search = new ParallelSearch(search, monitor, { threads, from, maxBytes })
    this.#commons = sendable(this.#search.commons)
  }

  /** Calls of the spec's functions by the other threads. */
  get specCalls(): number {
    return this.#specCalls.reduce((sum, calls) => sum + calls, 0)
  }

  /**
   * Expands a level.
   *
   * @param rest - gives others their turn; rejects to end the work
   * @throws {OutOfMemory}, what `rest` rejects with, {CheckerError} KR902 if a thread is lost
   */
  async expandLevel(pause: () => boolean, rest: () => Promise<void>): Promise<void> {
    const search = this.#search!
    this.requireWhole()
    const { monitor, evaluator } = this.#run
    this.#tell(evaluator.news?.())
    const names = (properties: Iterable<{ name: string }>): string[] => Array.from(properties, ({ name }) => name)
    const task: LevelTask = {
      commons: this.#commons!,
      depth: monitor.depth,
      decided: names(monitor.findings.keys()),
      notVacuous: names(this.#run.settings.properties.filter((property) => !monitor.vacuous.has(property))),
      givenUp: evaluator.givenUp?.(),
    }
    const reports = await search
      .expandLevel(this.#pool, task, pause, rest, (share) => purely(share))
      .catch((thrown: unknown) => {
        throw thrown instanceof Lost ? lossOf(thrown) : thrown
      })
    const trouble = reports.map((report) => report.trouble).find((it) => it !== undefined)
    if (trouble !== undefined) throw reasonOf(trouble)
    if (reports.length > 0) this.#specCalls = reports.map(({ specCalls }) => specCalls)
    for (const report of reports) this.#hear(report)
  }

  /** Dismisses the threads. If one of them is in a call of a spec function, waits for that call first. */
  async dismiss(): Promise<void> {
    await waitForCalls(this.#calls)
    await this.#pool.dismiss()
  }

  #tell(news: unknown): void {
    if (news !== undefined) this.#reads.write(this.#run.evaluator.readsIn?.(news) ?? [])
  }

  #hear({ sightings, outside, measured, news }: LevelReport): void {
    const { monitor, evaluator } = this.#run
    const { outside: before } = monitor
    purely(() => sightings.forEach((sighting) => monitor.lookAt(sighting, evaluator.next)))
    monitor.outside = before + outside
    measured.forEach((bounds, index) => monitor.extents[index]!.include(bounds))
    if (news !== undefined) evaluator.hear?.(news)
    this.#tell(news)
    const isMissed = sightings.some(({ occasion }) => occasion === 'expansion') && monitor.failure === undefined
    if (isMissed) throw impure('a spec function', 'it failed in one thread, and not in another')
  }
}

/** What to throw for a thread that is lost: out of memory like the whole run, or for a reason that the user is to know. */
function lossOf({ cause, message }: Lost): Error {
  const isMemory = (cause as { code?: unknown } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return isMemory ? new OutOfMemory() : workerLost(message)
}
