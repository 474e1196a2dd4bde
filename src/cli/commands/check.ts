/** `kripke check`. */
import { resolve as resolvePath } from 'node:path'
import type { Command } from 'commander'
import type { CheckerError } from '../../errors.ts'
import { checkText, verdictLine } from '../../report/text/check.ts'
import { checkDocument, errorDocument } from '../../report/json/documents.ts'
import { profileText } from '../../report/text/profile.ts'
import { check } from '../../api/check.ts'
import { FailedRun } from '../../api/failed-run.ts'
import type { Outcome } from '../../api/outcome.ts'
import type { Progress } from '../../api/options.ts'
import { PLAIN, type Style } from '../../report/text/style.ts'
import type { ClusteredRun } from '../cluster/clustered-run.ts'
import type { CheckpointFolder } from '../checkpoint/checkpoint-folder.ts'
import type { Report } from '../checkpoint/manifest.ts'
import { requireClusterOptions, type ClusterOptions } from '../cluster/options.ts'
import { requireCheckpointOptions, type CheckpointOptions } from '../checkpoint/options.ts'
import { withNatsAccess } from './cluster.ts'
import { againCommand, exploreCommand } from './again.ts'
import { BAD_SPEC, HOLDS, statusOf, SYSTEM } from '../exit-status.ts'
import { listenForInterrupt } from '../supervisor/interrupt.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { defaultMemory, peakMemoryBytes } from '../memory.ts'
import { styleOf } from '../output.ts'
import {
  checkOptions,
  withCheckpoints,
  withCluster,
  withConstrainedLiveness,
  withExploreOptions,
  withPartialOrder,
  withPrintOptions,
  withWitnesses,
  type ExploreOptions,
  type PrintOptions,
} from './options.ts'
import { stdout } from '../streams.ts'
import { announceLimit, isRepeated, isWatched, postToSupervisor } from '../supervisor/supervision.ts'
import { print, printJson, printLine, ProgressLine } from '../terminal.ts'
import {
  requireApart,
  requireWritable,
  reportWriteError,
  firstWriteError,
  withTraceFiles,
  traceWrites,
  type TraceFile,
} from './trace-files.ts'

interface CheckCommandOptions extends ExploreOptions, PrintOptions, CheckpointOptions, ClusterOptions {
  readonly continue?: boolean
  readonly trace: readonly TraceFile[]
  readonly ndjson?: boolean
  readonly profile?: boolean
  readonly witness?: boolean
  readonly types?: boolean
  readonly watch?: boolean
}

/** Adds the command to the program; `exit` gets its status. `argv` is the command line. */
export function addCheckCommand(program: Command, exit: (status: number) => void, argv: readonly string[]): void {
  const command = program
    .command('check')
    .argument('[spec]', 'a TypeScript or JavaScript file with a spec as its default export')
    .description(
      'explore every state; print a verdict for each property and a counterexample for each violation. ' +
        'Counterexamples are shortest unless the report says "not necessarily shortest"',
    )
  withTraceFiles(
    withWitnesses(
      withPrintOptions(
        withNatsAccess(
          withCluster(withCheckpoints(withConstrainedLiveness(withPartialOrder(withExploreOptions(command))))),
        ),
      ),
    ),
  )
    .option('--continue', 'explore every state, and find a counterexample for every violated property')
    .option('--ndjson', 'print progress and the result as JSON, one document per line')
    .option('--profile', 'print the cost of each action')
    .option('--types', "check the types first, with the project's own TypeScript and the nearest tsconfig.json")
    .option('--watch', 'check again whenever the spec or a file that it imports is saved, until Ctrl-C')
    .action(async (path: string | undefined, options: CheckCommandOptions) => {
      const given = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli')
      requireCheckpointOptions(path, options, given)
      requireClusterOptions(options, given)
      if (options.resume !== undefined) return exit(await resume(options.resume, options, given))
      if (options.watch !== true || isWatched()) return exit(await run(path!, options))
      const { watch } = await import('../watch/watch.ts')
      return exit(await watch(path!, argv, options))
    })
}

