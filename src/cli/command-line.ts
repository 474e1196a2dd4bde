/**
 * The command line as a function: it reads arguments, runs the command, and turns the outcome into an exit status.
 *
 * Results go to standard output, progress and errors to standard error; with `--json` errors are documents on standard output.
 * A command reads files and environment variables as the process that calls it does. Nothing here ends a spec function that does
 * not return. `command.ts` is the caller in a thread that `main.ts` can end.
 */
import { Command, CommanderError } from 'commander'
import { badOption, CheckerError, defect } from '../errors.ts'
import { errorText } from '../report/text/error.ts'
import { errorDocument } from '../report/json/documents.ts'
import { show } from '../report/show.ts'
import { VERSION } from '../report/version.ts'
import { addBenchCommand } from './commands/bench.ts'
import { addCheckCommand } from './commands/check.ts'
import { addClusterCommand } from './commands/cluster.ts'
import { addCompareCommand } from './commands/compare.ts'
import { addConformCommand } from './commands/conform.ts'
import { BAD_COMMAND, HOLDS, statusOfError } from './exit-status.ts'
import { addExploreCommand } from './commands/explore.ts'
import { addGraphCommand } from './commands/graph.ts'
import { addInfoCommand } from './commands/info.ts'
import { addInitCommand } from './commands/init.ts'
import { addMutateCommand } from './commands/mutate.ts'
import { addReplayCommand } from './commands/replay.ts'
import { addSimulateCommand } from './commands/simulate.ts'
import { locate } from './spec-loader/locate.ts'
import { removeTemporaryModules } from './spec-loader/temporary-module.ts'
import { styleOf, type TextSink } from './output.ts'
import { redirectConsole, stderr, stdout, tryWrite, useStreams } from './streams.ts'
import { recordSpecCalls, useSupervisor, type Supervisor } from './supervisor/supervision.ts'
import { printJson, printLine } from './terminal.ts'

const STATUSES = `
Exit status:
  0 every checked property holds (simulate: no violation found)
  10 an assumption is false    11 deadlock    12 an invariant or a goal fails
  13 a transition or temporal property is violated    14 a log leaves the spec
  75 a spec function failed
  120 the spec has type errors (--types)
  124 a limit stopped the run before a verdict, or a trace does not replay    130, 143 interrupted
  150 the spec is not valid    151 the command line or a constant is not valid
  153 a file or system error    255 Kripke has a defect`

/** The output to which commander writes help and the version; it throws its errors. */
const OUTPUT = {
  writeOut: (text: string) => stdout.write(text),
  writeErr: (text: string) => tryWrite(text),
  outputError: () => {},
}

/** How many calls a stack trace lists, so that those of the author are among them. */
const STACK_CALLS = 50

/** Where a command prints, and who supervises it. */
export interface CommandIo extends Supervisor {
  readonly stdout: TextSink
  readonly stderr: TextSink
}

let isRunning = false

/**
 * Runs a command. `argv` holds the arguments after the name of the program.
 *
 * While a command runs, it sets the console, the format of stack traces and the standard streams of this thread. So a thread can run
 * one command at a time.
 *
 * @returns the exit status
 */
export async function main(argv: readonly string[], io: CommandIo): Promise<number> {
  if (isRunning) throw new Error('a thread can run one command at a time')
  isRunning = true
  const restore = prepare(io)
  try {
    return await apart(() => run(argv))
  } finally {
    removeTemporaryModules()
    restore()
    isRunning = false
  }
}

/** Calls `run` without the caller on the stack. Otherwise an error would name the caller's line as one of the spec's. */
function apart<Result>(run: () => Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    // The engine leads a stack trace on through a promise that is resolved with another, but not through functions of our own.
    setImmediate(() => {
      run().then(
        (result) => resolve(result),
        (thrown: unknown) => reject(thrown),
      )
    })
  })
}

/** Prepares this thread for a command. @returns a function that restores it */
function prepare(io: CommandIo): () => void {
  const stacks: { stackTraceLimit: number; prepareStackTrace?: unknown } = Error
  const { stackTraceLimit, prepareStackTrace } = stacks
  const { sourceMapsEnabled } = process
  process.setSourceMapsEnabled(true)
  stacks.stackTraceLimit = STACK_CALLS
  // A test runner may format stack traces by itself. Then they would not name the author's lines.
  stacks.prepareStackTrace = undefined
  useStreams(io)
  useSupervisor(io)
  const restoreConsole = redirectConsole()
  recordSpecCalls(show)
  return () => {
    restoreConsole()
    useSupervisor({})
    stacks.prepareStackTrace = prepareStackTrace
    stacks.stackTraceLimit = stackTraceLimit
    process.setSourceMapsEnabled(sourceMapsEnabled)
  }
}

