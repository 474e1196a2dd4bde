/**
 * The policy of `--por`: decides whether a reduction is sound for what is checked, and whether it pays.
 *
 * The explicit engine begins without reduction. When it has found some thousands of states, it pauses, and Kripke
 * estimates what a reduction would leave out (`reduction-estimate.ts`). That needs few calls. If it is enough,
 * Kripke tries a reduced search (`reduced-search.ts`). Its analysis may call the spec so often, in proportion to the
 * states found. A try that gives nothing is repeated only if more calls could help, when the search has grown fourfold.
 *
 * All limits are counts of states and calls. No other thread starts before the estimate, because it relies on what one
 * thread has learned. So results depend on the model alone.
 */
import { symmetricSetsOf } from '../spec/symmetric-sets.ts'
import { prepareContextInSlices, type CheckContext } from './context.ts'
import type { SearchProgress } from './engine.ts'
import { hasSparseSets } from './growth.ts'
import { withTimeLeft, type Explored, type Request } from './policy.ts'
import type { PartialOrderMode } from './settings.ts'

/** What a mode spends on an attempt, and what it wants for that. */
interface Terms {
  /** A reduction must leave no larger share of the states. */
  readonly mostStates: number
  /** The analysis may make one call for so many states. If a third of the states remain, twice as many, and so on. */
  readonly statesPerCall: number
}

/** `on` wants fewer states. `auto` wants less time, and a step of a reduced search takes longer. */
const TERMS: { readonly [mode in PartialOrderMode]: Terms } = {
  off: { mostStates: 0, statesPerCall: Infinity },
  on: { mostStates: 0.8, statesPerCall: 50 },
  auto: { mostStates: 0.3, statesPerCall: 200 },
}

/** The fewest and the most calls that an analysis may make. */
const MIN_CALLS = 100
const MAX_CALLS = 20_000

const GROWTH = 4

/** Kinds of properties that a state decides. */
export const STATE_PROPERTIES: readonly string[] = ['invariant', 'unreachable', 'goal', 'deadlock']

/** Why partial-order reduction is not sound for what is asked, or not possible, as a clause; undefined if it is. */
export function obstacleToReduction({ model, settings, initial, initialCut }: CheckContext): string | undefined {
  const other = settings.properties.find(({ kind }) => !STATE_PROPERTIES.includes(kind))
  if (other !== undefined) {
    const kind = other.kind === 'refinement' ? 'refinement' : `${other.kind} property`
    return `"${other.name}" is a ${kind}, which depends on the order of steps; select other properties with --property`
  }
  if (settings.por === 'auto' && model.measures.length > 0) return 'the spec has measures, which need every state'
  if (model.constraints.length > 0) return 'the spec has constraints, which may cut the orders that are left'
  if (model.view !== undefined) return 'a view compares the states'
  if (hasSparseSets(model)) return 'a set or bag of messages has slots only for the elements that occur'
  if (settings.symmetry && symmetricSetsOf(model).sets.length > 0) {
    return 'symmetry reduction is on; use --symmetry off to use partial-order reduction instead'
  }
  if (settings.maxDepth < Infinity) return '--max-depth counts steps without reduction'
  if (settings.interpret) return '--interpret does not record what actions read'
  if (settings.attribute) return '--profile needs every step'
  if (initial.length === 0 || initialCut !== undefined) return 'there is nothing to explore'
  return undefined
}

/** Decides when to try a reduction, and makes the tries. */
export class ReductionAttempts {
  /** Why nothing is reduced, as a clause. */
  reason: string
  /** Calls of the spec's functions by tries without success. */
  calls = 0
  readonly #terms: Terms
  /** Whether to reduce from the first state, whatever it leaves out. */
  readonly #isForced: boolean
  /** The number of states for the next try. */
  #from: number
  /** The estimated share of the states that remain; undefined before the estimate. */
  #share: number | undefined
  /** By depth: the states found up to that level. */
  readonly #found: number[] = []

  constructor(context: CheckContext) {
    const obstacle = obstacleToReduction(context)
    const { por, reduceFrom } = context.settings
    this.#terms = TERMS[por]
    this.#isForced = reduceFrom === 0
    this.#from = obstacle === undefined ? reduceFrom : Infinity
    this.reason = obstacle ?? `the search has fewer than ${reduceFrom.toLocaleString('en')} states`
  }

  /** Whether the estimate is still to come. Until then, one thread must learn everything. */
  get needsOneThread(): boolean {
    return this.#share === undefined && this.#from < Infinity
  }

  isDue({ distinct, depth }: Pick<SearchProgress, 'distinct' | 'depth'>): boolean {
    this.#found[depth] = distinct
    return distinct >= this.#from
  }

  /** @returns undefined if a reduction does not pay */
  async next(request: Request, context: CheckContext, progress: SearchProgress): Promise<Explored | undefined> {
    const { distinct, bytes } = progress
    // Imported here and below, because most searches end before.
    const { remainingShare } = await import('./reduction-estimate.ts')
    const share = (this.#share ??= this.#isForced ? 0 : remainingShare(context, this.#found))
    if (share === undefined) return this.#giveUp('its functions have too many paths')
    if (share > this.#terms.mostStates) return this.#giveUp('it leaves out too few states')
    this.#from = Math.max(1, this.#from)
    while (this.#from <= distinct) this.#from *= GROWTH
    const memoryBytes = context.settings.memoryBytes - bytes
    if (memoryBytes <= 0) return undefined
    const own = { ...withTimeLeft(request.options, context), workers: 1, memoryBytes }
    // With a smaller share, a reduction is worth more.
    const worth = ((1 / share - 1) * distinct) / this.#terms.statesPerCall
    const calls = Math.max(MIN_CALLS, Math.min(MAX_CALLS, worth))
    const { exploreReduced } = await import('./reduced-search.ts')
    const reduced = await exploreReduced(
      { ...request, options: own },
      await prepareContextInSlices(request.spec, own),
      calls,
      // A cut analysis is of little use, and a later try has more calls.
      (sample, isCut) =>
        !this.#isForced && (sample === undefined ? isCut && calls < MAX_CALLS : this.#isUseless(sample)),
    )
    if (!('exploration' in reduced)) {
      this.calls += reduced.calls
      if (!reduced.isCut || calls >= MAX_CALLS) return this.#giveUp(reduced.why)
      this.reason = reduced.why
      return undefined
    }
    const { evaluator, reference, startedMs } = context
    const otherCalls = reduced.otherCalls + this.calls + evaluator.specCalls + reference.specCalls
    return { ...reduced, startedMs, otherCalls }
  }

  #isUseless({ distinct, depth }: SearchProgress): boolean {
    const found = this.#found[depth]
    return found !== undefined && distinct > this.#terms.mostStates * found
  }

  #giveUp(reason: string): undefined {
    this.reason = reason
    this.#from = Infinity
  }
}
