/**
 * A thread that helps to simulate: makes everything ready for itself, says so, and then takes part in one round after another.
 *
 * Run by piscina; see `WalkCrew`.
 */
import { arrive, enlisted, reportReady } from '../threads/thread-pool.ts'
import { recordCalls } from '../../spec/calls.ts'
import { purely } from '../../spec/purity.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { prepareGround } from '../context.ts'
import { troubleOf, type Trouble } from '../threads/serialized-error.ts'
import { Board, Part, type Round, type RoundReport } from './round.ts'
import type { WalkOrders } from './walk-pool.ts'
import { Walker } from './random-walk.ts'

// Standard output is for results.
for (const method of ['log', 'info', 'debug', 'table'] as const) console[method] = console.error

const { muster, orders } = await enlisted<WalkOrders>()
if (orders.calls !== undefined) recordCalls(orders.calls)
const { default: spec } = (await import(orders.module)) as { default: AnySpec }
const ground = prepareGround(spec, orders.options)
const walker = new Walker(ground, orders.settings)
const board = new Board(orders.board)
let steps = 0
arrive(muster)
reportReady(muster)

/** Takes part in a round. */
export default function work(round: Round): RoundReport {
  const part = new Part(walker, board, round)
  let trouble: Trouble | undefined
  try {
    purely(() => part.work(() => board.isHalted))
  } catch (thrown) {
    trouble = troubleOf(thrown)
    board.halt()
  }
  walker.cut()
  const tally = walker.fresh()
  steps += tally.steps
  ground.evaluator.review?.(steps)
  return { trouble, tally, specCalls: ground.evaluator.specCalls }
}