/**
 * The commands with their options.
 *
 * @param exit - gets the status of the command that runs
 * @param argv - the arguments, for a command that runs again
 */
export function programOf(exit: (status: number) => void, argv: readonly string[] = []): Command {
  const program = new Command('kripke')
    .description('A TLA+-style model checker whose specs are plain TypeScript over immutable.js.')
    .version(VERSION)
    .addHelpText('after', STATUSES)
    .exitOverride()
    .configureOutput(OUTPUT)
  addCheckCommand(program, exit, argv)
  addCompareCommand(program, exit)
  addBenchCommand(program, exit)
  addSimulateCommand(program, exit)
  addInfoCommand(program, exit)
  addExploreCommand(program, exit)
  addGraphCommand(program, exit)
  addReplayCommand(program, exit)
  addConformCommand(program, exit)
  addMutateCommand(program, exit)
  addInitCommand(program, exit)
  addClusterCommand(program, exit)
  for (const command of program.commands.flatMap((it) => [it, ...it.commands])) {
    command.exitOverride().configureOutput(OUTPUT)
  }
  return program
}

async function run(argv: readonly string[]): Promise<number> {
  let status = 0
  const program = programOf((by) => {
    status = by
  }, argv)
  try {
    await program.parseAsync(argv, { from: 'user' })
    return status
  } catch (thrown) {
    return fail(thrown, argv)
  }
}

/** Prints the error. @returns the exit status */
function fail(thrown: unknown, argv: readonly string[]): number {
  try {
    return printFailure(thrown, argv)
  } catch (other) {
    // Errors go to standard output as JSON, and that failed.
    return printFailure(other, argv)
  }
}

/** @throws {CheckerError} KR105 if standard output cannot be written */
function printFailure(thrown: unknown, argv: readonly string[]): number {
  // A command line without a command: commander printed the help to standard error.
  if (thrown instanceof CommanderError && thrown.code === 'commander.help' && thrown.exitCode !== 0) return BAD_COMMAND
  const error = asCheckerError(thrown, argv)
  if (error === undefined) return HOLDS
  locate(error)
  // Not as JSON, because standard output is lost and would fail again.
  const isAsked = (option: string): boolean => !stdout.isLost && argv.includes(option)
  if (isAsked('--ndjson')) printLine({ event: 'error', ...errorDocument(error) })
  else if (isAsked('--json')) printJson(errorDocument(error))
  else tryWrite(`${errorText(error, styleOf(stderr)).join('\n')}\n`)
  if (error.code === 'KR901' && thrown instanceof Error) tryWrite(`${thrown.stack ?? ''}\n`)
  return statusOfError(error)
}

/** Undefined for help and version, which commander ends by throwing although they are not errors. */
function asCheckerError(thrown: unknown, argv: readonly string[]): CheckerError | undefined {
  if (thrown instanceof CheckerError) return thrown
  if (!(thrown instanceof CommanderError))
    return defect(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))
  if (thrown.exitCode === 0) return undefined
  const message = thrown.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '')
  const isKnown = thrown.code !== 'commander.unknownCommand' && argv[0]?.startsWith('-') === false
  return badOption(
    aboutOption(message) ?? message,
    isKnown ? `run kripke ${argv[0]} --help to see its options` : 'run kripke --help to see the commands',
  )
}

/** Commander's message about the value of an option, in the form of the other errors. Undefined for other messages. */
function aboutOption(message: string): string | undefined {
  const invalid = /^option '.*?(--[\w-]+).*?' argument '(.*)' is invalid\. (It must be|Allowed choices are) (.*)$/s
  const [, option, value, kind, expected] = invalid.exec(message) ?? []
  if (option !== undefined) {
    return `${option} must be ${kind === 'It must be' ? expected : `one of ${expected}`}, but is ${value}`
  }
  const [, lone] = /^option '.*?(--[\w-]+).*' argument missing$/.exec(message) ?? []
  return lone === undefined ? undefined : `${lone} must have a value, but has none`
}
