/** The building blocks of a policy, which chooses among engines for one spec and its options. */
import type { AnySpec } from '../spec/spec.ts'
import { elapsedMs, prepareContextInSlices, type CheckContext } from './context.ts'
import { NO_BUDGET, type Engine, type EngineResult, type Exploration } from './engine.ts'
import { explicitEngine } from './explicit/explicit-engine.ts'
import type { CheckOptions } from './settings.ts'

/** The input of a policy. Each engine gets its own context, because a context holds learned functions. */
export interface Request {
  readonly spec: AnySpec
  readonly options: CheckOptions
}

/** An exploration, and which engines contributed. */
export interface Explored {
  readonly exploration: Exploration
  /** A clause that says why an engine did not finish; undefined if one engine did everything. */
  readonly engineChange: string | undefined
  /** When the run began. This is before the context of the exploration was made if another engine ran first. */
  readonly startedMs: number
  /** Calls of the spec's functions by engines whose results are discarded. */
  readonly otherCalls: number
  /** Why partial-order reduction was not applied although it was requested, as a clause. */
  readonly notReduced?: string
}

/** An exploration by one engine. */
export function exploredBy(exploration: Exploration): Explored {
  return { exploration, engineChange: undefined, startedMs: exploration.startedMs, otherCalls: 0 }
}

/** Runs an engine to the end, without a budget. */
export async function exploreWith(engine: Engine, context: CheckContext): Promise<EngineResult> {
  const search = engine.explore(context, NO_BUDGET)
  for (;;) {
    const { done, value } = await search.next()
    if (done === true) return value
  }
}

/**
 * Explores with the explicit engine. It falls back to one thread if a value of the spec cannot be sent to other
 * threads.
 */
export async function exploreExplicitly({ spec, options }: Request): Promise<Explored> {
  const context = await prepareContextInSlices(spec, options)
  const result = await exploreWith(explicitEngine, context)
  if (result.kind === 'done') return exploredBy(result)
  return await exploreExplicitly({ spec, options: { ...options, workers: 1 } })
}

/** The options with the rest of the time limit. */
export function withTimeLeft(options: CheckOptions, context: CheckContext): CheckOptions {
  const { timeoutMs } = context.settings
  return timeoutMs < Infinity ? { ...options, timeoutMs: Math.max(1, timeoutMs - elapsedMs(context)) } : options
}
