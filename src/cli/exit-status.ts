/** Exit statuses, as `kripke --help` and the documentation list them. */
import type { CheckerError } from '../errors.ts'
import { FailedRun } from '../api/failed-run.ts'
import type { Outcome, PropertyOutcome } from '../api/outcome.ts'

export const HOLDS = 0
export const ASSUMPTION_FALSE = 10
export const DEADLOCK = 11
export const STATE_PROPERTY = 12
export const STEP_PROPERTY = 13
export const DEVIATES = 14
export const SPEC_FAILED = 75
export const TYPES_WRONG = 120
export const INCOMPLETE = 124
export const INTERRUPTED = 130
export const TERMINATED = 143
export const BAD_SPEC = 150
export const BAD_COMMAND = 151
export const SYSTEM = 153
export const DEFECT = 255

/** The status of an outcome that was not interrupted: with several violations, the lowest that applies. */
export function statusOf({ verdict, properties }: Pick<Outcome, 'verdict' | 'properties'>): number {
  return verdict === 'incomplete' ? INCOMPLETE : statusOfViolations(properties)
}

/** The status of what is violated; 0 if nothing is. */
export function statusOfViolations(properties: readonly PropertyOutcome[]): number {
  const statuses = properties.flatMap(({ kind, result }) => {
    if (result !== 'violated' && result !== 'unreached') return []
    return kind === 'deadlock'
      ? DEADLOCK
      : kind === 'transition' || kind === 'refinement' || kind === 'temporal'
        ? STEP_PROPERTY
        : STATE_PROPERTY
  })
  return statuses.length === 0 ? HOLDS : Math.min(...statuses)
}

/** Errors of files, servers and networks. */
const CLUSTER_OR_FILE: ReadonlySet<string> = new Set(['KR105', 'KR113', 'KR114', 'KR115'])

/** The status of an error, by its code. */
export function statusOfError(error: CheckerError): number {
  const { code } = error
  if (code === 'KR104') return ASSUMPTION_FALSE
  if (CLUSTER_OR_FILE.has(code)) return SYSTEM
  if (code === 'KR212') return TYPES_WRONG
  if (code === 'KR501') return DEFECT
  if (error instanceof FailedRun && !code.startsWith('KR4')) return SPEC_FAILED
  const byLayer: { readonly [digit: string]: number } = {
    1: BAD_COMMAND,
    2: BAD_SPEC,
    3: SPEC_FAILED,
    4: INCOMPLETE,
    5: SPEC_FAILED,
  }
  return byLayer[code[2]!] ?? DEFECT
}
