/** Errors for people: code, sentence, place, labelled values, hint. */
import type { CheckerError } from '../errors.ts'
import { FailedRun } from '../run/failed-run.ts'
import type { Style } from './style.ts'
import { traceText } from './trace-text.ts'

/** The lines of an error; of a failed run, the trace to where it failed comes first. */
export function errorText(error: CheckerError, style: Style): string[] {
  const { code, message, details, hint, at } = error
  const values = [...(at === undefined ? [] : [['at', at] as const]), ...details]
  const width = Math.max(0, ...values.map(([label]) => label.length))
  return [
    ...(error instanceof FailedRun ? traceText(error.trace, style) : []),
    `${style.bad(`error ${code}:`)} ${message}`,
    ...values.map(([label, value]) => `  ${style.faint(label.padEnd(width))}  ${value}`),
    ...(hint === undefined ? [] : [`  ${style.doubtful('hint:')} ${hint}`]),
  ]
}
