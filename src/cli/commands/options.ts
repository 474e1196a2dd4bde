/** The options that commands share, and how their values are read. */
import { availableParallelism } from 'node:os'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { badOption } from '../../errors.ts'
import { isRepeated } from '../supervisor/supervision.ts'
import { MAX_WORKERS, type CheckOptions, type EngineName, type PartialOrderMode } from '../../api/options.ts'
import { splitAtCommas } from '../../spec/constant-text.ts'
import { isRange, range } from './sweep-option.ts'

/** Values by name, as given with `-c name=value`. */
export type Given = { readonly [constant: string]: string }

/** Options that say what to explore and how far. */
export interface ExploreOptions {
  readonly constant: Given
  readonly property?: readonly string[]
  readonly deadlock?: boolean
  readonly maxDepth?: number
  readonly maxStates?: number
  readonly timeout?: number
  readonly memory?: number
  readonly engine?: EngineName | 'auto'
  readonly livenessUnderConstraints?: boolean
  readonly interpret?: boolean
  readonly symmetry?: boolean
  readonly por?: PartialOrderMode
  readonly seed?: number
  readonly workers?: number | 'auto'
}

/** Options that say what to print. */
export interface PrintOptions {
  readonly json?: boolean
  readonly full?: boolean
  readonly quiet?: boolean
  readonly strict?: boolean
}

/** Adds `-c`. */
export function withConstants(command: Command): Command {
  return command.addOption(
    new Option('-c, --constant <name=value>', 'set a constant (repeatable)')
      .argParser((text: string, given: Given) => withConstant(given, text))
      .default({}, 'the defaults of the spec'),
  )
}

/** Adds the options of `ExploreOptions`. */
export function withExploreOptions(command: Command): Command {
  return withConstants(command)
    .option('--property <names>', 'check only these properties, separated by commas (repeatable)', propertyNames)
    .option('--deadlock <on|off>', 'switch the deadlock check on or off (default: as the spec says)', onOff)
    .option('--max-depth <n>', 'stop after n levels', natural)
    .option('--max-states <n>', 'stop after the level that exceeds n distinct states', natural)
    .option('--timeout <duration>', 'stop after this time, such as 30s, 10m or 2h', duration)
    .option(
      '--memory <size>',
      'limit the memory for states, such as 500MiB or 4GiB (default: three quarters of the free memory)',
      size,
    )
    .option('--workers <n|auto>', 'explore on n threads (default: auto, one per core)', workers)
    .option(
      '--engine <explicit|symbolic|auto>',
      'explore single states (explicit), sets of states (symbolic), or let Kripke choose (default: auto)',
      engine,
    )
    .option('--interpret', 'use only reference evaluation, which is slow')
    .option('--symmetry <on|off>', 'explore one state per symmetry class, or every state (default: on)', onOff)
    .option('--seed <n>', 'seed the random choices of the checks that Kripke makes of itself', natural)
}

/** Adds the option that decides temporal properties within constraints. */
export function withConstrainedLiveness(command: Command): Command {
  return command.option(
    '--liveness-under-constraints',
    'decide temporal properties within the constraints, as TLC does. Danger: Kripke ignores behaviors that leave ' +
      'the constraints, so "holds" may be wrong (default: report "unknown")',
  )
}

/** Adds the option for partial-order reduction. */
export function withPartialOrder(command: Command): Command {
  return command.option(
    '--por <on|off|auto>',
    'leave out orders of independent steps that no property can tell apart. on: if that leaves fewer states; auto: if ' +
      'that saves time (default: off). The report says when counts are reduced',
    partialOrder,
  )
}

/** Adds the options that keep a run in a folder. */
export function withCheckpoints(command: Command): Command {
  return command
    .option('--checkpoint <folder>', 'keep the run in this folder, so that a later command can go on with it')
    .option('--disk <folder>', 'keep states in this folder once memory is full')
    .option('--every <duration>', 'write a checkpoint after this time (default: 5m)', duration)
    .option('--resume <folder>', 'go on with the run in this folder; its spec and options are kept there')
}

/** Adds the options of a check on a cluster. */
export function withCluster(command: Command): Command {
  return command
    .option('--cluster <url>', 'explore on the workers of the NATS server at this URL; see kripke cluster --help')
    .option('--nodes <n>', 'with --cluster: begin when n workers are there (default: 1)', natural)
    .option('--run <name>', 'with --cluster: the name of the run. A run that lost its coordinator goes on')
    .option(
      '--lost-after <duration>',
      'with --cluster: replace a worker that is silent for this long (default: 5s)',
      duration,
    )
    .option('--keep', 'with --cluster: keep the streams of the run on the server')
}

/** Adds the options of `PrintOptions`. */
export function withPrintOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document')
    .option('--full', 'print whole states in traces, not only the changes')
    .option('--quiet', 'print only the verdict')
    .option('--strict', 'treat warnings as errors')
}

/** Adds the option that shows how goals are reached. */
export function withWitnesses(command: Command): Command {
  return command.option('--witness', 'show for each goal that is reached how, not only for goals named by --property')
}

