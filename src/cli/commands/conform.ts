/** `kripke conform`. */
import { Option, type Command } from 'commander'
import { badOption, notAMap } from '../../errors.ts'
import { conformAll, type LogOutcome } from '../../api/conform.ts'
import { conformDocument } from '../../report/json/conform.ts'
import { conformText, verdictsOf } from '../../report/text/conform.ts'
import { isLogMap, type LogFormat, type LogMap } from '../../trace/conform/log-map.ts'
import { DEVIATES, HOLDS, INCOMPLETE, statusOfError } from '../exit-status.ts'
import { loadModule, loadSpec } from '../spec-loader/load-spec.ts'
import { styleOf } from '../output.ts'
import { stdout } from '../streams.ts'
import { print, printJson } from '../terminal.ts'
import { natural, propertyNames, whole, withConstants, type Given } from './options.ts'
import { readText } from './read-text.ts'

interface ConformCommandOptions {
  readonly constant: Given
  readonly map?: string
  readonly format?: LogFormat
  readonly hidden?: readonly string[]
  readonly maxHidden?: number
  readonly maxStates?: number
  readonly interpret?: true
  readonly json?: true
  readonly quiet?: true
}

/** A log may have many events, but a text in JavaScript cannot be longer. */
const MAX_BYTES = 2 ** 29 - 2 ** 10

/** Adds the command to the program; `exit` gets its status. */
export function addConformCommand(program: Command, exit: (status: number) => void): void {
  const command = program
    .command('conform')
    .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
    .argument('<logs...>', 'logs of the real system: JSON, one object a line, or the text of trace-cmd report')
    .description('follow logs of the real system through a spec, and report where one leaves it')
  withConstants(command)
    .option('--map <file>', 'translate the entries of the logs by the default export of this file, made by logMap')
    .addOption(
      new Option('--format <format>', "choose the logs' format (default: as the first line looks)").choices([
        'ndjson',
        'ftrace',
      ]),
    )
    .option(
      '--hidden <actions>',
      'allow steps of these actions that the log leaves out, separated by commas, or * for all (repeatable)',
      propertyNames,
    )
    .option('--max-hidden <n>', 'follow at most n such steps before an event (default: 10)', whole)
    .option('--max-states <n>', 'give up if the run may be in more than n states (default: 100000)', natural)
    .option('--interpret', 'use only reference evaluation, which is slow')
    .option('--json', 'print one JSON document')
    .option('--quiet', 'print only the verdicts')
    .action(async (spec: string, logs: readonly string[], options: ConformCommandOptions) =>
      exit(await run(spec, logs, options)),
    )
}

async function run(
  path: string,
  paths: readonly string[],
  { constant, map: mapPath, format, hidden, maxHidden, maxStates, interpret, json, quiet }: ConformCommandOptions,
): Promise<number> {
  const { spec } = await loadSpec(path)
  const map = mapPath === undefined ? undefined : await loadMap(mapPath)
  if (map?.format !== undefined && format !== undefined && map.format !== format) {
    throw badOption(`--format must be ${map.format} like that of the map, but is ${format}`, 'leave out --format')
  }
  const logs = []
  for (const name of paths) logs.push({ name, log: await readText(name, MAX_BYTES, 'name a file that holds a log') })
  const outcomes = conformAll(spec, logs, { constants: constant, map, format, hidden, maxHidden, maxStates, interpret })
  const style = styleOf(stdout)
  if (json) printJson(conformDocument(spec.name, outcomes))
  else print(quiet ? verdictsOf(outcomes, style) : conformText(outcomes, style))
  return Math.max(...outcomes.map(statusOfLog))
}

/** @throws {CheckerError} KR109 if the file does not export a map */
async function loadMap(path: string): Promise<LogMap> {
  const { exported } = await loadModule(path)
  if (isLogMap(exported)) return exported
  throw notAMap(path)
}

function statusOfLog({ result, error }: LogOutcome): number {
  if (error !== undefined) return statusOfError(error)
  return { conforms: HOLDS, deviates: DEVIATES, incomplete: INCOMPLETE }[result.verdict]
}
