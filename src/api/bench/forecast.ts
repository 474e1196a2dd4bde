/**
 * Predicts the cost of a size that Kripke did not explore from the sizes that it explored. The states come from a law of growth. Time
 * and memory come from the cost of a state at the largest explored size, because both are spent state by state.
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
  /** Undefined if the time per state is not known well enough. */
  readonly seconds: number | undefined
  readonly bytesPerState: number
  /** Bytes of the seen set and the levels. */
  readonly memoryBytes: number
}

/** A run shorter than this is mostly start-up, and says nothing about the time for each state. */
const MIN_SECONDS = 0.1

/** If the times per state of two sizes differ by more than this factor, they do not predict a third. */
const STEADY = 2

/**
 * Predicts the cost of `size`.
 *
 * @param samples - the sizes explored to the end, in ascending order, to which `law` was fitted
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
