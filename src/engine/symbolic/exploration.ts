/** The `Exploration` that reports a run of the symbolic engine. */
import { slotsOf, wordsOf } from '../../state/layout.ts'
import { StateSet } from '../../store/state-set.ts'
import type { CheckContext } from '../context.ts'
import type { Ending } from '../ending.ts'
import type { Exploration, ExploredStates } from '../engine.ts'
import type { TemporalResults } from '../temporal-results.ts'
import { sumOf, type SymbolicResults } from './symbolic-run.ts'

/** @param advice - what the user should do if a bound ended the run: a clause */
export function explorationOf(
  context: CheckContext,
  results: SymbolicResults,
  ending: Ending,
  temporal: TemporalResults,
  advice: string | undefined,
): Exploration {
  const { counts, findings, vacuous, ranges, undecided, unmeasured, decided, cut, paths } = results
  return {
    ...context,
    kind: 'done',
    engine: 'symbolic',
    ending,
    monitor: { findings, vacuous, failure: undefined, outside: Number(counts.outside), ranges },
    states: statesOf(context, results),
    symmetry: undefined,
    obstacles: [],
    workerCalls: 0,
    temporal,
    undecided,
    unmeasured,
    decided,
    cut,
    advice,
    pathsTo: (locations) => paths.to(locations),
  }
}

function statesOf(context: CheckContext, results: SymbolicResults): ExploredStates {
  const { initial, layout } = context
  const { model, reached, counts } = results
  const { distinct, generatedBy, depth } = counts
  const generated = generatedBy && sumOf(generatedBy) + BigInt(initial.length / layout.width)
  const isExact = Math.max(Number(distinct), Number(generated)) <= Number.MAX_SAFE_INTEGER
  const { space, diagrams } = model
  return {
    initial: initialCount(context, results),
    generated: generated === undefined ? undefined : Number(generated),
    generatedBy: generatedBy && Float64Array.from(generatedBy, Number),
    distinctBy: undefined,
    depth,
    ...(!isExact && { exact: { generated, distinct } }),
    bytes: diagrams.bytes,
    found: Number(distinct),
    pick: (ticket) => {
      const index = (distinct * BigInt(Math.floor(ticket * 2 ** 30))) / 2n ** 30n
      return wordsOf(layout, space.at(reached, index < distinct ? index : distinct - 1n))
    },
  }
}

/** Distinct initial states within the constraints. */
function initialCount(
  { initial, initialCut, layout }: CheckContext,
  { model, reached, isExplored }: SymbolicResults,
): number {
  if (initialCut !== undefined) return 0
  const isAnyInside = !isExplored || model.constraints.length === 0
  const distinct = new StateSet(layout.width)
  for (let offset = 0; offset < initial.length; offset += layout.width) {
    const isInside = isAnyInside || model.space.has(reached, slotsOf(layout, initial, offset))
    if (isInside) distinct.add(initial, offset)
  }
  return distinct.size
}
