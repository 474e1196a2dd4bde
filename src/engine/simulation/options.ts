/** Options and bounds of a simulation. */
import { badOption } from '../../errors.ts'
import type { Constants } from '../../spec/constant.ts'
import type { CheckOptions } from '../settings.ts'

/** Progress of a simulation. */
export interface SimulationProgress {
  readonly walks: number
  readonly steps: number
  /** See `Simulation.states`. */
  readonly distinct: number
  readonly elapsedMs: number
}

/** Options of a simulation. Each has a default. */
export interface SimulateOptions<C extends Constants = any, P extends string = any> extends Pick<
  CheckOptions<C, P>,
  'constants' | 'properties' | 'deadlock' | 'interpret' | 'workers' | 'module' | 'signal'
> {
  /** Number of walks. Default: as many as the time allows, or 10,000 if no time is given either. */
  readonly runs?: number | undefined
  /** Maximal number of steps of a walk. Default 100. */
  readonly depth?: number | undefined
  /** Time limit. Default: none if a number of walks is given, else 10 seconds. */
  readonly timeoutMs?: number | undefined
  /** Determines each walk, together with the walk's number. Default: a new seed each time. */
  readonly seed?: number | undefined
  /** The number of the first walk. Default 0. */
  readonly firstWalk?: number | undefined
  /**
   * Start other threads before the first walk, and wait for them. By default a longer simulation starts them, and they
   * take part once they are ready.
   */
  readonly waits?: boolean | undefined
  /** Called about ten times a second. */
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined
}

export interface SimulationBounds {
  readonly seed: number
  readonly depth: number
  readonly firstWalk: number
  /** One past the number of the last walk. */
  readonly endWalk: number
  readonly timeoutMs: number
}

const DEFAULT_RUNS = 10_000
const DEFAULT_DEPTH = 100
/** Time limit if the options give neither a time nor a number of walks. */
export const DEFAULT_MS = 10_000

/** @throws {CheckerError} KR101 for an invalid option */
export function simulationBounds({
  runs,
  depth = DEFAULT_DEPTH,
  timeoutMs,
  seed = anySeed(),
  firstWalk = 0,
}: SimulateOptions): SimulationBounds {
  requireWhole('runs', runs ?? 1, 1)
  requireWhole('depth', depth, 1)
  requireWhole('seed', seed, 0)
  requireWhole('firstWalk', firstWalk, 0)
  if (timeoutMs !== undefined && !(timeoutMs > 0)) throw badOption(`timeoutMs must be positive, but is ${timeoutMs}`)
  const endWalk = firstWalk + (runs ?? (timeoutMs === undefined ? DEFAULT_RUNS : Infinity))
  return { seed, depth, firstWalk, endWalk, timeoutMs: timeoutMs ?? (runs === undefined ? DEFAULT_MS : Infinity) }
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw badOption(`${name} must be a whole number of at least ${least}, but is ${value}`)
}

/** A seed short enough to type. */
function anySeed(): number {
  return 1 + Math.floor(Math.random() * (2 ** 31 - 1))
}
