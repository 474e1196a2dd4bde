/**
 * Decides temporal properties on sets of states, and finds the states of a behavior that violates one.
 *
 * The explicit engine stores the bits of an alphabet for each state and step. Here each bit is a set of states; for a
 * step it contains the states before.
 */
import { Alphabet } from '../../../properties/liveness/alphabet.ts'
import { automatonOf, type Automaton, type Transition } from '../../../properties/liveness/automaton.ts'
import { isMomentary, leadsToGroups } from '../../../properties/liveness/decide.ts'
import { NormalForms, type NormalForm } from '../../../properties/liveness/normal-form.ts'
import { acceptingStates } from '../../../properties/liveness/automaton-components.ts'
import type { LearnedEvaluator } from '../../../semantics/learned/learned-evaluator.ts'
import type { ActionInstance } from '../../../spec/instances.ts'
import type { Model } from '../../../spec/model.ts'
import type { TemporalInstance } from '../../../spec/temporal-instances.ts'
import type { Diagram } from '../diagram/diagrams.ts'
import { EMPTY } from '../diagram/node-table.ts'
import { FairHull } from './fair-hull.ts'
import { FairLasso } from './fair-lasso.ts'
import { isNothing, ProductWork, type FairnessSets, type ProductTransition } from './fair-product.ts'
import { ReachableFailure } from '../property-checker.ts'
import type { RunSliced } from '../reachable-set.ts'
import { labelled, type OwnedStepping } from './step-labels.ts'
import { PredicateLearner } from '../relation-learner.ts'
import type { SymbolicModel, RootHolder } from '../symbolic-model.ts'
import type { Space } from '../space.ts'

/** The explored states, and the means to continue. */
export interface SymbolicExploration {
  readonly model: SymbolicModel
  readonly runSliced: RunSliced
  /** All reachable states. */
  readonly reached: Diagram
}

/** The verdict on a property; see `Decision` of the explicit engine. */
export interface TemporalVerdict {
  /** The first instance that some fair behavior violates. */
  readonly violation: Violation | undefined
  readonly isEmptyClaim: boolean
  readonly isNeverLed: boolean
}

/** A violated instance, and a way to find the violating behavior. */
export interface Violation {
  readonly instance: TemporalInstance
  /**
   * The states of a behavior that violates it. Call this before any other work.
   *
   * @throws the errors of `runSliced`
   */
  states(): Promise<Int32Array[]>
}

/** Thrown with a clause that says why a property is not decided on sets. */
export class Undecided extends Error {}

/** The sets of states that answer the questions about one moment. */
export interface Answers {
  readonly reached: Diagram
  readonly steps: readonly OwnedStepping[]
  /** By bit of the alphabet: the states in which it is set. */
  readonly states: readonly Diagram[]
  /** By bit, as far as needed: for each step, the states from which the bit is set. */
  readonly labels: Map<number, readonly Diagram[]>
}

/** The input of a checker. */
export interface CheckedExploration extends SymbolicExploration {
  /** Compares the answers with reference evaluation before they decide anything. */
  readonly audit: (alphabet: Alphabet, answers: Answers) => Promise<void>
}

export class TemporalChecker implements RootHolder {
  readonly #model: SymbolicModel
  readonly #runSliced: RunSliced
  readonly #alphabet: Alphabet
  readonly #predicates: readonly PredicateLearner[]
  readonly #reached: Diagram
  readonly #audit: CheckedExploration['audit']
  #answers: Answers | undefined

  /** @param formulas - of all properties to decide */
  constructor(
    { model, runSliced, reached, audit }: CheckedExploration,
    evaluator: LearnedEvaluator,
    instances: readonly ActionInstance[],
    { fairness }: Pick<Model, 'fairness'>,
    formulas: readonly TemporalInstance[],
  ) {
    this.#model = model
    this.#runSliced = runSliced
    this.#reached = reached
    this.#audit = audit
    this.#alphabet = new Alphabet(instances, fairness)
    for (const { formula } of formulas) this.#alphabet.admit(formula)
    const watched = this.#alphabet.predicates.map((predicate) => ({ predicate, expected: false }))
    const { learner } = evaluator.watch(watched)
    this.#predicates = watched.map(({ predicate }, index) => new PredicateLearner(predicate, false, learner, index))
    model.admit(this)
  }

