/** How the work on a run is ended from within. */
import { OutOfMemory } from '../store/memory.ts'
import { CallsStopped } from '../spec/calls.ts'

/**
 * Why a run ended: all was explored, something was violated, every property was decided, a spec function failed, or a bound was
 * met.
 */
export type Ending =
  'exhausted' | 'violated' | 'settled' | 'failed' | 'states' | 'depth' | 'time' | 'memory' | 'interrupted'

/** Thrown to end the work on a run. */
export class Ended extends Error {
  readonly ending: Ending

  constructor(ending: Ending) {
    super(ending)
    this.ending = ending
  }
}

/** The ending that something thrown stands for; undefined if it stands for none. */
export function endingFor(thrown: unknown): Ending | undefined {
  if (thrown instanceof OutOfMemory) return 'memory'
  if (thrown instanceof CallsStopped) return 'failed'
  return thrown instanceof Ended ? thrown.ending : undefined
}
