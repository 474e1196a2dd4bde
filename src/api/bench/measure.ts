/** Measurements: what a benchmark keeps of a check, and the median of several. */
import { CheckerError, impure } from '../../errors.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { check } from '../check.ts'
import { FailedRun } from '../failed-run.ts'
import type { Outcome, PropertyOutcome, Verdict, Warning } from '../outcome.ts'
import type { CheckOptions } from '../../engine/settings.ts'

/** A check, as far as a benchmark is concerned: an outcome is one, and so is the document of `check --json`. */
export interface Measurement extends Pick<
  Outcome,
  'verdict' | 'states' | 'complete' | 'seconds' | 'bytesPerState' | 'workers'
> {
  readonly verdict: Verdict
  readonly properties: readonly Pick<PropertyOutcome, 'name' | 'result'>[]
  readonly warnings: readonly Pick<Warning, 'code' | 'name' | 'text'>[]
  /** Of the process that ran nothing else; undefined if it ran other things too. */
  readonly peakMemoryBytes: number | undefined
}

/**
 * Runs one check that explores everything. A mistake that concerns these constants alone is returned; one that is thrown ends the
 * benchmark.
 */
export type Measure = (options: CheckOptions) => Promise<Measurement | CheckerError>

/** Measures in this very process: it is warm after the first check, and its peak of memory is not that of a check. */
export function measureHere(spec: AnySpec): Measure {
  return async (options) => {
    try {
      return { ...(await check(spec, { ...options, continue: true })), peakMemoryBytes: undefined }
    } catch (thrown) {
      if (concernsOneRow(thrown)) return thrown
      throw thrown
    }
  }
}

/** Whether an error is about one choice of constants, so that others may still be checked. */
export function concernsOneRow(thrown: unknown): thrown is CheckerError {
  return thrown instanceof FailedRun || (thrown instanceof CheckerError && /^KR(104|3|4|5)/.test(thrown.code))
}

/** The bound that ended a check, or `interrupted`; undefined if everything within the constraints was explored. */
export function cutOf({ complete, warnings }: Measurement): string | undefined {
  return complete ? undefined : warnings.find(({ code }) => code === 'budget')?.name
}

/** The names of the properties that are violated, or unreached. */
export function violatedIn({ properties }: Measurement): string[] {
  return properties.flatMap(({ name, result }) => (result === 'violated' || result === 'unreached' ? [name] : []))
}

/**
 * Combines several measurements of the same check: the median of the seconds, the maximum of the memory.
 *
 * @param name - the spec's
 * @returns KR502 if the counts differ: then the spec does not depend on its constants alone
 */
export function summarize(name: string, runs: readonly Measurement[]): Measurement | CheckerError {
  const [first] = runs as readonly [Measurement]
  const counts = ({ states }: Measurement): string =>
    `${states.distinct} distinct, ${states.generated} generated, depth ${states.depth}`
  const other = runs.find((run) => counts(run) !== counts(first))
  if (other !== undefined)
    return impure(`spec "${name}"`, `one run gave ${counts(first)} and another run gave ${counts(other)}`)
  const peaks = runs.flatMap(({ peakMemoryBytes }) => peakMemoryBytes ?? [])
  return {
    ...first,
    seconds: median(runs.map(({ seconds }) => seconds)),
    peakMemoryBytes: peaks.length === 0 ? undefined : Math.max(...peaks),
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
