/** `--trace format:file`: traces written to files, in the format that is asked for. */
import { accessSync, constants, realpathSync, statSync } from 'node:fs'
import { dirname, relative, sep } from 'node:path'
import type { Command } from 'commander'
import { badOption, CheckerError, fileFailed } from '../../errors.ts'
import { errorText } from '../../report/text/error.ts'
import { itfDocument } from '../../report/json/itf.ts'
import { traceViewDocument } from '../../report/json/trace-view.ts'
import { traceDocument } from '../../report/json/documents.ts'
import { PLAIN } from '../../report/text/style.ts'
import { traceHtml } from '../../report/trace-html.ts'
import { traceMermaid } from '../../report/trace-mermaid.ts'
import { traceText } from '../../report/text/trace.ts'
import type { Outcome } from '../../api/outcome.ts'
import { fullPath } from '../spec-loader/full-path.ts'
import { styleOf } from '../output.ts'
import { stderr, tryWrite } from '../streams.ts'
import { writeWhole } from '../terminal.ts'
import { identityOf, TraceNames } from './trace-names.ts'

type Trace = Outcome['traces'][number]

export type TraceFormat = 'text' | 'json' | 'itf' | 'mermaid' | 'html'

/** Where traces come from. */
export interface TraceSource {
  /** The spec's file, as given. */
  readonly path: string
  /** The command that shows a trace again. */
  again(trace: Trace): string
}

/** What a file of traces says beside them. */
interface About extends Pick<Outcome, 'spec' | 'constants'>, TraceSource {}

/** Writes the text of several traces, each after a blank line, or of one trace to a file at `path`. */
type Format =
  | { readonly all: (traces: readonly Trace[], about: About) => string }
  | { readonly one: (trace: Trace, about: About, path: string) => string }

/** The formats of `--trace`: a file holds all traces, or one. */
const FORMATS: { readonly [name in TraceFormat]: Format } = {
  text: {
    all: (traces, { again }) =>
      traces.map((trace) => [...traceText(trace, PLAIN), `again: ${again(trace)}`, ''].join('\n')).join('\n'),
  },
  json: { all: (traces, { spec, constants }) => json({ spec, constants, traces: traces.map(traceDocument) }) },
  itf: {
    one: (trace, { spec, constants, path }, to) =>
      json(itfDocument(trace, { spec, file: specFrom(to, path), constants })),
  },
  mermaid: { one: (trace, { spec }) => traceMermaid(trace, spec) },
  html: {
    all: (traces, { spec, constants, again }) =>
      traceHtml(
        traces.map((trace) => {
          const command = trace.kind === 'error' ? undefined : again(trace)
          return traceViewDocument(trace, { spec, constants, again: command })
        }),
        { spec, constants },
      ),
  },
}

/** The names of the formats. */
export const TRACE_FORMATS: readonly TraceFormat[] = Object.keys(FORMATS) as TraceFormat[]

/** A file to write traces to. */
export interface TraceFile {
  readonly format: TraceFormat
  readonly path: string
}

/** Adds the option to a command. */
export function withTraceFiles(command: Command): Command {
  const formats = `${TRACE_FORMATS.slice(0, -1).join(', ')} or ${TRACE_FORMATS.at(-1)}`
  return command
    .option('--trace <format:file>', `write traces to a file as ${formats} (repeatable)`, traceFile)
    .setOptionValue('trace', [])
}

/** Reads the value of `--trace`; the option may be repeated. @throws {CheckerError} KR101 */
function traceFile(text: string, files: readonly TraceFile[]): readonly TraceFile[] {
  const [name, ...rest] = text.split(':')
  const path = rest.join(':')
  const format = TRACE_FORMATS.find((it) => it === name)
  if (format === undefined || path === '') {
    throw badOption(
      `--trace must be format:file, but is ${text}`,
      `write --trace format:file with one of the formats ${TRACE_FORMATS.join(', ')}`,
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
  throw badOption(
    `--trace must name a file once, but names ${twice.path} twice`,
    'name a different file for each format',
  )
}

/** A file to be written when the work is done. */
export interface Target {
  readonly path: string
}

/**
 * Before any work, refuses paths to which Kripke cannot write. Only the later write can show a full disk, or a fault of a pipe
 * or a device.
 *
 * @throws {CheckerError} KR105
 */
export function requireWritable(targets: readonly Target[]): void {
  for (const { path } of targets) {
    try {
      const found = statSync(path, { throwIfNoEntry: false })
      if (found === undefined) requireFolder(dirname(fullPath(path)))
      else if (found.isDirectory()) throw fileFailed('write', path, 'EISDIR')
      else if (found.isFile()) accessSync(dirname(realpathSync(path)), constants.W_OK)
    } catch (thrown) {
      if (thrown instanceof CheckerError) throw thrown
      throw fileFailed('write', path, (thrown as NodeJS.ErrnoException).code ?? String(thrown))
    }
  }
}

function requireFolder(folder: string): void {
  // `statSync` also throws if it cannot access the folder.
  if (!statSync(folder).isDirectory()) throw Object.assign(new Error('not a folder'), { code: 'ENOTDIR' })
  accessSync(folder, constants.W_OK)
}

/** Collects errors of writing files, so that the command can show results before these errors. */
export async function firstWriteError(writes: Iterable<() => Promise<void>>): Promise<CheckerError | undefined> {
  let first: CheckerError | undefined
  for (const write of writes) {
    try {
      await write()
    } catch (thrown) {
      if (!(thrown instanceof CheckerError)) throw thrown
      first ??= thrown
    }
  }
  return first
}

/** Reports files that were not written when the command fails for another reason. */
export function reportWriteError(error: CheckerError | undefined): void {
  if (error !== undefined) tryWrite(`${errorText(error, styleOf(stderr)).join('\n')}\n`)
}

/** Writes traces to the requested files. Each part rejects with KR105 if its file cannot be written. */
export function traceWrites(
  files: readonly TraceFile[],
  outcome: Pick<Outcome, 'spec' | 'constants'>,
  traces: readonly Trace[],
  source: TraceSource,
): (() => Promise<void>)[] {
  const names = new TraceNames([source.path, ...files.map(({ path }) => path)])
  const about: About = { ...outcome, path: source.path, again: (trace) => source.again(trace) }
  return files.map(({ format, path }) => async () => {
    const how = FORMATS[format]
    if ('all' in how) await writeWhole(path, how.all(traces, about))
    else await writeEach(path, traces, names, (trace, to) => how.one(trace, about, to))
  })
}

/**
 * Writes the first violation to the file, or the first trace if there is no violation. Each of the others goes to a file
 * beside it, with the property's name before the file's endings. Without a trace there is no file.
 */
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
  return relative(dirname(fullPath(trace)), fullPath(spec)).replaceAll(sep, '/')
}

function json(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`
}
