/** A simulation under way: what its parts work on, and when it pauses. */
import { now } from '../clock.ts'
import { elapsedMs, type CheckContext } from '../context.ts'
import { Pace } from '../pace.ts'
import type { SimulationBounds, SimulationProgress } from './options.ts'
import { addTally, type Tally } from './tally.ts'
import type { WalkPool } from './walk-pool.ts'
import type { Walker } from './random-walk.ts'

/**
 * Why a simulation ended: the walks asked for were made, something was violated, a spec function failed, or a bound was met.
 */
export type SimulationEnding = 'walked' | 'violated' | 'failed' | 'time' | 'interrupted'

/** A simulation under way. */
export interface SimulationRun {
  readonly context: CheckContext
  readonly bounds: SimulationBounds
  /** This thread's. Replaced when a round has to be walked again. */
  walker: Walker
  /** Of all walks so far, but for those that the walker's own tally still has. */
  readonly tally: Tally
  /** Number of the walk being made, or to be made next. */
  walk: number
  /** The other threads, once they have been started. */
  pool: WalkPool | undefined
  readonly waits: boolean
  readonly onProgress: (progress: SimulationProgress) => void
}

/** Adds what this thread walked to the rest. */
export function collect({ walker, tally, context }: SimulationRun): void {
  walker.cut()
  addTally(tally, walker.fresh())
  context.evaluator.review?.(tally.steps)
}

/** When to pause, and what to do then: see what the time is, and let others have their turn. */
export class SimulationSlices {
  readonly #walking: SimulationRun
  readonly #pace = new Pace()
  readonly #stopAtMs: number
  readonly pause: () => boolean = this.#pace.isDue

  constructor(walking: SimulationRun) {
    this.#walking = walking
    this.#stopAtMs = walking.context.startedMs + walking.bounds.timeoutMs
  }

  /** Gives others their turn. @returns why to end, if there is a reason */
  async rest(): Promise<SimulationEnding | undefined> {
    const { context, onProgress } = this.#walking
    if (now() >= this.#stopAtMs) return 'time'
    onProgress(progressOf(this.#walking))
    await this.#pace.turn(this.#stopAtMs)
    return context.settings.signal?.aborted === true ? 'interrupted' : undefined
  }
}

function progressOf({ context, tally, walker }: SimulationRun): SimulationProgress {
  const { walks, steps, distinct } = tally
  const own = walker.tally
  return {
    walks: walks + own.walks,
    steps: steps + own.steps,
    distinct: Math.max(distinct.size, own.distinct.size),
    elapsedMs: elapsedMs(context),
  }
}
