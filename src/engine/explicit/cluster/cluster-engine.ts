/**
 * The explicit engine on a cluster: this process coordinates, and nodes hold the states.
 *
 * The results are those of one machine: levels are sets, so counts, depth and findings do not depend on who explores
 * what, and each step of a counterexample comes from the least predecessor on all nodes.
 */
import { assert } from '../../../errors.ts'
import type { Location } from '../../../properties/finding.ts'
import type { Path } from '../../../trace/path.ts'
import { StateSet } from '../../../store/state-set.ts'
import type { Cluster, RunEnd } from '../../cluster.ts'
import { elapsedMs, type CheckContext } from '../../context.ts'
import { Ended, endingFor, type Ending } from '../../ending.ts'
import type { Budget, Engine, EngineResult, Exploration, SearchProgress } from '../../engine.ts'
import { Pace } from '../../pace.ts'
import type { TemporalResults } from '../../temporal-results.ts'
import type { PropertyDefinition } from '../../../spec/model.ts'
import { explicitRun, type ExplicitRun } from '../explicit-run.ts'
import type { Search } from '../search.ts'
import { decideOnGraph, type TimeSlices } from '../temporal.ts'
import { Coordinator } from './coordinator.ts'
import { requireFitForCluster } from './fitness.ts'
import { layoutHash } from './layout-hash.ts'
import { decodeRecord } from './messages.ts'
import { SLOTS } from './protocol.ts'
import type { Journals } from './transport.ts'

/** States that audits may look at. With fewer, they look at all. */
const SAMPLE = 4096

/** Bytes of the seen set and the graph for each byte of a state. */
const GRAPH_SPACE = 4

/** The engine for a cluster. */
export function clusterEngine(cluster: Cluster): Engine {
  return { name: 'explicit', explore: (context, budget) => explore(context, budget, cluster) }
}

async function* explore(
  context: CheckContext,
  budget: Budget,
  cluster: Cluster,
): AsyncGenerator<SearchProgress, EngineResult, void> {
  requireFitForCluster(context)
  const run = explicitRun(context)
  if (context.initialCut !== undefined) return explorationOf(run, context.initialCut, undefined, new Map())
  const transport = await cluster.open()
  let end: RunEnd = 'foreign'
  try {
    const coordinator = new Coordinator(run, transport, cluster)
    await coordinator.open()
    try {
      const ending = yield* untilEnded(coordinator, run, budget)
      return await concludeWith(coordinator, run, transport.journals, ending)
    } finally {
      end = await coordinator.end()
    }
  } finally {
    await transport.close(end)
  }
}

/** Explores level by level. */
async function* untilEnded(
  coordinator: Coordinator,
  run: ExplicitRun,
  budget: Budget,
): AsyncGenerator<SearchProgress, Ending, void> {
  for (;;) {
    const ending = await endingOf(coordinator.expandLevel())
    if (ending !== undefined) return ending
    const progress = {
      generated: coordinator.generatedBy.reduce((sum, count) => sum + count, 0),
      distinct: coordinator.found,
      depth: coordinator.depth,
      pending: coordinator.frontier,
      elapsedMs: elapsedMs(run),
      frontier: coordinator.frontier,
      bytes: 0,
      isReduced: run.symmetry !== undefined,
    }
    if (budget.yieldAt(progress)) yield progress
  }
}

async function concludeWith(
  coordinator: Coordinator,
  run: ExplicitRun & { search: Search },
  journals: Journals,
  ending: Ending,
): Promise<Exploration> {
  const { monitor, settings, layout } = run
  const isBrief = ending === 'interrupted' || ending === 'time' || ending === 'memory'
  const seen = new StateSet(layout.width)
  let temporal: TemporalResults = { findings: new Map(), undecided: new Map(), left: [], cut: undefined }
  if (isBrief || coordinator.found === 0) addAll(seen, run.initial, layout.width)
  else {
    const decided = settings.properties.flatMap((it) => (monitor.findings.has(it) ? [it.name] : []))
    try {
      const samples = await coordinator.sample(SAMPLE, ending === 'exhausted' ? decided : undefined)
      for (const states of samples) addAll(seen, states, layout.width)
      temporal = await decideTemporal(coordinator, run, journals, ending)
    } catch (thrown) {
      const endedBy = endingFor(thrown)
      if (endedBy === undefined) throw thrown
      return await concludeWith(coordinator, run, journals, endedBy)
    }
  }
  const { failure } = monitor
  const locations: Location[] = [...monitor.findings.values(), ...(failure === undefined ? [] : [failure])]
  const paths = new Map<Location, Path>()
  const cut = locations.length === 0 ? undefined : await cutOf(coordinator, locations, paths)
  return explorationOf(run, ending, { coordinator, seen, temporal }, paths, cut)
}

