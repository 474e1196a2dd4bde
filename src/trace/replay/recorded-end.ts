/** Checks whether the end of a behavior is what a trace claims of it. */
import { Alphabet } from '../../properties/liveness/alphabet.ts'
import type { CheckerError } from '../../errors.ts'
import { Failure } from '../../semantics/failure.ts'
import { stepView } from '../../semantics/reference.ts'
import {
  predicateInstance,
  predicateInstances,
  type ActionInstance,
  type PredicateInstance,
  initialInstances,
} from '../../spec/instances.ts'
import { isOfSteps, type FairnessDefinition, type PropertyDefinition, type State } from '../../spec/model.ts'
import { callText, type Bindings } from '../../spec/bindings.ts'
import { temporalInstances, type TemporalInstance } from '../../spec/temporal-instances.ts'
import { encode } from '../../state/codec.ts'
import { packInto } from '../../state/layout.ts'
import type { FailedConjunct, FairnessWitness, TraceStep } from '../trace.ts'
import { fairnessOf, judgeLasso, momentsOf } from '../lasso-trace.ts'
import { agrees, type Recorded } from './recorded-value.ts'
import type { ReplayContext } from './replay-context.ts'
import { failedConjuncts, outerBindings } from '../counterexample.ts'

/** A property that the end of a behavior is said to decide. */
export interface Claim {
  readonly name: string
  readonly kind: string
  /** The values of the parameters, as a file records them; undefined if any will do. */
  readonly bindings: { readonly [name: string]: Recorded } | undefined
  /** For a lasso: the index of the step to which the last one returns. */
  readonly loop: number | undefined
}

/** The facts at the end of a trace. */
export interface End {
  /** The values of the parameters for which the property is violated or reached. */
  readonly bindings: Bindings
  readonly failed: readonly FailedConjunct[]
  /** The error of a spec function, for a trace to a failure. */
  readonly failure: CheckerError | undefined
  /** For a lasso: how it meets each fairness constraint. */
  readonly fairness?: readonly FairnessWitness[]
}

const PLAIN_END: End = { bindings: {}, failed: [], failure: undefined }

/**
 * The facts at the end of the steps; undefined if they contradict the claim.
 *
 * @throws {Failure} if a spec function fails, unless that is the claim
 */
export function endOf(
  run: ReplayContext,
  { name, kind, bindings, loop }: Claim,
  steps: readonly TraceStep[],
): End | undefined {
  const last = steps.at(-1)!.state
  if (kind === 'error') return failureAt(run, name, last)
  const definition = run.settings.properties.find((it) => it.name === name)
  if (definition?.kind !== kind) return undefined
  // A file does not record the conjunct's own bindings, so accept any.
  const isMeant = (it: { bindings: Bindings; own?: Bindings }): boolean =>
    bindings === undefined ||
    Object.entries(it.bindings).every(
      ([parameter, value]) => agrees(value, bindings[parameter]) || Object.hasOwn(it.own ?? {}, parameter),
    )
  if (definition.kind === 'temporal') {
    return loop === undefined ? undefined : endOfLasso(run, temporalInstances(definition).filter(isMeant), steps, loop)
  }
  const meant = predicateInstances(definition).filter(isMeant)
  switch (definition.kind) {
    case 'deadlock':
      return isDeadlock(run, last) ? PLAIN_END : undefined
    case 'refinement':
      return steps.length === 1
        ? endInState(run, definition, initialInstances(definition), steps)
        : endOfStep(run, definition, meant, steps)
    case 'transition':
      return endOfStep(run, definition, meant, steps)
    case 'invariant':
    case 'unreachable':
    case 'goal':
      return endInState(run, definition, meant, steps)
  }
}

/** A behavior violates a temporal property if it is fair and the formula is false on it. */
function endOfLasso(
  run: ReplayContext,
  formulas: readonly TemporalInstance[],
  steps: readonly TraceStep[],
  loop: number,
): End | undefined {
  const alphabet = new Alphabet(run.instances, run.model.fairness)
  const words = steps.map(({ state }) => packed(run, state))
  const moments = [...momentsOf(run, words)]
  for (const formula of formulas) {
    const { fairness, isTrue } = judgeLasso(run, formula, alphabet, moments, loop)
    const met = fairness.filter((witness) => witness !== undefined)
    if (!isTrue && met.length === fairness.length) return { ...PLAIN_END, bindings: formula.bindings, fairness: met }
  }
  return undefined
}

