/**
 * The graph of all states and steps, stored compactly, with the answers to all that is asked of them.
 *
 * The search keeps no steps. When a temporal property is to be decided, the states in its seen set are expanded once more, from the
 * initial ones, breadth-first and by one thread: so a state's number is where it comes in that order, which depends on the spec alone.
 *
 *     targets  │ of state 0 │ of state 1 │ ...      4 bytes a step, and 2 of a label where steps are asked about
 *     firsts   │ 0 │ 3 │ ...                        where a state's steps begin
 *     bits     │ words of state 0 │ ...             see `alphabet.ts`
 *
 * A step that changes nothing is no step here, and two actions that lead from one state to the same other one are one step, which is by
 * both. That a state can always stutter is left to those who walk the graph. To derive the steps anew whenever they are needed would
 * take no memory for them, but the search for components looks at each several times. Which is better was not measured.
 */
import { Batch } from '../../next/batch.ts'
import { hash } from '../../next/hash.ts'
import { UNKNOWN_STEP, type Evaluator, type Expansion } from '../../next/next-state.ts'
import { PlainExpander } from '../../next/plain-expander.ts'
import { OutOfMemory } from '../../explore/memory.ts'
import type { Places } from '../../explore/places.ts'
import type { Alphabet } from './alphabet.ts'
import type { Transition } from './automaton.ts'

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

/** What is needed to make a graph. */
export interface GraphParts {
  readonly evaluator: Evaluator
  readonly alphabet: Alphabet
  readonly instances: number
  readonly index: Places
  /** Words in a packed state. */
  readonly width: number
  readonly initial: Int32Array
  /** Distinct states, and at most so many steps. */
  readonly states: number
  readonly steps: number
  /** Bytes that may be used. */
  readonly maxBytes: number
}

/** States expanded between two looks at the clock. */
const STRIDE = 256

export class StateGraph {
  readonly size: number
  /** How many of the states, the first ones, are initial. */
  initial = 0
  /** Where the steps of state `s` are: from `firsts[s]` to `firsts[s + 1]`. */
  readonly firsts: Uint32Array
  readonly targets: Int32Array
  /** By step; all 0 and without length if steps are not asked about. */
  labels: Uint16Array | Uint32Array = new Uint16Array()
  /** By label: its bits. Label 0 has none. */
  labelBits: Int32Array
  /** By state: its bits. */
  readonly bits: Int32Array
  /** Words of the bits, for each state or label. */
  readonly words: number
  /** Whether some steps lead outside the constraints; they are left out. */
  isCut = false
  /** By state: its place. */
  readonly #order: Int32Array
  readonly #parts: GraphParts
  readonly #labelsByText = new Map<string, number>()
  readonly #unions = new Map<number, number>()

  /** @throws {OutOfMemory} */
  constructor(parts: GraphParts) {
    const { states, steps, alphabet, index, maxBytes } = parts
    const hasLabels = alphabet.stepSets.length > 0
    this.size = states
    this.words = alphabet.words
    this.#parts = parts
    const bytes = 4 * (index.places + states * (2 + this.words) + steps) + (hasLabels ? 2 * steps : 0)
    if (bytes > maxBytes || steps > 2 ** 32) throw new OutOfMemory()
    this.firsts = new Uint32Array(states + 1)
    this.targets = new Int32Array(steps)
    if (hasLabels) this.labels = new Uint16Array(steps)
    this.bits = new Int32Array(states * this.words)
    this.#order = new Int32Array(states)
    this.labelBits = new Int32Array(this.words)
    this.#labelsByText.set(String(this.labelBits), 0)
  }

