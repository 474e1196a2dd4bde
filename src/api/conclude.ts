/** Draws the conclusions of a search: traces, results, warnings. */
import { rngFrom } from '../semantics/learned/probe.ts'
import { resumeCalls } from '../spec/calls.ts'
import { purely } from '../spec/purity.ts'
import { measureInstance, predicateInstances } from '../spec/instances.ts'
import type { MeasureDefinition, PropertyDefinition } from '../spec/model.ts'
import { failureOnRepeat } from './asked-again.ts'
import { audit, type Bounded } from '../audit/evaluation-audit.ts'
import { elapsedMs, type Exploration } from '../engine/context.ts'
import { symmetricSetsOf } from '../spec/symmetric-sets.ts'
import { auditSymmetry } from '../audit/symmetry/symmetry-audit.ts'
import { FailedRun } from './failed-run.ts'
import type {
  ActionOutcome,
  Ending,
  MeasureOutcome,
  Outcome,
  PropertyOutcome,
  PropertyResult,
  Verdict,
} from './outcome.ts'
import type { TemporalFindings } from '../engine/explicit/temporal.ts'
import { remarksOn } from './reasons.ts'
import { findCounterexamples, type DecidedProperty } from '../trace/counterexample.ts'
import { warningsOf } from './warnings.ts'

/** What a run came to, before its conclusions are drawn. */
export interface Explorations {
  readonly ending: Ending
  readonly temporal: TemporalFindings
  /** What ended the work on temporal properties before it was done. */
  readonly temporalCut: Ending | undefined
}

/**
 * The outcome of a run.
 *
 * @throws {FailedRun} if a spec function failed; {CheckerError} KR501 if learned and reference evaluation disagree, KR502 if a
 *   function fails that did not before
 */
export async function conclude(run: Exploration, explorations: Explorations): Promise<Outcome> {
  resumeCalls()
  try {
    return await conclusion(run, explorations)
  } catch (thrown) {
    throw failureOnRepeat(thrown)
  }
}

async function conclusion(run: Exploration, { ending: ended, temporal, temporalCut }: Explorations): Promise<Outcome> {
  const { monitor, search, settings, evaluator, reference } = run
  const { initial, generated, depth, exact, bytes } = search
  const distinct = search.found
  const exhausted = ended === 'exhausted'
  const decided = settings.properties.flatMap((property): DecidedProperty[] => {
    const finding = monitor.findings.get(property)
    return finding === undefined ? [] : [[property, finding]]
  })
  const violations = [...temporal.values()].filter(({ result }) => result === 'violated')
  const claims = settings.properties.length - decided.length - violations.length + run.model.measures.length
  const isBrief = ended === 'time' || ended === 'memory' || ended === 'interrupted'
  // Kripke does not call a function that does not return again.
  const isAudited = run.symmetry !== undefined && distinct > 0 && monitor.failure?.failure.cause.code !== 'KR510'
  const sampled = isAudited ? purely(() => auditSymmetry(run, run.symmetry!, isBrief)) : []
  if (exhausted && claims > 0 && distinct > 0 && !settings.interpret) purely(() => auditRun(run))
  const measures = measureOutcomes(run)
  const { traces: paths, toFailure, cut } = await findCounterexamples(run, decided)
  const ending = cut ?? run.cut ?? temporalCut ?? ended
  const lassos = [...temporal].flatMap(([property, { trace }]) =>
    trace === undefined ? [] : [[property, trace] as const],
  )
  const traces = [...paths, ...lassos.map(([, trace]) => trace)]
  const known = { ending, undecided: run.undecided, constraints: run.model.constraints, temporal }
  const properties = settings.properties.map((property): PropertyOutcome => {
    const { name, kind } = property
    if (kind === 'temporal') {
      const lasso = lassos.findIndex(([other]) => other === property)
      const result = temporal.get(property)?.result ?? 'unknown'
      const trace = lasso >= 0 && { trace: paths.length + lasso }
      return { name, kind, result, ...trace, ...remarksOn(property, result, known) }
    }
    const index = decided.findIndex(([other]) => other === property)
    const isUndecided = run.undecided.some(([other]) => other === property)
    const result = resultOf(property, index >= 0 || run.decided.has(property), exhausted && !isUndecided)
    const trace = index >= 0 && cut === undefined && { trace: index }
    return { name, kind, result, ...trace, ...remarksOn(property, result, known) }
  })
  const actions = actionOutcomes(run)
  const unusedConstants = Object.keys(run.constants).filter((name) => !run.constantsRead.has(name))
  const { outside, vacuous, failure } = monitor
  const { constraints } = run.model
  const outcome: Outcome = {
    spec: run.name,
    constants: run.constants,
    verdict: verdictOf(properties, ending),
    properties,
    traces,
    measures,
    states: { initial, generated, distinct, depth, ...(exact && { exact }) },
    complete: exhausted && outside === 0,
    ending,
    engine: run.engine,
    engineChange: undefined,
    symmetry: run.symmetry === undefined ? 'off' : 'on',
    unreduced: unreducedBy(run),
    specCalls:
      evaluator.specCalls + (evaluator === reference ? 0 : reference.specCalls) + (run.workerPool?.specCalls ?? 0),
    workers: run.settings.workers,
    seconds: elapsedMs(run) / 1000,
    bytesPerState: bytes / Math.max(1, distinct),
    actions,
    warnings: warningsOf({
      ...{ ending, exhausted, actions, distinct, properties, vacuous, outside, constraints, unusedConstants },
      ...{ obstacles: run.obstacles, sampled },
      undecided: run.undecided,
      unmeasured: run.unmeasured,
      advice: run.advice,
      remarks: evaluator.remarks(),
      temporal,
    }),
  }
  if (failure === undefined) return outcome
  throw toFailure === undefined
    ? failure.failure.cause
    : new FailedRun(toFailure.failure.cause, toFailure.trace, outcome)
}

