/**
 * A thread that helps to explore: makes everything ready for itself, says so, and then works on one level after another.
 *
 * Run by piscina; see `Crew`. What it finds it only sights: the thread that runs the check looks at it again.
 */
import { Monitor } from '../../../properties/monitor.ts'
import { Bulletin } from './broadcast-log.ts'
import { received } from './shared-memory.ts'
import { GO, HALT, ORDER } from './control.ts'
import { arrive, enlisted, reportReady } from '../../threads/thread-pool.ts'
import { Share } from './expansion-worker.ts'
import { Search, type Engine } from '../search.ts'
import { StateSet } from '../../../store/state-set.ts'
import { LearnedEvaluator } from '../../../semantics/learned/learned-evaluator.ts'
import type { Evaluator } from '../../../semantics/contract.ts'
import { ReferenceEvaluator } from '../../../semantics/reference.ts'
import { actionInstances } from '../../../spec/instances.ts'
import { recordCalls } from '../../../spec/calls.ts'
import { purely } from '../../../spec/purity.ts'
import { instantiate, type AnySpec } from '../../../spec/spec.ts'
import { layOut } from '../../../state/layout.ts'
import { ValueLog } from '../../../state/value-log.ts'
import { InitialStates } from '../../../semantics/initial-states.ts'
import type { LevelReport, LevelTask, Orders } from './protocol.ts'
import { reducible } from '../../../state/symmetry/reducible.ts'
import { troubleOf, type Trouble } from '../../threads/serialized-error.ts'

/** States after which a rehearsal is good enough. */
const REHEARSED_STATES = 20_000

// Standard output is for results.
for (const method of ['log', 'info', 'debug', 'table'] as const) console[method] = console.error

const { muster, orders } = await enlisted<Orders>()
if (orders.calls !== undefined) recordCalls(orders.calls)
const { default: spec } = (await import(orders.module)) as { default: AnySpec }
const { model } = instantiate(spec, orders.constants)
const layout = layOut(model.schema)
layout.interner.share(new ValueLog(orders.values))
const instances = actionInstances(model)
const evaluator: Evaluator = orders.interpret
  ? new ReferenceEvaluator(layout, instances)
  : new LearnedEvaluator(layout, instances, orders.seed)
const properties = model.properties.filter(({ name }) => orders.properties.includes(name))
const { symmetry } = reducible(model, layout, properties, orders.symmetry)
const monitor = new Monitor(model, { properties, measures: model.measures }, evaluator, layout)
evaluator.join?.()
const thread = arrive(muster)
const engine = rehearse()
let share: Share | undefined
const reads = new Bulletin(orders.reads)
let { outside } = monitor
reportReady(muster)

/**
 * Explores a few levels that are explored already, in order to learn, and for V8 to warm up. Whatever is found there is known;
 * whatever goes wrong will again.
 */
function rehearse(): Engine {
  const search = (): Search =>
    new Search(evaluator.next, instances.length, monitor, new StateSet(layout.width), false, symmetry)
  const rehearsal = search()
  try {
    purely(() => {
      rehearsal.begin(new InitialStates(model, layout).packFirst(REHEARSED_STATES))
      while (rehearsal.depth < orders.depth && rehearsal.found < REHEARSED_STATES) rehearsal.expandLevel()
    })
  } catch {
    return search().engine
  }
  rehearsal.generatedBy.fill(0)
  return rehearsal.engine
}

/** Works on a level. */
export default function work({ commons, depth, decided, notVacuous, givenUp }: LevelTask): LevelReport {
  monitor.depth = depth
  monitor.heed(decided, notVacuous)
  evaluator.heed?.(givenUp)
  evaluator.hearOf?.(reads.read())
  share ??= new Share(received(commons), thread, engine, monitor)
  const { control } = share
  let trouble: Trouble | undefined
  try {
    share.begin()
    purely(() => share!.workBlocking())
  } catch (thrown) {
    trouble = troubleOf(thrown)
    // Nobody need finish a level that cannot be finished.
    Atomics.compareExchange(control, ORDER, GO, HALT)
  }
  const report = {
    trouble,
    sightings: monitor.sightings(),
    outside: monitor.outside - outside,
    measured: monitor.extents.map(({ bounds }) => bounds),
    specCalls: evaluator.specCalls,
    news: evaluator.news?.(),
  }
  outside = monitor.outside
  return report
}
