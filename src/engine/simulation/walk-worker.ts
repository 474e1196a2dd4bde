/**
 * A worker thread of a simulation: prepares itself, reports that it is ready, and then takes part in one round after
 * another.
 *
 * Piscina runs it; see `WalkPool`.
 */
import { registerWorker, workerInit, reportReady } from '../threads/thread-pool.ts'
import { recordCalls } from '../../spec/calls.ts'
import { purely } from '../../spec/purity.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { prepareContext } from '../context.ts'
import { withKnownElements } from '../growth.ts'
import { serializeError, type SerializedError } from '../threads/serialized-error.ts'
import { RoundControl, RoundPart, type Round, type RoundReport } from './round.ts'
import type { WalkWorkerOptions } from './walk-pool.ts'
import { Walker } from './random-walk.ts'

// Standard output is reserved for results.
for (const method of ['log', 'info', 'debug', 'table'] as const) console[method] = console.error

/** Takes part in a round. */
type Work = (round: Round) => RoundReport

const work: Promise<Work> = prepare()
export default work

/** Prepares the thread, and reports that it is ready. */
async function prepare(): Promise<Work> {
  const { readyCounters, options } = await workerInit<WalkWorkerOptions>()
  if (options.calls !== undefined) recordCalls(options.calls)
  const { default: spec } = (await import(options.module)) as { default: AnySpec }
  const context = prepareContext(spec, withKnownElements(options.options, options.elements))
  const walker = new Walker(context, options.settings)
  const board = new RoundControl(options.board)
  let steps = 0
  registerWorker(readyCounters)
  reportReady(readyCounters)
  return (round) => {
    const part = new RoundPart(walker, board, round)
    let error: SerializedError | undefined
    try {
      purely(() => part.work(() => board.isHalted))
    } catch (thrown) {
      error = serializeError(thrown)
      board.halt()
    }
    walker.cut()
    const tally = walker.fresh()
    steps += tally.steps
    context.evaluator.review?.(steps)
    return { error, tally, specCalls: context.evaluator.specCalls }
  }
}