  /**
   * Decides a property, given by its instances.
   *
   * @param operations - maximal number of diagram operations
   * @throws {Undecided}; {Unsuited}; {ReachableFailure} if a predicate fails on a state; {CheckerError} KR206 for a
   *   formula that is too large, the errors of the audit; and the errors of `runSliced`
   */
  async decide(instances: readonly TemporalInstance[], operations: number = Infinity): Promise<TemporalVerdict> {
    const { diagrams } = this.#model
    const { cache } = diagrams
    const { onWork } = cache
    const most = cache.stored + operations
    cache.onWork = () => {
      if (cache.stored > most) throw new Undecided('the diagrams for it are too large')
      onWork()
    }
    try {
      return await this.#decide(instances)
    } finally {
      cache.onWork = onWork
      diagrams.recover()
    }
  }

  /** Discards the results of the old space. */
  move(space: Space): void {
    for (const learner of this.#predicates) learner.move(space)
    this.#answers = undefined
  }

  *roots(): Iterable<Diagram> {
    for (const learner of this.#predicates) yield* learner.roots()
    yield this.#reached
    if (this.#answers === undefined) return
    yield* this.#answers.states
    for (const { step, still, changing } of this.#answers.steps) yield* [step, still, changing]
    for (const labels of this.#answers.labels.values()) yield* labels
  }

  async #decide(instances: readonly TemporalInstance[]): Promise<TemporalVerdict> {
    const answers = (this.#answers ??= await this.#audited())
    const normal = new NormalForms(this.#alphabet)
    const groups = leadsToGroups(instances)
    let isNeverLed = false
    for (const lefts of groups) {
      if (isNeverLed || !lefts.every(isMomentary) || lefts.length === 0) continue
      isNeverLed = true
      for (const left of lefts) isNeverLed &&= !(await this.#isEver(normal.of(left, false), answers))
    }
    let isEmptyClaim = instances.length > 0
    for (const instance of instances) {
      const automaton = automatonFor(normal.of(instance.formula, true), this.#alphabet, instance.who)
      const hopeful = acceptingStates(automaton)
      if (!hopeful.includes(true)) continue
      isEmptyClaim = false
      const states = await this.#accepted(automaton, hopeful, answers)
      if (states !== undefined) return { violation: { instance, states }, isEmptyClaim, isNeverLed }
    }
    return { violation: undefined, isEmptyClaim, isNeverLed }
  }

  /** Whether a formula about one moment is true at some moment of some behavior. */
  async #isEver(formula: NormalForm, answers: Answers): Promise<boolean> {
    const { transitions } = automatonFor(formula, this.#alphabet, 'leadsTo')
    const { relations } = this.#model.space
    for (const transition of transitions[0]!) {
      const { resting, stepping } = await this.#wayOf(0, transition, answers)
      if (resting !== EMPTY) return true
      // Steps that lead outside the constraints do not count.
      const leadsOn = (states: Diagram, index: number): boolean =>
        relations.preimage(states, answers.reached, answers.steps[index]!.step) !== EMPTY
      if (await this.#runSliced(() => stepping.some(leadsOn))) return true
    }
    return false
  }

  /** A function that finds the states of a fair behavior that an automaton accepts; undefined if there is none. */
  async #accepted(
    automaton: Automaton,
    hopeful: readonly boolean[],
    answers: Answers,
  ): Promise<Violation['states'] | undefined> {
    const model = this.#model
    const transitions: ProductTransition[] = []
    for (const [source, row] of automaton.transitions.entries()) {
      for (const transition of row) transitions.push(await this.#wayOf(source, transition, answers))
    }
    const start = await this.#runSliced(() => model.divide(model.start()).inside)
    const { fairness: constraints, stepSets } = this.#alphabet
    const { steps, reached } = answers
    const work = new ProductWork(model, this.#runSliced, {
      transitions,
      hopeful,
      start,
      acceptanceSets: automaton.acceptanceSets,
      reached,
      steps,
      constraints: constraints.map(({ definition, bit, when }): FairnessSets => {
        return {
          isStrong: definition.fairness === 'strong',
          enabled: answers.states[bit]!,
          isConditional: when !== undefined,
          steps: steps.flatMap(({ instance }, index) => (stepSets[bit]![instance] === 1 ? [index] : [])),
        }
      }),
    })
    const hull = await new FairHull(work).find()
    return isNothing(hull) ? undefined : async () => await new FairLasso(work, hull).find()
  }

  /** A transition of the automaton, as sets of states. */
  async #wayOf(source: number, transition: Transition, answers: Answers): Promise<ProductTransition> {
    const { target, keeps, asksStep, stepSet, stepClear } = transition
    const { diagrams } = this.#model
    const states = await this.#runSliced(() => this.#statesOf(transition, answers))
    if (!asksStep) return { source, target, keeps, resting: states, stepping: answers.steps.map(() => states) }
    const bits = [...this.#alphabet.stepSets.keys()]
    const set = bits.filter((bit) => isIn(stepSet, bit))
    const clear = bits.filter((bit) => isIn(stepClear, bit))
    const labels = new Map<number, readonly Diagram[]>()
    for (const bit of [...set, ...clear]) labels.set(bit, await this.#labels(bit, answers))
    const stepping = await this.#runSliced(() =>
      answers.steps.map((_, index) => {
        const wanted = set.reduce((from, bit) => diagrams.intersect(from, labels.get(bit)![index]!), states)
        return clear.reduce((from, bit) => diagrams.minus(from, labels.get(bit)![index]!), wanted)
      }),
    )
    // No action makes a stuttering step.
    return { source, target, keeps, resting: set.length === 0 ? states : EMPTY, stepping }
  }

  /** For each step, the states from which a bit is set. */
  async #labels(bit: number, { labels, steps }: Answers): Promise<readonly Diagram[]> {
    const known = labels.get(bit)
    if (known !== undefined) return known
    const set = this.#alphabet.stepSets[bit]!
    const meant = new Set(this.#model.actions.filter((_, instance) => set[instance] === 1))
    const found = await labelled(this.#model.space, this.#runSliced, steps, meant)
    labels.set(bit, found)
    return found
  }

  /** The states that meet the conditions of a transition. */
  #statesOf({ stateSet, stateClear, asksState }: Transition, { reached, states }: Answers): Diagram {
    const { diagrams } = this.#model
    if (!asksState) return reached
    return states.reduce((set, having, bit) => {
      if (isIn(stateSet, bit)) return diagrams.intersect(set, having)
      return isIn(stateClear, bit) ? diagrams.minus(set, having) : set
    }, reached)
  }

  async #audited(): Promise<Answers> {
    const answers = await this.#answer()
    await this.#audit(this.#alphabet, answers)
    return answers
  }

  /** Learns the predicates on all reachable states, and computes the answers. */
  async #answer(): Promise<Answers> {
    const { diagrams, space, actions } = this.#model
    const { relations } = space
    const reached = this.#reached
    for (const learner of this.#predicates) {
      await this.#runSliced(() => learner.learn(space, reached))
      if (learner.failing !== EMPTY) throw new ReachableFailure()
    }
    return await this.#runSliced(() => {
      const enabled: Diagram[] = []
      const steps = actions.flatMap((action, instance) => {
        enabled[instance] = EMPTY
        return action.moves.map(({ guard, step }, which): OwnedStepping => {
          const still = Array.from(action.writings.values())
            .filter((writing) => writing.which === which)
            .reduce<Diagram>((sum, writing) => {
              const before = relations.image(reached, writing.guard)
              return diagrams.union(sum, relations.image(before, space.cube(writing.writes, new Map())))
            }, EMPTY)
          const changing = diagrams.minus(relations.image(reached, guard), still)
          enabled[instance] = diagrams.union(enabled[instance]!, changing)
          return { step, still, action, instance, which, changing }
        })
      })
      const asked = this.#alphabet.stepSets.map((set) =>
        enabled.reduce((sum, one, instance) => (set[instance] === 1 ? diagrams.union(sum, one) : sum), EMPTY),
      )
      const truths = this.#predicates.map(({ departing }) => relations.image(reached, departing))
      for (const { bit, predicate } of this.#alphabet.conditional) {
        asked[bit] = diagrams.intersect(asked[bit]!, truths[predicate]!)
      }
      return { reached, steps, states: [...asked, ...truths], labels: new Map() }
    })
  }
}

/** The automaton that accepts the behaviors for which a formula is true. */
function automatonFor(formula: NormalForm, { words }: Alphabet, who: string): Automaton {
  const made = automatonOf(formula, words, who, () => false).next()
  if (made.done !== true) throw new Error('an automaton that was not to pause did')
  return made.value
}

function isIn(mask: Int32Array, bit: number): boolean {
  return ((mask[bit >>> 5]! >>> (bit & 31)) & 1) === 1
}
