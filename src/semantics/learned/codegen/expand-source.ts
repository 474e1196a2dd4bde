/**
 * JavaScript that expands states: the trees of all action instances as nested branches, their leaves as arithmetic on
 * words.
 *
 * The code for two words looks like this:
 *
 *     const w0 = L[at], w1 = L[at + 1]
 *     if ((w0 >>> 18 & 3) === 0) {                       // the first slot that these instances look at
 *       if (w1 >>> 9 & 1) {                              // the second
 *         g[0]++; e++                                    // a successor of instance 0
 *         const n1 = w1 | 1
 *         if (n1 !== w1) { ... hash, filter, append ... }  // unless it changes nothing
 *       }
 *       ...
 *
 * If a tree has no edge, or is too large for code, the code calls `evaluate`, which walks the tree as data.
 */
import { finishSource, mixSource } from '../../hash.ts'
import { TRAILER } from '../../successor-batch.ts'
import type { Layout } from '../../../state/layout.ts'
import { DecisionTrees } from '../decision-tree.ts'
import { DISABLED, type Leaves } from '../leaves.ts'
import { Branches, countNodes, type Subtree } from './branches.ts'

/** The input of the generator. */
export interface Expandable {
  readonly layout: Layout
  readonly trees: DecisionTrees
  readonly leaves: Leaves
  readonly roots: Int32Array
  /** Whether the steps of an instance are watched. */
  watches(instance: number): boolean
  readonly isFiltered: boolean
  readonly recentMask: number
  /** Whether to record where the entries of each state end. */
  readonly isMarked: boolean
}

/** States with more words are copied by loops. */
const NARROW = 8

/** A tree with more nodes stays data. So does each further tree once the code contains `MAX_NODES_IN_ALL` nodes. */
const MAX_NODES = 2000
const MAX_NODES_IN_ALL = 40_000

/** A leaf with more successors stays data. */
const MAX_SUCCESSORS = 16

/** With more leaves, the code appends successors by a function call, so that it stays small. */
const MAX_INLINE = 250

/** Operations for an inlined successor, and for a successor appended by a call; see `Piece.weight`. */
const INLINE_WEIGHT = 12
const CALL_WEIGHT = 5

/**
 * The function body, whose parameters are `EXPAND_PARAMETERS`, and the maximal number of successors that it appends for
 * one state.
 */
export interface ExpandSource {
  readonly source: string
  readonly most: number
}

/** The parameters of the generated code: the batch, the expansion, and a function that evaluates a single instance. */
export const EXPAND_PARAMETERS: readonly string[] = ['batch', 'expansion', 'evaluate']

export function expandSource(of: Expandable): ExpandSource {
  return new ExpandGenerator(of).generate()
}

class ExpandGenerator {
  readonly #of: Expandable
  readonly #width: number
  readonly #isNarrow: boolean
  #isInline = true
  /** By instance with code: the maximal number of successors. */
  readonly #most = new Map<number, number>()

  constructor(of: Expandable) {
    this.#of = of
    this.#width = of.layout.width
    this.#isNarrow = this.#width <= NARROW
  }

