/**
 * What a cycle has done so far, as bits in words of 32.
 *
 * A demand of strong fairness has two bits: that a step of it was taken, and that one was enabled and none was taken. Then
 * come a bit for each demand of weak fairness and one for each promise: that it is met.
 */
import type { BoundDemand } from './alphabet.ts'
import type { StateGraph } from './state-graph.ts'

/** The even bits of a word: of the pairs, those that say that a step was taken. */
const EVEN = 0x5555_5555

export class Marks {
  readonly words: number
  /** By word: the bits that must be set in the end. */
  readonly goal: Int32Array
  /** By word: the bits that must not be set in the end: enabled, and not taken. */
  readonly owing: Int32Array
  readonly #strong: readonly BoundDemand[]
  readonly #weak: readonly BoundDemand[]

  constructor(demands: readonly BoundDemand[], promises: number) {
    this.#strong = demands.filter(({ definition }) => definition.fairness === 'strong')
    this.#weak = demands.filter(({ definition }) => definition.fairness === 'weak')
    const pairs = 2 * this.#strong.length
    const count = pairs + this.#weak.length + promises
    this.words = Math.max(1, Math.ceil(count / 32))
    this.goal = new Int32Array(this.words)
    this.owing = new Int32Array(this.words)
    for (let bit = 0; bit < count; bit++) {
      if (bit >= pairs) set(this.goal, bit)
      else if (bit % 2 === 1) set(this.owing, bit)
    }
  }

  /** What a step with this label from a state does. `kept` are the promises that it keeps. */
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

  /** A word of marks together with more of them: who has taken a step owes none. */
  joined(word: number, one: number, other: number): number {
    const both = one | other
    return both & ~(((both & EVEN) << 1) & this.owing[word]!)
  }

  /** Whether a cycle that has done this is fair and keeps all promises. `at` is where its words begin. */
  isEnough(marks: Int32Array, at: number): boolean {
    for (let word = 0; word < this.words; word++) {
      const own = marks[at + word]!
      if ((own & this.goal[word]!) !== this.goal[word]! || (own & this.owing[word]!) !== 0) return false
    }
    return true
  }
}

function set(words: Int32Array, bit: number): void {
  words[bit >>> 5]! |= 1 << (bit & 31)
}
