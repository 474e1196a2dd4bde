/** Several threads for a run: when to call them up, what to tell them, and what to make of what they tell. */
import { CheckerError, impure, workerLost } from '../errors.ts'
import { OutOfMemory } from '../explore/memory.ts'
import { Bulletin } from '../explore/parallel/bulletin.ts'
import { Lost, ParallelSearch } from '../explore/parallel/parallel-search.ts'
import { startPool, type Pool } from '../explore/parallel/pool.ts'
import type { Search } from '../explore/search.ts'
import { purely } from '../spec/purity.ts'
import { Unshareable } from '../state/unshareable.ts'
import { ValueLog } from '../state/value-log.ts'
import type { LevelReport, LevelTask, Orders, Trouble } from './orders.ts'
import type { Run } from './run.ts'

/** Where the module of the threads is, beside this one. */
const WORKER = new URL('./worker.js', import.meta.url)

export class Crew {
  readonly search: ParallelSearch
  readonly #run: Run
  readonly #pool: Pool<LevelTask, LevelReport>
  /** What predicates read in any thread: see `Progress.heard`. */
  readonly #reads: Bulletin
  /** Calls of the spec's functions by each of the others, as last told. */
  #specCalls: readonly number[] = []

  private constructor(
    { run, search, reads }: { run: Run; search: ParallelSearch; reads: Bulletin },
    pool: Pool<LevelTask, LevelReport>,
  ) {
    this.#run = run
    this.search = search
    this.#reads = reads
    this.#pool = pool
  }

  /** Calls up the threads, and takes over the search. They take part once they are ready. @throws {OutOfMemory}; {Unshareable} */
  static async callUp(run: Run, search: Search): Promise<Crew> {
    const { settings, layout, evaluator, monitor } = run
    const { workers, parallelFrom, memoryBytes, module, properties, interpret, seed } = settings
    const values = new ValueLog()
    layout.interner.share(values)
    const parallel = new ParallelSearch(search, evaluator.next, monitor, {
      threads: workers,
      from: parallelFrom,
      maxBytes: memoryBytes,
    })
    const reads = new Bulletin()
    const orders: Orders = {
      module: module!,
      constants: run.constants,
      properties: properties.map(({ name }) => name),
      interpret,
      seed,
      maxBytes: memoryBytes,
      values: values.memory,
      reads: reads.memory,
    }
    const { commons } = parallel
    const crew = { run, search: parallel, reads }
    const pool = await startPool<Orders, LevelTask, LevelReport>(WORKER.href, workers - 1, { commons, orders })
    return new Crew(crew, pool)
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
    this.requireWhole()
    const { monitor, evaluator } = this.#run
    this.#tell(evaluator.news?.())
    const names = (properties: Iterable<{ name: string }>): string[] => Array.from(properties, ({ name }) => name)
    const task: LevelTask = {
      depth: monitor.depth,
      decided: names(monitor.findings.keys()),
      notVacuous: names(this.#run.settings.properties.filter((property) => !monitor.vacuous.has(property))),
      givenUp: evaluator.givenUp?.(),
    }
    const reports = await this.search
      .expandLevel(this.#pool, task, pause, rest, (share) => purely(share))
      .catch((thrown: unknown) => {
        throw thrown instanceof Lost ? lossOf(thrown) : thrown
      })
    const trouble = reports.map((report) => report.trouble).find((it) => it !== undefined)
    if (trouble !== undefined) throw reasonOf(trouble)
    if (reports.length > 0) this.#specCalls = reports.map(({ specCalls }) => specCalls)
    for (const report of reports) this.#hear(report)
  }

  /** @throws {CheckerError} KR902 if a thread was lost while it had nothing to do, or before it was ready */
  requireWhole(): void {
    const { failure } = this.#pool
    if (failure !== undefined) throw lossOf(new Lost(failure))
  }

  /** Sends the threads away. */
  dismiss(): Promise<void> {
    return this.#pool.dismiss()
  }

  #tell(news: unknown): void {
    if (news !== undefined) this.#reads.write(this.#run.evaluator.readsIn?.(news) ?? [])
  }

  #hear({ sightings, outside, news }: LevelReport): void {
    const { monitor, evaluator } = this.#run
    const { outside: before } = monitor
    purely(() => sightings.forEach((sighting) => monitor.lookAt(sighting, evaluator.next)))
    monitor.outside = before + outside
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

/** What to throw for what a thread could not cope with. */
function reasonOf(trouble: Trouble): Error {
  if (trouble.kind === 'error') return new CheckerError(trouble.parts)
  if (trouble.kind === 'memory') return new OutOfMemory()
  return trouble.kind === 'unshareable' ? new Unshareable() : workerLost('it was told to stop waiting for another')
}