  generate(): ExpandSource {
    const { layout, trees, roots } = this.#of
    const source = {
      layout,
      nodes: trees.nodes,
      size: (slot: number) => layout.slots[slot]!.size,
      leaf: (subtree: Subtree) => this.#leaf(subtree),
      content: (slot: number) => this.#content(slot),
      call: (name: string) => `e += ${name}(L, at)`,
      declare: (name: string, body: string) => this.#function(name, body),
    }
    const shared = new Set<number>()
    let budget = MAX_NODES_IN_ALL
    const subtrees = Array.from(roots, (node, index): Subtree => {
      const nodes = countNodes(source, node, MAX_NODES + 1, shared)
      if (nodes > MAX_NODES || nodes > budget) return { node: 0, index }
      budget -= nodes
      return { node, index }
    })
    this.#isInline = MAX_NODES_IN_ALL - budget <= MAX_INLINE
    const branches = new Branches(source, 'walk', shared)
    const body = branches.walk(subtrees)
    const most = [...this.#most.values()].reduce((sum, count) => sum + count, 0)
    return { source: this.#module(branches.functions, this.#function('walk', body), most), most }
  }

  #module(functions: readonly string[], walk: string, most: number): string {
    const { isMarked } = this.#of
    const width = this.#width
    const words = Array.from({ length: width }, (_, word) => word)
    const sum = this.#isNarrow
      ? `sum = ${words.map((word) => mixSource(`L[at + ${word}]`, word, 'x')).join(' + ')} | 0`
      : `sum = 0\n${words.map((word) => `sum = sum + ${mixSource(`L[at + ${word}]`, word, 'x')} | 0`).join('\n')}`
    return `'use strict'
      const g = batch.generated, R = batch.recent${isMarked ? ', ends = batch.ends' : ''}
      let B = batch.entries, k = 0, sum = 0
      ${this.#appendSource()}
      const slowly = (instance, L, at) => {
        batch.size = k
        const count = evaluate(instance, L, at)
        k = batch.size
        B = batch.entries
        return count
      }
      ${functions.join('\n')}
      ${walk}
      return (L, from, to) => {
        let x = 0${isMarked ? ', state = 0' : ''}
        k = batch.size
        batch.reserve(${most})
        B = batch.entries
        const enough = batch.enough
        let at = from
        for (; at < to && k < enough; at += ${width}) {
          if (k + ${most * (width + TRAILER)} > B.length) { batch.size = k; batch.reserve(${most}); B = batch.entries }
          ${sum}
          if (walk(L, at) === 0) expansion.dead(L, at)
          ${isMarked ? 'ends[state++] = k' : ''}
        }
        batch.size = k
        return at
      }`
  }

  /**
   * A function over the state at `L[at..]` that keeps the words it reads in variables. It returns the number of
   * successors.
   */
  #function(name: string, body: string): string {
    const used = Array.from({ length: this.#width }, (_, word) => word).filter((word) =>
      new RegExp(`\\bw${word}\\b`).test(body),
    )
    const mixed = used.filter((word) => new RegExp(`\\bm${word}\\b`).test(body))
    const declarations = [
      ...used.map((word) => `const w${word} = L[at + ${word}]`),
      ...mixed.map((word) => `const m${word} = ${mixSource(`w${word}`, word, 'x')}`),
    ]
    return `const ${name} = (L, at) => { let e = 0, x = 0, h = 0, r = 0; ${declarations.join('; ')}\n${body}\nreturn e }`
  }

  #content(slot: number): string {
    const { word, shift, mask } = this.#of.layout
    return `w${word[slot]} >>> ${shift[slot]} & ${mask[slot]}`
  }

  #leaf({ node, index }: Subtree): { code: string; weight: number } {
    const { leaves } = this.#of
    if (node === DISABLED) return { code: '', weight: 0 }
    const count = DecisionTrees.isLeaf(node) ? leaves.ops[-node]! : 0
    if (count === 0 || count > MAX_SUCCESSORS) return { code: `e += slowly(${index}, L, at)`, weight: 2 }
    this.#most.set(index, Math.max(this.#most.get(index) ?? 0, count))
    const successors: string[] = []
    for (let at = -node + 1, left = count; left > 0; left--) {
      const operations = leaves.ops[at]!
      successors.push(this.#successor(index, at, operations))
      at += 1 + 3 * operations
    }
    const weight = count * (this.#isInline ? INLINE_WEIGHT : CALL_WEIGHT)
    return {
      code: `g[${index}]${count === 1 ? '++' : ` += ${count}`}; e += ${count}; ${successors.join('\n')}`,
      weight,
    }
  }

  /** Statements for one successor. `step` is the position of its operations. */
  #successor(instance: number, step: number, operations: number): string {
    const { ops } = this.#of.leaves
    const changed = Array.from({ length: operations }, (_, index) => step + 1 + 3 * index).map((at) => ({
      word: ops[at]!,
      value: changedWord(ops[at]!, ops[at + 1]!, ops[at + 2]!),
    }))
    if (changed.length === 0) return ''
    const names = changed.map(({ word, value }) => `const n${word} = ${value};`).join(' ')
    const differs = changed.map(({ word }) => `n${word} !== w${word}`).join(' || ')
    const hash = finishSource(
      `sum ${changed.map(({ word }) => `- m${word} + ${mixSource(`n${word}`, word, 'x')}`).join(' ')} | 0`,
      'h',
    )
    const rest = this.#append(instance, step, hash, new Set(changed.map(({ word }) => word)))
    return `{ ${names} if (${differs}) { ${rest} } }`
  }

