/** What a policy needs: a choice among engines, for one spec and its options. */
import type { AnySpec } from '../spec/spec.ts'
import { elapsedMs, prepareContextInSlices, type CheckContext } from './context.ts'
import { NO_BUDGET, type Engine, type EngineResult, type Exploration } from './engine.ts'
import { explicitEngine } from './explicit/explicit-engine.ts'
import type { CheckOptions } from './settings.ts'

/** What to explore. Each engine gets a context of its own, because a context holds what was learned. */
export interface Request {
  readonly spec: AnySpec
  readonly options: CheckOptions
}

/** An exploration, and how it came about. */
export interface Explored {
  readonly exploration: Exploration
  /** Why an engine did not finish what it had begun: a clause; undefined if one engine did it all. */
  readonly engineChange: string | undefined
  /** When the run began: before the context of the exploration was made, if another engine was first. */
  readonly startedMs: number
  /** Calls of the spec's functions by engines whose exploration is not used. */
  readonly otherCalls: number
}

/** An exploration that one engine did alone. */
export function exploredBy(exploration: Exploration): Explored {
  return { exploration, engineChange: undefined, startedMs: exploration.startedMs, otherCalls: 0 }
}

/** Lets an engine explore to the end, without a budget. */
export async function exploreWith(engine: Engine, context: CheckContext): Promise<EngineResult> {
  const search = engine.explore(context, NO_BUDGET)
  for (;;) {
    const { done, value } = await search.next()
    if (done === true) return value
  }
}

/** Explores with the explicit engine. One thread does it all if other threads cannot be told of the spec's values. */
export async function exploreExplicitly({ spec, options }: Request): Promise<Explored> {
  const context = await prepareContextInSlices(spec, options)
  const result = await exploreWith(explicitEngine, context)
  if (result.kind === 'done') return exploredBy(result)
  return await exploreExplicitly({ spec, options: { ...options, workers: 1 } })
}

/** The options with the time that is left of the limit. */
export function withTimeLeft(options: CheckOptions, context: CheckContext): CheckOptions {
  const { timeoutMs } = context.settings
  return timeoutMs < Infinity ? { ...options, timeoutMs: Math.max(1, timeoutMs - elapsedMs(context)) } : options
}
