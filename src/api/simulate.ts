/**
 * Simulates a spec: random walks, as many as asked for or as the time allows, for models too large to be explored.
 *
 * Walk number k follows from the seed and k alone. One thread walks, in the order of the numbers, until that has taken a while; then
 * several do, in rounds. The first walk that violates something, by number, ends the simulation, and what is counted is counted up to
 * that walk: so nothing that is reported depends on how many threads there are. Only where time or the user cuts the walks short it
 * depends on the machine which were made.
 */
import { badOption, impure } from '../errors.ts'
import { purely } from '../spec/purity.ts'
import { instantiate, type AnySpec } from '../spec/spec.ts'
import type { Ending } from '../engine/ending.ts'
import { Pace } from '../engine/pace.ts'
import { now } from '../engine/clock.ts'
import { elapsedMs, prepareContextInSlices } from '../engine/context.ts'
import { concludeSimulation } from './conclude-simulation.ts'
import { simulationBounds, type SimulateOptions, type SimulationProgress } from '../engine/simulation/options.ts'
import { RoundPart, type Round } from '../engine/simulation/round.ts'
import type { Simulation, SimulationEnding } from './simulation.ts'
import { addTally, emptyTally } from '../engine/simulation/tally.ts'
import type { WalkPool } from '../engine/simulation/walk-pool.ts'
import { Walker } from '../engine/simulation/random-walk.ts'
import type { SimulationRun } from '../engine/simulation/walking.ts'

/** How long a round is to take. Shorter ones would have the threads wait for each other, longer ones be lost when something is found. */
const ROUND_MS = 250

/** How long to wait for the other threads before looking whether the time is over. */
const PATIENCE_MS = 20

/** Walks of the first round of several threads, and the most of any. */
const FIRST_ROUND = 64
const MOST_WALKS = 2 ** 30

/**
 * Simulates a spec.
 *
 * @returns what was found; a violation is an outcome, not an error
 * @throws {CheckerError} for a mistake in the spec or the options; a `FailedRun`, which has a trace, if a spec function failed
 */
export async function simulate(spec: AnySpec, options: SimulateOptions = {}): Promise<Simulation> {
  const bounds = simulationBounds(options)
  const { constants = {}, properties, deadlock, interpret, workers, module, signal, onProgress = () => {} } = options
  const { seed, timeoutMs } = bounds
  requireWatchable(spec, constants, properties)
  const context = await prepareContextInSlices(spec, {
    ...{ constants, properties, deadlock, interpret, workers, module, signal, seed, timeoutMs },
    onProgress: ({ elapsedMs: elapsed }) => onProgress({ walks: 0, steps: 0, distinct: 0, elapsedMs: elapsed }),
  })
  const walking: SimulationRun = {
    context,
    bounds,
    walker: new Walker(context, bounds),
    tally: emptyTally(context.instances.length),
    walk: bounds.firstWalk,
    pool: undefined,
    waits: options.waits ?? false,
    onProgress,
  }
  try {
    const ending = context.initialCut === undefined ? await alone(walking) : cutBy(context.initialCut)
    collect(walking)
    return concludeSimulation(walking, ending)
  } finally {
    await walking.pool?.close()
  }
}

/**
 * @throws {CheckerError} KR101 for a temporal property: a walk is only a prefix of behaviors, so it does not decide the
 * property
 */
function requireWatchable(
  spec: AnySpec,
  constants: { readonly [name: string]: unknown },
  asked: readonly string[] = [],
): void {
  if (asked.length === 0) return
  const { model } = instantiate(spec, constants)
  const temporal = model.properties.find(({ name, kind }) => kind === 'temporal' && asked.includes(name))
  if (temporal === undefined) return
  throw badOption(
    `simulate cannot watch "${temporal.name}", because walks do not decide temporal properties`,
    'use check to decide it, or leave it out of the properties',
  )
}

/** The ending of a simulation that stopped before its first walk. */
function cutBy(ending: Ending): SimulationEnding {
  return ending === 'interrupted' ? 'interrupted' : 'time'
}

/** One thread walks, calls up others when that may be worth it, and goes on until they are ready. */
async function alone(walking: SimulationRun): Promise<SimulationEnding> {
  const { bounds, context } = walking
  const turns = new Turns(walking)
  if (walking.waits && context.settings.workers > 1) await callUp(walking, turns)
  for (;;) {
    const areJoined = walking.pool?.isReady === true
    // Rounds begin with a walk that nobody has begun.
    const end = areJoined ? walking.walk + (walking.walker.isUnderWay ? 1 : 0) : bounds.endWalk
    const ending = purely(() => stretch(walking, turns.pause, end))
    if (ending === 'walked' && walking.walk < bounds.endWalk) return together(walking, walking.pool!, turns)
    if (ending !== 'paused') return ending
    const cut = await turns.rest()
    if (cut !== undefined) return cut
    const { workers, briefMs } = context.settings
    if (walking.pool === undefined && workers > 1 && elapsedMs(context) >= briefMs) await callUp(walking, turns)
  }
}

