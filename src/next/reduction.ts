/** Symmetry in the search: successors give way to their representatives before they are looked up. */
import type { Symmetry } from '../state/symmetry/symmetry.ts'
import type { Batch } from './batch.ts'
import { hash } from './hash.ts'
import { UNKNOWN_STEP } from './next-state.ts'

/** In place of the step of a successor that was looked at before: nothing need be reported of the state if it is new. */
export const HARMLESS_STEP = -1

/** Replaces packed states by their representatives. */
export type Representatives = Pick<Symmetry, 'represent'>

/** Whether something may have to be reported of a state; see `Watch.suspects`. */
type Suspects = (words: Int32Array, offset: number, step: number) => boolean

/**
 * Replaces the states of a batch by their representatives.
 *
 * What is known of a step is known of the state that it leads to, not of that state's representative. So it is asked before whether
 * something may have to be reported, which is so of both or of neither.
 */
export function reduce(batch: Batch, representatives: Representatives, suspects: Suspects): void {
  const { entries, size, stride, width } = batch
  for (let entry = 0; entry < size; entry += stride) {
    const step = entry + width + 1
    entries[step] = suspects(entries, entry, entries[step]!) ? UNKNOWN_STEP : HARMLESS_STEP
    representatives.represent(entries, entry)
    entries[entry + width] = hash(entries, entry, width)
  }
}
