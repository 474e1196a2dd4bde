/** The options of a check, and the settings that Kripke derives from them. */
import { badOption, unknownName, unknownOption } from '../errors.ts'
import type { Constants, GivenConstants } from '../spec/constant.ts'
import type { Model, PropertyDefinition } from '../spec/model.ts'
import type { CheckpointStore } from './checkpoint.ts'
import type { Cluster, ClusterProgress } from './cluster.ts'

/** Where a run stands. */
export interface Progress {
  readonly generated: number
  readonly distinct: number
  readonly depth: number
  /** States that Kripke has not expanded yet. */
  readonly pending: number
  /** Milliseconds since the run began. */
  readonly elapsedMs: number
  /** Undefined unless a cluster explores. */
  readonly cluster?: ClusterProgress | undefined
}

/** `explicit` explores single states, `symbolic` sets of states as decision diagrams. */
export type EngineName = 'explicit' | 'symbolic'

/** When to use partial-order reduction. */
export type PartialOrderMode = 'on' | 'off' | 'auto'

/**
 * How engines work. Verdicts do not depend on it.
 *
 * @experimental Names and defaults may change in any release.
 */
export interface Tuning {
  /** With the engine `auto`: the number of states after which the symbolic engine first tries. Default 2,000,000. */
  readonly symbolicFrom?: number | undefined
  /**
   * With the engine `symbolic`: up to this many states, the explicit engine decides lassos and the temporal properties that
   * take diagrams too long. Default 1,000,000.
   */
  readonly explicitUpTo?: number | undefined
  /** Milliseconds before other threads start, because they have to start and to learn first. Default 250. */
  readonly briefMs?: number | undefined
  /**
   * Starts other threads at the first level with this many states, and waits for them. By default they start after
   * `briefMs`, and take part once they are ready and a level has 20,000 states.
   */
  readonly parallelFrom?: number | undefined
  /** Milliseconds of work until timers, signals and checkpoints get a turn. Default 100. */
  readonly sliceMs?: number | undefined
  /** Whether other threads may start now. Default: always. */
  readonly mayStartThreads?: (() => boolean) | undefined
  /** Learn the predicates of quantifiers apart from the functions that call them. Default true. */
  readonly asks?: boolean | undefined
  /**
   * With `por`: the number of states after which Kripke first looks whether a reduction pays. Default 2,000 with `on`,
   * 50,000 with `auto`. With 0 it reduces from the first state, whatever that leaves out.
   */
  readonly reduceFrom?: number | undefined
}

