/**
 * Learned predicates and measures over steps: for each action instance, a tree over the slots of both states.
 *
 * A property that reads the action's name first is constant for most instances. For these it costs nothing. A refinement
 * does not depend on the action, so `check` asks its mapping instead of these trees.
 */
import { type Measured, type StepWatch, type Watched } from '../contract.ts'
import { Failure } from '../failure.ts'
import { mappingOf } from '../refinement/refined-model.ts'
import { stepView } from '../reference.ts'
import type { ActionInstance, Question } from '../../spec/instances.ts'
import type { PropertyDefinition } from '../../spec/model.ts'
import { decode } from '../../state/codec.ts'
import { unpack } from '../../state/layout.ts'
import { DecisionTrees, INTERPRET } from './decision-tree.ts'
import { LearnedMapping } from './learned-mapping.ts'
import type { LearningContext } from './learned-watch.ts'
import { observeStep, type FunctionResult } from './observation.ts'
import { TreeLearner } from './tree-learner.ts'
import type { LearnableFunction } from './oracle.ts'
import { FALSE, TRUE, Truths } from './truths.ts'

export class LearnedStepWatch implements StepWatch {
  readonly #context: LearningContext
  readonly #instances: readonly ActionInstance[]
  /** Predicates, followed by measures. */
  readonly #questions: readonly Question[]
  readonly #measures: readonly Measured[]
  /** The leaf for the expected value of each question. */
  readonly #expected: Int32Array
  /** The trees of the questions. */
  readonly learner: TreeLearner
  /** By question: the mapping, for a refinement. */
  readonly #mappings: readonly (LearnedMapping | undefined)[]
  readonly #truths = new Truths()
  readonly #dropped = new Set<number>()
  /**
   * By instance: the questions that may have the unexpected value on some step. Questions that are not learned yet
   * count too.
   */
  #active: Int32Array[] = []
  #activeEpoch = 0
  /** Slots of the state before, followed by slots of the state after. */
  readonly #slots: Int32Array
  readonly #after: Int32Array
  /** The view of the current step, once reference evaluation needed it. */
  #view: object | undefined

  constructor(
    context: LearningContext,
    instances: readonly ActionInstance[],
    watched: readonly Watched[],
    measures: readonly Measured[],
  ) {
    const { layout, oracle } = context
    this.#context = context
    this.#instances = instances
    this.#questions = [...watched.map(({ predicate }) => predicate), ...measures.map(({ measure }) => measure)]
    this.#measures = measures
    this.#expected = Int32Array.from(this.#questions, (_, index) => (watched[index]?.expected === false ? FALSE : TRUE))
    this.#mappings = watched.map(({ predicate }) => {
      const definition = predicate.definition as PropertyDefinition
      // A temporal property about mapped states has a mapping too, but its predicates of steps ask something else.
      const mapped = definition.kind === 'refinement' ? mappingOf(definition) : undefined
      return mapped && new LearnedMapping(context, predicate, mapped)
    })
    this.#slots = new Int32Array(2 * layout.slots.length)
    this.#after = this.#slots.subarray(layout.slots.length)
    const subjects = this.#questions.flatMap((question) => instances.map((by) => this.#subject(question, by)))
    const sizes = Int32Array.from([...layout.slots, ...layout.slots], ({ size }) => size)
    this.learner = new TreeLearner(subjects, oracle, new DecisionTrees(sizes), (outcome, index) =>
      this.#leafOf(outcome, index),
    )
  }

  check(
    words: Int32Array,
    from: number,
    after: Int32Array,
    to: number,
    instance: number,
    report: (index: number) => void,
  ): void {
    const active = this.#activeFor(instance)
    if (active.length === 0) return
    let isUnpacked = false
    this.#view = undefined
    for (let i = 0; i < active.length; i++) {
      const index = active[i]!
      const mapping = this.#mappings[index]
      if (mapping !== undefined) {
        if (!mapping.allows(words, from, after, to)) report(index)
        continue
      }
      if (!isUnpacked) {
        isUnpacked = true
        unpack(this.#context.layout, words, from, this.#slots)
        unpack(this.#context.layout, after, to, this.#after)
      }
      if (this.#resolve(index, instance) !== this.#expected[index]) report(index)
    }
  }

  /** All learners: that of the trees over steps, and those of the mappings. */
  get learners(): readonly TreeLearner[] {
    return [this.learner, ...this.#mappings.flatMap((mapping) => (mapping === undefined ? [] : [mapping.learner]))]
  }

  concerns(instance: number): boolean {
    return this.#activeFor(instance).length > 0
  }

  drop(indexes: readonly number[]): void {
    for (const index of indexes) this.#dropped.add(index)
    this.#active = []
  }

  #subject(question: Question, by: ActionInstance): LearnableFunction {
    const { layout, reference } = this.#context
    return {
      of: question,
      observe: (slots, way) => observeStep(layout, question, by, slots, way),
      refer: (slots) => {
        const before = decode(layout, slots.subarray(0, layout.slots.length))
        const after = decode(layout, slots.subarray(layout.slots.length))
        return reference.answer(question, stepView(by, before, after), slots)
      },
    }
  }

  #activeFor(instance: number): Int32Array {
    if (this.learner.learned !== this.#activeEpoch) {
      this.#active = []
      this.#activeEpoch = this.learner.learned
    }
    const known = this.#active[instance]
    if (known !== undefined) return known
    const indexes = Int32Array.from(this.#questions.keys()).filter((index) => {
      const root = this.learner.roots[this.#index(index, instance)]
      return !this.#dropped.has(index) && root !== this.#expected[index]
    })
    return (this.#active[instance] = indexes)
  }

  #index(question: number, instance: number): number {
    return question * this.#instances.length + instance
  }

  #leafOf(outcome: FunctionResult, index: number): number {
    if (outcome.kind === 'value') this.#note(Math.floor(index / this.#instances.length), outcome.value)
    return this.#truths.leaf(outcome)
  }

  #note(question: number, value: number): void {
    this.#measures[question - (this.#questions.length - this.#measures.length)]!.note(value)
  }

  /** The view of the step in `#slots`. */
  #viewOf(instance: number): object {
    const { layout } = this.#context
    const before = decode(layout, this.#slots.subarray(0, layout.slots.length))
    return stepView(this.#instances[instance]!, before, decode(layout, this.#after))
  }

  /** `TRUE` or `FALSE` for the step in `#slots`. @throws {Failure} */
  #resolve(question: number, instance: number): number {
    const leaf = this.learner.resolve(this.#index(question, instance), this.#slots)
    if (leaf === TRUE || leaf === FALSE) return leaf
    const subject = this.#questions[question]!
    if (leaf !== INTERPRET) throw new Failure(subject, this.#truths.errorAt(leaf))
    this.#view ??= this.#viewOf(instance)
    const answer = this.#context.reference.answer(subject, this.#view, this.#slots)
    if (typeof answer === 'boolean') return answer ? TRUE : FALSE
    this.#note(question, answer)
    return TRUE
  }
}
