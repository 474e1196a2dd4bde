/**
 * Messages between threads about their learning. They make all threads agree on which functions are worth learning, and
 * report the same.
 *
 * Each thread grows its own trees. But the model alone must determine whether a function is reported as not learned. So
 * one thread decides that between levels, from the paths that all threads took.
 */

import type { Sample } from './sampling.ts'

/** The knowledge that a learner gained since its last message, as numbers that are cheap to send. */
export interface LearnedDelta {
  /** Pairs: a function, and a key for a path of its tree. */
  readonly paths: readonly number[]
  /** Pairs: a function, and a slot that it was seen to read. */
  readonly slots: readonly number[]
  /** Functions whose answers cannot be trusted, so they are not learned. */
  readonly distrusted: readonly number[]
}

/** What one thread has decided for all threads. */
export interface LearningDecisions {
  /** Functions that are always evaluated by reference. */
  readonly abandoned: readonly number[]
  /** Functions of whose paths only a sample is learned, or was. */
  readonly samples: readonly (readonly [index: number, sample: Sample | undefined])[]
}

/** The delta of a learner that learned nothing. */
export const NO_DELTA: LearnedDelta = { paths: [], slots: [], distrusted: [] }

/** A 53-bit key for a path. Two paths very probably have different keys. */
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
