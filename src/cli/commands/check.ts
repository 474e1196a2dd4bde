/** `kripke check`. */
import type { Command } from 'commander'
import type { CheckerError } from '../../errors.ts'
import { checkText, verdictLine } from '../../report/text/check.ts'
import { checkDocument, errorDocument } from '../../report/json/documents.ts'
import { profileText } from '../../report/text/profile.ts'
import { check } from '../../api/check.ts'
import { FailedRun } from '../../api/failed-run.ts'
import type { Outcome } from '../../api/outcome.ts'
import type { Progress } from '../../api/options.ts'
import { againCommand, exploreCommand } from './again.ts'
import { BAD_SPEC, HOLDS, statusOf, SYSTEM } from '../exit-status.ts'
import { listenForInterrupt } from '../supervisor/interrupt.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { defaultMemory, peakMemoryBytes } from '../memory.ts'
import { styleOf } from '../output.ts'
import {
  checkOptions,
  withConstrainedLiveness,
  withExploreOptions,
  withPartialOrder,
  withPrintOptions,
  withWitnesses,
  type ExploreOptions,
  type PrintOptions,
} from './options.ts'
import { stdout } from '../streams.ts'
import { announceLimit, isWatched, postToSupervisor } from '../supervisor/supervision.ts'
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

interface CheckCommandOptions extends ExploreOptions, PrintOptions {
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
    .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
    .description(
      'explore every state; print a verdict for each property and a counterexample for each violation. ' +
        'Counterexamples are shortest unless the report says "not necessarily shortest"',
    )
  withTraceFiles(
    withWitnesses(withPrintOptions(withConstrainedLiveness(withPartialOrder(withExploreOptions(command))))),
  )
    .option('--continue', 'explore every state, and find a counterexample for every violated property')
    .option('--ndjson', 'print progress and the result as JSON, one document per line')
    .option('--profile', 'print the cost of each action')
    .option('--types', "check the types first, with the project's own TypeScript and the nearest tsconfig.json")
    .option('--watch', 'check again whenever the spec or a file that it imports is saved, until Ctrl-C')
    .action(async (path: string, options: CheckCommandOptions) => {
      if (options.watch !== true || isWatched()) return exit(await run(path, options))
      const { watch } = await import('../watch/watch.ts')
      return exit(await watch(path, argv, options))
    })
}

async function run(path: string, options: CheckCommandOptions): Promise<number> {
  requireApart(options.trace, path)
  requireWritable(options.trace)
  if (options.types) {
    const { checkTypes } = await import('../type-check/type-check.ts')
    const paths = await checkTypes(path)
    if (isWatched()) postToSupervisor({ kind: 'inputs', paths })
  }
  announceLimit(options.timeout)
  const { spec, module } = await loadSpec(path)
  const interrupt = listenForInterrupt()
  const progress = new ProgressLine(spec.name)
  announceLimit(options.timeout)
  const outcome = await check(spec, {
    ...checkOptions(options, module, defaultMemory()),
    attribute: options.profile,
    continue: options.continue,
    signal: interrupt.signal,
    onProgress: options.ndjson ? printProgress : options.quiet ? undefined : (it) => progress.show(it),
  })
    .catch(async (thrown: unknown) => {
      progress.clear()
      // A function of the spec failed: what was found before is not lost for it.
      if (thrown instanceof FailedRun) await reportFound(thrown, path, options)
      throw thrown
    })
    .finally(() => progress.clear())
  if (isWatched()) postToSupervisor({ kind: 'verdicts', properties: outcome.properties })
  const error = await writeAll(outcome, outcome.traces, path, options)
  show(outcome, path, options, error)
  if (error !== undefined) return SYSTEM
  if (interrupt.status !== undefined && outcome.ending === 'interrupted') return interrupt.status
  const status = statusOf(outcome)
  return status === HOLDS && options.strict === true && outcome.warnings.length > 0 ? BAD_SPEC : status
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
  const { constant, json, ndjson, quiet, full = false, profile = false, property = [], witness } = options
  const style = styleOf(stdout)
  if (json || ndjson) {
    const document = {
      ...checkDocument(outcome, { peakMemoryBytes: peakMemoryBytes(), profile }),
      ...(error && { error: errorDocument(error)['error'] }),
    }
    return ndjson ? printLine({ event: 'result', ...document }) : printJson(document)
  }
  reportWriteError(error)
  if (quiet) return print([verdictLine(outcome, style)])
  const again = (name: string): string => againCommand(path, constant, name, outcome.unreduced !== undefined)
  const witnesses = witness ? 'all' : property
  const explore = (name: string): string => exploreCommand(path, constant, name)
  const lines = checkText(outcome, style, { full, given: Object.keys(constant), again, explore, witnesses })
  print(profile ? [...lines, '', ...profileText(outcome, style)] : lines)
}

/** An engine may report more of its progress than the event has. */
function printProgress({ generated, distinct, depth, pending, elapsedMs }: Progress): void {
  printLine({ event: 'progress', generated, distinct, depth, pending, elapsedMs })
}
