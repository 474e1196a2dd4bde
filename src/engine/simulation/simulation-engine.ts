/**
 * Simulation: random walks for models that are too large to explore.
 *
 * Walk number k follows from the seed and k alone. One thread walks at first, in the order of the numbers. A longer
 * simulation uses several threads, in rounds. The first walk, by number, that finds a violation ends the simulation,
 * and counts include the walks up to it. So no report depends on the number of threads. If the time limit or the user
 * stops the simulation, the set of walks depends on the machine.
 */
import { impure } from '../../errors.ts'
import { purely } from '../../spec/purity.ts'
import { now } from '../clock.ts'
import { elapsedMs } from '../context.ts'
import type { Ending } from '../ending.ts'
import { Walker } from './random-walk.ts'
import { RoundPart, type Round } from './round.ts'
import { collect, SimulationSlices, type SimulationEnding, type SimulationRun } from './simulation-run.ts'
import { addTally } from './tally.ts'
import type { WalkPool } from './walk-pool.ts'

/**
 * Length of a round. In shorter rounds the threads would wait for each other, and longer rounds would lose more work at
 * a finding.
 */
const ROUND_MS = 250

/** How long to wait for the other threads before checking the time. */
const POLL_MS = 20

/** Walks of the first shared round, and the maximum of any round. */
const FIRST_ROUND = 64
const MAX_WALKS = 2 ** 30

/** Makes the walks of a simulation. @returns why it ended */
export async function walk(run: SimulationRun): Promise<SimulationEnding> {
  const { initialCut } = run.context
  const ending = initialCut === undefined ? await walkAlone(run) : cutBy(initialCut)
  collect(run)
  return ending
}

/** The ending of a simulation that stopped before its first walk. */
function cutBy(ending: Ending): SimulationEnding {
  return ending === 'interrupted' ? 'interrupted' : 'time'
}

/** Walks with one thread. Starts others when that may pay, and continues alone until they are ready. */
async function walkAlone(run: SimulationRun): Promise<SimulationEnding> {
  const { bounds, context } = run
  const turns = new SimulationSlices(run)
  if (run.waits && context.settings.workers > 1) await startWorkers(run, turns)
  for (;;) {
    const areJoined = run.pool?.isReady === true
    // A round begins with a walk that nobody has begun.
    const end = areJoined ? run.walk + (run.walker.isUnderWay ? 1 : 0) : bounds.endWalk
    const ending = purely(() => stretch(run, turns.pause, end))
    if (ending === 'walked' && run.walk < bounds.endWalk) return walkTogether(run, run.pool!, turns)
    if (ending !== 'paused') return ending
    const cut = await turns.rest()
    if (cut !== undefined) return cut
    const { workers, briefMs } = context.settings
    if (run.pool === undefined && workers > 1 && elapsedMs(context) >= briefMs) await startWorkers(run, turns)
  }
}

/** Makes walks until there is a finding or a pause, or the walks before `end` are done. */
function stretch(run: SimulationRun, pause: () => boolean, end: number): SimulationEnding | 'paused' {
  const { walker } = run
  while (run.walk < end) {
    if (!walker.advance(run.walk, pause)) return 'paused'
    if (walker.found !== undefined) return endingOf(walker)
    run.walk++
  }
  return 'walked'
}

function endingOf({ found }: Walker): 'violated' | 'failed' {
  return found === 'failure' ? 'failed' : 'violated'
}

async function startWorkers(run: SimulationRun, turns: SimulationSlices): Promise<void> {
  const { WalkPool } = await import('./walk-pool.ts')
  run.pool = await WalkPool.start(run.context, run.bounds)
  while (run.waits && !run.pool.isReady && (await turns.rest()) === undefined);
}

/** Walks with several threads, round by round. */
async function walkTogether(run: SimulationRun, pool: WalkPool, turns: SimulationSlices): Promise<SimulationEnding> {
  const { bounds } = run
  collect(run)
  for (let count = FIRST_ROUND; ;) {
    const round: Round = { from: run.walk, count: Math.min(count, bounds.endWalk - run.walk) }
    const startedMs = now()
    const cut = await walkRound(run, pool, round, turns)
    const { least } = pool.board
    if (least !== undefined) return walkAgain(run, round.from + least, cut !== undefined)
    if (cut !== undefined) return cut
    run.walk += round.count
    if (run.walk >= bounds.endWalk) return 'walked'
    const pace = ROUND_MS / Math.max(1, now() - startedMs)
    count = Math.max(FIRST_ROUND, Math.min(MAX_WALKS, Math.ceil(count * Math.min(2, pace))))
  }
}

/** Makes the walks of a round with all threads. @returns why it was cut short, if it was */
async function walkRound(
  run: SimulationRun,
  pool: WalkPool,
  round: Round,
  turns: SimulationSlices,
): Promise<SimulationEnding | undefined> {
  const { walker } = run
  const { board } = pool
  board.begin()
  const others = { areDone: false }
  const reports = pool.work(round)
  // This thread rethrows a rejection below, after its own part.
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
      await Promise.race([done, delay(POLL_MS)])
      await rest()
    }
  } catch (thrown) {
    board.halt()
    throw thrown
  }
  walker.cut()
  const told = await reports
  // After a finding in a round that was not cut short, one thread repeats the walks.
  if (board.least !== undefined && cut === undefined) return undefined
  collect(run)
  for (const { tally } of told) addTally(run.tally, tally)
  return cut
}

/**
 * Repeats the walks up to number `walk` in this thread, so that this thread gets the finding. `walk` is the first walk
 * that found something.
 *
 * @param wasCut - if true, the round is counted already, and only this walk is repeated
 */
function walkAgain(run: SimulationRun, walk: number, wasCut: boolean): SimulationEnding {
  run.walker = new Walker(run.context, run.bounds)
  if (wasCut) run.walk = walk
  const ending = purely(() => stretch(run, () => false, walk + 1))
  // The round counted this walk already.
  if (wasCut) run.walker.fresh()
  if (ending === 'violated' || ending === 'failed') return ending
  throw impure('a spec function', 'a repeated walk gave a different result')
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
