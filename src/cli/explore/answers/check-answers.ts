/** Answers about the check that runs in the background. */
import { badOption } from '../../../errors.ts'
import { namesOfTrace } from '../../../api/walk/path.ts'
import type { BackgroundCheck } from '../checks.ts'
import { errorOf } from '../errors.ts'
import type { CheckDocument, Requests, TraceDocument } from '../protocol.ts'
import type { Session } from '../session.ts'

/** @throws {CheckerError} KR101 if the check has not found a trace of the property */
export function traceOfProperty(session: Session, { constants, property }: Requests['trace']['body']): TraceDocument {
  const { outcome } = session.check(constants)
  const trace = outcome?.traces.find((it) => it.property === property)
  if (trace === undefined) throw badOption(`the check has not found a trace of ${property}`)
  const path = namesOfTrace(session.walk(constants), trace)
  const isWhole = path.length === trace.steps.length
  return { path, loop: isWhole ? (trace.loop ?? null) : null }
}

export function checkDocument({ outcome, error, progress }: BackgroundCheck): CheckDocument {
  return {
    isRunning: outcome === undefined && error === undefined,
    distinct: outcome?.states.distinct ?? progress?.distinct ?? 0,
    depth: outcome?.states.depth ?? progress?.depth ?? 0,
    seconds: outcome?.seconds ?? (progress?.elapsedMs ?? 0) / 1000,
    properties: (outcome?.properties ?? []).map(({ name, kind, result, reason, trace }) => ({
      name,
      kind,
      result,
      reason: reason ?? null,
      hasTrace: trace !== undefined,
    })),
    failure: error === undefined ? null : errorOf(error),
  }
}
