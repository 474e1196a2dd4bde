/**
 * Checks a spec: from constants to an outcome.
 *
 * The one place that puts the layers together. The search runs in slices, between which the program can print, hear a signal, or
 * be told to stop. It is done by one thread until a level is large enough to be worth calling up others.
 */
import type { Search } from './search.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import { purely } from '../../spec/purity.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { Unshareable } from '../../state/unshareable.ts'
import { conclude, type Explorations } from '../../api/conclude.ts'
import type { WorkerPool } from './parallel/worker-pool.ts'
import { Diversion, Diverted, NO_DIVERSION, type SearchProgress } from '../auto.ts'
import { Ended, endingFor } from '../ending.ts'
import type { Ending, Outcome } from '../../api/outcome.ts'
import { Pace } from '../pace.ts'
import { elapsedMs, now, prepareRunInSlices, type ExplicitRun } from '../context.ts'
import type { CheckOptions, Progress } from '../settings.ts'
import { decideTemporal, type TemporalFinding, type Turns } from './temporal.ts'

/** Other threads are not worth calling up before a level of so many states. */
const PROMISING_STATES = 1000

/** A run that has not begun. */
type Prepared = Awaited<ReturnType<typeof prepareRunInSlices>>

/**
 * Checks a spec.
 *
 * @returns the outcome; a violation is an outcome, not an error
 * @throws {CheckerError} for a mistake in the spec or the options; a `FailedRun`, which has a trace, if a spec function failed
 */
export async function check(spec: AnySpec, options: CheckOptions = {}): Promise<Outcome> {
  if (options.engine === 'symbolic') {
    const { checkSymbolically } = await import('../symbolic/symbolic-engine.ts')
    return await checkSymbolically(spec, options, { check, temporally })
  }
  const run = await prepareRunInSlices(spec, options)
  let whyUseless = 'decision diagrams were tried, and of no use'
  const diagrams = new Diversion(run.settings.symbolicFrom, run.symmetry !== undefined, async (work) => {
    const { timeoutMs, memoryBytes } = run.settings
    const left = { timeoutMs: timeoutMs - elapsedMs(run), memoryBytes: memoryBytes - run.search.bytes }
    if (left.timeoutMs <= 0 || left.memoryBytes <= 0) return undefined
    const { trySymbolically } = await import('../symbolic/symbolic-engine.ts')
    const onProgress = (): void => run.settings.onProgress(progressOf(run))
    return await trySymbolically(spec, { ...options, ...left, onProgress, engine: 'symbolic' }, work, (advice) => {
      whyUseless = `the symbolic engine was tried and did not finish: ${advice}`
    })
  })
  try {
    const ending = await explore(run, diagrams)
    const outcome = await conclude(run, { ending, ...(await temporalFindings(run, ending)) })
    return diagrams.wasTried ? { ...outcome, engineChange: whyUseless } : outcome
  } catch (thrown) {
    if (thrown instanceof Diverted) {
      const specCalls = thrown.outcome.specCalls + run.evaluator.specCalls + run.reference.specCalls
      return { ...thrown.outcome, specCalls, seconds: elapsedMs(run) / 1000 }
    }
    if (!(thrown instanceof Unshareable)) throw thrown
    // Values that other threads could not be told of: one thread does it all.
    return await check(spec, { ...options, workers: 1 })
  }
}

/** Decides temporal properties, and nothing else. */
async function temporally(spec: AnySpec, options: CheckOptions): Promise<Omit<Explorations, 'ending'>> {
  const run = await prepareRunInSlices(spec, options)
  const ending = await explore(run)
  return ending === 'exhausted' ? await temporalFindings(run, ending) : { temporal: new Map(), temporalCut: ending }
}

/** Decides temporal properties, if everything was explored: a cut graph says little of infinite behaviors. */
async function temporalFindings(run: ExplicitRun, ending: Ending): Promise<Omit<Explorations, 'ending'>> {
  const temporal = new Map<PropertyDefinition, TemporalFinding>()
  if (ending !== 'exhausted') return { temporal, temporalCut: undefined }
  try {
    await decideTemporal(run, turns(run), temporal)
    return { temporal, temporalCut: run.monitor.failure === undefined ? undefined : 'failed' }
  } catch (thrown) {
    const temporalCut = endingFor(thrown)
    if (temporalCut === undefined) throw thrown
    return { temporal, temporalCut }
  }
}

