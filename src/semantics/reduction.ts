/** Symmetry in the search: successors give way to their representatives before they are looked up. */
import type { Symmetry } from '../state/symmetry/symmetry.ts'
import type { Batch } from './successor-batch.ts'
import { hash } from './hash.ts'
import { UNKNOWN_STEP } from './successors.ts'

/** Replaces packed states by their representatives. */
export type Representatives = Pick<Symmetry, 'represent'>

/**
 * Replaces the states of a batch by their representatives.
 *
 * What is known of a step is known of the state that it leads to, not of that state's representative. The properties are as true there, but
 * perhaps by paths that were never learned, through slots that no property is known to read: so nothing is known of the step any more.
 */
export function reduce(batch: Batch, representatives: Representatives): void {
  const { entries, size, stride, width } = batch
  for (let entry = 0; entry < size; entry += stride) {
    representatives.represent(entries, entry)
    entries[entry + width] = hash(entries, entry, width)
    entries[entry + width + 1] = UNKNOWN_STEP
  }
}
