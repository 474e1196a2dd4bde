/** Turns a finding into a trace: a path replayed by reference evaluation, with the false conjuncts at its end. */
import { is } from 'immutable'
import type { FailureFinding, Finding } from '../properties/finding.ts'
import { CheckerError, disagreement, notSymmetric } from '../errors.ts'
import { observeState, observeStep, type Observation } from '../semantics/learned/observation.ts'
import { stepView } from '../semantics/reference.ts'
import { instancesFor, type PredicateInstance } from '../spec/instances.ts'
import type { PropertyDefinition } from '../spec/model.ts'
import type { Bindings } from '../spec/bindings.ts'
import { compareStates } from '../state/order.ts'
import { describeSlot, type PlaceValue } from '../state/describe.ts'
import { unpack } from '../state/layout.ts'
import { withAbstract } from './abstract-trace.ts'
import { withAlias } from './alias.ts'
import { confirmedSteps } from './confirmed-steps.ts'
import type { Path } from './path.ts'
import type { FailedConjunct, Trace, TraceStep } from './trace.ts'
import { witnessTo, type WitnessContext } from './witness.ts'
import type { ModelContext } from '../semantics/context.ts'
import { show } from '../spec/show.ts'

export type DecidedProperty = readonly [property: PropertyDefinition, finding: Finding]

/**
 * The trace to a finding.
 *
 * @param path - to the state of the finding; with symmetry, over representatives
 * @throws {CheckerError} KR501 if reference evaluation does not confirm the finding, KR508 if the cause is a wrong
 *   claim of symmetry; {Failure} if a function fails that did not fail before
 */
export function counterexample(context: WitnessContext, [property, finding]: DecidedProperty, path: Path): Trace {
  const witness = witnessTo(context, finding, path)
  try {
    return traceOf(context, [property, witness.place], witness.path)
  } catch (thrown) {
    const isRefuted = thrown instanceof CheckerError && thrown.code === 'KR501'
    if (!isRefuted || !isMovedAway(context, [property, finding], witness.place)) throw thrown
    throw notSymmetric(whoDecides(property, finding))
  }
}

/**
 * The trace of a path to a finding. @throws {CheckerError} KR501 if reference evaluation does not confirm the finding
 */
export function traceOf(run: ModelContext, [property, finding]: DecidedProperty, path: Path): Trace {
  const steps = confirmedSteps(run, path)
  const failed = property.kind === 'goal' ? [] : failedConjuncts(run, property, finding, steps)
  confirm(run, property, finding, steps, failed)
  const bindings = outerBindings(property, finding.predicate?.bindings)
  const { name, kind } = property
  const trace: Trace = { property: name, kind, steps, loop: undefined, bindings, failed }
  return withAbstract(property, withAlias(run.model, trace))
}

/**
 * Whether reference evaluation confirms the finding on the state where the search made it. Then only the permutation
 * can be the cause.
 */
function isMovedAway(
  run: ModelContext,
  [property, { predicate, words, step }]: DecidedProperty,
  place: Finding,
): boolean {
  if (compareStates(words, 0, place.words, 0, words.length) === 0) return false
  const { reference, instances } = run
  const state = reference.decode(words, 0)
  if (predicate === undefined) return instances.every((it) => reference.successorSlots(it, state).length === 0)
  const subject =
    step === undefined ? state : stepView(instances[step.instance]!, state, reference.decode(step.words, 0))
  return reference.holds(predicate, subject) === (property.kind === 'goal')
}

function whoDecides({ kind, name }: PropertyDefinition, { predicate }: Finding): string {
  return predicate?.who ?? `${kind} "${name}"`
}

/** The trace of a path to a failure of a spec function. */
export function traceToFailure(run: ModelContext, { failure }: FailureFinding, path: Path): Trace {
  const { definition, bindings } = failure.subject
  const steps = confirmedSteps(run, path)
  return withAlias(run.model, {
    property: definition.name,
    kind: 'error',
    steps,
    loop: undefined,
    bindings,
    failed: [],
  })
}

/** The bindings of the property's own parameters, without those inside its conjuncts. */
export function outerBindings({ parameters, kind }: PropertyDefinition, bindings: Bindings = {}): Bindings {
  // A goal is about all values of its parameters together.
  const names = kind === 'goal' || kind === 'unreachable' ? [] : Object.keys(parameters)
  return Object.fromEntries(names.map((name) => [name, bindings[name]]))
}

/**
 * The conjuncts that are false at the end of the trace, for the bindings of the property's parameters that the search
 * found. Each comes with the first of its own bindings for which it is false, and with the values that it read.
 */
export function failedConjuncts(
  run: ModelContext,
  property: PropertyDefinition,
  finding: Finding,
  steps: readonly TraceStep[],
): FailedConjunct[] {
  const { reference } = run
  const bindings = Object.entries(outerBindings(property, finding.predicate?.bindings))
  const failed = new Map<string, FailedConjunct>()
  for (const it of instancesFor(property, finding.step !== undefined)) {
    if (failed.has(it.conjunct) || !bindings.every(([name, value]) => is(it.bindings[name], value))) continue
    if (reference.holds(it, subjectOf(run, finding, steps))) continue
    failed.set(it.conjunct, { name: it.conjunct, bindings: it.own, read: readBy(run, it, finding) })
  }
  return [...failed.values()]
}

/** The subject of a predicate at the end of the trace: a state or a step. */
function subjectOf({ instances }: ModelContext, { step }: Finding, steps: readonly TraceStep[]): unknown {
  const last = steps.at(-1)!.state
  return step === undefined ? last : stepView(instances[step.instance]!, steps.at(-2)!.state, last)
}

/**
 * The slots that a predicate reads at the end of the trace. The slots of a step's second state are primed, as in TLA+.
 */
function readBy(
  { layout, instances, reference }: ModelContext,
  predicate: PredicateInstance,
  { words, step }: Finding,
): PlaceValue[] {
  const count = layout.slots.length
  const slots = new Int32Array(step === undefined ? count : 2 * count)
  unpack(layout, words, 0, slots)
  if (step !== undefined) unpack(layout, step.words, 0, slots.subarray(count))
  reference.specCalls++
  const { reads }: Observation =
    step === undefined
      ? observeState(layout, predicate, slots)
      : observeStep(layout, predicate, instances[step.instance]!, slots)
  return reads.map((slot) => {
    const base = slot < count ? 0 : count
    const { path, value } = describeSlot(layout, slots.subarray(base, base + count), slot - base)
    return { path: base === 0 ? path : `${path}'`, value }
  })
}

/** Confirms the finding by reference evaluation on the last state or step. */
function confirm(
  run: ModelContext,
  property: PropertyDefinition,
  finding: Finding,
  steps: readonly TraceStep[],
  failed: readonly FailedConjunct[],
): void {
  const { reference, instances } = run
  const last = steps.at(-1)!.state
  const isConfirmed =
    property.kind === 'deadlock'
      ? instances.every((instance) => reference.successorSlots(instance, last).length === 0)
      : property.kind === 'goal'
        ? reference.holds(finding.predicate!, last)
        : failed.length > 0
  if (!isConfirmed) throw disagreement(`${property.kind} "${property.name}"`, `in state ${show(last)}`)
}
