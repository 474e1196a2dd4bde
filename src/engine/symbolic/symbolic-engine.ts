/**
 * The symbolic engine: explores sets of states, as decision diagrams.
 *
 * It finds all reachable states first. That gives counts and verdicts, but not levels. To show a violation or the path
 * to a goal, the engine also searches level by level, as far as needed. It reports the same as the explicit engine,
 * except that it does not reduce by symmetry and knows the depth only from levels.
 *
 * It declines if a function of the spec fails on a reachable state. If the explicit engine can store the states, that
 * engine finds the lassos, and decides temporal properties that take too long on sets.
 */
import { badOption, unsuitedForDiagrams } from '../../errors.ts'
import { Failure } from '../../semantics/failure.ts'
import type { Finding } from '../../properties/finding.ts'
import { LearnedEvaluator } from '../../semantics/learned/learned-evaluator.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import type { CheckContext } from '../context.ts'
import { endingFor, type Ending } from '../ending.ts'
import type { Budget, Engine, EngineResult, SearchProgress } from '../engine.ts'
import { resultOf, type TemporalFinding, type TemporalResults } from '../temporal-results.ts'
import { BudgetExceeded } from './sliced-work.ts'
import { ReachableFailure } from './property-checker.ts'
import { Unsuited } from './relation-learner.ts'
import { explorationOf } from './exploration.ts'
import { SymbolicModel } from './symbolic-model.ts'
import { DEEP, SymbolicRun, type SymbolicResults } from './symbolic-run.ts'

export const symbolicEngine: Engine = { name: 'symbolic', explore }

// oxlint-disable-next-line require-yield -- no other engine could go on from the middle of a saturation
async function* explore(
  context: CheckContext,
  { operations }: Budget,
): AsyncGenerator<SearchProgress, EngineResult, void> {
  const { evaluator, layout } = context
  if (!(evaluator instanceof LearnedEvaluator)) {
    throw badOption(
      '--engine symbolic needs learned evaluation, but --interpret switches it off',
      'remove one of the two options',
    )
  }
  const refusal =
    context.model.view === undefined ? SymbolicModel.refusal(layout) : 'the model compares states by a view'
  if (refusal !== undefined) return { kind: 'declined', reason: 'unsuited', error: unsuitedForDiagrams(refusal) }
  const run = new SymbolicRun(context, evaluator, operations)
  try {
    const ending = await run.explore()
    const temporal = await temporalResults(run, ending)
    const { results } = run
    // The budget includes the paths to the findings.
    if (operations < Infinity) await results.paths.prepare(findingsOf(context, results))
    return explorationOf(context, results, ending, temporal, run.isDeep ? DEEP : undefined)
  } catch (thrown) {
    if (thrown instanceof Unsuited) {
      return { kind: 'declined', reason: 'unsuited', error: unsuitedForDiagrams(thrown.message, thrown.of.source) }
    }
    if (thrown instanceof BudgetExceeded) {
      return { kind: 'declined', reason: 'budget', advice: run.isDeep ? DEEP : undefined }
    }
    if (thrown instanceof ReachableFailure || thrown instanceof Failure) return { kind: 'declined', reason: 'failure' }
    throw thrown
  }
}

/**
 * Decides temporal properties on sets, or says why not. Also finds lassos if there are too many states for another
 * engine.
 */
async function temporalResults(run: SymbolicRun, ending: Ending): Promise<TemporalResults> {
  const own = run.context.settings.properties.filter(({ kind }) => kind === 'temporal')
  const findings = new Map<PropertyDefinition, TemporalFinding>()
  const undecided = new Map<PropertyDefinition, string>()
  if (own.length === 0 || ending !== 'exhausted') return { findings, undecided, left: [], cut: undefined }
  try {
    await run.decideTemporal(own, (property, verdict, trace) => {
      if (typeof verdict === 'string') {
        undecided.set(property, verdict)
        return
      }
      const { violation, ...claim } = verdict
      const result = resultOf(violation !== undefined, run.isCut, run.context.settings)
      findings.set(property, { ...claim, result, trace, isCut: run.isCut })
    })
  } catch (thrown) {
    const cut = endingFor(thrown)
    if (cut === undefined) throw thrown
    return { findings, undecided, left: [], cut }
  }
  if (!run.isTooLarge) {
    const left = own.filter((it) => undecided.has(it) || findings.get(it)?.result === 'violated')
    return { findings, undecided, left, cut: undefined }
  }
  const whys = Array.from(
    undecided,
    ([it, why]) => [it, `${why}, and the explicit engine cannot take over because there are too many states`] as const,
  )
  return { findings, undecided: new Map(whys), left: [], cut: undefined }
}

function findingsOf({ settings }: CheckContext, { findings }: SymbolicResults): Finding[] {
  return settings.properties.flatMap((property) => findings.get(property) ?? [])
}
