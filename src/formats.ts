/** Results and traces as text and documents, for programs that check specs themselves. */
import type { Outcome } from './api/outcome.ts'
import type { ConformResult } from './api/conform.ts'
import type { CheckerError } from './errors.ts'
import { itfDocument } from './report/json/itf.ts'
import { traceViewDocument } from './report/json/trace-view.ts'
import { checkText } from './report/text/check.ts'
import { conformText } from './report/text/conform.ts'
import { errorText } from './report/text/error.ts'
import { styleFor, type Style } from './report/text/style.ts'
import { traceText } from './report/text/trace.ts'
import { traceHtml } from './report/trace-html.ts'
import { traceMermaid } from './report/trace-mermaid.ts'
import type { Trace } from './trace/trace.ts'

/** How text looks. */
export interface TextOptions {
  /** Escape sequences for terminals. Default: false. */
  readonly color?: boolean | undefined
  /** Columns. Default: 120. */
  readonly width?: number | undefined
  /** Whether each step shows the whole state, not only what changed. Default: false. */
  readonly full?: boolean | undefined
}

/** How the report of a check looks. */
export interface ResultOptions extends TextOptions {
  /** Whether the report shows how reached goals are reached. Default: false. */
  readonly witnesses?: boolean | undefined
}

/** What a trace is from: the result of a check or a simulation. */
export type TraceSource = Pick<Outcome, 'spec' | 'constants'>

/** The report of a check, as `kripke check` prints it. */
export function formatResult(
  result: Outcome,
  { full = false, witnesses = false, ...options }: ResultOptions = {},
): string {
  const given = Object.keys(result.constants)
  return checkText(result, styleOf(options), { given, full, witnesses: witnesses ? 'all' : [] }).join('\n')
}

/** The report of a conformance check, as `kripke conform` prints it. */
export function formatConformance(result: ConformResult, options: Omit<TextOptions, 'full'> = {}): string {
  return conformText([{ log: 'the log', result }], styleOf(options)).join('\n')
}

/** An error as `kripke check` prints it: with its trace, place and hint. */
export function formatError(error: CheckerError, options: TextOptions = {}): string {
  return errorText(error, styleOf(options)).join('\n')
}

/** A trace as `kripke check` prints it. */
export function formatTrace(trace: Trace, options: TextOptions = {}): string {
  return traceText(trace, styleOf(options), { full: options.full ?? false }).join('\n')
}

/**
 * A trace in the Informal Trace Format, which `replay` reads.
 *
 * @param file - the spec's file, relative to the file of the trace
 */
export function toItf(trace: Trace, { spec, constants }: TraceSource, file: string = `${spec}.ts`): object {
  return itfDocument(trace, { spec, file, constants })
}

/** A trace as a Mermaid diagram. */
export function toMermaid(trace: Trace, { spec }: TraceSource): string {
  return traceMermaid(trace, spec)
}

/** Traces as one page of HTML that needs nothing else. */
export function toHtml(traces: Trace | readonly Trace[], { spec, constants }: TraceSource): string {
  const all = Array.isArray(traces) ? (traces as readonly Trace[]) : [traces as Trace]
  const source = { spec, constants }
  return traceHtml(
    all.map((trace) => traceViewDocument(trace, source)),
    source,
  )
}

function styleOf({ color = false, width = 120 }: TextOptions): Style {
  return styleFor({ color, width })
}