/** How a search ended; undefined if it goes on. */
async function endingOf(search: Promise<Ending | undefined>): Promise<Ending | undefined> {
  try {
    return await search
  } catch (thrown) {
    const ending = endingFor(thrown)
    if (ending === undefined) throw thrown
    return ending
  }
}

/** Finds the paths. @returns what ended that before */
async function cutOf(
  coordinator: Coordinator,
  locations: readonly Location[],
  paths: Map<Location, Path>,
): Promise<Ended | undefined> {
  try {
    const found = await coordinator.pathsTo(locations)
    locations.forEach((location, index) => paths.set(location, found[index]!))
    return undefined
  } catch (thrown) {
    const ending = endingFor(thrown)
    if (ending === undefined) throw thrown
    return new Ended(ending)
  }
}

/** Decides the temporal properties in this process if the states fit into its memory. */
async function decideTemporal(
  coordinator: Coordinator,
  run: ExplicitRun & { search: Search },
  journals: Journals,
  ending: Ending,
): Promise<TemporalResults> {
  const { settings, layout } = run
  const properties = settings.properties.filter(({ kind }) => kind === 'temporal')
  const none = { findings: new Map(), undecided: new Map<PropertyDefinition, string>(), left: [], cut: undefined }
  if (properties.length === 0 || ending !== 'exhausted') return none
  const { width } = layout
  if (coordinator.found * width * Int32Array.BYTES_PER_ELEMENT * GRAPH_SPACE > settings.memoryBytes) {
    const why = 'the state graph does not fit into the memory of the process that coordinates the cluster'
    for (const property of properties) none.undecided.set(property, why)
    return none
  }
  const { search } = run
  const hash = layoutHash(run)
  for (let slot = 0; slot < SLOTS; slot++) {
    for await (const bytes of journals.read(slot)) addAll(search.seen, decodeRecord(bytes, hash).states, width)
  }
  assert(search.found === coordinator.found, 'the journals have other states than the nodes')
  search.generatedBy.set(coordinator.generatedBy)
  return await decideOnGraph(run, timeSlices(run), ending)
}

function timeSlices({ settings }: ExplicitRun): TimeSlices {
  const pace = new Pace(settings.sliceMs)
  return {
    pause: pace.isDue,
    rest: async () => {
      await pace.turn()
      if (settings.signal?.aborted === true) throw new Ended('interrupted')
    },
  }
}

function addAll(set: StateSet, states: Int32Array, width: number): void {
  for (let offset = 0; offset < states.length; offset += width) set.add(states, offset)
}

/** What the search of a cluster gave. */
interface Found {
  readonly coordinator: Coordinator
  /** A sample of the states. */
  readonly seen: StateSet
  readonly temporal: TemporalResults
}

function explorationOf(
  run: ExplicitRun & { search: Search },
  ending: Ending,
  found: Found | undefined,
  paths: ReadonlyMap<Location, Path>,
  cut?: Ended,
): Exploration {
  const { monitor, symmetry, obstacles, layout, initial, search: _, view: _v, next: _n, ...context } = run
  const generatedBy = Float64Array.from(found?.coordinator.generatedBy ?? [])
  const { found: distinct = 0, depth = 0, initial: begun = 0, specCalls = 0 } = found?.coordinator ?? {}
  const seen = found?.seen ?? new StateSet(layout.width)
  return {
    ...context,
    layout,
    initial,
    kind: 'done',
    engine: 'explicit',
    ending,
    monitor,
    states: {
      initial: begun,
      bytes: distinct * layout.width * Int32Array.BYTES_PER_ELEMENT,
      generated: generatedBy.reduce((sum, count) => sum + count, distinct === 0 ? 0 : initial.length / layout.width),
      generatedBy,
      distinctBy: undefined,
      found: distinct,
      depth,
      pick: (ticket) => seen.pick(ticket),
      ...(seen.size === distinct && { index: seen }),
    },
    symmetry,
    obstacles,
    workerCalls: specCalls,
    temporal: found?.temporal ?? { findings: new Map(), undecided: new Map(), left: [], cut: undefined },
    undecided: [],
    unmeasured: [],
    decided: new Set(),
    cut: undefined,
    pathsTo: async (locations) => {
      if (cut !== undefined) throw cut
      return await Promise.resolve(locations.map((location) => paths.get(location)!))
    },
  }
}
