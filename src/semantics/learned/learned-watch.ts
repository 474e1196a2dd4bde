/**
 * Learned predicates and measures over states.
 *
 * Trees are walked on the packed words, because a predicate reads few slots. Consider a step from a state where all
 * predicates have their expected values. A predicate that reads no slot written by the step takes the same path as
 * before, so `check` skips it. It also skips a predicate that the written contents alone decide. Both are computed once
 * for each step (a successor of a leaf), not for each state.
 *
 * A measure has its expected value wherever its tree reaches a leaf, because learning the leaf recorded the value. So a
 * measure is handled like a predicate that is always true, and costs no more.
 */
import { type Measured, type Watch, type Watched } from '../contract.ts'
import { Failure } from '../failure.ts'
import { UNKNOWN_STEP } from '../successors.ts'
import type { ReferenceEvaluator } from '../reference.ts'
import { decode } from '../../state/codec.ts'
import type { Decoder } from '../../state/decoder.ts'
import type { CodegenThresholds } from './codegen/thresholds.ts'
import { compileSuspects, type AffectedPredicates, type Suspects } from './codegen/suspect-source.ts'
import type { Question } from '../../spec/instances.ts'
import type { State } from '../../spec/model.ts'
import { unpack, type Layout } from '../../state/layout.ts'
import type { Way } from '../../state/tracked/reader.ts'
import { DecisionTrees, INTERPRET } from './decision-tree.ts'
import type { Leaves } from './leaves.ts'
import { observeState, type FunctionResult } from './observation.ts'
import { TreeLearner } from './tree-learner.ts'
import type { Oracle } from './oracle.ts'
import { FALSE, TRUE, Truths } from './truths.ts'

/** The parts of the evaluator that learned predicates need. */
export interface LearningContext {
  readonly layout: Layout
  readonly oracle: Oracle
  readonly reference: ReferenceEvaluator
  /** Decodes the states to learn on. */
  readonly decoder: Decoder
  readonly leaves: Leaves
  readonly thresholds: CodegenThresholds
}

/**
 * Maximal number of nodes to visit when deciding whether a step determines a predicate. A larger tree is walked at each
 * state.
 */
const MAX_NODES = 64

export class LearnedWatch implements Watch {
  readonly #context: LearningContext
  /** Predicates, followed by measures. */
  readonly #questions: readonly Question[]
  readonly #measures: readonly Measured[]
  /** The trees of the questions. */
  readonly learner: TreeLearner
  readonly #truths = new Truths()
  /** The leaf for the expected value of each question. */
  readonly #expected: Int32Array
  readonly #slots: Int32Array
  /** The state of the current call of `check`, once reference evaluation needed it. */
  #state: State | undefined
  /** The work of `check` after an unknown step, and the value of `learned` for which it was computed. */
  #everyPredicate: AffectedPredicates | undefined
  #everyPredicateAt = -1
  /** Indexes of all predicates still watched, and of the measures. */
  #all: Int32Array
  /** By step key: the predicates to check after the step. */
  #affected: (AffectedPredicates | undefined)[] = []
  #affectedEpoch = 0
  /** Keys of the steps whose affected predicates were computed. */
  readonly #steps = new Set<number>()
  #suspects: Suspects | undefined
  #suspectsEpoch = -1
  #compiledAt = -1
  /** Calls of `check` since the last code generation. */
  #checked = 0
  #dueAt: number

