/** What walks add up to. Plain data, so that threads can send it; adding up is in no order, so it does not matter who walked what. */
import { DistinctEstimate, type Sketch } from './distinct-estimate.ts'

/** The first walk that reached a goal, and after how many steps it did. */
export interface Reached {
  readonly walk: number
  readonly steps: number
}

/** What threads tell each other of their walks. */
export interface TallyParts {
  /** Walks that came to an end of their own. */
  walks: number
  /** Walks that were cut short, by time or by the user. */
  cut: number
  steps: number
  /** Steps of the longest walk. */
  longest: number
  /** Steps to states outside the constraints. */
  outside: number
  /** By action instance: how often it was taken, and how many successors it gave. */
  readonly taken: Float64Array
  readonly generated: Float64Array
  readonly distinct: Sketch
  /** Goals by name. */
  readonly reached: Map<string, Reached>
  /** Names of properties whose antecedent was true. */
  readonly witnessed: Set<string>
}

/** A tally to be added to. */
export interface Tally extends TallyParts {
  readonly distinct: DistinctEstimate
}

/** A tally of nothing. */
export function emptyTally(instances: number): Tally {
  return {
    walks: 0,
    cut: 0,
    steps: 0,
    longest: 0,
    outside: 0,
    taken: new Float64Array(instances),
    generated: new Float64Array(instances),
    distinct: new DistinctEstimate(),
    reached: new Map(),
    witnessed: new Set(),
  }
}

/** Adds the walks of `other`. */
export function addTally(tally: Tally, other: TallyParts): void {
  tally.walks += other.walks
  tally.cut += other.cut
  tally.steps += other.steps
  tally.longest = Math.max(tally.longest, other.longest)
  tally.outside += other.outside
  other.taken.forEach((count, index) => (tally.taken[index]! += count))
  other.generated.forEach((count, index) => (tally.generated[index]! += count))
  tally.distinct.merge(other.distinct)
  for (const [goal, reached] of other.reached) noteReached(tally, goal, reached)
  for (const name of other.witnessed) tally.witnessed.add(name)
}

/** Notes that a goal was reached; of several walks, the first counts. */
export function noteReached({ reached: known }: TallyParts, goal: string, reached: Reached): void {
  const before = known.get(goal)
  if (before === undefined || reached.walk < before.walk) known.set(goal, reached)
}