/** Goes on with an earlier run, or prints its report again. */
async function resume(folder: string, options: CheckCommandOptions, given: readonly string[]): Promise<number> {
  const { earlierRun } = await import('../checkpoint/checkpointed-run.ts')
  const earlier = earlierRun(folder, options.every)
  try {
    const { report, run: kept } = earlier
    const own = Object.fromEntries(Object.entries(options).filter(([name]) => given.includes(name)))
    const merged = { ...options, ...kept.options, ...own } as CheckCommandOptions
    if (report !== undefined) return showAgain(report, merged)
    const trace = merged.trace.map((file) => ({ ...file, path: resolvePath(kept.folder, file.path) }))
    return await run(kept.path, { ...merged, trace }, earlier)
  } finally {
    earlier.close()
  }
}

/** Prints the report of a run that ended. */
function showAgain(
  { text, line, document, status }: Report,
  { json, ndjson, quiet }: PrintOptions & { ndjson?: boolean },
): number {
  if (ndjson) printLine({ event: 'result', ...(document as object) })
  else if (json) printJson(document)
  else print([quiet ? line : text])
  return status
}

async function run(path: string, options: CheckCommandOptions, earlier?: CheckpointFolder): Promise<number> {
  requireApart(options.trace, path)
  requireWritable(options.trace)
  if (options.types) {
    const { checkTypes } = await import('../type-check/type-check.ts')
    const paths = await checkTypes(path)
    if (isWatched()) postToSupervisor({ kind: 'inputs', paths })
  }
  announceLimit(options.timeout)
  const { spec, module } = await loadSpec(earlier === undefined ? path : resolvePath(earlier.run.folder, path))
  const folder = await folderOf(path, module, options, earlier)
  const interrupt = listenForInterrupt()
  const clustered = await clusterOf(spec.name, module, options, () => interrupt.stop('SIGTERM'))
  const progress = new ProgressLine(spec.name)
  announceLimit(options.timeout)
  try {
    const found = await check(spec, {
      ...checkOptions(options, module, defaultMemory()),
      // Several threads share memory that stays until the end, beside what the disk needs.
      ...(options.disk !== undefined && { workers: 1 }),
      checkpoints: folder,
      cluster: clustered,
      attribute: options.profile,
      continue: options.continue,
      signal: interrupt.signal,
      onProgress: (it) => {
        clustered?.show(it)
        if (options.ndjson) printProgress(it)
        else if (options.quiet !== true) progress.show(it)
      },
    })
      .catch(async (thrown: unknown) => {
        progress.clear()
        // A function of the spec failed: what was found before is not lost for it.
        if (thrown instanceof FailedRun) {
          await reportFound(thrown, path, options)
          // Whoever corrects the spec begins again.
          folder?.discard()
        }
        throw thrown
      })
      .finally(() => progress.clear())
    const outcome = folder === undefined ? found : { ...found, seconds: folder.seconds }
    if (isWatched()) postToSupervisor({ kind: 'verdicts', properties: outcome.properties })
    const error = await writeAll(outcome, outcome.traces, path, options)
    show(outcome, path, options, error)
    if (error !== undefined) return SYSTEM
    const isInterrupted = interrupt.status !== undefined && outcome.ending === 'interrupted'
    const status = isInterrupted ? interrupt.status : statusWith(outcome, options)
    if (folder !== undefined) {
      const { concludeRun } = await import('../checkpoint/checkpointed-run.ts')
      concludeRun(folder, outcome, () => reportOf(outcome, path, options, status))
    }
    return status
  } finally {
    folder?.close()
    await clustered?.close()
  }
}

/** The cluster to explore on; undefined without one. @throws {CheckerError} KR105, KR107, KR113 */
async function clusterOf(
  spec: string,
  module: string,
  options: CheckCommandOptions,
  cancel: () => void,
): Promise<ClusteredRun | undefined> {
  if (options.cluster === undefined) return undefined
  const { ClusteredRun } = await import('../cluster/clustered-run.ts')
  return await ClusteredRun.start(spec, module, options, cancel)
}

