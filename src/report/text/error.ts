/** Errors for people: code, sentence, place, labelled values, hint. */
import type { CheckerError } from '../../errors.ts'
import { FailedRun } from '../../api/failed-run.ts'
import type { Style } from './style.ts'
import { traceText } from './trace.ts'

/** The lines of an error; of a failed run, the trace to where it failed comes first. */
export function errorText(error: CheckerError, style: Style): string[] {
  return [
    ...(error instanceof FailedRun ? traceText(error.trace, style) : []),
    `${style.bad(`error ${error.code}:`)} ${error.message}`,
    ...detailLines(error, style),
  ]
}

/** The lines below the message of an error: its place, labelled values and the hint. */
export function detailLines({ details, hint, at }: CheckerError, style: Style): string[] {
  const values = [...(at === undefined ? [] : [['at', at] as const]), ...details]
  const width = Math.max(0, ...values.map(([label]) => label.length))
  return [
    ...values.map(([label, value]) => `  ${style.faint(label.padEnd(width))}  ${value}`),
    ...(hint === undefined ? [] : [`  ${style.doubtful('hint:')} ${hint}`]),
  ]
}