/** The fairness constraints that the cycle of a lasso does not meet. @throws {Failure} if a spec function fails */
export function unmetBy(run: ReplayContext, steps: readonly TraceStep[], loop: number): FairnessDefinition[] {
  const alphabet = new Alphabet(run.instances, run.model.fairness)
  const moments = [
    ...momentsOf(
      run,
      steps.map(({ state }) => packed(run, state)),
    ),
  ]
  const met = fairnessOf(run, alphabet, moments, loop)
  return alphabet.fairness.flatMap(({ definition }, index) => (met[index] === undefined ? [definition] : []))
}

function endInState(
  run: ReplayContext,
  property: PropertyDefinition,
  predicates: readonly PredicateInstance[],
  steps: readonly TraceStep[],
): End | undefined {
  const { state } = steps.at(-1)!
  const isGoal = property.kind === 'goal'
  const predicate = predicates.find((it) => run.reference.holds(it, state) === isGoal)
  if (predicate === undefined) return undefined
  const bindings = outerBindings(property, predicate.bindings)
  const finding = { words: packed(run, state), depth: steps.length, step: undefined, predicate, rank: 0 }
  return { ...PLAIN_END, bindings, failed: isGoal ? [] : failedConjuncts(run, property, finding, steps) }
}

function endOfStep(
  run: ReplayContext,
  property: PropertyDefinition,
  predicates: readonly PredicateInstance[],
  steps: readonly TraceStep[],
): End | undefined {
  const [before, after] = steps.slice(-2)
  if (before === undefined || after === undefined || before.state.equals(after.state)) return undefined
  const call = callText(after.action, after.bindings)
  const instance = run.instances.findIndex(({ definition, bindings }) => callText(definition.name, bindings) === call)
  const view = stepView(run.instances[instance]!, before.state, after.state)
  const predicate = predicates.find((it) => !run.reference.holds(it, view))
  if (predicate === undefined) return undefined
  const step = { instance, words: packed(run, after.state) }
  const finding = { words: packed(run, before.state), depth: steps.length - 1, step, predicate, rank: 0 }
  const bindings = outerBindings(property, predicate.bindings)
  return { ...PLAIN_END, bindings, failed: failedConjuncts(run, property, finding, steps) }
}

function isDeadlock(run: ReplayContext, state: State): boolean {
  const isDead = run.instances.every((instance) => run.reference.successorSlots(instance, state).length === 0)
  return isDead && !isLegitimateEnd(run, state)
}

function isLegitimateEnd({ model, reference }: ReplayContext, state: State): boolean {
  if (model.end === undefined) return false
  const unless = { name: 'unless', kind: 'deadlock', parameters: {}, conjuncts: [], origin: undefined } as const
  return reference.holds(predicateInstance(unless, {}, model.end as never), state)
}

/** The failure of the function `name`, an action or a property, on a state; undefined if it does not fail. */
function failureAt(run: ReplayContext, name: string, state: State): End | undefined {
  const { model, instances, reference } = run
  const claims = [...model.properties, ...model.constraints].filter((it) => it.name === name)
  try {
    for (const instance of instances) if (instance.definition.name === name) successorsOf(run, instance, state)
    for (const predicate of claims.flatMap(predicateInstances)) {
      const subjects = isOfSteps(predicate.definition) ? stepsFrom(run, state) : [state]
      for (const subject of subjects) reference.holds(predicate, subject)
    }
    if (name === 'unless') isLegitimateEnd(run, state)
    return undefined
  } catch (thrown) {
    if (thrown instanceof Failure) return { ...PLAIN_END, failure: thrown.cause }
    throw thrown
  }
}

/** The steps from a state that change something, in the form for transition properties. */
function stepsFrom(run: ReplayContext, before: State): object[] {
  return run.instances.flatMap((instance) =>
    successorsOf(run, instance, before)
      .filter((after) => !after.equals(before))
      .map((after) => stepView(instance, before, after)),
  )
}

/**
 * The successors of a state by one instance, by reference evaluation.
 *
 * @param choices - receives for each successor the values that the action chose, by name
 * @throws {Failure}
 */
export function successorsOf(
  run: ReplayContext,
  instance: ActionInstance,
  state: State,
  choices?: Bindings[],
): State[] {
  return run.reference.successorSlots(instance, state, undefined, choices).map((slots) => {
    const words = new Int32Array(run.layout.width)
    packInto(run.layout, slots, words, 0)
    return run.reference.decode(words, 0)
  })
}

function packed({ layout }: ReplayContext, state: State): Int32Array {
  const slots = new Int32Array(layout.slots.length)
  const words = new Int32Array(layout.width)
  encode(layout, state, slots)
  packInto(layout, slots, words, 0)
  return words
}
