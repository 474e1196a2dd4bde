/**
 * The auto policy: the explicit engine explores. From time to time, between two levels, the symbolic engine tries to
 * explore everything.
 *
 * `attempts.ts` decides when. The explicit engine pauses during a try. It continues if the symbolic engine declines or
 * leaves something undecided. With `--por auto` it pauses in the same way for attempts at partial-order reduction.
 */
import { elapsedMs, prepareContextInSlices, type CheckContext } from './context.ts'
import { Attempts } from './attempts.ts'
import { restorable } from './checkpoint.ts'
import type { Engine, EngineResult, Exploration, SearchProgress } from './engine.ts'
import { explicitEngine } from './explicit/explicit-engine.ts'
import type { ReductionAttempts } from './partial-order.ts'
import type { CheckOptions } from './settings.ts'
import { exploredBy, type Explored, type Request } from './policy.ts'

/** @throws {CheckerError} for a mistake in the spec or the options */
export async function exploreAutomatically(request: Request): Promise<Explored> {
  let reductions: ReductionAttempts | undefined
  const prepared = await prepareContextInSlices(
    request.spec,
    withThreads(request.options, () => reductions?.needsOneThread !== true),
  )
  const { checkpoints, symbolicFrom } = prepared.settings
  const attempts = new Attempts(symbolicFrom)
  const saved = checkpoints && restorable(prepared, checkpoints)
  if (saved?.record.attempts !== undefined) attempts.restore(saved.record.attempts)
  const context = { ...prepared, attempts }
  // Imported here, because most checks do not need it.
  if (context.settings.por !== 'off') reductions = new (await import('./partial-order.ts')).ReductionAttempts(context)
  const search = explicitEngine.explore(context, {
    operations: Infinity,
    yieldAt: (progress) => {
      const isReductionDue = reductions?.isDue(progress) === true
      return attempts.isDue(progress) || isReductionDue
    },
  })
  try {
    return await follow(search, request, context, attempts, reductions)
  } finally {
    // Free what the explicit engine holds if it did not finish.
    await search.return({ kind: 'declined', reason: 'budget' })
  }
}

/** The options with another condition for the start of other threads. */
function withThreads(options: CheckOptions, mayStart: () => boolean): CheckOptions {
  const { tuning } = options
  const both = (): boolean => mayStart() && tuning?.mayStartThreads?.() !== false
  return { ...options, tuning: { ...tuning, mayStartThreads: both } }
}

async function follow(
  search: ReturnType<Engine['explore']>,
  request: Request,
  context: CheckContext,
  attempts: Attempts,
  reductions: ReductionAttempts | undefined,
): Promise<Explored> {
  let advice: string | undefined
  for (;;) {
    const { done, value } = await search.next()
    if (done === true) {
      if (value.kind === 'declined') {
        return await exploreAutomatically({ ...request, options: { ...request.options, workers: 1 } })
      }
      const engineChange = attempts.made === 0 ? undefined : whyUseless(advice)
      const explored = { ...exploredBy(value), engineChange }
      if (reductions === undefined) return explored
      return { ...explored, otherCalls: explored.otherCalls + reductions.calls, notReduced: reductions.reason }
    }
    if (reductions?.isDue(value) === true) {
      const reduced = await reductions.next(request, context, value)
      if (reduced !== undefined) return reduced
    }
    if (!attempts.isDue(value)) continue
    const result = await trySymbolically(request, context, value, attempts.next())
    if (result?.kind === 'done' && isWhole(result)) {
      const { evaluator, reference, startedMs } = context
      return {
        exploration: result,
        engineChange: `Kripke switched engines after the explicit search had found ${inWords(value)}`,
        startedMs,
        otherCalls: evaluator.specCalls + reference.specCalls + (reductions?.calls ?? 0),
        ...(reductions && { notReduced: 'the symbolic engine does not use it' }),
      }
    }
    if (result?.kind === 'declined' && result.advice !== undefined) advice = result.advice
  }
}

/** @returns undefined if there is no time or memory left for a try */
async function trySymbolically(
  { spec, options }: Request,
  context: CheckContext,
  progress: SearchProgress,
  operations: number,
): Promise<EngineResult | undefined> {
  const { settings } = context
  const timeoutMs = settings.timeoutMs - elapsedMs(context)
  const memoryBytes = settings.memoryBytes - progress.bytes
  if (timeoutMs <= 0 || memoryBytes <= 0) return undefined
  const { symbolicEngine } = await import('./symbolic/symbolic-engine.ts')
  const onProgress = (): void => settings.onProgress({ ...progress, elapsedMs: elapsedMs(context) })
  const own = {
    ...options,
    timeoutMs,
    memoryBytes,
    onProgress,
    workers: 1,
    engine: 'symbolic',
    checkpoints: undefined,
  } as const
  const { done, value } = await symbolicEngine
    .explore(await prepareContextInSlices(spec, own), { operations, yieldAt: () => false })
    .next()
  return done === true ? value : undefined
}

/** Whether an exploration leaves nothing undecided. */
function isWhole({ ending, temporal, undecided, unmeasured, cut }: Exploration): boolean {
  const isEnd = ending === 'exhausted' || ending === 'violated' || ending === 'settled'
  const isOpen = temporal.left.length + temporal.undecided.size + undecided.length + unmeasured.length > 0
  return isEnd && !isOpen && temporal.cut === undefined && cut === undefined
}

function whyUseless(advice: string | undefined): string {
  if (advice === undefined) return 'Kripke tried the symbolic engine; it did not finish within its budget'
  return `Kripke tried the symbolic engine; it did not finish: ${advice}`
}

function inWords({ distinct, isReduced }: SearchProgress): string {
  return `${distinct.toLocaleString('en')} ${isReduced ? 'states up to symmetry' : 'states'}`
}
