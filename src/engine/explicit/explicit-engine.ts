/**
 * The explicit engine: explores states one by one, breadth-first.
 *
 * The search runs in slices. In between, the program can print, handle signals and stop the search. One thread searches
 * until a level is large enough for several threads.
 */
import { purely } from '../../spec/purity.ts'
import { OutOfMemory } from '../../store/memory.ts'
import { Unshareable } from '../../state/unshareable.ts'
import { now } from '../clock.ts'
import { elapsedMs, type CheckContext } from '../context.ts'
import { Ended, endingFor, type Ending } from '../ending.ts'
import type { Budget, Engine, EngineResult, Exploration, SearchProgress } from '../engine.ts'
import { Pace } from '../pace.ts'
import { Checkpointing } from './checkpointing.ts'
import type { DiskSearch } from './disk/disk-search.ts'
import type { MovedRun } from './disk/move-to-disk.ts'
import { sharesOf } from './disk/memory-shares.ts'
import { DiskWatch } from './disk/disk-watch.ts'
import { explicitRun, type ExplicitRun } from './explicit-run.ts'
import type { ParallelSearch } from './parallel/parallel-search.ts'
import type { WorkerPool } from './parallel/worker-pool.ts'
import { pathsBySearch } from './shortest-path.ts'
import type { Search } from './search.ts'
import { decideOnGraph, type TimeSlices } from './temporal.ts'

/** Starting other threads does not pay before a level of this size. */
const PROMISING_STATES = 1000

export const explicitEngine: Engine = { name: 'explicit', explore }

async function* explore(context: CheckContext, budget: Budget): AsyncGenerator<SearchProgress, EngineResult, void> {
  const run = explicitRun(context)
  const checkpointing = await Checkpointing.of(run)
  const explorer = new Explorer(run, budget, checkpointing)
  try {
    const ending = yield* explorer.untilEnded()
    await explorer.close()
    const temporal = await decideOnGraph(run, explorer.slices, ending)
    if (temporal.cut !== undefined && MAY_GO_ON.has(temporal.cut)) checkpointing?.commit()
    const { monitor, symmetry, obstacles, view, search } = run
    return {
      ...context,
      kind: 'done',
      engine: 'explicit',
      ending,
      monitor,
      states: search,
      symmetry,
      obstacles,
      view,
      workerCalls: explorer.workerCalls,
      temporal,
      undecided: [],
      unmeasured: unmeasuredBy(context),
      decided: new Set(),
      cut: undefined,
      pathsTo: (locations) => pathsBySearch(run, locations),
    }
  } catch (thrown) {
    if (thrown instanceof Unshareable) return { kind: 'declined', reason: 'unshareable' }
    throw thrown
  } finally {
    await explorer.close()
  }
}

/** The measures that the run does not take. */
function unmeasuredBy({ model, reducedNext }: CheckContext): Exploration['unmeasured'] {
  if (reducedNext === undefined) return []
  return model.measures.map((measure) => [measure, 'partial-order reduction leaves out states; use --por off'])
}

/** Endings after which a run may go on from its checkpoint, with more time or memory. */
const MAY_GO_ON: ReadonlySet<Ending> = new Set(['time', 'memory', 'interrupted'])

/** Why a slice of the search ended before the search did. */
type Break = 'paused' | 'worth workers' | 'worth sharing' | 'budget' | 'checkpoint' | 'full'

/** Searches level by level until everything is explored or decided, or the search meets a bound. */
class Explorer {
  readonly slices: TimeSlices
  readonly #run: ExplicitRun & { search: Search }
  readonly #first: Search
  readonly #budget: Budget
  /** Undefined until the other threads are started. */
  #pool: WorkerPool | undefined
  #isClosed = false
  readonly #checkpointing: Checkpointing | undefined
  /** Whether the end of this level has its checkpoint. */
  #isKept = false

  constructor(run: ExplicitRun & { search: Search }, budget: Budget, checkpointing: Checkpointing | undefined) {
    this.#run = run
    this.#first = run.search
    this.#budget = budget
    this.#checkpointing = checkpointing
    this.slices = timeSlices(run)
  }

  /** Calls of the spec's functions by other threads. */
  get workerCalls(): number {
    return this.#pool?.specCalls ?? 0
  }

