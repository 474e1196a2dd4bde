/** `kripke simulate`. */
import { InvalidArgumentError, type Command } from 'commander'
import type { CheckerError } from '../../errors.ts'
import { errorDocument, simulationDocument } from '../../report/json/documents.ts'
import { simulationLine, simulationText } from '../../report/text/simulate.ts'
import { FailedRun } from '../../api/failed-run.ts'
import { simulate } from '../../api/simulate.ts'
import { DEFAULT_MS } from '../../api/options.ts'
import type { Simulation } from '../../api/simulation.ts'
import { walkCommand } from './again.ts'
import { statusOfViolations, SYSTEM } from '../exit-status.ts'
import { listenForInterrupt } from '../supervisor/interrupt.ts'
import { loadSpec } from '../spec-loader/load-spec.ts'
import { styleOf } from '../output.ts'
import { natural, onOff, propertyNames, threads, withConstants, withWitnesses, workers, type Given } from './options.ts'
import { stdout } from '../streams.ts'
import { announceLimit } from '../supervisor/supervision.ts'
import { print, printJson, ProgressLine } from '../terminal.ts'
import {
  requireApart,
  requireWritable,
  reportWriteError,
  firstWriteError,
  withTraceFiles,
  traceWrites,
  type TraceFile,
} from './trace-files.ts'

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
  readonly trace: readonly TraceFile[]
  readonly json?: boolean
  readonly full?: boolean
  readonly quiet?: boolean
  readonly witness?: boolean
}

/** Adds the command to the program; `exit` gets its status. */
export function addSimulateCommand(program: Command, exit: (status: number) => void): void {
  const command = withConstants(
    program
      .command('simulate')
      .argument('<spec>', 'a TypeScript or JavaScript file with a spec as its default export')
      .description('walk at random through a model that is too large to explore: finds violations, but proves nothing'),
  )
  withTraceFiles(withWitnesses(command))
    .option('--property <names>', 'check only these properties, separated by commas (repeatable)', propertyNames)
    .option('--deadlock <on|off>', 'switch the deadlock check on or off (default: as the spec says)', onOff)
    .option('--runs <n>', 'make n walks (default: 10,000 in at most 10 seconds)', natural)
    .option('--depth <n>', 'make at most n steps in a walk (default: 100)', natural)
    .option('--seconds <s>', 'stop after this time', secondsOf)
    .option('--seed <n>', 'repeat the walks of a seed (default: a new seed each time)', whole)
    .option('--first <n>', 'start with walk n (default: 0)', whole)
    .option('--workers <n|auto>', 'walk on n threads (default: auto, one per core)', workers)
    .option('--interpret', 'use only reference evaluation, which is slow')
    .option('--json', 'print one JSON document')
    .option('--full', 'print whole states in traces, not only the changes')
    .option('--quiet', 'print only the result')
    .action(async (path: string, options: SimulateCommandOptions) => exit(await run(path, options)))
}

async function run(path: string, options: SimulateCommandOptions): Promise<number> {
  const { constant, property, seconds, first, quiet } = options
  const { deadlock, runs, depth, seed, interpret } = options
  requireApart(options.trace, path)
  requireWritable(options.trace)
  const limitMs = seconds === undefined ? undefined : seconds * 1000
  const endsAfterMs = limitMs ?? (runs === undefined ? DEFAULT_MS : undefined)
  announceLimit(endsAfterMs)
  const { spec, module } = await loadSpec(path)
  const interrupt = listenForInterrupt()
  const progress = new ProgressLine(spec.name)
  announceLimit(endsAfterMs)
  const simulation = await simulate(spec, {
    deadlock,
    runs,
    depth,
    seed,
    interpret,
    module,
    constants: constant,
    properties: property,
    timeoutMs: limitMs,
    firstWalk: first,
    workers: threads(options.workers ?? 'auto').workers,
    signal: interrupt.signal,
    onProgress: quiet ? undefined : (it) => progress.showWalks(it),
  })
    .catch(async (thrown: unknown) => {
      progress.clear()
      if (thrown instanceof FailedRun) await reportFound(thrown as FailedRun<Simulation>, path, options)
      throw thrown
    })
    .finally(() => progress.clear())
  const error = await writeAll(simulation, simulation.traces, path, options)
  show(simulation, path, options, error)
  if (error !== undefined) return SYSTEM
  if (interrupt.status !== undefined && simulation.ending === 'interrupted') return interrupt.status
  return statusOfViolations(simulation.properties)
}

/** Writes and prints what a simulation found before a function of the spec failed. As JSON that goes with the error: there is one document. */
async function reportFound(
  { found, trace }: FailedRun<Simulation>,
  path: string,
  options: SimulateCommandOptions,
): Promise<void> {
  reportWriteError(await writeAll(found, [...found.traces, trace], path, options))
  if (options.json !== true) show(found, path, options)
}

/** Writes the trace files. @returns the error, if one could not be written */
async function writeAll(
  simulation: Simulation,
  traces: Simulation['traces'],
  path: string,
  options: SimulateCommandOptions,
): Promise<CheckerError | undefined> {
  const again = ({ property }: Simulation['traces'][number]): string => {
    const isViolation = simulation.properties.some(({ name, result }) => name === property && result === 'violated')
    return isViolation ? walkAgain(simulation, path, options) : allAgain(simulation, path, options)
  }
  return await firstWriteError(traceWrites(options.trace, simulation, traces, { path, again }))
}

/** Prints the results, and the error if a file could not be written; as JSON, both are one document. */
function show(simulation: Simulation, path: string, options: SimulateCommandOptions, error?: CheckerError): void {
  const { constant, property = [], json, quiet, full = false, witness } = options
  const style = styleOf(stdout)
  if (json) {
    const document = simulationDocument(simulation)
    return printJson(error === undefined ? document : { ...document, error: errorDocument(error)['error'] })
  }
  reportWriteError(error)
  if (quiet) return print([simulationLine(simulation, style)])
  const again = simulation.violation === undefined ? undefined : walkAgain(simulation, path, options)
  const witnesses = witness ? 'all' : property
  print(simulationText(simulation, style, { full, given: Object.keys(constant), again, witnesses }))
}

/** The command that makes the violating walk again. */
function walkAgain({ seed, violation, walks }: Simulation, path: string, options: SimulateCommandOptions): string {
  const { constant } = options
  return walkCommand(path, constant, {
    ...watched(options),
    seed,
    first: violation!.number,
    runs: 1,
    depth: walks.depth,
  })
}

/** The command that makes all the walks again. */
function allAgain({ seed, walks }: Simulation, path: string, options: SimulateCommandOptions): string {
  const { constant, first, runs, seconds } = options
  return walkCommand(path, constant, { ...watched(options), seed, first, runs, seconds, depth: walks.depth })
}

/** What is watched decides where walks end. */
function watched({ property, deadlock }: SimulateCommandOptions): { readonly [option: string]: string | undefined } {
  return { property: property?.join(','), deadlock: deadlock === undefined ? undefined : deadlock ? 'on' : 'off' }
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
