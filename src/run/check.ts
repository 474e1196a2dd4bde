/**
 * Checks a spec: from constants to an outcome.
 *
 * The one place that puts the layers together. The search runs in slices, between which the program can print, hear a signal, or
 * be told to stop.
 */
import { OutOfMemory } from '../explore/memory.ts'
import { purely } from '../spec/purity.ts'
import type { AnySpec } from '../spec/spec.ts'
import { conclude } from './conclude.ts'
import type { Ending, Outcome } from './outcome.ts'
import { Pace } from './pace.ts'
import { elapsedMs, now, prepare, type Run } from './run.ts'
import type { CheckOptions, Progress } from './settings.ts'

/**
 * Checks a spec.
 *
 * @returns the outcome; a violation is an outcome, not an error
 * @throws {CheckerError} for a mistake in the spec or the options; a `FailedRun`, which has a trace, if a spec function failed
 */
export async function check(spec: AnySpec, options: CheckOptions = {}): Promise<Outcome> {
  const run = prepare(spec, options)
  const ending = await explore(run)
  return conclude(run, ending)
}

/** Searches level by level until everything is explored or decided, or a bound is met. */
async function explore(run: Run): Promise<Ending> {
  const { search, monitor, initial, settings, startedMs } = run
  const stopAtMs = startedMs + settings.timeoutMs
  const pace = new Pace()
  const pause = (): boolean => pace.isDue() || search.bytes > settings.memoryBytes
  try {
    purely(() => search.begin(initial))
    for (;;) {
      const ending = endingAt(run)
      if (ending !== undefined) return ending
      monitor.depth = search.depth
      while (!purely(() => search.expandLevel(pause))) {
        if (search.bytes > settings.memoryBytes) return 'memory'
        if (now() >= stopAtMs) return 'time'
        settings.onProgress(progressOf(run))
        await pace.turn(stopAtMs)
        if (settings.signal?.aborted === true) return 'interrupted'
      }
    }
  } catch (thrown) {
    if (thrown instanceof OutOfMemory) return 'memory'
    throw thrown
  }
}

/** Why to end between two levels; undefined to go on. */
function endingAt(run: Run): Ending | undefined {
  const { search, monitor, settings, evaluator } = run
  monitor.endLevel()
  evaluator.review?.(search.seen.size - search.level.words / search.seen.width)
  if (monitor.failure !== undefined) return 'failed'
  const isBad = settings.properties.some((it) => it.kind !== 'goal' && monitor.findings.has(it))
  const isSettled = settings.properties.every((it) => monitor.findings.has(it)) && settings.properties.length > 0
  if (search.level.words === 0) return 'exhausted'
  if (!settings.continue && isBad) return 'violated'
  if (!settings.continue && isSettled) return 'settled'
  if (search.depth >= settings.maxDepth) return 'depth'
  if (search.seen.size > settings.maxStates) return 'states'
  if (elapsedMs(run) >= settings.timeoutMs) return 'time'
  return undefined
}

function progressOf(run: Run): Progress {
  const { generated, depth, pending, seen } = run.search
  return { generated, distinct: seen.size, depth, pending, elapsedMs: elapsedMs(run) }
}
