/** The outcome of an exploration: results of properties, measures, counts and warnings. */
import type { PropertyDefinition } from '../spec/model.ts'
import { symmetricSetsOf } from '../spec/symmetric-sets.ts'
import { elapsedMs } from '../engine/context.ts'
import type { Exploration } from '../engine/engine.ts'
import type { Ending } from '../engine/ending.ts'
import type { Counterexamples } from './counterexamples.ts'
import type { ActionOutcome, MeasureOutcome, Outcome, PropertyOutcome, PropertyResult, Verdict } from './outcome.ts'
import { remarksOn } from './reasons.ts'
import { warningsOf, type WarningInput } from './warnings.ts'

/** Counts of states. The search for paths reuses the memory of the seen set, so they have to be taken before it. */
export interface Counts {
  readonly states: Outcome['states']
  readonly bytes: number
}

export function countsOf({ states }: Exploration): Counts {
  const { initial, generated, depth, exact, bytes, found } = states
  return { states: { initial, generated, distinct: found, depth, ...(exact && { exact }) }, bytes }
}

/**
 * The outcome of an exploration.
 *
 * @param audits - names of the functions whose symmetry was checked on a sample only, and what a view hides
 */
export function outcomeOf(
  exploration: Exploration,
  { states, bytes }: Counts,
  { traces: paths, decided, cut }: Counterexamples,
  { sampled, hidden }: Pick<WarningInput, 'sampled' | 'hidden'>,
): Outcome {
  const { monitor, settings, evaluator, reference, model, temporal } = exploration
  const { distinct } = states
  const exhausted = exploration.ending === 'exhausted'
  const ending = cut ?? exploration.cut ?? temporal.cut ?? exploration.ending
  const undecided = [...exploration.undecided, ...temporal.undecided]
  const lassos = [...temporal.findings].flatMap(([property, { trace }]) =>
    trace === undefined ? [] : [[property, trace] as const],
  )
  const facts = {
    ending,
    undecided,
    hasView: exploration.view !== undefined,
    constraints: model.constraints,
    temporal: temporal.findings,
  }
  const properties = settings.properties.map((property): PropertyOutcome => {
    const { name, kind } = property
    if (kind === 'temporal') {
      const lasso = lassos.findIndex(([other]) => other === property)
      const result = temporal.findings.get(property)?.result ?? 'unknown'
      const trace = lasso >= 0 && { trace: paths.length + lasso }
      return { name, kind, result, ...trace, ...remarksOn(property, result, facts) }
    }
    const index = decided.findIndex(([other]) => other === property)
    const isUndecided = undecided.some(([other]) => other === property)
    const result = resultOf(property, index >= 0 || exploration.decided.has(property), exhausted && !isUndecided)
    const trace = index >= 0 && cut === undefined && { trace: index }
    return { name, kind, result, ...trace, ...remarksOn(property, result, facts) }
  })
  const actions = actionOutcomes(exploration)
  const { outside, vacuous } = monitor
  return {
    spec: exploration.name,
    constants: exploration.constants,
    verdict: verdictOf(properties, ending),
    properties,
    traces: [...paths, ...lassos.map(([, trace]) => trace)],
    measures: measureOutcomes(exploration),
    states,
    complete: exhausted && outside === 0,
    ending,
    engine: exploration.engine,
    engineChange: undefined,
    symmetry: exploration.symmetry === undefined ? 'off' : 'on',
    unreduced: unreducedBy(exploration),
    por: exploration.reducedNext === undefined ? 'off' : 'on',
    notReduced: undefined,
    specCalls: evaluator.specCalls + (evaluator === reference ? 0 : reference.specCalls) + exploration.workerCalls,
    workers: settings.workers,
    seconds: elapsedMs(exploration) / 1000,
    bytesPerState: bytes / Math.max(1, distinct),
    actions,
    warnings: warningsOf({
      ending,
      exhausted,
      hasSparseSets: exploration.elements.length > 0,
      actions,
      distinct,
      properties,
      vacuous,
      outside,
      isPartial: exploration.reducedNext !== undefined,
      constraints: model.constraints,
      unusedConstants: Object.keys(exploration.constants).filter((name) => !exploration.constantsRead.has(name)),
      obstacles: exploration.obstacles,
      sampled,
      view: exploration.view,
      hidden,
      undecided,
      unmeasured: exploration.unmeasured,
      advice: exploration.advice,
      remarks: evaluator.remarks(),
      temporal: temporal.findings,
    }),
  }
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

function measureOutcomes({ model, monitor }: Exploration): MeasureOutcome[] {
  return model.measures.map(({ name, over }, index) => {
    const { isMeasured, minimum, maximum } = monitor.ranges[index]!
    return { name, over, minimum: isMeasured ? minimum : undefined, maximum: isMeasured ? maximum : undefined }
  })
}

function actionOutcomes({ model, instances, states, evaluator, settings }: Exploration): ActionOutcome[] {
  return model.actions.map(({ name }, action) => {
    const own = [...instances.keys()].filter((index) => instances[index]!.action === action)
    const sum = (counts: Float64Array | undefined): number | undefined =>
      counts && own.reduce((total, index) => total + counts[index]!, 0)
    return {
      name,
      instances: own.length,
      generated: sum(states.generatedBy),
      distinct: settings.attribute ? sum(states.distinctBy) : undefined,
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
