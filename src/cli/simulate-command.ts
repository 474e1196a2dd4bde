/** `kripke simulate`. */
import { InvalidArgumentError, type Command } from 'commander'
import { simulationDocument } from '../report/json.ts'
import { simulationLine, simulationText } from '../report/simulate-text.ts'
import { FailedRun } from '../run/failed-run.ts'
import { simulate } from '../run/simulate.ts'
import type { Simulation } from '../run/simulation/simulation.ts'
import { walkCommand } from './again.ts'
import { statusOfViolations } from './exit-status.ts'
import { listenForInterrupt } from './interrupt.ts'
import { loadSpec } from './load-spec.ts'
import { natural, onOff, threads, withConstants, workers, type Given } from './options.ts'
import { print, printJson, ProgressLine, styleOf } from './terminal.ts'

interface SimulateCommandOptions {
  readonly constant: Given
  readonly property?: readonly string[]
  readonly deadlock?: boolean
  readonly runs?: number
  readonly depth?: number
  readonly seconds?: number
  readonly seed?: number
  readonly first?: number
  readonly workers?: number | 'auto'
  readonly interpret?: boolean
  readonly json?: boolean
  readonly full?: boolean
  readonly quiet?: boolean
}

/** Adds the command to the program; `exit` gets its status. */
export function addSimulateCommand(program: Command, exit: (status: number) => void): void {
  withConstants(
    program
      .command('simulate')
      .argument('<spec>', 'a TypeScript or JavaScript file whose default export is a spec')
      .description('walk at random, for models too large to explore: finds violations, and proves nothing'),
  )
    .option('--property <names>', 'watch only these, separated by commas', (text) => text.split(','))
    .option('--deadlock <on|off>', 'override whether the spec has deadlock checked', onOff)
    .option('--runs <n>', 'walks to make (default: 10,000 in at most 10 seconds)', natural)
    .option('--depth <n>', 'the most steps of a walk (default: 100)', natural)
    .option('--seconds <s>', 'end after this long', secondsOf)
    .option('--seed <n>', 'what the walks follow from (default: another one each time)', whole)
    .option('--first <n>', 'the number of the first walk (default: 0)', whole)
    .option('--workers <n|auto>', 'threads that walk (default: auto, one for each core)', workers)
    .option('--interpret', 'use reference evaluation only: slow, and without learning')
    .option('--json', 'print one JSON document')
    .option('--full', 'show whole states in traces, not only what changed')
    .option('--quiet', 'print what was found alone')
    .action(async (path: string, options: SimulateCommandOptions) => exit(await run(path, options)))
}

async function run(path: string, options: SimulateCommandOptions): Promise<number> {
  const { constant, property, seconds, first, quiet, json } = options
  const { deadlock, runs, depth, seed, interpret } = options
  const { spec, module } = await loadSpec(path)
  const interrupt = listenForInterrupt()
  const progress = new ProgressLine(spec.name)
  const simulation = await simulate(spec, {
    ...{ deadlock, runs, depth, seed, interpret, module },
    constants: constant,
    properties: property,
    timeoutMs: seconds === undefined ? undefined : seconds * 1000,
    firstWalk: first,
    workers: threads(options.workers ?? 'auto').workers,
    signal: interrupt.signal,
    onProgress: quiet ? undefined : (it) => progress.showWalks(it),
  })
    .catch((thrown: unknown) => {
      progress.clear()
      // With the seed it can be found again; as JSON, the error is the one document.
      if (thrown instanceof FailedRun && !json) show((thrown as FailedRun<Simulation>).found, path, options)
      throw thrown
    })
    .finally(() => progress.clear())
  show(simulation, path, options)
  if (interrupt.status !== undefined && simulation.ending === 'interrupted') return interrupt.status
  return statusOfViolations(simulation.properties)
}

function show(simulation: Simulation, path: string, options: SimulateCommandOptions): void {
  const { constant, property, json, quiet, full = false } = options
  const style = styleOf(process.stdout)
  if (json) return printJson(simulationDocument(simulation))
  if (quiet) return print([simulationLine(simulation, style)])
  const again = simulation.violation === null ? undefined : walkAgain(simulation, path, options)
  print(simulationText(simulation, style, { full, given: Object.keys(constant), again, witnesses: property ?? [] }))
}

/** The command that makes the violating walk again. What is watched decides where walks end, so it is told too. */
function walkAgain({ seed, violation, walks }: Simulation, path: string, options: SimulateCommandOptions): string {
  const { constant, property, deadlock } = options
  return walkCommand(path, constant, {
    property: property?.join(','),
    deadlock: deadlock === undefined ? undefined : deadlock ? 'on' : 'off',
    ...{ seed, first: violation!.number, runs: 1, depth: walks.depth },
  })
}

/** A whole number, 0 included. */
function whole(text: string): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

/** A positive number of seconds. */
function secondsOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('It must be a positive number of seconds.')
}
