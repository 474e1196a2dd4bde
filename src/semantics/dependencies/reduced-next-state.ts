/**
 * The next-state relation, reduced to the steps of a stubborn set.
 *
 * The successors come from complete paths, so the evaluator is asked only in a state where a function fails or where a
 * path is not known. There all steps are taken.
 */
import type { NextState } from '../contract.ts'
import { UNKNOWN_STEP, type Successors } from '../successors.ts'
import { unpack, type Layout } from '../../state/layout.ts'
import type { Writes } from '../../state/tracked/changes.ts'
import type { ActionDependencies } from './action-dependencies.ts'
import type { Choice, StubbornSets } from './stubborn-sets.ts'

export class ReducedNextState implements NextState {
  /**
   * The number of enabled instances in all expanded states, and how many of them were fired. A state where all are fired
   * without a choice counts as one.
   */
  enabled = 0
  fired = 0
  readonly #next: NextState
  readonly #layout: Layout
  readonly #dependencies: ActionDependencies
  readonly #sets: StubbornSets
  readonly #slots: Int32Array
  /** By path: for each successor the words that change, as triples of word, bits to keep, bits to set. */
  readonly #operations: (readonly Int32Array[] | undefined)[] = []

  /** @param next - the relation to reduce */
  constructor(next: NextState, dependencies: ActionDependencies, sets: StubbornSets) {
    const { layout } = dependencies
    this.#next = next
    this.#layout = layout
    this.#dependencies = dependencies
    this.#sets = sets
    this.#slots = new Int32Array(layout.slots.length)
  }

  /** All successors, from the same paths. An audit compares them with reference evaluation. */
  readonly unreduced: NextState = {
    successors: (words, offset, out) => {
      unpack(this.#layout, words, offset, this.#slots)
      const choice = this.#sets.chooseAll(this.#slots)
      if (choice === undefined) this.#next.successors(words, offset, out)
      else this.#append(choice, words, offset, out)
    },
  }

  successors(words: Int32Array, offset: number, out: Successors): void {
    unpack(this.#layout, words, offset, this.#slots)
    const choice = this.#sets.choose(this.#slots)
    if (choice === undefined) {
      this.enabled++
      this.fired++
      return this.#next.successors(words, offset, out)
    }
    this.enabled += this.#sets.enabled
    this.fired += choice.size
    this.#append(choice, words, offset, out)
  }

  #append(choice: Choice, words: Int32Array, offset: number, out: Successors): void {
    out.size = 0
    out.failure = undefined
    const { width } = out
    for (let at = 0; at < choice.size; at++) {
      const index = choice.paths[at]!
      const { instance } = this.#dependencies.paths[index]!
      const successors = (this.#operations[index] ??= this.#operationsOf(index))
      out.reserve(successors.length)
      for (const operations of successors) {
        const base = out.size * width
        for (let word = 0; word < width; word++) out.words[base + word] = words[offset + word]!
        for (let op = 0; op < operations.length; op += 3) {
          const word = base + operations[op]!
          out.words[word] = (out.words[word]! & operations[op + 1]!) | operations[op + 2]!
        }
        out.instance[out.size] = instance
        out.step[out.size] = UNKNOWN_STEP
        out.size++
      }
    }
  }

  #operationsOf(index: number): readonly Int32Array[] {
    return this.#dependencies.paths[index]!.choices!.map((writes) => operationsOf(this.#layout, writes))
  }
}

function operationsOf({ word, shift, mask }: Layout, writes: Writes): Int32Array {
  const byWord = new Map<number, { keep: number; set: number }>()
  for (const [slot, content] of writes) {
    const operation = byWord.get(word[slot]!) ?? { keep: -1, set: 0 }
    operation.keep &= ~(mask[slot]! << shift[slot]!)
    operation.set |= content << shift[slot]!
    byWord.set(word[slot]!, operation)
  }
  return Int32Array.from([...byWord].flatMap(([at, { keep, set }]) => [at, keep, set]))
}
