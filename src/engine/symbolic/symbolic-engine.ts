/**
 * Checks a spec with decision diagrams.
 *
 * First all that can be reached is found by saturation, which gives counts and verdicts, and knows no levels. Only if
 * something is to be shown, a violation or the way to a goal, is the model searched level by level as well, as far as
 * that takes. What the explicit engine reports is reported here to the letter, but for symmetry, which is made no use
 * of, and the depth, which only levels tell.
 *
 * Functions that fail on a state that can be reached are left to the explicit engine, and so are, where the number of
 * states allows, lassos and the temporal properties that take sets too long.
 */
import { disagreement, unsuitedForDiagrams } from '../../errors.ts'
import { Failure } from '../../semantics/contract.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import type { AnySpec } from '../../spec/spec.ts'
import { ReachableFailure } from './property-checker.ts'
import { Unsuited } from './relation-learner.ts'
import { SymbolicModel } from './symbolic-model.ts'
import { conclude, type Explorations } from '../../api/conclude.ts'
import { endingFor } from '../ending.ts'
import type { Ending, Outcome } from '../../api/outcome.ts'
import { elapsedMs, prepareContextInSlices, type CheckContext } from '../context.ts'
import type { CheckOptions } from '../settings.ts'
import { resultOf, type TemporalFinding } from '../explicit/temporal.ts'
import { BudgetExceeded } from './drive.ts'
import { DEEP, SymbolicRun } from './symbolic-run.ts'

/** What the explicit engine is asked for. */
export interface Explicit {
  check(spec: AnySpec, options: CheckOptions): Promise<Outcome>
  temporally(spec: AnySpec, options: CheckOptions): Promise<Omit<Explorations, 'ending'>>
}

/** Says that the explicit engine may as well go on. */
class Useless extends Error {}

/**
 * Tries to check a spec with decision diagrams, for as long as so much work takes; see `OperationCache`.
 *
 * @param advise - is told what to do if the reason is known: a clause
 * @returns undefined if they are of no use
 */
export async function trySymbolically(
  spec: AnySpec,
  options: CheckOptions,
  work: number,
  advise: (advice: string) => void,
): Promise<Outcome | undefined> {
  const context = await groundOf(spec, options)
  if (SymbolicModel.refusal(context.layout) !== undefined) return undefined
  const run = new SymbolicRun(context, work)
  try {
    const ending = await run.explore()
    if (ending !== 'exhausted' && ending !== 'violated' && ending !== 'settled') return undefined
    const { found, why, cut } = await temporalOf(run, ending, async () => {
      throw new Useless()
    })
    const exploration = run.exploration(why)
    if (exploration.undecided.length + exploration.unmeasured.length > 0 || exploration.cut !== undefined)
      return undefined
    if (cut !== undefined) return undefined
    return await conclude(exploration, { ending, temporal: found, temporalCut: cut })
  } catch (thrown) {
    const isUseless = [Unsuited, ReachableFailure, Failure, BudgetExceeded, Useless].some(
      (kind) => thrown instanceof kind,
    )
    if (!isUseless) throw thrown
    if (thrown instanceof BudgetExceeded && run.isDeep) advise(DEEP)
    return undefined
  }
}

/**
 * Checks a spec with decision diagrams.
 *
 * @throws {CheckerError} KR404 if its functions cannot be made diagrams of; and what checking it otherwise throws
 */
export async function checkSymbolically(spec: AnySpec, options: CheckOptions, explicit: Explicit): Promise<Outcome> {
  const context = await groundOf(spec, options)
  try {
    const run = new SymbolicRun(context)
    const ending = await run.explore()
    const { found, why, cut } = await temporalOf(run, ending, async (left) => {
      return await explicit.temporally(spec, { ...options, ...left, engine: 'explicit' })
    })
    return await conclude(run.exploration(why), { ending, temporal: found, temporalCut: cut })
  } catch (thrown) {
    if (thrown instanceof Unsuited) throw unsuitedForDiagrams(thrown.message, thrown.of.source)
    if (!(thrown instanceof ReachableFailure) && !(thrown instanceof Failure)) throw thrown
    const outcome = await explicit.check(spec, { ...options, ...timeLeft(context), engine: 'explicit' })
    const engineChange = 'a function of the spec fails, which the explicit engine shows'
    return { ...outcome, engineChange, seconds: elapsedMs(context) / 1000 }
  }
}

/** Diagrams are worked on by one thread, and that is reported. */
function groundOf(spec: AnySpec, options: CheckOptions): Promise<CheckContext> {
  return prepareContextInSlices(spec, { ...options, workers: 1 })
}

/** The time limit for what is still to be done. */
function timeLeft(context: CheckContext): Pick<CheckOptions, 'timeoutMs'> {
  const { timeoutMs } = context.settings
  return timeoutMs < Infinity ? { timeoutMs: Math.max(1, timeoutMs - elapsedMs(context)) } : {}
}

/** Decides temporal properties with the explicit engine: what there is to say of it beside the options of the run. */
type Explicitly = (options: CheckOptions) => Promise<Omit<Explorations, 'ending'>>

/** What became of temporal properties, and of those that were not decided, why not: a clause. */
interface Temporal {
  readonly found: Map<PropertyDefinition, TemporalFinding>
  readonly why: Map<PropertyDefinition, string>
  cut: Ending | undefined
}

/**
 * Decides temporal properties: on sets, or else with the explicit engine, or says why not. Lassos are found by the explicit
 * engine too, unless there are too many states: then on sets.
 */
async function temporalOf(run: SymbolicRun, ending: Ending, explicitly: Explicitly): Promise<Temporal> {
  const own = run.context.settings.properties.filter(({ kind }) => kind === 'temporal')
  const temporal: Temporal = { found: new Map(), why: new Map(), cut: undefined }
  if (own.length === 0 || ending !== 'exhausted') return temporal
  const { found, why } = temporal
  try {
    await run.decideTemporal(own, (property, verdict, trace) => {
      if (typeof verdict === 'string') {
        why.set(property, verdict)
        return
      }
      const { violation, ...claim } = verdict
      const result = resultOf(violation !== undefined, run.isCut, run.context.settings)
      found.set(property, { ...claim, result, trace, isCut: run.isCut })
    })
  } catch (thrown) {
    temporal.cut = endingFor(thrown)
    if (temporal.cut === undefined) throw thrown
    return temporal
  }
  if (run.isTooLarge) {
    for (const [property, clause] of why) why.set(property, `${clause}, and there are too many states`)
    return temporal
  }
  const left = own.filter((it) => why.has(it) || found.get(it)?.result === 'violated')
  if (left.length === 0) return temporal
  const { temporal: decided, temporalCut } = await explicitly({
    ...{ continue: false, properties: left.map(({ name }) => name), deadlock: undefined },
    ...timeLeft(run.context),
  })
  // Of a function that fails the explicit engine shows all there is to show.
  if (temporalCut === 'failed') throw new ReachableFailure()
  temporal.cut = temporalCut
  const byName = new Map(Array.from(decided, ([{ name }, finding]) => [name, finding]))
  // What is told of them comes in the order of the spec, whoever found it.
  for (const property of own) {
    const onSets = found.get(property)
    const finding = byName.get(property.name) ?? onSets
    if (onSets?.result === 'violated' && finding!.result !== 'violated') {
      throw disagreement(`temporal "${property.name}"`, 'sets of states violate it, and single ones do not')
    }
    found.delete(property)
    if (finding !== undefined) found.set(property, finding)
    if (byName.has(property.name)) why.delete(property)
  }
  return temporal
}
