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
  /** Functions whose trees rely on promises of the author. */
  readonly promised: readonly number[]
}

/** What one thread has decided for all threads. */
export interface LearningDecisions {
  /** Functions that are always evaluated by reference. */
  readonly abandoned: readonly number[]
  /** Functions of whose paths only a sample is learned, or was. */
  readonly samples: readonly (readonly [index: number, sample: Sample | undefined])[]
}

/** The delta of a learner that learned nothing. */
export const NO_DELTA: LearnedDelta = { paths: [], slots: [], distrusted: [], promised: [] }

/** A hash of the way to a place in a tree. Two ways very probably have different hashes. */
export interface WayHash {
  readonly high: number
  readonly low: number
}

/** The hash of the empty way. */
export const AT_ROOT: WayHash = { high: 0x9e3779b9 | 0, low: 0x85ebca6b | 0 }

/** The hash of a way that goes on by one step. A step is two numbers, such as a slot and its content. */
export function goOn({ high, low }: WayHash, one: number, other: number): WayHash {
  const mixed = Math.imul(high ^ one, 0xc2b2ae35) ^ other
  const lower = Math.imul(low ^ other, 0x27d4eb2f) ^ one
  return { high: mixed ^ (mixed >>> 15), low: lower ^ (lower >>> 13) }
}

/** A 53-bit key for a way. */
export function keyOf({ high, low }: WayHash): number {
  return (Math.imul(high, 0x2c1b3c6d) >>> 11) * 2 ** 32 + (Math.imul(low, 0x297a2d39) >>> 0)
}