  async *untilEnded(): AsyncGenerator<SearchProgress, Ending, void> {
    try {
      const ending = yield* this.#search()
      if (MAY_GO_ON.has(ending) && this.#run.search.depth > 0) this.#checkpointing?.commit()
      return ending
    } catch (thrown) {
      const ending = endingFor(thrown)
      if (ending === undefined) throw thrown
      // If memory ran out within an insertion, the states are not whole.
      if (thrown instanceof Ended && this.#run.search.depth > 0) this.#checkpointing?.commit()
      return ending
    }
  }

  /** Ends the other threads. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#pool?.close()
    this.#run.layout.interner.stopSharing()
  }

  /** Searches with one thread. Starts others when that may pay, and continues alone until they are ready. */
  async *#search(): AsyncGenerator<SearchProgress, Ending, void> {
    const { search, initial, initialCut, settings, evaluator } = this.#run
    if (initialCut !== undefined) return initialCut
    if (settings.workers > 1) evaluator.shareLearning?.()
    const { pause, rest } = this.slices
    const restored = await this.#checkpointing?.restore(search)
    if (restored?.isOnDisk === true) return yield* this.#expandLevelsOnDisk(restored)
    if (restored === undefined) {
      while (!purely(() => search.begin(initial, pause))) await rest()
    }
    for (;;) {
      const broken = purely(() => this.#expandLevels(search))
      if (broken === 'checkpoint') {
        this.#checkpointing!.commit()
        this.#isKept = true
      } else if (broken === 'full') {
        const { moveToDisk } = await import('./disk/move-to-disk.ts')
        return yield* this.#expandLevelsOnDisk(this.#moved((run) => moveToDisk(search, run)))
      } else if (broken === 'paused') {
        await rest()
        if (this.#checkpointing?.isDue === true) this.#checkpointing.commit()
      } else if (broken === 'worth workers') await this.#startWorkers()
      else if (broken === 'budget') yield progressOf(this.#run)
      else if (broken === 'worth sharing') return yield* this.#expandLevelsTogether(this.#pool!)
      else return broken
    }
  }

  async #startWorkers(): Promise<void> {
    const run = this.#run
    const { WorkerPool } = await import('./parallel/worker-pool.ts')
    const pool = await WorkerPool.start(run)
    this.#pool = pool
    while (run.settings.waits && !pool.isReady) {
      pool.assertAlive()
      await this.slices.rest()
    }
  }

  /** The search loop: expands level after level until the search ends or the caller must do something else first. */
  #expandLevels(search: Search): Ending | Break {
    const run = this.#run
    const { settings, monitor } = run
    for (;;) {
      if (!search.isWithinLevel) {
        this.#checkpointing?.endLevel()
        const ending = endingAt(run)
        if (ending !== undefined) return ending
        if (this.#budget.yieldAt(progressOf(run))) return 'budget'
        if (!this.#isKept && this.#checkpointing?.isDue === true) return 'checkpoint'
        this.#isKept = false
        monitor.depth = search.depth
      }
      if (mayMove(run) && isFull(run)) return 'full'
      if (search.isAtStart) {
        if (settings.workers > 1) {
          const states = search.frontier.words / run.layout.width
          const pool = this.#pool
          pool?.assertAlive()
          if (pool === undefined && areWorthWorkers(run, states)) return 'worth workers'
          if (pool?.isReady === true && states >= settings.parallelFrom) return 'worth sharing'
        }
      }
      try {
        if (!search.expandLevel(this.slices.pause)) return mayMove(run) && isFull(run) ? 'full' : 'paused'
      } catch (thrown) {
        if (thrown instanceof OutOfMemory && mayMove(run) && search.isWhole) return 'full'
        throw thrown
      }
    }
  }

  /** The search on disk that goes on from one in memory. @throws {OutOfDisk} */
  #moved(move: (run: MovedRun) => DiskSearch): DiskSearch {
    const { settings, search, monitor } = this.#run
    const disk = settings.checkpoints!.disk!
    disk.tell({ kind: 'full', distinct: search.found })
    return move({ disk, memoryBytes: settings.memoryBytes, observer: monitor, keepsLevels: false })
  }

  /** The search loop for states on disk. */
  async *#expandLevelsOnDisk(search: DiskSearch): AsyncGenerator<SearchProgress, Ending, void> {
    const run: ExplicitRun = this.#run
    const { pause, rest } = this.slices
    const checkpointing = this.#checkpointing!
    const watch = new DiskWatch(run.settings.checkpoints!.disk!, search)
    run.search = search
    checkpointing.commit()
    for (;;) {
      if (!search.isWithinLevel) {
        checkpointing.endLevel()
        const ending = endingAt(run)
        if (ending !== undefined) return ending
        const progress = progressOf(run)
        if (this.#budget.yieldAt(progress)) yield progress
        run.monitor.depth = search.depth
      }
      while (!purely(() => watch.expandLevel(pause))) {
        await rest()
        if (checkpointing.isDue) purely(() => checkpointing.commit())
      }
      if (checkpointing.isDue) checkpointing.commit()
    }
  }

  /** The search loop with several threads. */
  async *#expandLevelsTogether(pool: WorkerPool): AsyncGenerator<SearchProgress, Ending, void> {
    const run: ExplicitRun = this.#run
    const checkpointing = this.#checkpointing
    const search = pool.takeOver(this.#run.search)
    for (;;) {
      if (!search.isWithinLevel) {
        checkpointing?.endLevel()
        const ending = endingAt(run)
        if (ending !== undefined) return ending
        const progress = progressOf(run)
        if (this.#budget.yieldAt(progress)) yield progress
        run.monitor.depth = search.depth
      }
      if (checkpointing?.isDue === true) checkpointing.commit()
      const isEnough = await this.#expandTogether(pool, search)
      if (isEnough) continue
      await this.close()
      const { moveSharedToDisk } = await import('./disk/move-to-disk.ts')
      return yield* this.#expandLevelsOnDisk(this.#moved((run) => moveSharedToDisk(search, this.#first, run)))
    }
  }

  /**
   * Expands a level, or a part of it if a checkpoint is due or the run has to end.
   *
   * @returns whether memory is enough for it
   * @throws {Ended}
   */
  async #expandTogether(pool: WorkerPool, search: ParallelSearch): Promise<boolean> {
    const { pause, rest } = this.slices
    const checkpointing = this.#checkpointing
    if (checkpointing === undefined) {
      await pool.expandLevel(pause, rest)
      return true
    }
    let ended: Ended | undefined
    let isEnough = true
    const isPauseDue = (): boolean => ended === undefined && isEnough && pause()
    await pool.expandLevel(isPauseDue, async () => {
      try {
        await rest()
      } catch (thrown) {
        if (!(thrown instanceof Ended)) throw thrown
        // Let the threads come to rest, so that the checkpoint is whole.
        ended = thrown
      }
      isEnough &&= !isFull(this.#run)
      if (ended !== undefined || !isEnough || checkpointing.isDue) search.pauseLevel()
    })
    if (ended !== undefined) throw ended
    return isEnough
  }
}

/** Whether to start other threads before a level of this many states. */
function areWorthWorkers(run: ExplicitRun, states: number): boolean {
  const { waits, parallelFrom, briefMs, mayStartThreads } = run.settings
  if (!mayStartThreads()) return false
  return waits ? states >= parallelFrom : states >= PROMISING_STATES && elapsedMs(run) >= briefMs
}

/** Decides when to pause. A pause ends the work at a bound, else gives other tasks their turn. */
function timeSlices(run: ExplicitRun): TimeSlices {
  const { settings, startedMs } = run
  const stopAtMs = startedMs + settings.timeoutMs
  const pace = new Pace(settings.sliceMs)
  return {
    // The first level cannot move before it is whole.
    pause: () => pace.isDue() || ((run.search.depth > 0 || !mayMove(run)) && isFull(run)),
    rest: async () => {
      if (isFull(run) && !mayMove(run)) throw new Ended('memory')
      if (now() >= stopAtMs) throw new Ended('time')
      settings.onProgress(progressOf(run))
      await pace.turn(stopAtMs)
      if (settings.signal?.aborted === true) throw new Ended('interrupted')
    },
  }
}

/** Whether states may go to disk. */
function mayMove({ settings }: ExplicitRun): boolean {
  return settings.checkpoints?.disk !== undefined
}

/** Whether memory is full. A run that keeps checkpoints ends a little earlier, while the states are whole. */
function isFull({ search, settings }: ExplicitRun): boolean {
  const { memoryBytes, checkpoints } = settings
  if (search.isOnDisk) return false
  const most = checkpoints?.disk === undefined ? memoryBytes : sharesOf(memoryBytes).inMemory
  return search.bytes > most || (checkpoints !== undefined && search.isNearlyFull)
}

/** The reason to end between two levels; undefined to continue. */
function endingAt(run: ExplicitRun): Ending | undefined {
  const { search, monitor, settings, evaluator } = run
  monitor.endLevel()
  evaluator.review?.(search.found - search.frontier.words / run.layout.width)
  if (monitor.failure !== undefined) return 'failed'
  if (search.frontier.words === 0) return 'exhausted'
  if (monitor.findings.size > 0 && !settings.continue) {
    const isBad = settings.properties.some((it) => it.kind !== 'goal' && monitor.findings.has(it))
    if (isBad) return 'violated'
    if (settings.properties.every((it) => monitor.findings.has(it))) return 'settled'
  }
  if (search.depth >= settings.maxDepth) return 'depth'
  if (search.found > settings.maxStates) return 'states'
  if (elapsedMs(run) >= settings.timeoutMs) return 'time'
  return undefined
}

function progressOf(run: ExplicitRun): SearchProgress {
  const { generated, depth, pending, found, frontier, bytes } = run.search
  return {
    generated,
    distinct: found,
    depth,
    pending,
    elapsedMs: elapsedMs(run),
    frontier: frontier.words / run.layout.width,
    bytes,
    isReduced: run.symmetry !== undefined,
  }
}
