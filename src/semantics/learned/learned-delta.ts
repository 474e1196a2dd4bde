/**
 * What threads send each other about their learning, so that all threads agree on what is worth learning, and report the same.
 *
 * Each grows trees of its own. But whether an action is reported as one that cannot be learned must depend on the model alone, so
 * that is judged by one thread, between levels, by all the paths that all of them took.
 */

/** What one learner learned since it last told: numbers, so that they are cheap to send. */
export interface LearnedDelta {
  /** Pairs: a subject, and a number that stands for a path of its tree. */
  readonly paths: readonly number[]
  /** Pairs: a subject, and a slot that it was seen to read. */
  readonly slots: readonly number[]
  /** Subjects that cannot be trusted to be learned. */
  readonly distrusted: readonly number[]
}

/** The delta of a learner that learned nothing. */
export const NO_DELTA: LearnedDelta = { paths: [], slots: [], distrusted: [] }

/** A number that stands for a path: of 53 bits, so that two are very unlikely to be the same. */
export function pathKey(reads: readonly number[], slots: Int32Array): number {
  let high = 0x9e3779b9 | 0
  let low = 0x85ebca6b | 0
  for (const slot of reads) {
    high = Math.imul(high ^ slot, 0xc2b2ae35) ^ slots[slot]!
    high ^= high >>> 15
    low = Math.imul(low ^ slots[slot]!, 0x27d4eb2f) ^ slot
    low ^= low >>> 13
  }
  return (Math.imul(high, 0x2c1b3c6d) >>> 11) * 2 ** 32 + (Math.imul(low, 0x297a2d39) >>> 0)
}