  constructor(context: LearningContext, watched: readonly Watched[], measures: readonly Measured[]) {
    const { layout, oracle, reference, decoder } = context
    this.#context = context
    this.#dueAt = context.thresholds.checking
    this.#questions = [...watched.map(({ predicate }) => predicate), ...measures.map(({ measure }) => measure)]
    this.#measures = measures
    this.#expected = Int32Array.from(this.#questions, (_, index) => (watched[index]?.expected === false ? FALSE : TRUE))
    this.#all = Int32Array.from(this.#questions.keys())
    this.#slots = new Int32Array(layout.slots.length)
    const subjects = this.#questions.map((question) => ({
      of: question,
      observe: (slots: Int32Array, way?: Way) => observeState(layout, question, slots, way),
      refer: (slots: Int32Array) => reference.answer(question, decoder.decode(slots), slots),
    }))
    const sizes = Int32Array.from(layout.slots, ({ size }) => size)
    this.learner = new TreeLearner(subjects, oracle, new DecisionTrees(sizes), (outcome, index) =>
      this.#leafOf(outcome, index),
    )
  }

  check(words: Int32Array, offset: number, step: number, report: (index: number) => void): void {
    const { trees } = this.learner
    const { word, shift, mask } = this.#context.layout
    const expected = this.#expected
    const { indexes, starts } = step === UNKNOWN_STEP ? this.#allPredicates() : this.#affectedBy(step)
    if (++this.#checked >= this.#dueAt) this.#compile()
    let { nodes } = trees
    this.#state = undefined
    for (let i = 0; i < indexes.length; i++) {
      const index = indexes[i]!
      let node = starts[i]!
      while (node > 0) {
        const slot = nodes[node]!
        node = nodes[node + 1 + ((words[offset + word[slot]!]! >>> shift[slot]!) & mask[slot]!)]!
      }
      if (node === expected[index]) continue
      if (node !== TRUE && node !== FALSE) {
        const { learned } = this.learner
        node = this.#slowly(index, words, offset)
        nodes = trees.nodes
        if (this.learner.learned !== learned) this.#affected[step] = undefined
      }
      if (node !== expected[index]) report(index)
    }
  }

  suspects(words: Int32Array, offset: number, step: number): boolean {
    if (this.#suspects !== undefined && this.#suspectsEpoch === this.learner.epoch) {
      return this.#suspects(words, offset, step)
    }
    return this.#all.length > 0
  }

  /** Generates code for `suspects` if the learned paths or the predicates have changed. */
  #compile(): void {
    this.#checked = 0
    this.#dueAt = this.#context.thresholds.checkingAgain
    const { trees, epoch, learned } = this.learner
    if (this.#all.length === 0) this.#affected = []
    if (this.#suspects !== undefined && this.#compiledAt === learned && this.#suspectsEpoch === epoch) return
    this.#compiledAt = learned
    this.#suspectsEpoch = epoch
    if (epoch !== this.#affectedEpoch) this.#affected = []
    this.#affectedEpoch = epoch
    // Steps that occurred before will probably occur again.
    for (const step of this.#steps) this.#affectedBy(step)
    const { layout } = this.#context
    this.#suspects = compileSuspects({ layout, trees, expected: this.#expected, affected: this.#affected })
  }

  drop(indexes: readonly number[]): void {
    const dropped = new Set(indexes)
    this.#all = this.#all.filter((index) => !dropped.has(index))
    this.#affected = []
    this.#suspects = undefined
    this.#everyPredicate = undefined
  }

  #allPredicates(): AffectedPredicates {
    const { learned, roots } = this.learner
    if (this.#everyPredicate === undefined || this.#everyPredicateAt !== learned) {
      this.#everyPredicate = { indexes: this.#all, starts: this.#all.map((index) => roots[index]!) }
      this.#everyPredicateAt = learned
    }
    return this.#everyPredicate
  }

  /** The predicates to check after a step. The result stays valid while trees grow, until a tree reads a new slot. */
  #affectedBy(step: number): AffectedPredicates {
    const { epoch } = this.learner
    if (epoch !== this.#affectedEpoch) {
      this.#affected = []
      this.#affectedEpoch = epoch
    }
    const known = this.#affected[step]
    if (known !== undefined) return known
    this.#steps.add(step)
    return (this.#affected[step] = this.#findAffected(step))
  }

  #findAffected(step: number): AffectedPredicates {
    const { trees, roots, progress } = this.learner
    const written = this.#context.leaves.writtenBy(step)
    const isAffected = (index: number): boolean => {
      const { slots, readElsewhere, isPartial } = progress[index]!
      if (roots[index] === INTERPRET || isPartial) return true
      if (![...written.keys()].some((slot) => slots.has(slot) || readElsewhere?.has(slot) === true)) return false
      return !trees.leadsOnlyTo(this.#expected[index]!, roots[index]!, written, { left: MAX_NODES })
    }
    const indexes = this.#all.filter(isAffected)
    return { indexes, starts: indexes.map((index) => trees.skip(roots[index]!, written)) }
  }

  #leafOf(outcome: FunctionResult, index: number): number {
    if (outcome.kind === 'value') this.#note(index, outcome.value)
    return this.#truths.leaf(outcome)
  }

  #note(index: number, value: number): void {
    this.#measures[index - (this.#questions.length - this.#measures.length)]!.note(value)
  }

  /** `TRUE` or `FALSE` if dense nodes do not lead to either. @throws {Failure} */
  #slowly(index: number, words: Int32Array, offset: number): number {
    const { layout } = this.#context
    unpack(layout, words, offset, this.#slots)
    const leaf = this.learner.resolve(index, this.#slots)
    if (leaf === INTERPRET) return this.#interpreted(index)
    if (leaf === TRUE || leaf === FALSE) return leaf
    throw new Failure(this.#questions[index]!, this.#truths.errorAt(leaf))
  }

  /** The result of reference evaluation on the state in `#slots`. @throws {Failure} */
  #interpreted(index: number): number {
    const { layout, reference } = this.#context
    this.#state ??= decode(layout, this.#slots)
    const answer = reference.answer(this.#questions[index]!, this.#state, this.#slots)
    if (typeof answer === 'boolean') return answer ? TRUE : FALSE
    this.#note(index, answer)
    return TRUE
  }
}
