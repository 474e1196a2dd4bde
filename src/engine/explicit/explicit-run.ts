/** A run of the explicit engine: a context, and a search that one thread begins. */
import { requireSymmetricStart } from '../../audit/symmetry/symmetry-audit.ts'
import { Monitor } from '../../properties/monitor.ts'
import type { NextState } from '../../semantics/contract.ts'
import { rngFrom } from '../../semantics/learned/probe.ts'
import { ViewClasses } from '../../semantics/view-classes.ts'
import type { Obstacle } from '../../spec/symmetric-sets.ts'
import { reducible } from '../../state/symmetry/reducible.ts'
import type { Symmetry } from '../../state/symmetry/symmetry.ts'
import { homesFor, StateSet } from '../../store/state-set.ts'
import { restorable } from '../checkpoint.ts'
import type { CheckContext } from '../context.ts'
import type { DiskSearch } from './disk/disk-search.ts'
import { sharesOf } from './disk/memory-shares.ts'
import { Search, type SearchInMemory } from './search.ts'

export interface ExplicitRun extends CheckContext {
  /** The next-state relation to explore. */
  readonly next: NextState
  readonly monitor: Monitor
  /** The reduction of the search; undefined without one. */
  readonly symmetry: Symmetry | undefined
  readonly obstacles: readonly Obstacle[]
  /** The classes of states with the same view; undefined without a view. */
  readonly view: ViewClasses | undefined
  /** One thread's search at first. From a large level on, the search of several threads. Once memory is full, one on disk. */
  search: SearchInMemory | DiskSearch
}

/**
 * A run that has not begun.
 *
 * @throws {CheckerError} KR508 if the initial states break the declared symmetry
 */
export function explicitRun(context: CheckContext): ExplicitRun & { search: Search } {
  const { model, settings, evaluator, reference, layout, instances } = context
  const next = context.reducedNext ?? evaluator.next
  const { properties } = settings
  // A reduced search leaves out states, so the range of a measure would be too small.
  const isMeasuring = context.reducedNext === undefined
  const monitor = new Monitor(model, { properties, measures: model.measures, isMeasuring }, evaluator, layout)
  const { symmetry, obstacles } = reducible(model, layout, properties, settings.symmetry)
  if (symmetry !== undefined && context.initialCut === undefined) {
    requireSymmetricStart(symmetry, context.initial, layout.width)
  }
  const view = model.view && new ViewClasses(model.view, layout, reference, rngFrom(settings.seed))
  const { checkpoints } = settings
  const saved = checkpoints && restorable(context, checkpoints)
  const maxBytes = checkpoints?.disk === undefined ? settings.memoryBytes : sharesOf(settings.memoryBytes).seen
  const seen = new StateSet(layout.width, maxBytes, saved && homesFor(saved.record.found, layout.width, maxBytes))
  const search = new Search(next, instances.length, monitor, seen, false, view ?? symmetry)
  return { ...context, next, monitor, symmetry, obstacles, view, search }
}
