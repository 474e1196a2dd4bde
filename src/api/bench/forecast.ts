/**
 * What a size that was not explored would take, judging from those that were. The states come from a law of growth; time and memory
 * from what a state of the largest size explored took, because both are spent state by state. Pure arithmetic.
 */
import { isWithheld, type Law, type Withheld } from './growth.ts'

/** What one size took. */
export interface Sample {
  readonly size: number
  readonly distinct: number
  readonly seconds: number
  readonly bytesPerState: number
}

/** What another size would take. */
export interface Forecast {
  readonly distinct: number
  /** Null if the time for each state is not known well enough. */
  readonly seconds: number | undefined
  readonly bytesPerState: number
  /** Of seen states and levels. */
  readonly memoryBytes: number
}

/** A run shorter than this is mostly start-up, and says nothing about the time for each state. */
const MIN_SECONDS = 0.1

/** By what factor the time for each state may differ from one size to the next before it is no guide to a third. */
const STEADY = 2

/**
 * What `size` would take.
 *
 * @param samples - the sizes explored to the end, ascending: those that `law` was fitted to
 */
export function forecast(law: Law | Withheld, samples: readonly Sample[], size: number): Forecast | Withheld {
  const expected = isWithheld(law) ? law : law.at(size)
  if (isWithheld(expected)) return expected
  const distinct = Math.round(expected)
  const { bytesPerState } = samples.at(-1)!
  const each = secondsPerState(samples)
  return {
    distinct,
    seconds: each === undefined ? undefined : distinct * each,
    bytesPerState,
    memoryBytes: distinct * bytesPerState,
  }
}

function secondsPerState(samples: readonly Sample[]): number | undefined {
  const [before, last] = samples.slice(-2)
  if (before === undefined || last === undefined || last.seconds < MIN_SECONDS) return undefined
  const each = last.seconds / last.distinct
  const drift = each / (before.seconds / before.distinct)
  return drift <= STEADY && drift >= 1 / STEADY ? each : undefined
}
