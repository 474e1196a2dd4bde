/**
 * Turns a lasso into a trace. Reference evaluation must confirm that the lasso is fair and that the formula is false on
 * it.
 */
import type { Alphabet, FairnessConstraint } from '../properties/liveness/alphabet.ts'
import type { LassoFound } from '../properties/liveness/decide.ts'
import { isTrueOf, type Letters } from '../properties/liveness/lasso-truth.ts'
import type { StateGraph } from '../properties/liveness/state-graph.ts'
import { disagreement } from '../errors.ts'
import type { PropertyDefinition, State } from '../spec/model.ts'
import { isAmong, type TemporalInstance } from '../spec/temporal-instances.ts'
import { stepView } from '../semantics/reference.ts'
import { compareStates } from '../state/order.ts'
import { packInto } from '../state/layout.ts'
import { withAbstract } from './abstract-trace.ts'
import { withAlias } from './alias.ts'
import { confirmedSteps, type ReplayContext } from './confirmed-steps.ts'
import { STUTTER } from './path.ts'
import type { FairnessWitness, Trace } from './trace.ts'

/**
 * One moment of a lasso, by reference evaluation: the instances that could change the state, and the instances that lead to
 * the next state.
 */
export interface Moment {
  readonly state: State
  readonly enabled: ReadonlySet<number>
  readonly taken: ReadonlySet<number>
}

/** The evaluation of a lasso. */
export interface Shown {
  /** How the cycle meets each constraint; undefined for a constraint that it does not meet. */
  readonly fairness: readonly (FairnessWitness | undefined)[]
  readonly isTrue: boolean
}

/**
 * Evaluates a lasso by reference.
 *
 * @param moments - see `momentsOf`
 */
export function judgeLasso(
  run: ReplayContext,
  { formula }: TemporalInstance,
  alphabet: Alphabet,
  moments: readonly Moment[],
  loop: number,
): Shown {
  const { instances, reference } = run
  const letters: Letters = {
    length: moments.length,
    loop,
    isState: (moment, question) => {
      const { state, enabled } = moments[moment]!
      return 'predicate' in question
        ? reference.holds(question.predicate, state)
        : [...enabled].some((index) => isAmong(instances[index]!, question.steps))
    },
    isStep: (moment, question) => {
      const { state, taken } = moments[moment]!
      if (!('predicate' in question)) return [...taken].some((index) => isAmong(instances[index]!, question.steps))
      const after = moments[moment + 1 < moments.length ? moment + 1 : loop]!.state
      return [...taken].some((index) => reference.holds(question.predicate, stepView(instances[index]!, state, after)))
    },
  }
  return { fairness: fairnessOf(run, alphabet, moments, loop), isTrue: isTrueOf(formula, letters) }
}

/** How the cycle of a lasso meets each fairness constraint; undefined for a constraint that it does not meet. */
export function fairnessOf(
  { reference }: ReplayContext,
  alphabet: Alphabet,
  moments: readonly Moment[],
  loop: number,
): Shown['fairness'] {
  return alphabet.fairness.map((constraint) => {
    const { when } = constraint
    const counts = moments.map(({ state }) => when === undefined || reference.holds(when, state))
    return witnessOf(alphabet, constraint, { moments, counts, loop })
  })
}

/**
 * The trace of a violation. Yields when `pause` returns true.
 *
 * @throws {CheckerError} KR501 if reference evaluation does not confirm it
 */
export function* lassoTrace(
  run: ReplayContext,
  property: PropertyDefinition,
  graph: StateGraph,
  alphabet: Alphabet,
  { instance, lasso, isShortest }: LassoFound,
  pause: () => boolean,
): Generator<void, Trace> {
  const { loop } = lasso
  const words = lasso.states.map((state) => graph.state(state))
  const moments: Moment[] = []
  for (const moment of momentsOf(run, words)) {
    if (pause()) yield
    moments.push(moment)
  }
  const { fairness: shown, isTrue } = judgeLasso(run, instance, alphabet, moments, loop)
  if (isTrue) throw disagreement(instance.who, 'only learned evaluation says that the lasso violates it')
  const fairness = shown.map((witness, index) => {
    if (witness !== undefined) return witness
    const { name } = alphabet.fairness[index]!.definition
    throw disagreement(`fairness "${name}"`, 'only learned evaluation says that the lasso satisfies it')
  })
  const preferred = new Set(
    alphabet.fairness.flatMap(({ bit }, index) => (fairness[index]!.how === 'taken' ? [alphabet.stepSets[bit]!] : [])),
  )
  const taken = moments.map((moment) => {
    const able = [...moment.taken]
    return able.find((one) => [...preferred].some((set) => set[one] === 1)) ?? able[0] ?? STUTTER
  })
  const steps = confirmedSteps(run, { states: words, instances: [-1, ...taken] })
  const { bindings } = instance
  const { name } = property
  const found = { property: name, kind: 'temporal', steps, loop, bindings, failed: [], fairness, isShortest } as const
  return withAbstract(property, withAlias(run.model, found))
}

/** The moments of a lasso, given its states. The last state must repeat the first state of the cycle. */
export function* momentsOf(run: ReplayContext, words: readonly Int32Array[]): Generator<Moment> {
  for (let index = 0; index + 1 < words.length; index++) yield momentOf(run, words[index]!, words[index + 1]!)
}

function momentOf({ instances, reference, layout }: ReplayContext, words: Int32Array, following: Int32Array): Moment {
  const { width } = layout
  const state = reference.decode(words, 0)
  const enabled = new Set<number>()
  const taken = new Set<number>()
  const packed = new Int32Array(width)
  instances.forEach((instance, index) => {
    for (const slots of reference.successorSlots(instance, state)) {
      packInto(layout, slots, packed, 0)
      if (compareStates(packed, 0, words, 0, width) === 0) continue
      enabled.add(index)
      if (compareStates(packed, 0, following, 0, width) === 0) taken.add(index)
    }
  })
  return { state, enabled, taken }
}

/** A lasso, and by moment whether the steps of a constraint count there. */
interface CountedLasso {
  readonly moments: readonly Moment[]
  readonly counts: readonly boolean[]
  readonly loop: number
}

/** How the cycle meets a constraint; undefined if it does not. */
function witnessOf(
  { stepSets }: Alphabet,
  { definition, bit }: FairnessConstraint,
  { moments, counts, loop }: CountedLasso,
): FairnessWitness | undefined {
  const { name, bindings, fairness } = definition
  const set = stepSets[bit]!
  const isAny = (indexes: ReadonlySet<number>): boolean => [...indexes].some((index) => set[index] === 1)
  const cycle = moments.slice(loop).map(({ enabled, taken }, index) => ({
    isEnabled: counts[loop + index]! && isAny(enabled),
    isTaken: counts[loop + index]! && isAny(taken),
  }))
  const by = (how: FairnessWitness['how'], step: number): FairnessWitness => ({ name, bindings, fairness, how, step })
  const taken = cycle.findIndex(({ isTaken }) => isTaken)
  if (taken >= 0) return by('taken', loop + taken + 1)
  if (cycle.every(({ isEnabled }) => !isEnabled)) return by('never-enabled', loop)
  const disabled = cycle.findIndex(({ isEnabled }) => !isEnabled)
  return fairness === 'weak' && disabled >= 0 ? by('disabled', loop + disabled) : undefined
}
