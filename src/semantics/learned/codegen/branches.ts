/**
 * Turns decision trees into nested branches of JavaScript.
 *
 * Many trees at once: those that look at the same slot first share the test, and so on at every node below. So an action with ten
 * thousand bindings costs a state only the tests of those that its first slots do not rule out. Each branch is generated once, so
 * the code is as large as the trees are. Functions stay small enough for V8 to optimise them (it gives up on more than 60 kB of
 * bytecode): what does not fit goes into functions of its own.
 */
import type { Layout } from '../../../state/layout.ts'
import type { Slot } from '../../../state/shape.ts'

/** A tree, or what is left of it, and what it is about. */
export interface Subtree {
  /** A node of a tree; what is not above 0 is a leaf as far as this file is concerned. */
  readonly node: number
  /** An action instance or predicate, by its index. */
  readonly index: number
}

/** What is generated from. */
export interface Trees {
  readonly layout: Layout
  readonly nodes: Int32Array
  /** How many values the slot of a node has. */
  size(slot: Slot): number
  /** Statements for what is no node; empty for nothing to do. `weight` is about the number of operations in them. */
  leaf(subtree: Subtree): { readonly code: string; readonly weight: number }
  /** An expression of a slot's content. */
  content(slot: Slot): string
  /** A statement that calls a function by its number, and the head and tail of that function's declaration. */
  call(name: string): string
  declare(name: string, body: string): string
}

/** Most operations in a function, in the units of `weight`. Smaller ones than V8 could optimise: it optimises them sooner. */
const LARGEST = 120

/** Code and how much of it there is. */
interface Piece {
  readonly code: string
  readonly weight: number
}

/** Generates functions for trees. */
export class Branches {
  /** Declarations of functions that were split off. */
  readonly functions: string[] = []
  readonly #trees: Trees
  readonly #prefix: string

  /** @param prefix - of the names of functions */
  constructor(trees: Trees, prefix: string) {
    this.#trees = trees
    this.#prefix = prefix
  }

  /** Statements that walk all of `subtrees`. */
  walk(subtrees: readonly Subtree[]): string {
    return this.#join(this.#pieces(subtrees)).code
  }

  /** One piece for each leaf, and for each slot that some of the trees look at next. */
  #pieces(subtrees: readonly Subtree[]): Piece[] {
    const pieces: Piece[] = []
    const bySlot = new Map<Slot, Subtree[]>()
    for (const subtree of subtrees) {
      if (subtree.node <= 0) {
        const piece = this.#trees.leaf(subtree)
        if (piece.code !== '') pieces.push(piece)
        continue
      }
      const slot = this.#trees.nodes[subtree.node]!
      const group = bySlot.get(slot)
      if (group === undefined) bySlot.set(slot, [subtree])
      else group.push(subtree)
    }
    for (const [slot, group] of bySlot) {
      const piece = this.#test(slot, group)
      if (piece.code !== '') pieces.push(piece)
    }
    return pieces
  }

  /** Tests a slot and goes on with what is left for each of its values. */
  #test(slot: Slot, subtrees: readonly Subtree[]): Piece {
    const { nodes } = this.#trees
    const cases = new Map<string, { values: number[]; rest: Subtree[] }>()
    for (let value = 0; value < this.#trees.size(slot); value++) {
      const rest = subtrees.map(({ node, index }) => ({ node: nodes[node + 1 + value]!, index }))
      const key = rest.map(({ node }) => node).join()
      const same = cases.get(key)
      if (same === undefined) cases.set(key, { values: [value], rest })
      else same.values.push(value)
    }
    const branches = [...cases.values()].flatMap(({ values, rest }) => {
      const { code, weight } = this.#join(this.#pieces(rest))
      return code === '' ? [] : [{ values, code, weight }]
    })
    if (branches.length === 0) return { code: '', weight: 0 }
    const weight = branches.reduce((sum, branch) => sum + branch.weight + branch.values.length, 1)
    const content = this.#trees.content(slot)
    if (branches.length === 1) {
      const { values, code } = branches[0]!
      return { code: `if (${condition(content, values, this.#trees.size(slot))}) { ${code} }`, weight }
    }
    const labels = branches.map(
      ({ values, code }) => `${values.map((value) => `case ${value}:`).join(' ')} { ${code}\n break }`,
    )
    return { code: `switch (${content}) { ${labels.join('\n')} }`, weight }
  }

  /** One piece of many; too many are put into functions, a few in each. */
  #join(pieces: readonly Piece[]): Piece {
    const total = pieces.reduce((sum, { weight }) => sum + weight, 0)
    if (total <= LARGEST) return { code: pieces.map(({ code }) => code).join('\n'), weight: total }
    const calls: string[] = []
    let body: string[] = []
    let weight = 0
    const flush = (): void => {
      if (body.length === 0) return
      const name = `${this.#prefix}${this.functions.length}`
      this.functions.push(this.#trees.declare(name, body.join('\n')))
      calls.push(this.#trees.call(name))
      body = []
      weight = 0
    }
    for (const piece of pieces) {
      if (weight + piece.weight > LARGEST) flush()
      body.push(piece.code)
      weight += piece.weight
    }
    flush()
    return { code: calls.join('\n'), weight: calls.length }
  }
}

/** Whether `content` is one of `values`, of which there are `size` possible ones. */
function condition(content: string, values: readonly number[], size: number): string {
  if (values.length === size) return 'true'
  if (size === 2) return values[0] === 1 ? content : `(${content}) === 0`
  const [low, high] = [values[0]!, values.at(-1)!]
  if (values.length === 1) return `(${content}) === ${low}`
  const isRange = high - low === values.length - 1
  if (isRange && low === 0) return `(${content}) <= ${high}`
  if (isRange && high === size - 1) return `(${content}) >= ${low}`
  if (values.length === size - 1)
    return `(${content}) !== ${Array.from({ length: size }, (_, value) => value).find((value) => !values.includes(value))}`
  return values.map((value) => `(${content}) === ${value}`).join(' || ')
}

/** How many nodes a tree has that can be walked without a map; stops counting at `most`. */
export function countNodes(trees: Pick<Trees, 'nodes' | 'size'>, root: number, most: number): number {
  let count = 0
  const visit = (node: number): void => {
    if (node <= 0 || count >= most) return
    count++
    const size = trees.size(trees.nodes[node]!)
    for (let child = node + 1; child <= node + size; child++) visit(trees.nodes[child]!)
  }
  visit(root)
  return count
}