  #append(instance: number, step: number, hash: string, changed: ReadonlySet<number>): string {
    const { isFiltered, recentMask } = this.#of
    const width = this.#width
    const words = Array.from({ length: width }, (_, word) => word)
    const content = (word: number): string => `${changed.has(word) ? 'n' : 'w'}${word}`
    const isWatched = this.#of.watches(instance)
    if (!this.#isNarrow || isWatched) {
      const patches = [...changed].map((word) => `B[k + ${word}] = n${word}`).join('; ')
      const stepped = isWatched ? `expansion.stepped(L, at, B, k, ${instance});` : ''
      return `copy(L, at); ${patches}; ${stepped} seal(${hash}, ${step}, ${instance})`
    }
    if (!this.#isInline) return `append(${words.map(content).join(', ')}, ${hash}, ${step}, ${instance})`
    const store = `${words.map((word) => `B[k + ${word}] = ${content(word)}`).join('; ')}; B[k + ${width}] = h; B[k + ${width + 1}] = ${step}; B[k + ${width + 2}] = ${instance}; k += ${width + TRAILER}`
    if (!isFiltered) return `h = ${hash}; ${store}`
    const isOther = words.map((word) => `R[r + ${word}] !== ${content(word)}`).join(' || ')
    const remember = words.map((word) => `R[r + ${word}] = ${content(word)}`).join('; ')
    return `h = ${hash}; r = (h & ${recentMask}) * ${width}; if (${isOther}) { ${remember}; ${store} }`
  }

  /** Functions that append a successor: from single words, or from words that are copied first and then sealed. */
  #appendSource(): string {
    const { isFiltered, recentMask } = this.#of
    const width = this.#width
    const words = Array.from({ length: width }, (_, word) => word)
    const trailer = `B[k + ${width}] = h; B[k + ${width + 1}] = step; B[k + ${width + 2}] = instance; k += ${width + TRAILER}`
    const filter = isFiltered
      ? `const r = (h & ${recentMask}) * ${width}
         let i = 0
         while (i < ${width} && R[r + i] === B[k + i]) i++
         if (i === ${width}) return
         for (; i < ${width}; i++) R[r + i] = B[k + i]`
      : ''
    const known = isFiltered
      ? `const r = (h & ${recentMask}) * ${width}
         if (${words.map((word) => `R[r + ${word}] === n${word}`).join(' && ')}) return
         ${words.map((word) => `R[r + ${word}] = n${word}`).join('; ')}`
      : ''
    const narrow = `const append = (${words.map((word) => `n${word}`).join(', ')}, h, step, instance) => {
         ${known}
         ${words.map((word) => `B[k + ${word}] = n${word}`).join('; ')}
         ${trailer}
       }`
    return `
      const copy = (L, at) => { for (let i = 0; i < ${width}; i++) B[k + i] = L[at + i] }
      const seal = (h, step, instance) => { ${filter}
        ${trailer} }
      ${this.#isNarrow ? narrow : ''}`
  }
}

/** The word after a step that keeps some bits and sets others. */
function changedWord(word: number, keep: number, set: number): string {
  if (keep === 0) return String(set)
  const kept = keep === -1 ? `w${word}` : `(w${word} & ${keep})`
  return set === 0 ? kept : `${kept} | ${set}`
}
