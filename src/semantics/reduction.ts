/** Reduction in the search: each successor is replaced by its representative before the lookup. */
import type { Batch } from './successor-batch.ts'
import { hash } from './hash.ts'
import { UNKNOWN_STEP } from './successors.ts'

/** A symmetry, or a view. */
export interface Representatives {
  /** Replaces the state at `words[offset..]` by its representative. */
  represent(words: Int32Array, offset: number): unknown
}

/**
 * Replaces the states of a batch by their representatives.
 *
 * A step key describes the step to the original state, not to the representative. Properties have the same value on
 * both. But on the representative they may take paths that are not learned yet, through slots that no property is known
 * to read. So the step becomes unknown.
 */
export function reduce(batch: Batch, representatives: Representatives): void {
  const { entries, size, stride, width } = batch
  for (let entry = 0; entry < size; entry += stride) {
    representatives.represent(entries, entry)
    entries[entry + width] = hash(entries, entry, width)
    entries[entry + width + 1] = UNKNOWN_STEP
  }
}