/** How to check a spec with constants `C` and properties `P`. Every option has a default. */
export interface CheckOptions<C extends Constants = any, P extends string = any> {
  /** Values of constants by name. Default: the defaults of the spec. */
  readonly constants?: GivenConstants<C> | undefined
  /** The properties to check; `deadlock` is one of them. Default: all. */
  readonly properties?: readonly P[] | undefined
  /** Whether to check for deadlock. Default: as the spec says. */
  readonly deadlock?: boolean | undefined
  /** Explore every state, and find a counterexample for every violated property. */
  readonly continue?: boolean | undefined
  /** Stop after the level that exceeds this many distinct states. */
  readonly maxStates?: number | undefined
  /** Stop after this many levels. */
  readonly maxDepth?: number | undefined
  readonly timeoutMs?: number | undefined
  /** The maximum size of the seen set and the levels, in bytes. */
  readonly memoryBytes?: number | undefined
  /** The default `auto` starts with `explicit`, and switches to `symbolic` if that helps. */
  readonly engine?: EngineName | 'auto' | undefined
  /**
   * Decide temporal properties within the constraints, as TLC does. Danger: Kripke then ignores behaviors that leave the
   * constraints, so `holds` may be wrong. By default a property is `unknown` if no behavior within the constraints violates it.
   */
  readonly livenessUnderConstraints?: boolean | undefined
  /** Use reference evaluation only. */
  readonly interpret?: boolean | undefined
  /** Explore one state per symmetry class. Default true. */
  readonly symmetry?: boolean | undefined
  /**
   * Partial-order reduction: leave out orders of independent steps that no checked property can tell apart. `on` does so
   * for a search of 2,000 states if that leaves fewer states, `auto` for one of 50,000 states if that saves time. The
   * counts are then those of the reduced search. Default `off`.
   */
  readonly por?: PartialOrderMode | undefined
  /** The seed of the audits that Kripke makes of itself. It does not change results. Default 1. */
  readonly seed?: number | undefined
  /** How many threads explore. Results do not depend on it. Default 1. */
  readonly workers?: number | undefined
  /**
   * Count for each action the states that it was the first to reach. Then one thread explores, because the order of several varies.
   */
  readonly attribute?: boolean | undefined
  /** URL of a module whose default export is the spec, which other threads import. Default: the module that called `spec`. */
  readonly module?: string | undefined
  /** @experimental */
  readonly tuning?: Tuning | undefined
  /**
   * Where the run keeps checkpoints, and from which it goes on if there is one. Not possible with a view or with
   * partial-order reduction.
   *
   * @experimental
   */
  readonly checkpoints?: CheckpointStore | undefined
  /**
   * Explores on the nodes of a cluster. Not possible with a view, with open variables, or with partial-order reduction.
   *
   * @experimental
   */
  readonly cluster?: Cluster | undefined
  /** Ends the run when it is aborted. The outcome has what Kripke found before. */
  readonly signal?: AbortSignal | undefined
  /** Called about ten times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** The options, with every default filled in. */
export interface Settings {
  readonly properties: readonly PropertyDefinition[]
  readonly continue: boolean
  readonly maxStates: number
  readonly maxDepth: number
  readonly timeoutMs: number
  readonly memoryBytes: number
  /** The number of states after which Kripke tries the symbolic engine; infinite if it does not. */
  readonly symbolicFrom: number
  /** Up to this many states, the explicit engine finds lassos for the symbolic engine. */
  readonly explicitUpTo: number
  readonly livenessUnderConstraints: boolean
  readonly interpret: boolean
  readonly symmetry: boolean
  readonly por: PartialOrderMode
  /** The number of states after which Kripke first looks whether a reduction pays. */
  readonly reduceFrom: number
  readonly seed: number
  readonly workers: number
  readonly attribute: boolean
  readonly module: string | undefined
  readonly parallelFrom: number
  readonly asks: boolean
  readonly briefMs: number
  readonly sliceMs: number
  readonly mayStartThreads: () => boolean
  /** Whether to wait for other threads. */
  readonly waits: boolean
  readonly checkpoints: CheckpointStore | undefined
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: Progress) => void
}

/** From this many states on, it pays to share a level between threads. */
const WORTHWHILE_STATES = 20_000

const BRIEF_MS = 250

/** The default of `reduceFrom`. Smaller searches are over before an attempt would pay. */
const REDUCIBLE_STATES: { readonly [mode in PartialOrderMode]: number } = { off: Infinity, on: 2000, auto: 50_000 }

/** Machines do not have more cores than this. */
export const MAX_WORKERS = 256

/** The options, so that a misspelt one is an error where nothing checks types. */
const OPTIONS: { readonly [name in keyof CheckOptions]-?: true } = {
  constants: true,
  properties: true,
  deadlock: true,
  continue: true,
  maxStates: true,
  maxDepth: true,
  timeoutMs: true,
  memoryBytes: true,
  engine: true,
  livenessUnderConstraints: true,
  interpret: true,
  symmetry: true,
  por: true,
  seed: true,
  workers: true,
  attribute: true,
  module: true,
  tuning: true,
  checkpoints: true,
  cluster: true,
  signal: true,
  onProgress: true,
}

const TUNING: { readonly [name in keyof Tuning]-?: true } = {
  symbolicFrom: true,
  explicitUpTo: true,
  briefMs: true,
  parallelFrom: true,
  sliceMs: true,
  mayStartThreads: true,
  asks: true,
  reduceFrom: true,
}

/** @throws {CheckerError} KR101 for a name that is not among those of `known` */
export function requireOptions(given: object, known: object, what: string): void {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(known, name))
  if (unknown !== undefined) throw unknownOption(what, unknown, Object.keys(known))
}

