/**
 * The mapping of a refinement, learned: a tree over the slots of a state, whose leaves are numbers of abstract states.
 *
 * A tree for each action over both states of a step would have a path for each pair of abstract states. This tree has one
 * for each abstract state. Most steps write no slot that the mapping reads, so they make no abstract step.
 */
import type { CheckerError } from '../../errors.ts'
import { Failure } from '../failure.ts'
import type { AbstractMachine } from '../refinement/abstract-machine.ts'
import type { Mapped } from '../refinement/refined-model.ts'
import type { MeasureInstance, PredicateInstance } from '../../spec/instances.ts'
import { decode } from '../../state/codec.ts'
import { unpack } from '../../state/layout.ts'
import { DecisionTrees, INTERPRET, UNKNOWN } from './decision-tree.ts'
import type { LearningContext } from './learned-watch.ts'
import { observeState, type FunctionResult } from './observation.ts'
import type { Way } from '../../state/tracked/reader.ts'
import { TreeLearner } from './tree-learner.ts'

/** The number of a state without an abstract state, because a mapped value is outside its domain. */
const NONE = -1

export class LearnedMapping {
  /** Has one tree. */
  readonly learner: TreeLearner
  readonly #context: LearningContext
  readonly #machine: AbstractMachine
  readonly #question: MeasureInstance
  /** By leaf: the number of the abstract state, or the error of the mapping. Leaf `-1 - i` is at `i`. */
  readonly #outcomes: (number | CheckerError)[] = []
  readonly #leaves = new Map<number, number>()
  readonly #slots: Int32Array
  /** The bits of the slots that the mapping reads, by word; none if the tree lacks paths that were taken. */
  readonly #mask: Int32Array
  #maskEpoch = -1
  #isMasked = false
  /** The steps that were found to be allowed. */
  #allowed: AllowedSteps | undefined
  /** The state before the last step, and its number. */
  readonly #last: Int32Array
  #lastNumber: number | undefined

  constructor(context: LearningContext, predicate: PredicateInstance, mapped: Mapped) {
    const { layout, oracle, reference, decoder } = context
    const { definition, bindings, who, source } = predicate
    const question: MeasureInstance = {
      definition,
      bindings,
      who,
      source,
      value: (state) => {
        const number = mapped.at(state)
        return typeof number === 'number' ? number : NONE
      },
    }
    this.#context = context
    this.#machine = mapped.machine
    this.#question = question
    this.#slots = new Int32Array(layout.slots.length)
    this.#mask = new Int32Array(layout.width)
    this.#last = new Int32Array(layout.width)
    const subject = {
      of: question,
      observe: (slots: Int32Array, way?: Way) => observeState(layout, question, slots, way),
      refer: (slots: Int32Array) => reference.answer(question, decoder.decode(slots), slots),
    }
    const sizes = Int32Array.from(layout.slots, ({ size }) => size)
    const leafOf = (outcome: FunctionResult): number => this.#leafOf(outcome)
    // Each state has several steps. So a path that only one state takes costs about as much as reference evaluation.
    this.learner = new TreeLearner([subject], oracle, new DecisionTrees(sizes), leafOf, false)
  }

