/**
 * A search with partial-order reduction: the analysis, then the explicit engine with the reduced next-state relation.
 *
 * A reduced search finds a violation if there is one, but perhaps not one of the first level. So if it finds a violation
 * or a failure, Kripke explores once more without reduction, up to a number of states. The report then shows what it
 * always shows: the first level, and a shortest counterexample. If that takes too many states, the report shows the
 * longer one.
 */
import { reduceModel, type Sought } from '../semantics/dependencies/reduce-model.ts'
import { predicateInstances } from '../spec/instances.ts'
import { elapsedMs, type CheckContext } from './context.ts'
import type { Exploration, SearchProgress } from './engine.ts'
import { explicitEngine } from './explicit/explicit-engine.ts'
import { Pace } from './pace.ts'
import { exploredBy, exploreExplicitly, withTimeLeft, type Explored, type Request } from './policy.ts'

/** States of the reduced search after which to ask whether it is useless. */
const SAMPLE = 500

/** States of the search without reduction for a shortest counterexample, for each state of the reduced search. */
const FULL_PER_REDUCED = 20
const MIN_FULL = 200_000

/** A reduced search that gives no result. */
export interface GivenUp {
  /** The reason, as a clause. */
  readonly why: string
  /** Calls of the spec's functions. */
  readonly calls: number
  /** Whether more calls for the analysis could help. */
  readonly isCut: boolean
}

/**
 * Analyses the model, and explores it with what the analysis finds.
 *
 * @param calls - of spec functions for the analysis
 * @param isUseless - whether to give up: asked after the analysis, without a sample, and after `SAMPLE` states
 */
export async function exploreReduced(
  request: Request,
  context: CheckContext,
  calls: number,
  isUseless: (sample: SearchProgress | undefined, isCut: boolean) => boolean,
): Promise<Explored | GivenUp> {
  const { evaluator, settings, startedMs } = context
  const analysis = reduceModel({
    ...context,
    next: evaluator.next,
    sought: soughtBy(context),
    seed: settings.seed,
    calls,
  })
  const pace = new Pace()
  let step = analysis.next()
  for (; step.done !== true; step = analysis.next()) {
    if (!pace.isDue()) continue
    await pace.turn(startedMs + settings.timeoutMs)
    // The search reports what ended the run.
    if (settings.signal?.aborted === true || elapsedMs(context) >= settings.timeoutMs) break
  }
  if (step.done !== true) return exploredBy((await run(context, () => false))!)
  const { next, calls: analysisCalls, incomplete, isCut } = step.value
  const gaveUp = (why: string): GivenUp => {
    return { why, calls: analysisCalls + evaluator.specCalls + context.reference.specCalls, isCut }
  }
  if (isUseless(undefined, isCut))
    return gaveUp('the analysis needs more calls of the spec than so few states are worth')
  const exploration = await run({ ...context, reducedNext: next }, (sample) => isUseless(sample, isCut))
  if (exploration === undefined) return gaveUp(nothingLeftOut(incomplete))
  // Values that the analysis met on unreachable states take room too.
  if (exploration.monitor.failure?.failure.cause.code === 'KR402') {
    return gaveUp('open variables have too little capacity for the values that the analysis meets')
  }
  const reduced: Explored = { ...exploredBy(exploration), otherCalls: analysisCalls }
  if (next.fired === next.enabled && context.model.measures.length === 0) {
    // The counts are those of a search without reduction, and traces are shortest.
    return {
      ...reduced,
      exploration: { ...exploration, reducedNext: undefined },
      notReduced: nothingLeftOut(incomplete),
    }
  }
  if (!needsShortest(exploration)) return reduced
  return (await findShortest(request, reduced)) ?? reduced
}

/** @param incomplete - the functions of which not all paths are known */
function nothingLeftOut([first]: readonly string[]): string {
  const why =
    first === undefined ? '' : `; ${first} reads too much, so Kripke must expect that it reads and writes everything`
  return `it leaves out too few states${why}`
}

/** Runs the explicit engine. Gives up, with undefined, if `isUseless` after some states. */
async function run(
  context: CheckContext,
  isUseless: (progress: SearchProgress) => boolean,
): Promise<Exploration | undefined> {
  let isSampled = false
  const yieldAt = ({ distinct }: { readonly distinct: number }): boolean => !isSampled && distinct >= SAMPLE
  const search = explicitEngine.explore(context, { operations: Infinity, yieldAt })
  try {
    for (;;) {
      const { done, value } = await search.next()
      // One thread explores, so no value has to be sent to another.
      if (done === true) return value.kind === 'done' ? value : undefined
      isSampled = true
      if (isUseless(value)) return undefined
    }
  } finally {
    await search.return({ kind: 'declined', reason: 'budget' })
  }
}

/** The predicates for which the monitor waits, and the values that it waits for. */
export function soughtBy({ settings }: CheckContext): Sought[] {
  return settings.properties.flatMap((property) =>
    predicateInstances(property).flatMap((predicate) => [
      { predicate, value: property.kind === 'goal' },
      ...(predicate.antecedent === undefined ? [] : [{ predicate: predicate.antecedent, value: true }]),
    ]),
  )
}

/** Whether a search without reduction may find something on an earlier level. */
function needsShortest({ monitor: { findings, failure } }: Exploration): boolean {
  return failure !== undefined || [...findings.keys()].some(({ kind }) => kind !== 'goal')
}

/** @returns undefined if a search without reduction takes too long */
async function findShortest(request: Request, reduced: Explored): Promise<Explored | undefined> {
  const { exploration, startedMs, otherCalls } = reduced
  const { settings, states, evaluator, reference } = exploration
  const maxStates = Math.max(MIN_FULL, FULL_PER_REDUCED * states.found)
  const memoryBytes = settings.memoryBytes - states.bytes
  if (memoryBytes <= 0) return undefined
  const options = { ...withTimeLeft(request.options, exploration), engine: 'explicit', maxStates, memoryBytes } as const
  const explored = await exploreExplicitly({ ...request, options })
  if (!['violated', 'failed', 'exhausted'].includes(explored.exploration.ending)) return undefined
  return {
    ...explored,
    startedMs,
    otherCalls: otherCalls + evaluator.specCalls + reference.specCalls,
    notReduced: 'Kripke searched again without reduction for a shortest counterexample',
  }
}
