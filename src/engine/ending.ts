/** Ways in which a run ends. */
import { OutOfMemory } from '../store/memory.ts'
import { OutOfDisk } from '../store/word-file.ts'
import { CallsStopped } from '../spec/calls.ts'

/**
 * Why a run ended: the search explored everything, it found a violation, it decided every property, a spec function
 * failed, or it met a bound.
 */
export type Ending =
  'exhausted' | 'violated' | 'settled' | 'failed' | 'states' | 'depth' | 'time' | 'memory' | 'disk' | 'interrupted'

/** Thrown to end a run. */
export class Ended extends Error {
  readonly ending: Ending

  constructor(ending: Ending) {
    super(ending)
    this.ending = ending
  }
}

/** The ending that a thrown value stands for; undefined if it stands for none. */
export function endingFor(thrown: unknown): Ending | undefined {
  if (thrown instanceof OutOfMemory) return 'memory'
  if (thrown instanceof OutOfDisk) return 'disk'
  if (thrown instanceof CallsStopped) return 'failed'
  return thrown instanceof Ended ? thrown.ending : undefined
}