/** Where the run keeps its checkpoints; undefined if it keeps none. @throws {CheckerError} KR101, KR105, KR111 */
async function folderOf(
  path: string,
  module: string,
  options: CheckCommandOptions,
  earlier: CheckpointFolder | undefined,
): Promise<CheckpointFolder | undefined> {
  // A command that runs again shows the way to a call that does not return, and keeps nothing.
  const { checkpoint, disk, every } = options
  const folder = checkpoint ?? disk
  if ((earlier === undefined && folder === undefined) || isRepeated()) return undefined
  const { newRun, requireSameSpec } = await import('../checkpoint/checkpointed-run.ts')
  if (earlier === undefined) {
    return newRun(folder!, { path, module, options }, { everyMs: every, isForDisk: checkpoint === undefined })
  }
  requireSameSpec(earlier, module)
  return earlier
}

function statusWith(outcome: Outcome, { strict }: PrintOptions): number {
  const status = statusOf(outcome)
  return status === HOLDS && strict === true && outcome.warnings.length > 0 ? BAD_SPEC : status
}

/** Writes and prints what a run found before it failed. As JSON that goes with the error: there is one document. */
async function reportFound({ found, trace }: FailedRun, path: string, options: CheckCommandOptions): Promise<void> {
  reportWriteError(await writeAll(found, [...found.traces, trace], path, options))
  if (found.traces.length > 0 && !options.json && !options.ndjson) show(found, path, options)
}

/** Writes the trace files. @returns the error, if one could not be written */
async function writeAll(
  outcome: Outcome,
  traces: Outcome['traces'],
  path: string,
  { trace: files, constant }: CheckCommandOptions,
): Promise<CheckerError | undefined> {
  const again = (name: string): string => againCommand(path, constant, name, outcome.unreduced !== undefined)
  const source = { path, again: ({ property }: { property: string }): string => again(property) }
  return await firstWriteError(traceWrites(files, outcome, traces, source))
}

/** Prints the results, and the error if a file could not be written; as JSON, both are one document. */
function show(outcome: Outcome, path: string, options: CheckCommandOptions, error?: CheckerError): void {
  const { json, ndjson, quiet } = options
  const style = styleOf(stdout)
  if (json || ndjson) {
    const document = { ...documentOf(outcome, options), ...(error && { error: errorDocument(error)['error'] }) }
    return ndjson ? printLine({ event: 'result', ...document }) : printJson(document)
  }
  reportWriteError(error)
  print(quiet ? [verdictLine(outcome, style)] : linesOf(outcome, path, options, style))
}

/** What a later `--resume` prints. */
function reportOf(outcome: Outcome, path: string, options: CheckCommandOptions, status: number): Report {
  return {
    text: linesOf(outcome, path, options, PLAIN).join('\n'),
    line: verdictLine(outcome, PLAIN),
    document: documentOf(outcome, options),
    status,
  }
}

function documentOf(outcome: Outcome, { profile = false }: CheckCommandOptions): ReturnType<typeof checkDocument> {
  return checkDocument(outcome, { peakMemoryBytes: peakMemoryBytes(), profile })
}

function linesOf(outcome: Outcome, path: string, options: CheckCommandOptions, style: Style): string[] {
  const { constant, full = false, profile = false, property = [], witness } = options
  const again = (name: string): string => againCommand(path, constant, name, outcome.unreduced !== undefined)
  const witnesses = witness ? 'all' : property
  const explore = (name: string): string => exploreCommand(path, constant, name)
  const lines = checkText(outcome, style, { full, given: Object.keys(constant), again, explore, witnesses })
  return profile ? [...lines, '', ...profileText(outcome, style)] : lines
}

/** An engine may report more of its progress than the event has. */
function printProgress({ generated, distinct, depth, pending, elapsedMs }: Progress): void {
  printLine({ event: 'progress', generated, distinct, depth, pending, elapsedMs })
}