function resultOf({ kind }: PropertyDefinition, decided: boolean, exhausted: boolean): PropertyResult {
  if (decided) return kind === 'goal' ? 'reached' : 'violated'
  if (!exhausted) return 'unknown'
  return kind === 'goal' ? 'unreached' : 'holds'
}

function verdictOf(properties: readonly PropertyOutcome[], ending: Ending): Verdict {
  const some = (...results: PropertyResult[]): boolean => properties.some(({ result }) => results.includes(result))
  if (some('violated', 'unreached')) return 'violated'
  const isCut = properties.length === 0 && ending !== 'exhausted'
  return some('unknown') || isCut ? 'incomplete' : 'holds'
}

function auditRun(run: Exploration): void {
  const { layout, instances, evaluator, reference, search, monitor, settings, model } = run
  const unknown = new Set(run.undecided.map(([property]) => property))
  const undecided = settings.properties.filter(
    (it) => !monitor.findings.has(it) && !run.decided.has(it) && !unknown.has(it),
  )
  const claims = (
    transition: boolean,
  ): { predicate: ReturnType<typeof predicateInstances>[number]; expected: boolean }[] =>
    undecided
      .filter(({ kind }) => (kind === 'transition') === transition)
      .flatMap((property) =>
        predicateInstances(property).map((predicate) => ({ predicate, expected: property.kind !== 'goal' })),
      )
  const measured = (over: MeasureDefinition['over']): Bounded[] =>
    model.measures.flatMap((measure, index) =>
      measure.over === over && monitor.ranges[index]!.isMeasured
        ? [{ measure: measureInstance(measure), bounds: monitor.ranges[index]!.bounds }]
        : [],
    )
  const states = [...claims(false), ...measured('states')]
  const steps = [...claims(true), ...measured('steps')]
  const { next } = evaluator
  audit({ layout, instances, next, reference, seen: search, states, steps }, rngFrom(settings.seed))
}

function measureOutcomes({ model, monitor }: Exploration): MeasureOutcome[] {
  return model.measures.map(({ name, over }, index) => {
    const { isMeasured, minimum, maximum } = monitor.ranges[index]!
    return { name, over, minimum: isMeasured ? minimum : null, maximum: isMeasured ? maximum : null }
  })
}

function actionOutcomes({ model, instances, search, evaluator, settings }: Exploration): ActionOutcome[] {
  return model.actions.map(({ name }, action) => {
    const own = [...instances.keys()].filter((index) => instances[index]!.action === action)
    const sum = (counts: Float64Array | null): number | null =>
      counts && own.reduce((total, index) => total + counts[index]!, 0)
    return {
      name,
      instances: own.length,
      generated: sum(search.generatedBy),
      distinct: settings.attribute ? sum(search.distinctBy) : null,
      ...evaluator.profile(action),
    }
  })
}

/** What kept symmetric sets that there are from being made use of. */
function unreducedBy({ model, settings, symmetry, engine }: Exploration): Outcome['unreduced'] {
  if (symmetry !== undefined || symmetricSetsOf(model).sets.length === 0) return undefined
  if (!settings.symmetry) return 'option'
  return engine === 'symbolic' ? 'engine' : 'temporal'
}
