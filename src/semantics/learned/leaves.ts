/**
 * The leaves of action trees: successors as operations on words.
 *
 *     ops[p]       the number of successors
 *     then for each successor, at a position that is its `step` key:
 *       ops[q]     the number of words that it changes
 *       then for each of these: the word, a mask of the bits to keep, the bits to set
 *
 * A leaf is `-p` in a tree. Equal outcomes share a leaf. Leaf `DISABLED` has no successors.
 */
import { assert, type CheckerError } from '../../errors.ts'
import { grown } from '../grown.ts'
import type { Layout } from '../../state/layout.ts'
import type { Writes } from '../../state/tracked/changes.ts'
import type { FunctionResult } from './observation.ts'

export const DISABLED = -1

export class Leaves {
  /** The operations. A new leaf may replace this array by a longer one. */
  ops: Int32Array = new Int32Array(1024)
  #used = 2
  readonly #layout: Layout
  readonly #known = new Map<string, number>()
  readonly #errors = new Map<number, CheckerError>()
  /** The writes of each step, by its key. */
  readonly #written = new Map<number, Writes>()

  constructor(layout: Layout) {
    this.#layout = layout
  }

  /** The leaf for an outcome of an action. */
  leaf(outcome: FunctionResult): number {
    if (outcome.kind === 'error') return this.#add('', [], outcome.error)
    const writes = outcome.kind === 'successors' ? outcome.writes : []
    if (writes.length === 0) return DISABLED
    const key = writes.map((one) => [...one].sort(([a], [b]) => a - b).join(';')).join('|')
    return this.#known.get(key) ?? this.#add(key, writes)
  }

  /** The error of a leaf; undefined if it has none. */
  errorAt(leaf: number): CheckerError | undefined {
    return this.#errors.get(leaf)
  }

  /** The writes of each successor of a leaf. */
  writesAt(leaf: number): Writes[] {
    let at = -leaf
    return Array.from({ length: this.ops[at++]! }, () => {
      const step = at
      at += 1 + 3 * this.ops[at]!
      return this.writtenBy(step)
    })
  }

  /** The writes of the step with this key. */
  writtenBy(step: number): Writes {
    const writes = this.#written.get(step)
    assert(writes !== undefined, `no step has the key ${step}`)
    return writes
  }

  #add(key: string, successors: readonly Writes[], error?: CheckerError): number {
    const start = this.#used
    this.#push(successors.length)
    for (const writes of successors) {
      const step = this.#used
      const byWord = this.#operations(writes)
      this.#push(byWord.size)
      for (const [word, { keep, set }] of byWord) this.#push(word, keep, set)
      this.#written.set(step, writes)
    }
    if (error === undefined) this.#known.set(key, -start)
    else this.#errors.set(-start, error)
    return -start
  }

  #operations(writes: Writes): Map<number, { keep: number; set: number }> {
    const { word, shift, mask } = this.#layout
    const byWord = new Map<number, { keep: number; set: number }>()
    for (const [slot, content] of writes) {
      const operation = byWord.get(word[slot]!) ?? { keep: -1, set: 0 }
      operation.keep &= ~(mask[slot]! << shift[slot]!)
      operation.set |= content << shift[slot]!
      byWord.set(word[slot]!, operation)
    }
    return byWord
  }

  #push(...values: number[]): void {
    if (this.#used + values.length > this.ops.length) this.ops = grown(this.ops, this.ops.length * 2)
    this.ops.set(values, this.#used)
    this.#used += values.length
  }
}
