/** What to check and within which bounds: options as given, and settings with everything decided. */
import { badOption, unknownName } from '../errors.ts'
import type { Constants, GivenConstants } from '../spec/constant.ts'
import type { Model, PropertyDefinition } from '../spec/model.ts'

/** Where a run stands. */
export interface Progress {
  readonly generated: number
  readonly distinct: number
  readonly depth: number
  /** States found and not yet expanded. */
  readonly pending: number
  /** Since the run began. */
  readonly elapsedMs: number
}

/** What explores: states one by one, or sets of them as decision diagrams. */
export type EngineName = 'explicit' | 'symbolic'

/**
 * How an engine goes about its work. Verdicts and traces do not depend on it.
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
}

/** How to check a spec with constants `C` and properties `P`. Everything has a default. */
export interface CheckOptions<C extends Constants = any, P extends string = any> {
  /** Values of constants by name; the others take their defaults. */
  readonly constants?: GivenConstants<C> | undefined
  /** Names of the properties to check, `deadlock` among them. Default: all. */
  readonly properties?: readonly P[] | undefined
  /** Overrides whether the spec has deadlock checked. */
  readonly deadlock?: boolean | undefined
  /** Explore everything, and find a shortest counterexample for every property that fails. */
  readonly continue?: boolean | undefined
  /** Ends the run at the end of the level on which there are more distinct states than this. */
  readonly maxStates?: number | undefined
  /** Ends the run when this many levels have been found. */
  readonly maxDepth?: number | undefined
  readonly timeoutMs?: number | undefined
  /** Bytes that seen states and levels may take. */
  readonly memoryBytes?: number | undefined
  /** What explores; `auto`, the default, begins with `explicit` and goes over to `symbolic` if that is of more use. */
  readonly engine?: EngineName | 'auto' | undefined
  /**
   * Decide temporal properties on the states within the constraints, as TLC does. Danger: behaviors that leave the
   * constraints are ignored, so `holds` may be wrong. Off by default: then a property is `unknown` if no behavior within the
   * constraints violates it.
   */
  readonly livenessUnderConstraints?: boolean | undefined
  /** Use reference evaluation only. */
  readonly interpret?: boolean | undefined
  /** Take states for one that differ only in which members of a symmetric set are which. On unless switched off. */
  readonly symmetry?: boolean | undefined
  /** For the random choices of the checks that Kripke makes of itself. */
  readonly seed?: number | undefined
  /** Threads that explore; what is found does not depend on it. More than one need `module`. Default 1. */
  readonly workers?: number | undefined
  /**
   * Says of each action how many states it was the first to reach. One thread explores then, since of several one or the other is first.
   */
  readonly attribute?: boolean | undefined
  /** URL of a module whose default export is the spec, for other threads to import. */
  readonly module?: string | undefined
  /** @experimental */
  readonly tuning?: Tuning | undefined
  /** Ends the run when aborted; what was found so far is reported. */
  readonly signal?: AbortSignal | undefined
  /** Called about ten times a second. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** Options with everything decided. */
export interface Settings {
  readonly properties: readonly PropertyDefinition[]
  readonly continue: boolean
  readonly maxStates: number
  readonly maxDepth: number
  readonly timeoutMs: number
  readonly memoryBytes: number
  /** The states found after which diagrams are tried; infinite if they are not. */
  readonly symbolicFrom: number
  /** More states than this are not explored one by one for temporal properties that are decided by diagrams. */
  readonly explicitUpTo: number
  readonly livenessUnderConstraints: boolean
  readonly interpret: boolean
  readonly symmetry: boolean
  readonly seed: number
  readonly workers: number
  readonly attribute: boolean
  readonly module: string | undefined
  readonly parallelFrom: number
  readonly briefMs: number
  /** Whether to wait for other threads. */
  readonly waits: boolean
  readonly signal: AbortSignal | undefined
  readonly onProgress: (progress: Progress) => void
}

/** A level of so many states is worth sharing. */
const WORTHWHILE_STATES = 20_000

const BRIEF_MS = 250

/** More threads than this nobody has cores for. */
export const MAX_WORKERS = 256

/** The settings for a model. @throws {CheckerError} KR101 for a bound that bounds nothing, KR102 for an unknown property */
export function settle(spec: string, model: Model, options: CheckOptions): Settings {
  const { explicitUpTo = MAX_EXPLICIT_STATES, briefMs = BRIEF_MS, parallelFrom } = options.tuning ?? {}
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
    symbolicFrom: symbolicFrom(options),
    explicitUpTo,
    livenessUnderConstraints: options.livenessUnderConstraints ?? false,
    interpret: options.interpret ?? false,
    symmetry: options.symmetry ?? true,
    seed: options.seed ?? 1,
    workers: options.attribute === true ? 1 : workers(options),
    attribute: options.attribute ?? false,
    module: options.module,
    briefMs,
    parallelFrom: parallelFrom ?? WORTHWHILE_STATES,
    waits: parallelFrom !== undefined,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => {}),
  }
}

/** More states than this are not explored one by one after they were as sets. */
const MAX_EXPLICIT_STATES = 1_000_000

/** States found before diagrams are tried: some seconds, where states take long, and half a second where they do not. */
const MANY_STATES = 2_000_000

/** After how many states to try diagrams: not if the search is bounded, or something is asked that only one by one can tell. */
function symbolicFrom(options: CheckOptions): number {
  const { engine = 'auto', interpret = false, attribute = false, maxDepth, maxStates } = options
  if (engine !== 'auto' || interpret || attribute || maxDepth !== undefined || maxStates !== undefined) return Infinity
  return options.tuning?.symbolicFrom ?? MANY_STATES
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