/** Searches level by level until everything is explored or decided, or a bound is met. */
async function explore(run: Prepared, diversion: Diversion = NO_DIVERSION): Promise<Ending> {
  try {
    return await alone(run, diversion)
  } catch (thrown) {
    const ending = endingFor(thrown)
    if (ending === undefined) throw thrown
    return ending
  } finally {
    await run.workerPool?.close()
  }
}

/** One thread searches, calls up others when that may be worth it, and goes on until they are ready. */
async function alone(run: Prepared, diversion: Diversion): Promise<Ending> {
  const { search, initial, initialCut, settings } = run
  if (initialCut !== undefined) return initialCut
  if (settings.workers > 1) run.evaluator.shareLearning?.()
  const { pause, rest } = turns(run)
  while (!purely(() => search.begin(initial, pause))) await rest()
  for (;;) {
    const broken = purely(() => slice(run, search, pause, diversion))
    if (broken === 'paused') await rest()
    else if (broken === 'worth others') run.workerPool = await callUp(run, rest)
    else if (broken === 'worth diverting') await diversion.go()
    else if (broken === 'worth sharing') return together(run, run.workerPool!, diversion)
    else return broken
  }
}

/** Calls up the other threads. */
async function callUp(run: ExplicitRun, rest: () => Promise<void>): Promise<WorkerPool> {
  const { WorkerPool } = await import('./parallel/worker-pool.ts')
  const workerPool: WorkerPool = await WorkerPool.start(run)
  run.workerPool = workerPool
  while (run.settings.waits && !workerPool.isReady) {
    workerPool.assertAlive()
    await rest()
  }
  return workerPool
}

/** Why a slice of the search ended, if the search did not. */
type Break = 'paused' | 'worth others' | 'worth sharing' | 'worth diverting'

/** Searches until something comes up; the purity of the spec's functions is watched over all of it. */
function slice(run: ExplicitRun, search: Search, pause: () => boolean, diversion: Diversion): Ending | Break {
  const { settings, monitor, workerPool } = run
  for (;;) {
    if (!search.isWithinLevel) {
      const ending = endingAt(run)
      if (ending !== undefined) return ending
      if (diversion.isDue(standingOf(run))) return 'worth diverting'
      if (settings.workers > 1) {
        const states = search.frontier.words / run.layout.width
        workerPool?.assertAlive()
        if (workerPool === undefined && isWorthOthers(run, states)) return 'worth others'
        if (workerPool?.isReady === true && states >= settings.parallelFrom) return 'worth sharing'
      }
      monitor.depth = search.depth
    }
    if (!search.expandLevel(pause)) return 'paused'
  }
}

/** Whether to call up other threads before a level of so many states. */
function isWorthOthers(run: ExplicitRun, states: number): boolean {
  const { waits, parallelFrom, briefMs } = run.settings
  return waits ? states >= parallelFrom : states >= PROMISING_STATES && elapsedMs(run) >= briefMs
}

/** Several threads search on. */
async function together(run: Prepared, workerPool: WorkerPool, diversion: Diversion): Promise<Ending> {
  workerPool.takeOver(run.search)
  const { pause, rest } = turns(run)
  for (;;) {
    const ending = endingAt(run)
    if (ending !== undefined) return ending
    if (diversion.isDue(standingOf(run))) await diversion.go()
    run.monitor.depth = run.search.depth
    await workerPool.expandLevel(pause, rest)
  }
}

/** When to pause, and what to do then: end the work, or let others have their turn. */
function turns(run: ExplicitRun): Turns {
  const { settings, startedMs } = run
  const { memoryBytes } = settings
  const stopAtMs = startedMs + settings.timeoutMs
  const pace = new Pace()
  return {
    pause: () => pace.isDue() || run.search.bytes > memoryBytes,
    rest: async () => {
      if (run.search.bytes > memoryBytes) throw new Ended('memory')
      if (now() >= stopAtMs) throw new Ended('time')
      settings.onProgress(progressOf(run))
      await pace.turn(stopAtMs)
      if (settings.signal?.aborted === true) throw new Ended('interrupted')
    },
  }
}

/** Why to end between two levels; undefined to go on. */
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

function standingOf({ search, layout }: ExplicitRun): SearchProgress {
  const { found, frontier: level, generated } = search
  return { found, level: level.words / layout.width, generated }
}

function progressOf(run: ExplicitRun): Progress {
  const { generated, depth, pending, found } = run.search
  return { generated, distinct: found, depth, pending, elapsedMs: elapsedMs(run) }
}
