/**
 * The marks of a cycle record what its steps have done so far, as bits in words of 32.
 *
 * A strong fairness constraint has two bits: a step was taken, and a step was enabled but none was taken. Then each
 * weak fairness constraint and each acceptance set has one bit: it is met.
 */
import type { FairnessConstraint } from './alphabet.ts'
import type { StateGraph } from './state-graph.ts'

/** The even bits of a word. In the pairs of strong fairness, they say that a step was taken. */
const EVEN = 0x5555_5555

export class Marks {
  readonly words: number
  /** By word: the bits that must be set at the end of the cycle. */
  readonly required: Int32Array
  /** By word: the bits that must not be set at the end of the cycle: enabled but not taken. */
  readonly enabledNotTaken: Int32Array
  readonly #strong: readonly FairnessConstraint[]
  readonly #weak: readonly FairnessConstraint[]

  constructor(constraints: readonly FairnessConstraint[], acceptanceSets: number) {
    this.#strong = constraints.filter(({ definition }) => definition.fairness === 'strong')
    this.#weak = constraints.filter(({ definition }) => definition.fairness === 'weak')
    const pairs = 2 * this.#strong.length
    const count = pairs + this.#weak.length + acceptanceSets
    this.words = Math.max(1, Math.ceil(count / 32))
    this.required = new Int32Array(this.words)
    this.enabledNotTaken = new Int32Array(this.words)
    for (let bit = 0; bit < count; bit++) {
      if (bit >= pairs) set(this.required, bit)
      else if (bit % 2 === 1) set(this.enabledNotTaken, bit)
    }
  }

  /** The marks of a step with this label from a state. `kept` are the acceptance sets that it keeps, as bits. */
  of(graph: StateGraph, state: number, label: number, kept: number): Int32Array {
    const marks = new Int32Array(this.words)
    this.#strong.forEach(({ bit }, index) => {
      if (graph.hasLabelBit(label, bit)) set(marks, 2 * index)
      else if (graph.hasStateBit(state, bit)) set(marks, 2 * index + 1)
    })
    let next = 2 * this.#strong.length
    for (const { bit } of this.#weak) {
      if (graph.hasLabelBit(label, bit) || !graph.hasStateBit(state, bit)) set(marks, next)
      next++
    }
    for (let rest = kept; rest > 0; rest >>>= 1, next++) if ((rest & 1) === 1) set(marks, next)
    return marks
  }

  /** Joins two words of marks. A taken step clears the bit for enabled but not taken. */
  joined(word: number, one: number, other: number): number {
    const both = one | other
    return both & ~(((both & EVEN) << 1) & this.enabledNotTaken[word]!)
  }

  /** Whether a cycle with these marks is fair and keeps all acceptance sets. `at` is the index of its first word. */
  isEnough(marks: Int32Array, at: number): boolean {
    for (let word = 0; word < this.words; word++) {
      const own = marks[at + word]!
      if ((own & this.required[word]!) !== this.required[word]! || (own & this.enabledNotTaken[word]!) !== 0)
        return false
    }
    return true
  }
}

function set(words: Int32Array, bit: number): void {
  words[bit >>> 5]! |= 1 << (bit & 31)
}