/** The settings for a model. @throws {CheckerError} KR101 for a bound that is not positive, KR102 for an unknown property */
export function settle(spec: string, model: Model, options: CheckOptions): Settings {
  const { explicitUpTo = MAX_EXPLICIT_STATES, briefMs = BRIEF_MS, parallelFrom, asks = true } = options.tuning ?? {}
  requireOptions(options, OPTIONS, 'option')
  requireOptions(options.tuning ?? {}, TUNING, 'option of tuning')
  const bound = (name: string, value: number | undefined): number => {
    if (value === undefined) return Infinity
    if (value > 0) return value
    throw badOption(`${name} must be positive, but is ${value}`)
  }
  return {
    properties: chosen(spec, model, options),
    continue: options.continue ?? false,
    maxStates: bound('maxStates', options.maxStates),
    maxDepth: bound('maxDepth', options.maxDepth),
    timeoutMs: bound('timeoutMs', options.timeoutMs),
    memoryBytes: bound('memoryBytes', options.memoryBytes),
    symbolicFrom: model.view === undefined ? symbolicFrom(options) : Infinity,
    explicitUpTo,
    livenessUnderConstraints: options.livenessUnderConstraints ?? false,
    interpret: options.interpret ?? false,
    symmetry: options.symmetry ?? true,
    por: partialOrder(options),
    reduceFrom: options.tuning?.reduceFrom ?? REDUCIBLE_STATES[partialOrder(options)],
    seed: options.seed ?? 1,
    workers: options.attribute === true || model.view !== undefined ? Math.min(1, workers(options)) : workers(options),
    attribute: options.attribute ?? false,
    module: options.module,
    briefMs,
    parallelFrom: parallelFrom ?? WORTHWHILE_STATES,
    sliceMs: options.tuning?.sliceMs ?? SLICE_MS,
    mayStartThreads: options.tuning?.mayStartThreads ?? (() => true),
    asks,
    waits: parallelFrom !== undefined,
    checkpoints: checkpoints(model, options),
    signal: options.signal,
    onProgress: options.onProgress ?? (() => {}),
  }
}

/** The default of `sliceMs`. */
const SLICE_MS = 100

/** The default of `explicitUpTo`. */
const MAX_EXPLICIT_STATES = 1_000_000

/** The default of `symbolicFrom`: half a second of a fast search, some seconds of a slow one. */
const MANY_STATES = 2_000_000

/** When to try the symbolic engine: never if the search is bounded, or if an option needs the explicit engine. */
function symbolicFrom(options: CheckOptions): number {
  const { engine = 'auto', interpret = false, attribute = false, maxDepth, maxStates } = options
  if (engine !== 'auto' || interpret || attribute || maxDepth !== undefined || maxStates !== undefined) return Infinity
  return options.tuning?.symbolicFrom ?? MANY_STATES
}

function partialOrder({ por = 'off' }: CheckOptions): PartialOrderMode {
  if (por === 'on' || por === 'off' || por === 'auto') return por
  throw badOption(`por must be "on", "off" or "auto", but is ${String(por)}`)
}

function checkpoints(model: Model, { checkpoints: store, por = 'off' }: CheckOptions): CheckpointStore | undefined {
  if (store === undefined) return undefined
  const obstacle = model.view !== undefined ? 'a view' : por !== 'off' ? 'partial-order reduction' : undefined
  if (obstacle === undefined) return store
  const hint = por === 'off' ? 'run without --checkpoint, or remove the view' : 'use --por off'
  throw badOption(`a checkpoint must be of a run without ${obstacle}, but this run has one`, hint)
}

function workers({ workers: count = 1, module }: CheckOptions): number {
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_WORKERS) {
    throw badOption(`workers must be a number from 1 to ${MAX_WORKERS}, but is ${count}`)
  }
  if (count === 1 || module !== undefined) return count
  throw badOption(
    'several workers must import the spec, but its module is not known',
    "give its module: check(spec, { workers, module: new URL('./spec.js', import.meta.url).href })",
  )
}

function chosen(spec: string, { properties, deadlock }: Model, options: CheckOptions): readonly PropertyDefinition[] {
  const names = properties.map(({ name }) => name)
  for (const name of options.properties ?? []) {
    if (!names.includes(name)) throw unknownName('property', name, names, spec)
  }
  if (options.deadlock === false && options.properties?.includes('deadlock') === true) {
    throw badOption(
      'the deadlock check must not be both named and switched off, but is',
      'remove "deadlock" from the properties, or switch the deadlock check on',
    )
  }
  return properties.filter(({ name, kind }) => {
    if (kind === 'deadlock' && options.deadlock !== undefined) return options.deadlock
    return options.properties === undefined ? kind !== 'deadlock' || deadlock : options.properties.includes(name)
  })
}
