/**
 * The thread that runs a command: it reads arguments, runs the command, and turns the outcome into an exit status.
 *
 * Results go to standard output, progress and errors to standard error; with `--json` errors are documents on standard output.
 * `main.ts` starts this thread, and ends it if a spec function does not return.
 */
import { Command, CommanderError } from 'commander'
import { badOption, CheckerError, defect } from '../errors.ts'
import { errorText } from '../report/text/error.ts'
import { errorDocument } from '../report/json/documents.ts'
import { show } from '../report/show.ts'
import { VERSION } from '../report/version.ts'
import { addBenchCommand } from './commands/bench.ts'
import { addCheckCommand } from './commands/check.ts'
import { addCompareCommand } from './commands/compare.ts'
import { statusOfError } from './exit-status.ts'
import { addGraphCommand } from './commands/graph.ts'
import { addInfoCommand } from './commands/info.ts'
import { addReplayCommand } from './commands/replay.ts'
import { addSimulateCommand } from './commands/simulate.ts'
import { locate } from './spec-loader/locate.ts'
import { styleOf } from './output.ts'
import { redirectConsole, stderr, stdout, tryWrite } from './streams.ts'
import { recordSpecCalls } from './supervisor/supervision.ts'
import { printJson, printLine } from './terminal.ts'

const STATUSES = `
Exit status:
  0 everything asked for was checked and holds; of simulate: no violation was found
  10 an assumption is false    11 deadlock    12 an invariant is violated or a goal unreached
  13 a transition property is violated    75 a spec function failed
  124 a bound ended the run before a verdict, or a trace does not replay    130, 143 interrupted
  150 the spec is not valid    151 bad command line or constant    153 file or system error    255 a defect of Kripke`

/** The output to which commander writes help and the version; it throws its errors. */
const OUTPUT = { writeOut: (text: string) => stdout.write(text), outputError: () => {} }

const exit = (status: number): void => {
  process.exitCode = status
}

/** Prints the error and sets the exit status. */
function fail(thrown: unknown): void {
  try {
    printFailure(thrown)
  } catch (other) {
    // Errors go to standard output as JSON, and that failed.
    printFailure(other)
  }
}

/** @throws {CheckerError} KR105 if standard output cannot be written */
function printFailure(thrown: unknown): void {
  const error = asCheckerError(thrown)
  if (error === undefined) return exit(0)
  locate(error)
  // Not as JSON, because standard output is lost and would fail again.
  const isAsked = (option: string): boolean => !stdout.isLost && process.argv.includes(option)
  if (isAsked('--ndjson')) printLine({ event: 'error', ...errorDocument(error) })
  else if (isAsked('--json')) printJson(errorDocument(error))
  else tryWrite(`${errorText(error, styleOf(stderr)).join('\n')}\n`)
  if (error.code === 'KR901' && thrown instanceof Error) tryWrite(`${thrown.stack ?? ''}\n`)
  exit(statusOfError(error))
}

/** Undefined for help and version, which commander ends by throwing although they are not errors. */
function asCheckerError(thrown: unknown): CheckerError | undefined {
  if (thrown instanceof CheckerError) return thrown
  if (!(thrown instanceof CommanderError))
    return defect(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))
  if (thrown.exitCode === 0) return undefined
  const message = thrown.message
    .replace(/^error: /, '')
    .replaceAll('\n', ' ')
    .replace(/\.$/, '')
  return badOption(message, 'see kripke --help')
}

process.setSourceMapsEnabled(true)
Error.stackTraceLimit = 50
redirectConsole()
recordSpecCalls(show)

const program = new Command('kripke')
  .description('A TLA+-style model checker whose specs are plain TypeScript over immutable.js.')
  .version(VERSION)
  .addHelpText('after', STATUSES)
  .exitOverride()
  .configureOutput(OUTPUT)
addCheckCommand(program, exit)
addCompareCommand(program, exit)
addBenchCommand(program, exit)
addSimulateCommand(program, exit)
addInfoCommand(program, exit)
addGraphCommand(program, exit)
addReplayCommand(program, exit)
for (const command of program.commands) command.exitOverride().configureOutput(OUTPUT)

await program.parseAsync().catch(fail)