/** Makes walks until something comes up, or the walks before `end` are made. */
function stretch(walking: SimulationRun, pause: () => boolean, end: number): SimulationEnding | 'paused' {
  const { walker } = walking
  while (walking.walk < end) {
    if (!walker.advance(walking.walk, pause)) return 'paused'
    if (walker.found !== undefined) return endingOf(walker)
    walking.walk++
  }
  return 'walked'
}

function endingOf({ found }: Walker): 'violated' | 'failed' {
  return found === 'failure' ? 'failed' : 'violated'
}

async function callUp(walking: SimulationRun, turns: Turns): Promise<void> {
  const { WalkPool } = await import('../engine/simulation/walk-pool.ts')
  walking.pool = await WalkPool.callUp(walking.context, walking.bounds)
  while (walking.waits && !walking.pool.isReady && (await turns.rest()) === undefined);
}

/** Several threads walk, round by round. */
async function together(walking: SimulationRun, pool: WalkPool, turns: Turns): Promise<SimulationEnding> {
  const { bounds } = walking
  collect(walking)
  for (let count = FIRST_ROUND; ;) {
    const round: Round = { from: walking.walk, count: Math.min(count, bounds.endWalk - walking.walk) }
    const startedMs = now()
    const cut = await walkRound(walking, pool, round, turns)
    const { least } = pool.board
    if (least !== undefined) return walkAgain(walking, round.from + least, cut !== undefined)
    if (cut !== undefined) return cut
    walking.walk += round.count
    if (walking.walk >= bounds.endWalk) return 'walked'
    const pace = ROUND_MS / Math.max(1, now() - startedMs)
    count = Math.max(FIRST_ROUND, Math.min(MOST_WALKS, Math.ceil(count * Math.min(2, pace))))
  }
}

/** All threads make the walks of a round. @returns what cut it short, if anything did */
async function walkRound(
  walking: SimulationRun,
  pool: WalkPool,
  round: Round,
  turns: Turns,
): Promise<SimulationEnding | undefined> {
  const { walker } = walking
  const { board } = pool
  board.begin()
  const others = { areDone: false }
  const reports = pool.work(round)
  // What it rejects with is thrown below, when this thread has come to it.
  const done = reports.catch(() => {}).then(() => (others.areDone = true))
  const part = new RoundPart(walker, board, round)
  let cut: SimulationEnding | undefined
  const rest = async (): Promise<void> => {
    cut ??= await turns.rest()
    if (cut !== undefined) board.halt()
  }
  try {
    while (!purely(() => part.work(() => board.isHalted || turns.pause())) && !board.isHalted) await rest()
    while (!others.areDone) {
      await Promise.race([done, delay(PATIENCE_MS)])
      await rest()
    }
  } catch (thrown) {
    board.halt()
    throw thrown
  }
  walker.cut()
  const told = await reports
  // If a walk found something, and others were not cut short before they might have, they are all made again.
  if (board.least !== undefined && cut === undefined) return undefined
  collect(walking)
  for (const { tally } of told) addTally(walking.tally, tally)
  return cut
}

/**
 * Makes walks up to number `walk` again, the first that found something, in this thread, which thereby has found it too.
 *
 * @param wasCut - then those before it were counted, and this one alone is made again
 */
function walkAgain(walking: SimulationRun, walk: number, wasCut: boolean): SimulationEnding {
  walking.walker = new Walker(walking.context, walking.bounds)
  if (wasCut) walking.walk = walk
  const ending = purely(() => stretch(walking, () => false, walk + 1))
  // It was counted with those before.
  if (wasCut) walking.walker.fresh()
  if (ending === 'violated' || ending === 'failed') return ending
  throw impure('a spec function', 'a walk that is made again does not find what it found')
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

/** Adds what this thread walked to the rest. */
function collect({ walker, tally, context }: SimulationRun): void {
  walker.cut()
  addTally(tally, walker.fresh())
  context.evaluator.review?.(tally.steps)
}

/** When to pause, and what to do then: see what the time is, and let others have their turn. */
class Turns {
  readonly #walking: SimulationRun
  readonly #pace = new Pace()
  readonly #stopAtMs: number
  readonly pause = this.#pace.isDue

  constructor(walking: SimulationRun) {
    this.#walking = walking
    this.#stopAtMs = walking.context.startedMs + walking.bounds.timeoutMs
  }

  /** Gives others their turn. @returns why to end, if there is a reason */
  async rest(): Promise<SimulationEnding | undefined> {
    const { context, onProgress } = this.#walking
    if (now() >= this.#stopAtMs) return 'time'
    onProgress(progressOf(this.#walking))
    await this.#pace.turn(this.#stopAtMs)
    return context.settings.signal?.aborted === true ? 'interrupted' : undefined
  }
}

function progressOf({ context, tally, walker }: SimulationRun): SimulationProgress {
  const { walks, steps, distinct } = tally
  const own = walker.tally
  return {
    walks: walks + own.walks,
    steps: steps + own.steps,
    distinct: Math.max(distinct.size, own.distinct.size),
    elapsedMs: elapsedMs(context),
  }
}