/** What the command line asks of a check. `module` is the URL of the compiled spec, `memory` is in bytes. */
export function checkOptions(options: ExploreOptions, module: string, memory: number): CheckOptions {
  return {
    constants: options.constant,
    properties: options.property,
    deadlock: options.deadlock,
    maxDepth: options.maxDepth,
    maxStates: options.maxStates,
    timeoutMs: options.timeout,
    memoryBytes: options.memory ?? memory,
    engine: options.engine,
    livenessUnderConstraints: options.livenessUnderConstraints,
    interpret: options.interpret,
    symmetry: options.symmetry,
    por: options.por,
    seed: options.seed,
    ...threads(options.workers ?? 'auto'),
    module,
  }
}

/** The values given so far and `name=value`. @throws {CheckerError} KR101 if the constant already has a value */
function withConstant(given: Given, text: string): Given {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('It must be name=value.')
  if (Object.hasOwn(given, name)) {
    throw badOption(
      `constant "${name}" must be given once, but is given ${given[name]} and ${value}`,
      `remove one of them; to try both values, run kripke compare --vary ${name}=${given[name]},${value}`,
    )
  }
  // A constant may have any name, __proto__ too.
  return Object.fromEntries([...Object.entries(given), [name, value]])
}

/** The names given so far and those in `text`. */
export function propertyNames(text: string, given: readonly string[] = []): readonly string[] {
  return [...given, ...text.split(',')]
}

/** Adds a value of an option that may be repeated, for different constants. */
export function withAnother<T extends { readonly constant: string }>(
  option: string,
  parse: (text: string) => T,
): (text: string, given: readonly T[]) => readonly T[] {
  return (text, given) => {
    const added = parse(text)
    const { constant } = added
    if (given.every((one) => one.constant !== constant)) return [...given, added]
    throw badOption(
      `${option} must name a constant once, but names "${constant}" twice`,
      `list all its values at once: ${option} ${constant}=a,b`,
    )
  }
}

/** `name` or `name=a,b`. */
export function variation(text: string): { constant: string; values: readonly unknown[] | undefined } {
  const [constant, ...rest] = text.split('=')
  const given = rest.join('=')
  const listed = rest.length === 0 ? undefined : splitAtCommas(given)
  if (constant === '' || listed?.includes('') === true) {
    throw badOption(`--vary must be name or name=a,b, but is ${text}`, 'write --vary name, or --vary name=a,b')
  }
  const values = isRange(given) ? range('--vary', text, given) : listed
  return { constant: constant!, values }
}

/** `on` or `off`. */
export function onOff(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on'
  throw new InvalidArgumentError('It must be on or off.')
}

/** What explores. */
function engine(text: string): EngineName | 'auto' {
  if (text === 'explicit' || text === 'symbolic' || text === 'auto') return text
  throw new InvalidArgumentError('It must be explicit, symbolic or auto.')
}

/** When to use partial-order reduction. */
function partialOrder(text: string): PartialOrderMode {
  if (text === 'on' || text === 'off' || text === 'auto') return text
  throw new InvalidArgumentError('It must be on, off or auto.')
}

/** A positive integer. */
export function natural(text: string): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text)) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('It must be a positive integer.')
}

/** An integer from 0 on. */
export function whole(text: string): number {
  if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text)
  throw new InvalidArgumentError('It must be an integer from 0 on.')
}

/** Threads that explore: as many as the machine has cores, unless told otherwise. */
export function workers(text: string): number | 'auto' {
  if (text === 'auto') return 'auto'
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_WORKERS) return Number(text)
  throw new InvalidArgumentError(`It must be auto or a number from 1 to ${MAX_WORKERS}.`)
}

/** More threads than this are not called up unless asked for. */
const MAX_AUTOMATIC = 16

/** Threads that nobody asked for are called up only for a run that has taken so long. */
const LONG_MS = 1000

/** How many threads, and when they are worth calling up. */
export function threads(workers: number | 'auto'): Pick<CheckOptions, 'workers' | 'tuning'> {
  // One thread is enough to reach a call that does not return, and is deterministic.
  if (isRepeated()) return { workers: 1 }
  if (workers !== 'auto') return { workers }
  return { workers: Math.min(availableParallelism(), MAX_AUTOMATIC), tuning: { briefMs: LONG_MS } }
}

const MILLISECONDS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds. */
export function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  if (match === null || Number(match[1]) === 0)
    throw new InvalidArgumentError('It must be a duration such as 30s, 10m or 2h.')
  return Number(match[1]) * MILLISECONDS[match[2]!]!
}

const BYTES: { readonly [unit: string]: number } = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
}

/** Bytes. */
export function size(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(B|[KMG]i?B)$/.exec(text)
  if (match === null || Number(match[1]) === 0)
    throw new InvalidArgumentError('It must be a size such as 500MiB or 4GiB.')
  return Number(match[1]) * BYTES[match[2]!]!
}
