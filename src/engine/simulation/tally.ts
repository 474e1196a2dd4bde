/**
 * The sums over walks. Tallies are plain data, so threads can send them. Addition is commutative, so it does not matter
 * which thread made a walk.
 */
import { DistinctEstimate, type Sketch } from './distinct-estimate.ts'

/** The first walk that reached a goal, and its number of steps up to there. */
export interface Reached {
  readonly walk: number
  readonly steps: number
}

/** The part of a tally that threads send. */
export interface TallyParts {
  /** Walks that ended by themselves. */
  walks: number
  /** Walks that the time limit or the user cut short. */
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
  readonly reached: Map<string, Reached>
  /** Names of properties whose antecedent was true. */
  readonly witnessed: Set<string>
}

export interface Tally extends TallyParts {
  readonly distinct: DistinctEstimate
}

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

/** Records that a goal was reached. The walk with the least number counts. */
export function noteReached({ reached: known }: TallyParts, goal: string, reached: Reached): void {
  const before = known.get(goal)
  if (before === undefined || reached.walk < before.walk) known.set(goal, reached)
}
