/**
 * A worker thread: prepares itself, reports that it is ready, and then works on one level after another.
 *
 * Piscina runs it; see `WorkerPool`. Its findings are candidates: the main thread evaluates them again.
 */
import { Monitor } from '../../../properties/monitor.ts'
import { BroadcastLog } from './broadcast-log.ts'
import { fromMessage } from './shared-memory.ts'
import { halt } from './control.ts'
import { registerWorker, workerInit, reportReady } from '../../threads/thread-pool.ts'
import { ExpansionWorker } from './expansion-worker.ts'
import { Search, type StateExpander } from '../search.ts'
import { StateSet } from '../../../store/state-set.ts'
import { LearnedEvaluator } from '../../../semantics/learned/learned-evaluator.ts'
import type { Evaluator } from '../../../semantics/contract.ts'
import { ReferenceEvaluator } from '../../../semantics/reference.ts'
import { actionInstances } from '../../../spec/instances.ts'
import { recordCalls } from '../../../spec/calls.ts'
import { purely } from '../../../spec/purity.ts'
import { instantiateRefined } from '../../../semantics/refinement/refined-model.ts'
import type { AnySpec } from '../../../spec/spec.ts'
import { layOut } from '../../../state/layout.ts'
import { ValueLog } from '../../../state/value-log.ts'
import { InitialStates } from '../../../semantics/initial-states.ts'
import type { LevelReport, LevelTask, WorkerOptions } from './protocol.ts'
import { reducible } from '../../../state/symmetry/reducible.ts'
import { serializeError, type SerializedError } from '../../threads/serialized-error.ts'

/** The warm-up ends after this many states. */
const WARM_UP_STATES = 20_000

// Standard output is reserved for results.
for (const method of ['log', 'info', 'debug', 'table'] as const) console[method] = console.error

/** Takes part in a level. */
type Work = (task: LevelTask) => LevelReport

const work: Promise<Work> = prepare()
export default work

/** Prepares the thread, and reports that it is ready. */
async function prepare(): Promise<Work> {
  const { readyCounters, options } = await workerInit<WorkerOptions>()
  if (options.calls !== undefined) recordCalls(options.calls)
  const { default: spec } = (await import(options.module)) as { default: AnySpec }
  const { model } = instantiateRefined(spec, options.constants)
  const layout = layOut(model.schema, options.elements)
  layout.interner.share(new ValueLog(options.values))
  const instances = actionInstances(model)
  const evaluator: Evaluator = options.interpret
    ? new ReferenceEvaluator(layout, instances)
    : new LearnedEvaluator(layout, instances, options.seed, { asks: options.asks })
  const properties = model.properties.filter(({ name }) => options.properties.includes(name))
  const { symmetry } = reducible(model, layout, properties, options.symmetry)
  const monitor = new Monitor(model, { properties, measures: model.measures }, evaluator, layout)
  evaluator.shareLearning?.()
  const thread = registerWorker(readyCounters)
  const search = (): Search =>
    new Search(evaluator.next, instances.length, monitor, new StateSet(layout.width), false, symmetry)
  const initial = (): Int32Array => new InitialStates(model, layout).packFirst(WARM_UP_STATES)
  const expander = warmedUp(search, monitor, initial, options.depth)
  reportReady(readyCounters)
  return worker({ thread, evaluator, monitor, expander, reads: new BroadcastLog(options.reads) })
}

/**
 * Explores some known levels again, so that the evaluator learns and V8 warms up. Its findings are known already, and a
 * failure will repeat.
 */
function warmedUp(search: () => Search, monitor: Monitor, initial: () => Int32Array, depth: number): StateExpander {
  const warmUp = search()
  try {
    purely(() => {
      warmUp.begin(initial())
      while (warmUp.depth < depth && warmUp.found < WARM_UP_STATES) {
        monitor.depth = warmUp.depth
        warmUp.expandLevel()
      }
    })
  } catch {
    return search().expansion
  }
  warmUp.generatedBy.fill(0)
  return warmUp.expansion
}

/** What a thread works with. */
interface Tools {
  readonly thread: number
  readonly evaluator: Evaluator
  readonly monitor: Monitor
  readonly expander: StateExpander
  readonly reads: BroadcastLog
}

function worker({ thread, evaluator, monitor, expander, reads }: Tools): Work {
  let share: ExpansionWorker | undefined
  let { outside } = monitor
  return ({ memory, depth, decided, notVacuous, decisions }) => {
    monitor.depth = depth
    monitor.applyDecided(decided, notVacuous)
    evaluator.applyDecisions?.(decisions)
    evaluator.mergeSlotsRead?.(reads.read())
    share ??= new ExpansionWorker(fromMessage(memory), thread, expander, monitor)
    const { control } = share
    let error: SerializedError | undefined
    try {
      share.begin()
      purely(() => share!.workBlocking())
    } catch (thrown) {
      error = serializeError(thrown)
      // Let the other threads leave the level, because it cannot be finished.
      halt(control)
    }
    const report = {
      error,
      candidates: monitor.candidates(),
      outside: monitor.outside - outside,
      measured: monitor.ranges.map(({ bounds }) => bounds),
      specCalls: evaluator.specCalls,
      delta: evaluator.drainDelta?.(),
    }
    outside = monitor.outside
    return report
  }
}
