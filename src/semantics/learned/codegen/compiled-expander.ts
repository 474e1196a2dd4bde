/**
 * Expands states with code generated from the trees.
 *
 * The first states are expanded without generated code, which learns. Then the expander generates code from the trees.
 * Instances that the code does not cover are evaluated by walking their trees. When these walks have cost as much as
 * new code, which V8 must warm up again, the expander generates new code.
 */
import type { Batch } from '../../successor-batch.ts'
import { type Expander, type Expansion } from '../../contract.ts'
import { Failure } from '../../failure.ts'
import { Successors, UNKNOWN_STEP } from '../../successors.ts'
import type { PlainExpander } from '../../plain-expander.ts'
import type { Layout } from '../../../state/layout.ts'
import { INTERPRET, SPARSE, UNKNOWN, type DecisionTrees } from '../decision-tree.ts'
import { DISABLED, type Leaves } from '../leaves.ts'
import type { CodegenThresholds } from './thresholds.ts'
import { EXPAND_PARAMETERS, expandSource } from './expand-source.ts'

/** The parts of an evaluator that an expander needs. */
export interface Learning {
  readonly batch: Batch
  readonly expansion: Expansion
  readonly layout: Layout
  readonly leaves: Leaves
  readonly trees: DecisionTrees
  readonly roots: Int32Array
  readonly plain: PlainExpander
  readonly thresholds: CodegenThresholds
  /** Nodes of all trees. */
  nodes(): number
  /** Increases with each learned path. */
  learned(): number
  /** The leaf of an instance on a state, learned if necessary, or `INTERPRET`. @throws {Failure} */
  leafOf(instance: number, words: Int32Array, offset: number): number
  /** Evaluates an instance by reference. */
  refer(instance: number, words: Int32Array, offset: number, out: Successors): void
  failureAt(instance: number, leaf: number): Failure
  /** The failure of the first instance that fails on a state. At least one instance is known to fail. */
  firstFailure(words: Int32Array, offset: number): Failure | undefined
}

type Expand = (words: Int32Array, from: number, to: number) => number

export class CompiledExpander implements Expander {
  readonly #learning: Learning
  #expand: Expand | undefined
  /** Evaluations of single instances without generated code, since the last generation. */
  #walked = 0
  #dueAt: number
  #learnedThen = -1
  /** Entries that the code may append for a state, in addition to those of `#evaluate`. */
  #most = 0
  readonly #out: Successors
  readonly #after: Int32Array

  constructor(learning: Learning) {
    this.#learning = learning
    this.#dueAt = learning.thresholds.expanding
    this.#out = new Successors(learning.layout.width)
    this.#after = new Int32Array(learning.layout.width)
  }

  expand(words: Int32Array, from: number, to: number): number {
    if (this.#walked >= this.#dueAt && this.#isDue()) this.#settle()
    if (this.#expand !== undefined) return this.#expand(words, from, to)
    const { plain, layout, roots } = this.#learning
    const stopped = plain.expand(words, from, to)
    this.#walked += ((stopped - from) / layout.width) * roots.length
    return stopped
  }

  /** Updates `#dueAt` and compares again, because trees grow. */
  #isDue(): boolean {
    const { thresholds, nodes } = this.#learning
    this.#dueAt = Math.max(this.#dueAt, nodes() * thresholds.perNode)
    return this.#walked >= this.#dueAt
  }

  #settle(): void {
    const { learned, batch, expansion, layout, trees, leaves, roots, thresholds } = this.#learning
    this.#walked = 0
    this.#dueAt = thresholds.expandingAgain
    if (learned() === this.#learnedThen) return
    this.#learnedThen = learned()
    const watches = (instance: number): boolean =>
      expansion.stepped !== undefined && expansion.watchesStepsOf?.(instance) !== false
    const { isFiltered, recentMask, ends } = batch
    const isMarked = ends !== undefined
    const { source, most } = expandSource({ layout, trees, leaves, roots, watches, isFiltered, recentMask, isMarked })
    this.#most = most
    const make = new Function(...EXPAND_PARAMETERS, source) as (...given: unknown[]) => Expand
    this.#expand = make(batch, expansion, (instance: number, at: Int32Array, offset: number) =>
      this.#evaluate(instance, at, offset),
    )
  }

  /** Expands a state by one instance. Returns 0 if the instance is not enabled. */
  #evaluate(instance: number, words: Int32Array, offset: number): number {
    this.#walked++
    try {
      const leaf = this.#leaf(instance, words, offset)
      if (leaf === DISABLED) return 0
      if (leaf === INTERPRET) return this.#interpret(instance, words, offset)
      return this.#apply(instance, leaf, words, offset)
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      return this.#fail(thrown, words, offset)
    }
  }

  #leaf(instance: number, words: Int32Array, offset: number): number {
    const { trees, layout, roots, leafOf } = this.#learning
    const { word, shift, mask } = layout
    const { nodes } = trees
    let node = roots[instance]!
    while (node > 0) {
      const slot = nodes[node]!
      node = nodes[node + 1 + ((words[offset + word[slot]!]! >>> shift[slot]!) & mask[slot]!)]!
    }
    return node === UNKNOWN || (node <= SPARSE && node !== INTERPRET) ? leafOf(instance, words, offset) : node
  }

  #apply(instance: number, leaf: number, words: Int32Array, offset: number): number {
    const { leaves, batch, failureAt } = this.#learning
    const { ops } = leaves
    const { width } = batch
    const after = this.#after
    let at = -leaf
    const count = ops[at++]!
    if (count === 0) throw failureAt(instance, leaf)
    batch.reserve(count + this.#most)
    for (let left = count; left > 0; left--) {
      for (let word = 0; word < width; word++) after[word] = words[offset + word]!
      const step = at
      for (let operations = ops[at++]!; operations > 0; operations--, at += 3) {
        after[ops[at]!] = (after[ops[at]!]! & ops[at + 1]!) | ops[at + 2]!
      }
      this.#emit(instance, step, words, offset, after, 0)
    }
    return count
  }

  #interpret(instance: number, words: Int32Array, offset: number): number {
    const { batch, refer } = this.#learning
    const out = this.#out
    refer(instance, words, offset, out)
    if (out.failure !== undefined) return this.#fail(out.failure, words, offset)
    batch.reserve(out.size + this.#most)
    for (let index = 0; index < out.size; index++) {
      this.#emit(instance, UNKNOWN_STEP, words, offset, out.words, index * out.width)
    }
    return out.size
  }

  /** Reports the first instance that fails. It may precede the one that failed in generated code. */
  #fail(failure: Failure, words: Int32Array, offset: number): number {
    const { expansion, firstFailure } = this.#learning
    // If one function does not return, others may not return either.
    const first = failure.cause.code === 'KR510' ? undefined : firstFailure(words, offset)
    expansion.failed(first ?? failure, words, offset)
    return 1
  }

  #emit(instance: number, step: number, words: Int32Array, offset: number, after: Int32Array, to: number): void {
    const { batch, expansion } = this.#learning
    batch.generated[instance]!++
    let word = 0
    while (word < batch.width && after[to + word] === words[offset + word]) word++
    if (word === batch.width) return
    expansion.stepped?.(words, offset, after, to, instance)
    batch.append(after, to, step, instance)
  }
}
