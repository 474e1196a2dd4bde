/** `--trace format:file`: traces written to files, in the format that is asked for. */
import { dirname, relative, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { badOption } from '../errors.ts'
import { itfDocument } from '../report/itf.ts'
import { traceDocument } from '../report/json.ts'
import { PLAIN } from '../report/style.ts'
import { traceHtml } from '../report/trace-html.ts'
import { traceMermaid } from '../report/trace-mermaid.ts'
import { traceText } from '../report/trace-text.ts'
import type { Outcome } from '../run/outcome.ts'
import { writeWhole } from './terminal.ts'
import { identityOf, TraceNames } from './trace-names.ts'

const FORMATS = ['text', 'json', 'itf', 'mermaid', 'html'] as const

type Trace = Outcome['traces'][number]

/** A file to write traces to. */
export interface TraceFile {
  readonly format: (typeof FORMATS)[number]
  readonly path: string
}

/** Where traces come from. */
export interface TraceSource {
  /** The spec's file, as given. */
  readonly path: string
  /** The command that shows a trace again. */
  again(trace: Trace): string
}

/** Adds the option to a command. */
export function withTraceFiles(command: Command): Command {
  const formats = `${FORMATS.slice(0, -1).join(', ')} or ${FORMATS.at(-1)}`
  return command.option('--trace <format:file>', `write traces to a file, as ${formats} (repeatable)`, traceFile, [])
}

/** Reads the value of `--trace`; the option may be repeated. @throws {CheckerError} KR101 */
function traceFile(text: string, files: readonly TraceFile[]): readonly TraceFile[] {
  const [name, ...rest] = text.split(':')
  const path = rest.join(':')
  const format = FORMATS.find((it) => it === name)
  if (format === undefined || path === '') {
    throw badOption(
      `--trace ${text} makes no sense`,
      `write --trace format:file; the formats are ${FORMATS.join(', ')}`,
    )
  }
  return [...files, { format, path }]
}

/** Refuses to write a trace over the spec, or over another. @throws {CheckerError} KR101 */
export function requireApart(files: readonly TraceFile[], spec: string): void {
  const identities = files.map(({ path }) => identityOf(path))
  if (identities.includes(identityOf(spec))) {
    throw badOption(`--trace would overwrite the spec ${spec}`, 'name another file')
  }
  const twice = files.find((_, index) => identities.indexOf(identities[index]!) !== index)
  if (twice === undefined) return
  throw badOption(`--trace must name a file once, but names ${twice.path} twice`, 'name a file for each format')
}

/**
 * Writes traces to the files that are asked for.
 *
 * @throws {CheckerError} KR105
 */
export async function writeTraces(
  files: readonly TraceFile[],
  outcome: Pick<Outcome, 'spec' | 'constants'>,
  traces: readonly Trace[],
  source: TraceSource,
): Promise<void> {
  const names = new TraceNames([source.path, ...files.map(({ path }) => path)])
  for (const file of files) await writeFile(file, outcome, traces, source, names)
}

/**
 * Writes traces to a file. Where a file can hold only one, it holds the first violation, or if there is none the first trace; each of
 * the others goes to a file beside it that has the property's name before its endings. Without a trace no such file is written.
 */
async function writeFile(
  { format, path }: TraceFile,
  { spec: name, constants }: Pick<Outcome, 'spec' | 'constants'>,
  traces: readonly Trace[],
  source: TraceSource,
  names: TraceNames,
): Promise<void> {
  switch (format) {
    case 'text':
      return writeWhole(
        path,
        traces.map((trace) => [...traceText(trace, PLAIN), `again: ${source.again(trace)}`, ''].join('\n')).join('\n'),
      )
    case 'json':
      return writeWhole(path, json({ spec: name, constants, traces: traces.map(traceDocument) }))
    case 'html':
      return writeWhole(path, traceHtml(traces, { spec: name, constants, again: source.again }))
    case 'itf':
      return writeEach(path, traces, names, (trace, to) =>
        json(itfDocument(trace, { spec: name, file: specFrom(to, source.path), constants })),
      )
    case 'mermaid':
      return writeEach(path, traces, names, (trace) => traceMermaid(trace, name))
  }
}

async function writeEach(
  path: string,
  traces: readonly Trace[],
  names: TraceNames,
  content: (trace: Trace, path: string) => string,
): Promise<void> {
  const violationsFirst = [
    ...traces.filter(({ kind }) => kind !== 'goal'),
    ...traces.filter(({ kind }) => kind === 'goal'),
  ]
  for (const [index, trace] of violationsFirst.entries()) {
    const to = index === 0 ? path : names.beside(path, trace.property)
    await writeWhole(to, content(trace, to))
  }
}

/** The spec's file as seen from the folder of the trace. */
function specFrom(trace: string, spec: string): string {
  return relative(dirname(resolve(trace)), resolve(spec)).replaceAll(sep, '/')
}

function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
