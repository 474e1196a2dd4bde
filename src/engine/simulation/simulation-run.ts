/** A simulation in progress: its shared data, and when it pauses. */
import { now } from '../clock.ts'
import { elapsedMs, type CheckContext } from '../context.ts'
import { Pace } from '../pace.ts'
import type { SimulationBounds, SimulationProgress } from './options.ts'
import { addTally, type Tally } from './tally.ts'
import type { WalkPool } from './walk-pool.ts'
import type { Walker } from './random-walk.ts'

/** Why a simulation ended: it made all walks, it found a violation, a spec function failed, or it met a bound. */
export type SimulationEnding = 'walked' | 'violated' | 'failed' | 'time' | 'interrupted'

export interface SimulationRun {
  readonly context: CheckContext
  readonly bounds: SimulationBounds
  /** This thread's walker. It is replaced when the thread repeats a round. */
  walker: Walker
  /** The tally of all walks so far, except those in the walker's own tally. */
  readonly tally: Tally
  /** Number of the current or the next walk. */
  walk: number
  /** Undefined until the other threads are started. */
  pool: WalkPool | undefined
  readonly waits: boolean
  readonly onProgress: (progress: SimulationProgress) => void
}

/** Adds this thread's walks to the tally. */
export function collect({ walker, tally, context }: SimulationRun): void {
  walker.cut()
  addTally(tally, walker.fresh())
  context.evaluator.review?.(tally.steps)
}

/** Decides when to pause. A pause checks the time and gives other tasks their turn. */
export class SimulationSlices {
  readonly #walking: SimulationRun
  readonly #pace = new Pace()
  readonly #stopAtMs: number
  readonly pause: () => boolean = this.#pace.isDue

  constructor(walking: SimulationRun) {
    this.#walking = walking
    this.#stopAtMs = walking.context.startedMs + walking.bounds.timeoutMs
  }

  /** Gives other tasks their turn. @returns a reason to end, if there is one */
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