  /** Bytes that it takes. */
  get bytes(): number {
    const { firsts, targets, bits, labels } = this
    return [firsts, targets, bits, labels, this.#order].reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  /** The packed state with this number. */
  state(number: number): Int32Array {
    const words = new Int32Array(this.#parts.width)
    this.#parts.index.readPlace(this.#order[number]!, words, 0)
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

  /** Whether a transition's demands on a state are met. */
  admitsState({ stateSet, stateClear, asksState }: Transition, state: number): boolean {
    if (!asksState) return true
    const { bits, words } = this
    for (let word = 0, at = state * words; word < words; word++, at++) {
      if ((bits[at]! & stateSet[word]!) !== stateSet[word]! || (bits[at]! & stateClear[word]!) !== 0) return false
    }
    return true
  }

  /** Whether a transition's demands on a step with this label are met. */
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
   * Explores. Yields when `pause` says so.
   *
   * @throws {FailedAt} if a predicate fails on a state
   */
  *build(pause: () => boolean): Generator<void> {
    const { evaluator, alphabet, instances, index, width, initial } = this.#parts
    const { firsts, targets, bits, words } = this
    const order = this.#order
    const stepBits = alphabet.stepSets.length
    const labelOfInstance = Int32Array.from({ length: instances }, (_, instance) =>
      this.#label(alphabet.stepSets.flatMap((set, bit) => (set[instance] === 1 ? [bit] : []))),
    )
    const watch = evaluator.watch(alphabet.predicates.map((predicate) => ({ predicate, expected: false })))
    const isAsked = alphabet.predicates.length > 0
    const batch = new Batch(width, new Float64Array(instances), false)
    const expansion: Expansion = { dead() {}, failed() {} }
    const expander = evaluator.next.expander?.(batch, expansion) ?? new PlainExpander(evaluator.next, batch, expansion)
    /** By place: the number of the state, and 1. */
    const numbers = new Int32Array(index.places)
    let found = 0
    const numberOf = (place: number): number => {
      const known = numbers[place]!
      if (known !== 0) return known - 1
      order[found] = place
      numbers[place] = ++found
      return found - 1
    }
    for (let offset = 0; offset < initial.length; offset += width) {
      const place = index.placeOf(initial, offset, hash(initial, offset, width))
      if (place >= 0) numberOf(place)
      else this.isCut = true
    }
    this.initial = found
    let levelEnd = found
    let depth = 1
    let stepsEnd = 0
    let current = 0
    const setPredicate = (at: number): void => {
      const bit = stepBits + at
      bits[current * words + (bit >>> 5)]! |= 1 << (bit & 31)
    }
    const state = new Int32Array(width)
    const { labels } = this
    const hasLabels = labels.length > 0
    for (current = 0; current < found; current++) {
      if (current % STRIDE === 0 && pause()) yield
      if (current === levelEnd) {
        levelEnd = found
        depth++
      }
      index.readPlace(order[current]!, state, 0)
      if (isAsked) {
        try {
          watch.check(state, 0, UNKNOWN_STEP, setPredicate)
        } catch (thrown) {
          throw new FailedAt(state, depth, thrown)
        }
      }
      const first = (firsts[current] = stepsEnd)
      batch.size = 0
      expander.expand(state, 0, width)
      const { entries, size, stride } = batch
      for (let entry = 0; entry < size; entry += stride) {
        const label = hasLabels ? labelOfInstance[entries[entry + width + 2]!]! : 0
        for (let word = 0; word < words; word++) bits[current * words + word]! |= this.labelBits[label * words + word]!
        const place = index.placeOf(entries, entry, entries[entry + width]!)
        if (place < 0) {
          this.isCut = true
          continue
        }
        const target = numberOf(place)
        let step = first
        while (step < stepsEnd && targets[step] !== target) step++
        if (step === stepsEnd) targets[stepsEnd++] = target
        else if (hasLabels) {
          this.#setLabel(step, this.#union(this.labels[step]!, label))
          continue
        }
        if (hasLabels) this.#setLabel(step, label)
      }
    }
    firsts[found] = stepsEnd
  }

  #setLabel(step: number, label: number): void {
    if (label > 0xffff && this.labels instanceof Uint16Array) this.labels = Uint32Array.from(this.labels)
    this.labels[step] = label
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
