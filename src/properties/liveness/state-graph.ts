/**
 * The graph of all states and steps in compact form, with the answers to the questions about them.
 *
 * The search keeps no steps. For a temporal property, one thread expands the states of the seen set once more,
 * breadth-first from the initial states, and numbers them in the order of discovery. The numbers depend on what was
 * learned in which order, so they mean nothing. The order of a state's steps depends on the spec alone.
 *
 *     targets  │ of state 0 │ of state 1 │ ...      4 bytes for a step, plus 1 for a label if formulas ask about steps
 *     firsts   │ 0 │ 3 │ ...                        where a state's steps begin
 *     bits     │ words of state 0 │ ...             see `alphabet.ts`
 *
 * The graph omits steps that change nothing. Two actions that lead from one state to the same successor share a step,
 * and the step belongs to both. Algorithms on the graph must add that each state can stutter. Recomputing the steps on
 * demand, or storing differences, would take less memory and more time (docs/performance.md).
 */
import { Batch } from '../../semantics/successor-batch.ts'
import { type Evaluator, type Expander, type Expansion, type StepWatch, type Watch } from '../../semantics/contract.ts'
import { UNKNOWN_STEP } from '../../semantics/successors.ts'
import { PlainExpander } from '../../semantics/plain-expander.ts'
import { OutOfMemory } from '../../store/memory.ts'
import { Numbering, OUTSIDE } from '../../store/numbering.ts'
import type { StateIndex } from '../../store/state-index.ts'
import type { Alphabet } from './alphabet.ts'
import type { Transition } from './automaton.ts'
import { StepOrder } from './step-order.ts'

/** A function of the spec failed on a state that the search found. */
export class FailedAt extends Error {
  readonly words: Int32Array
  /** Levels are counted from 1. */
  readonly depth: number
  override readonly cause: unknown

  constructor(words: Int32Array, depth: number, cause: unknown) {
    super('a spec function failed')
    this.words = words
    this.depth = depth
    this.cause = cause
  }
}

export interface GraphParts {
  readonly evaluator: Evaluator
  readonly alphabet: Alphabet
  readonly instances: number
  readonly index: StateIndex
  /** Words in a packed state. */
  readonly width: number
  readonly initial: Int32Array
  /** The number of states, and an upper bound on the number of steps. */
  readonly states: number
  readonly steps: number
  /** Memory limit of the graph. */
  readonly maxBytes: number
}

/** States expanded between two checks of the clock. */
const STRIDE = 256

/** If a state has more successors, marks by target find duplicate steps instead of a linear search. */
const MAX_SEARCHED = 32

type Labels = Uint8Array | Uint16Array | Uint32Array

/** By action instance: the label of its steps, and the bits that it sets in the state before. */
interface StepAnswers {
  readonly labelOfInstance: Int32Array
  readonly instanceBits: Int32Array
}

export class StateGraph {
  readonly size: number
  /** The number of initial states. They come first. */
  initial = 0
  /** The steps of state `s` are at `firsts[s]` to below `firsts[s + 1]`. */
  readonly firsts: Uint32Array
  readonly targets: Int32Array
  /** By step. Empty, meaning 0 everywhere, if formulas do not ask about steps. */
  labels: Labels = new Uint8Array()
  /** The bits of each label. Label 0 has none. */
  labelBits: Int32Array
  /** The bits of each state. */
  readonly bits: Int32Array
  /** Words of bits for each state or label. */
  readonly words: number
  /** Whether the graph omits steps because they lead outside the constraints. */
  isCut = false
  readonly #parts: GraphParts
  readonly #numbering: Numbering
  readonly #labelsByText = new Map<string, number>()
  readonly #unions = new Map<number, number>()

