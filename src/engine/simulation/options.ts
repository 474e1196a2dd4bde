/** How to simulate: options as given, and settings with everything decided. */
import { badOption } from '../../errors.ts'
import type { CheckOptions } from '../settings.ts'

/** Where a simulation stands. */
export interface SimulationProgress {
  readonly walks: number
  readonly steps: number
  /** See `Simulation.states`. */
  readonly distinct: number
  readonly elapsedMs: number
}

/** How to simulate a spec. Everything has a default. */
export interface SimulateOptions extends Pick<
  CheckOptions,
  'constants' | 'properties' | 'deadlock' | 'interpret' | 'workers' | 'module' | 'signal'
> {
  /** Walks to make. Default: as many as the time allows; 10,000 if no time is given either. */
  readonly runs?: number | undefined
  /** The most steps of a walk. Default 100. */
  readonly depth?: number | undefined
  /** Ends the simulation after this long. Default: when the walks are made; 10 seconds if no number of walks is given. */
  readonly timeoutMs?: number | undefined
  /** What the walks follow from, with their numbers. Default: another one each time. */
  readonly seed?: number | undefined
  /** The number of the first walk. Default 0. */
  readonly firstWalk?: number | undefined
  /**
   * Calls up other threads before the first walk, and waits for them. By default they are called up when the simulation has taken a while,
   * and take part once they are ready.
   */
  readonly waits?: boolean | undefined
  /** Called about ten times a second. */
  readonly onProgress?: ((progress: SimulationProgress) => void) | undefined
}

/** What a simulation is bounded by. */
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
/** How long a simulation walks if the options give neither a time nor a number of walks. */
export const DEFAULT_MS = 10_000

/** The bounds for the options. @throws {CheckerError} KR101 for one that makes no sense */
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
  if (timeoutMs !== undefined && !(timeoutMs > 0)) throw badOption(`timeoutMs must be positive, not ${timeoutMs}`)
  const endWalk = firstWalk + (runs ?? (timeoutMs === undefined ? DEFAULT_RUNS : Infinity))
  return { seed, depth, firstWalk, endWalk, timeoutMs: timeoutMs ?? (runs === undefined ? DEFAULT_MS : Infinity) }
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw badOption(`${name} must be a whole number from ${least} up, not ${value}`)
}

/** A seed short enough to be typed. */
function anySeed(): number {
  return 1 + Math.floor(Math.random() * (2 ** 31 - 1))
}
