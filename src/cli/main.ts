#!/usr/bin/env node
/**
 * The command line: reads arguments, runs one command, and turns whatever happened into an exit status.
 *
 * Results go to standard output, progress and errors to standard error; with `--json` errors are documents on standard output.
 */
import { Console } from 'node:console'
import { Command, CommanderError } from 'commander'
import { badOption, CheckerError, defect, fileFailed } from '../errors.ts'
import { errorText } from '../report/error-text.ts'
import { errorDocument } from '../report/json.ts'
import { VERSION } from '../report/version.ts'
import { addBenchCommand } from './bench-command.ts'
import { addCheckCommand } from './check-command.ts'
import { addCompareCommand } from './compare-command.ts'
import { statusOfError, SYSTEM } from './exit-status.ts'
import { addGraphCommand } from './graph-command.ts'
import { addInfoCommand } from './info-command.ts'
import { addReplayCommand } from './replay-command.ts'
import { addSimulateCommand } from './simulate-command.ts'
import { printJson, printLine, styleOf } from './terminal.ts'
import { locate } from './locate.ts'

const STATUSES = `
Exit status:
  0 everything asked for was checked and holds; of simulate: no violation was found
  10 an assumption is false    11 deadlock    12 an invariant is violated or a goal unreached
  13 a transition property is violated    75 a spec function failed
  124 a bound ended the run before a verdict, or a trace does not replay    130, 143 interrupted
  150 the spec is not valid    151 bad command line or constant    153 file or system error    255 a defect of Kripke`

/** Whether standard output failed: then whatever else happened nobody saw. */
let isOutputLost = false

const exit = (status: number): void => {
  process.exitCode = isOutputLost ? SYSTEM : status
}

/** Prints what went wrong, and says so to the shell. */
function fail(thrown: unknown): void {
  const error = asCheckerError(thrown)
  if (error === undefined) return exit(0)
  locate(error)
  // Not as JSON on an output that is lost: that would only fail again.
  const isAsked = (option: string): boolean => !isOutputLost && process.argv.includes(option)
  if (isAsked('--ndjson')) printLine({ event: 'error', ...errorDocument(error) })
  else if (isAsked('--json')) printJson(errorDocument(error))
  else process.stderr.write(`${errorText(error, styleOf(process.stderr)).join('\n')}\n`)
  if (error.code === 'KR901' && thrown instanceof Error) process.stderr.write(`${thrown.stack ?? ''}\n`)
  exit(statusOfError(error))
}

/** Undefined for what is no error: help and version, which commander ends by throwing. */
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
// Standard output is for results; what a spec prints goes where it does not mix with them.
globalThis.console = new Console(process.stderr)
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || isOutputLost) return
  isOutputLost = true
  fail(fileFailed('write', 'standard output', error.code ?? error.message))
})
// Without standard error there is nobody left to tell.
process.stderr.on('error', () => {})

const program = new Command('kripke')
  .description('A TLA+-style model checker whose specs are plain TypeScript over immutable.js.')
  .version(VERSION)
  .addHelpText('after', STATUSES)
  .exitOverride()
  .configureOutput({ outputError: () => {} })
addCheckCommand(program, exit)
addCompareCommand(program, exit)
addBenchCommand(program, exit)
addSimulateCommand(program, exit)
addInfoCommand(program, exit)
addGraphCommand(program, exit)
addReplayCommand(program, exit)
for (const command of program.commands) command.exitOverride().configureOutput({ outputError: () => {} })

await program.parseAsync().catch(fail)