  /** @throws {OutOfMemory} */
  constructor(parts: GraphParts) {
    const { states, steps, alphabet, index, width, maxBytes } = parts
    const hasLabels = alphabet.stepSets.length + alphabet.stepPredicates.length > 0
    this.size = states
    this.words = alphabet.words
    this.#parts = parts
    const bytes = 4 * (index.places + states * (2 + this.words) + steps) + (hasLabels ? steps : 0)
    if (bytes > maxBytes || steps >= 2 ** 31) throw new OutOfMemory()
    this.firsts = new Uint32Array(states + 1)
    this.targets = new Int32Array(steps)
    if (hasLabels) this.labels = new Uint8Array(steps)
    this.bits = new Int32Array(states * this.words)
    this.#numbering = new Numbering(index, width, states)
    this.labelBits = new Int32Array(this.words)
    this.#labelsByText.set(String(this.labelBits), 0)
  }

  get bytes(): number {
    const { firsts, targets, bits, labels } = this
    const { order, numbers } = this.#numbering
    return [firsts, targets, bits, labels, order, numbers].reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** The packed state with a number. */
  state(number: number): Int32Array {
    const words = new Int32Array(this.#parts.width)
    this.#numbering.read(number, number + 1, words)
    return words
  }

  /** The label of the step from one state to another; 0 for stuttering. */
  labelOf(from: number, to: number): number {
    const end = this.firsts[from + 1]!
    for (let step = this.firsts[from]!; step < end; step++) {
      if (this.targets[step] === to) return this.labels[step] ?? 0
    }
    return 0
  }

  hasStateBit(state: number, bit: number): boolean {
    return ((this.bits[state * this.words + (bit >>> 5)]! >>> (bit & 31)) & 1) === 1
  }

  hasLabelBit(label: number, bit: number): boolean {
    return ((this.labelBits[label * this.words + (bit >>> 5)]! >>> (bit & 31)) & 1) === 1
  }

  /** Whether a state meets the conditions of a transition. */
  admitsState({ stateSet, stateClear, asksState }: Transition, state: number): boolean {
    if (!asksState) return true
    const { bits, words } = this
    for (let word = 0, at = state * words; word < words; word++, at++) {
      if ((bits[at]! & stateSet[word]!) !== stateSet[word]! || (bits[at]! & stateClear[word]!) !== 0) return false
    }
    return true
  }

  /** Whether a step with this label meets the conditions of a transition. */
  admitsStep({ stepSet, stepClear, asksStep }: Transition, label: number): boolean {
    if (!asksStep) return true
    const { labelBits, words } = this
    for (let word = 0, at = label * words; word < words; word++, at++) {
      if ((labelBits[at]! & stepSet[word]!) !== stepSet[word]! || (labelBits[at]! & stepClear[word]!) !== 0)
        return false
    }
    return true
  }

  /**
   * Builds the graph. Yields when `pause` returns true.
   *
   * @throws {FailedAt} if a predicate fails on a state
   */
  *build(pause: () => boolean): Generator<void> {
    const { evaluator, alphabet, instances, width } = this.#parts
    const numbering = this.#numbering
    this.#begin()
    const watch = evaluator.watch(alphabet.predicates.map((predicate) => ({ predicate, expected: false })))
    const batch = new Batch(width, new Float64Array(instances), false, STRIDE)
    const expansion: Expansion = { dead() {}, failed() {} }
    const expander: Expander =
      evaluator.next.expander?.(batch, expansion) ?? new PlainExpander(evaluator.next, batch, expansion)
    const states = new Int32Array(STRIDE * width)
    const ofSteps = alphabet.stepPredicates.map((predicate) => ({ predicate, expected: false }))
    const link = this.#linker(states, ofSteps.length === 0 ? undefined : evaluator.watchSteps(ofSteps))
    for (let from = 0; from < numbering.count;) {
      if (pause()) yield
      const to = Math.min(numbering.count, from + STRIDE)
      numbering.read(from, to, states)
      if (alphabet.predicates.length > 0) this.#judge(watch, states, from, to)
      const end = (to - from) * width
      for (let at = 0; at < end;) {
        batch.size = 0
        const stopped = expander.expand(states, at, end)
        link(batch, from, from + at / width, from + stopped / width)
        at = stopped
      }
      from = to
    }
  }

  /** Numbers the initial states. */
  #begin(): void {
    const { initial, instances, width } = this.#parts
    const batch = new Batch(width, new Float64Array(instances), false)
    for (let offset = 0; offset < initial.length; offset += width) {
      batch.reserve(1)
      batch.append(initial, offset, UNKNOWN_STEP, 0)
    }
    const numbers = this.#numbering.assign(batch)
    this.isCut = numbers.subarray(0, initial.length / width).includes(OUTSIDE)
    this.initial = this.#numbering.count
  }

  /** Sets the bits of the predicates. */
  #judge(watch: Watch, states: Int32Array, from: number, to: number): void {
    const { alphabet, width } = this.#parts
    const { bits, words } = this
    const firstBit = alphabet.stepSets.length
    let number = from
    const set = (predicate: number): void => {
      const bit = firstBit + predicate
      bits[number * words + (bit >>> 5)]! |= 1 << (bit & 31)
    }
    for (let at = 0; number < to; number++, at += width) {
      try {
        watch.check(states, at, UNKNOWN_STEP, set)
      } catch (thrown) {
        throw new FailedAt(states.slice(at, at + width), this.#depthOf(number, from), thrown)
      }
    }
  }

  /** The level of a state. The steps of the states before `expanded` must be known, and one of them must lead to it. */
  #depthOf(number: number, expanded: number): number {
    const { firsts, targets } = this
    let depth = 1
    let levelEnd = this.initial
    let found = this.initial
    for (let state = 0; state < expanded && levelEnd <= number; state++) {
      if (state === levelEnd) {
        depth++
        levelEnd = found
      }
      for (let step = firsts[state]!; step < firsts[state + 1]!; step++) found = Math.max(found, targets[step]! + 1)
    }
    return number < levelEnd ? depth : depth + 1
  }

