/** A simulation under way: what its parts work on. */
import type { CheckContext } from '../context.ts'
import type { SimulationBounds, SimulationProgress } from './options.ts'
import type { Tally } from './tally.ts'
import type { WalkPool } from './walk-pool.ts'
import type { Walker } from './random-walk.ts'

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
  /** The other threads, once they have been called up. */
  pool: WalkPool | undefined
  readonly waits: boolean
  readonly onProgress: (progress: SimulationProgress) => void
}
