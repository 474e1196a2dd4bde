/**
 * How many of a function's new paths are worth learning.
 *
 * Learning a path costs about as much as ten reference evaluations, so it pays if the path is taken often enough again.
 * Where it does not, only a sample of the paths is learned, and the other states are evaluated by reference. The sample
 * shows when learning begins to pay.
 *
 * A path belongs to the sample if the contents that the function may read have a certain hash. So a path in the sample
 * is learned at its first state, and its later states show that it is taken again.
 *
 * Everything here depends on the model alone: decisions are made between levels, from the numbers of states and paths of
 * all threads.
 */
import type { Slot } from '../../state/shape.ts'

/** A function with fewer paths is learned completely, whatever it costs. */
export const MIN_PATHS = 20

/**
 * At most one of this many paths is left to learn, in a long run. Such a sample still shows whether paths are taken
 * again, and costs nearly nothing.
 */
export const MAX_RATE = 4096

/** From this rate on, the function counts as evaluated by reference. The sample costs 4 % of that. */
export const INTERPRETED_RATE = 256

/**
 * What the share of new paths among the evaluations in the sample says. Every function begins with new paths only, so
 * a few evaluations decide nothing. But a short run is over before many paths come back.
 */
const HOPELESS = { novelty: 0.9, evaluations: 20 }
const POOR = { novelty: 1 / 3, evaluations: 256 }
/** Learning a path pays from its tenth evaluation on. A sample shows it soon, because it lacks the first evaluations. */
const PAYING = { novelty: 1 / 10, evaluations: 64 }
/** A larger sample can tell whether these repeats pay. */
const RECURRING = { novelty: 0.35, evaluations: 16 }

/** The sample of one function: one of `rate` paths, by the contents of `slots`. */
export interface Sample {
  readonly rate: number
  readonly slots: readonly Slot[]
}

export class Sampling {
  /** All paths are learned if undefined. */
  sample: Sample | undefined
  #evaluations = 0
  #paths = 0

  /** Whether the path of the state in `slots` belongs to the sample. */
  includes(slots: Int32Array): boolean {
    return this.sample === undefined || hashOf(this.sample.slots, slots) % this.sample.rate === 0
  }

  /**
   * Decides on the next sample.
   *
   * @param evaluations - evaluations of the function so far
   * @param paths - paths learned so far
   * @param read - gives the slots that the function was seen to read
   * @returns whether the sample has changed
   */
  judge(evaluations: number, paths: number, read: () => readonly Slot[]): boolean {
    const rate = this.sample?.rate ?? 1
    const sampled = (evaluations - this.#evaluations) / rate
    const next = nextRate(rate, (paths - this.#paths) / sampled, sampled)
    if (next !== rate || sampled >= POOR.evaluations) {
      this.#evaluations = evaluations
      this.#paths = paths
    }
    if (next === rate) return false
    this.sample = next === 1 ? undefined : { rate: next, slots: read() }
    return true
  }
}

/**
 * @param novelty - new paths for each evaluation
 * @param evaluations - evaluations in the sample
 */
function nextRate(rate: number, novelty: number, evaluations: number): number {
  const isAbove = (bound: { novelty: number; evaluations: number }): boolean =>
    evaluations >= bound.evaluations && novelty > bound.novelty
  const isBelow = (bound: { novelty: number; evaluations: number }): boolean =>
    evaluations >= bound.evaluations && novelty < bound.novelty
  if (isAbove(HOPELESS)) return rate < INTERPRETED_RATE ? INTERPRETED_RATE : MAX_RATE
  if (isBelow(PAYING)) return 1
  if (rate >= INTERPRETED_RATE && isBelow(RECURRING)) return rate / 16
  return isAbove(POOR) ? Math.min(rate * 4, MAX_RATE) : rate
}

function hashOf(read: readonly Slot[], slots: Int32Array): number {
  let hash = 0
  for (const slot of read) hash = Math.imul(hash ^ slots[slot]!, 0x9e3779b1) ^ (hash >>> 15)
  return (hash ^ (hash >>> 16)) >>> 0
}