  /**
   * A function that adds the steps of the states `from` to `to`. The batch must contain all their successors.
   *
   * @param states - words of states. They begin with the state number `first` when the function is called
   */
  #linker(
    states: Int32Array,
    watch: StepWatch | undefined,
  ): (batch: Batch, first: number, from: number, to: number) => void {
    const { alphabet, instances } = this.#parts
    const { firsts, targets, bits, words } = this
    const numbering = this.#numbering
    const hasLabels = alphabet.stepSets.length + alphabet.stepPredicates.length > 0
    const firstBit = alphabet.stepSets.length + alphabet.predicates.length
    const answersOf = this.#stepAnswers(instances)
    let { labels } = this
    let stepsEnd = 0
    /** By state: the last step that leads there, plus 1. Used only if some state has many successors. */
    let marks: Float64Array | undefined
    const order = new StepOrder()
    const trueOf: number[] = []
    const note = (predicate: number): void => void trueOf.push(firstBit + predicate)
    return ({ entries, size, stride, width, ends }, base, from, to) => {
      const found = numbering.assign({ entries, size, stride })
      for (let state = from, begin = 0; state < to; state++) {
        const first = stepsEnd
        const end = ends![state - from]! / stride
        const hasMany = end - begin > MAX_SEARCHED
        if (hasMany) marks ??= new Float64Array(this.size)

        const { labelOfInstance, instanceBits } = answersOf(state)
        order.take(entries, width + 2, stride, begin, end)
        const { indexes } = order
        for (let at = 0; at < end - begin; at++) {
          const index = indexes[at]!
          const target = found[index]!
          const instance = entries[index * stride + width + 2]!
          for (let word = 0; word < words; word++) {
            bits[state * words + word]! |= instanceBits[instance * words + word]!
          }
          if (target === OUTSIDE) {
            this.isCut = true
            continue
          }
          let step = first
          if (hasMany) step = marks![target]! > first ? marks![target]! - 1 : stepsEnd
          else while (step < stepsEnd && targets[step] !== target) step++
          let label = labelOfInstance[instance]!
          if (watch?.concerns(instance) === true) {
            trueOf.length = 0
            const at = (state - base) * width
            try {
              watch.check(states, at, entries, index * stride, instance, note)
            } catch (thrown) {
              throw new FailedAt(states.slice(at, at + width), this.#depthOf(state, state), thrown)
            }
            if (trueOf.length > 0) label = this.#union(label, this.#label(trueOf))
          }
          if (step < stepsEnd) label = hasLabels ? this.#union(labels[step]!, label) : 0
          else {
            targets[stepsEnd++] = target
            if (hasMany) marks![target] = stepsEnd
          }
          if (!hasLabels) continue
          labels[step] = label
          if (labels[step] !== label) labels = this.#widen(step, label)
        }
        begin = end
        firsts[state + 1] = stepsEnd
      }
    }
  }

  /** A function that gives the answers about the steps from a state. Its predicates must have been judged. */
  #stepAnswers(instances: number): (state: number) => StepAnswers {
    const { alphabet } = this.#parts
    const { stepSets, conditional } = alphabet
    const { bits, words } = this
    const answers = (isCounted: (bit: number) => boolean): StepAnswers => {
      const labelOfInstance = Int32Array.from({ length: instances }, (_, instance) =>
        this.#label(stepSets.flatMap((set, bit) => (set[instance] === 1 && isCounted(bit) ? [bit] : []))),
      )
      const instanceBits = Int32Array.from({ length: instances * words }, (_, at) => {
        const instance = Math.floor(at / words)
        return this.labelBits[labelOfInstance[instance]! * words + (at % words)]!
      })
      return { labelOfInstance, instanceBits }
    }
    if (conditional.length === 0) {
      const same = answers(() => true)
      return () => same
    }
    /** By word: the bits of the conditions. States that agree in them have the same answers. */
    const conditions = new Int32Array(words)
    for (const { predicate } of conditional) {
      const bit = stepSets.length + predicate
      conditions[bit >>> 5]! |= 1 << (bit & 31)
    }
    const known = new Map<string, StepAnswers>()
    return (state) => {
      const key = conditions.map((mask, word) => bits[state * words + word]! & mask).join()
      const found = known.get(key)
      if (found !== undefined) return found
      const closed = new Set(
        conditional
          .filter(({ predicate }) => !this.hasStateBit(state, stepSets.length + predicate))
          .map(({ bit }) => bit),
      )
      const made = answers((bit) => !closed.has(bit))
      known.set(key, made)
      return made
    }
  }

  /** Widens the labels so that `label` fits. */
  #widen(step: number, label: number): Labels {
    const wider = label > 0xffff ? new Uint32Array(this.labels) : new Uint16Array(this.labels)
    wider[step] = label
    return (this.labels = wider)
  }

  /** The label with these bits. */
  #label(bits: readonly number[]): number {
    const mask = new Int32Array(this.words)
    for (const bit of bits) mask[bit >>> 5]! |= 1 << (bit & 31)
    return this.#labelWith(mask)
  }

  #labelWith(mask: Int32Array): number {
    const text = String(mask)
    const known = this.#labelsByText.get(text)
    if (known !== undefined) return known
    const label = this.#labelsByText.size
    const larger = new Int32Array((label + 1) * this.words)
    larger.set(this.labelBits)
    larger.set(mask, label * this.words)
    this.labelBits = larger
    this.#labelsByText.set(text, label)
    return label
  }

  #union(one: number, other: number): number {
    if (one === other) return one
    const key = one * 2 ** 26 + other
    const known = this.#unions.get(key)
    if (known !== undefined) return known
    const { words, labelBits } = this
    const mask = Int32Array.from(
      { length: words },
      (_, word) => labelBits[one * words + word]! | labelBits[other * words + word]!,
    )
    const union = this.#labelWith(mask)
    this.#unions.set(key, union)
    return union
  }
}