  /**
   * Whether the abstract spec allows a step.
   *
   * @throws {Failure} if the mapping failed on either state
   */
  allows(words: Int32Array, from: number, after: Int32Array, to: number): boolean {
    const before = this.#numberBefore(words, from)
    if (this.#isMasked && this.#isUntouched(words, from, after, to)) return true
    const allowed = this.#isMasked ? this.#allowed : undefined
    if (allowed?.find(words, from, after, to) === true) return true
    const number = this.#numberAt(after, to)
    // The step into a state without an abstract state is wrong. Steps from there are not judged again.
    const allows = before === NONE || number === before || (number !== NONE && this.#machine.allows(before, number))
    // Learning the path of the state after may have added slots, which the mask does not have yet.
    if (allows && this.#maskEpoch === this.learner.epoch) allowed?.add()
    return allows
  }

  /** The number of the state at `words[from..]`, which is usually the same as the last time. */
  #numberBefore(words: Int32Array, from: number): number {
    const last = this.#last
    const { width } = this.#context.layout
    let word = 0
    while (word < width && last[word] === words[from + word]) word++
    if (word === width && this.#lastNumber !== undefined && this.#maskEpoch === this.learner.epoch) {
      return this.#lastNumber
    }
    this.#lastNumber = undefined
    for (word = 0; word < width; word++) last[word] = words[from + word]!
    const number = this.#numberAt(words, from)
    this.#renewMask()
    return (this.#lastNumber = number)
  }

  /**
   * Whether a step writes no slot that the mapping reads. The path of the state before is known, so the mapping reads the
   * same values in both states.
   */
  #isUntouched(words: Int32Array, from: number, after: Int32Array, to: number): boolean {
    const mask = this.#mask
    for (let word = 0; word < mask.length; word++) {
      if (((words[from + word]! ^ after[to + word]!) & mask[word]!) !== 0) return false
    }
    return true
  }

  #numberAt(words: Int32Array, offset: number): number {
    const { word, shift, mask } = this.#context.layout
    const { nodes } = this.learner.trees
    let node = this.learner.roots[0]!
    while (node > 0) {
      const slot = nodes[node]!
      node = nodes[node + 1 + ((words[offset + word[slot]!]! >>> shift[slot]!) & mask[slot]!)]!
    }
    if (node === UNKNOWN || !DecisionTrees.isLeaf(node)) {
      unpack(this.#context.layout, words, offset, this.#slots)
      node = this.learner.resolve(0, this.#slots)
      if (node === INTERPRET) return this.#interpreted()
    }
    const outcome = this.#outcomes[-1 - node]!
    if (typeof outcome === 'number') return outcome
    throw new Failure(this.#question, outcome)
  }

  #interpreted(): number {
    const { layout, reference } = this.#context
    return reference.value(this.#question, decode(layout, this.#slots), this.#slots)
  }

  #renewMask(): void {
    const { epoch, progress } = this.learner
    if (this.#maskEpoch === epoch) return
    this.#maskEpoch = epoch
    const { word, shift, mask } = this.#context.layout
    const { slots, isPartial } = progress[0]!
    this.#isMasked = !isPartial && this.learner.roots[0] !== INTERPRET
    for (const slot of slots) this.#mask[word[slot]!]! |= mask[slot]! << shift[slot]!
    this.#allowed ??= new AllowedSteps(this.#mask)
  }

  #leafOf(outcome: FunctionResult): number {
    if (outcome.kind === 'error') return -this.#outcomes.push(outcome.error)
    const { value } = outcome as { value: number }
    const known = this.#leaves.get(value)
    if (known !== undefined) return known
    const leaf = -this.#outcomes.push(value)
    this.#leaves.set(value, leaf)
    return leaf
  }
}

/** Words for the steps to remember: 2 MiB. */
const REMEMBERED_WORDS = 2 ** 19

/**
 * Allowed steps, by what the mapping reads of both states. Most steps repeat one that another state made. A step is in the
 * one place that its hash gives, and replaces the step there.
 *
 * The mask may grow later. Then an older step still stands for steps with the same contents in the older mask, whose
 * mapping reads nothing else.
 */
export class AllowedSteps {
  readonly #mask: Int32Array
  /** By place: the words of the state before, and of the state after, as far as the mapping reads them. */
  readonly #steps: Int32Array
  readonly #isUsed: Uint8Array
  readonly #wanted: Int32Array
  #place = 0

  /** @param mask - the bits that the mapping reads, by word; they may grow */
  constructor(mask: Int32Array, remembered: number = REMEMBERED_WORDS) {
    this.#mask = mask
    const places = 2 ** Math.floor(Math.log2(remembered / (2 * mask.length)))
    this.#isUsed = new Uint8Array(places)
    this.#steps = new Int32Array(places * 2 * mask.length)
    this.#wanted = new Int32Array(2 * mask.length)
  }

  /** Whether a step is known to be allowed. */
  find(words: Int32Array, from: number, after: Int32Array, to: number): boolean {
    const mask = this.#mask
    const wanted = this.#wanted
    const width = mask.length
    let hash = 0
    for (let word = 0; word < width; word++) {
      const before = (wanted[word] = words[from + word]! & mask[word]!)
      const then = (wanted[width + word] = after[to + word]! & mask[word]!)
      hash = Math.imul(hash ^ before, 0x9e3779b1) ^ (hash >>> 15)
      hash = Math.imul(hash ^ then, 0x85ebca6b) ^ (hash >>> 13)
    }
    const place = (this.#place = (hash ^ (hash >>> 16)) & (this.#isUsed.length - 1))
    if (this.#isUsed[place] === 0) return false
    const steps = this.#steps
    const at = place * wanted.length
    let word = 0
    while (word < wanted.length && steps[at + word] === wanted[word]) word++
    return word === wanted.length
  }

  /** Remembers the step of the last call of `find`. */
  add(): void {
    this.#isUsed[this.#place] = 1
    this.#steps.set(this.#wanted, this.#place * this.#wanted.length)
  }
}
