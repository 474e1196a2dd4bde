/**
 * Turns decision trees into nested branches of JavaScript.
 *
 * It combines many trees: trees that read the same slot first share the test, and so on at each node below. So a state
 * pays only for the bindings that its first slots do not rule out, even if an action has ten thousand. Each branch is
 * generated once, so the code is as large as the trees. Large pieces become functions of their own, because V8 does not
 * optimize functions of more than 60 kB of bytecode. So do subtrees in which paths join; small ones are repeated.
 */
import type { Layout } from '../../../state/layout.ts'
import type { Slot } from '../../../state/shape.ts'

/** A tree or part of a tree, and its owner. */
export interface Subtree {
  /** A node of a tree; 0 or less is a leaf in this file. */
  readonly node: number
  /** The index of an action instance or predicate. */
  readonly index: number
}

/** The input of the generator. */
export interface Trees {
  readonly layout: Layout
  readonly nodes: Int32Array
  /** The number of values of a slot. */
  size(slot: Slot): number
  /** Statements for a leaf; empty if there is nothing to do. `weight` is the approximate number of operations. */
  leaf(subtree: Subtree): { readonly code: string; readonly weight: number }
  /** An expression for a slot's content. */
  content(slot: Slot): string
  /** A statement that calls a function by its name. */
  call(name: string): string
  declare(name: string, body: string): string
}

/**
 * Maximal number of operations in a function, in the units of `weight`. V8 could optimize larger functions, but it
 * optimizes small ones sooner.
 */
const LARGEST = 120

/** A subtree with several parents becomes a function if it has more operations. */
const REPEATED = 6

/** Code and its size. */
interface Piece {
  readonly code: string
  readonly weight: number
}

export class Branches {
  /** Declarations of the split-off functions. */
  readonly functions: string[] = []
  readonly #trees: Trees
  readonly #prefix: string
  readonly #shared: ReadonlySet<number>
  /** By shared node: its code, or a call of the function with its code. */
  readonly #joined = new Map<number, Piece>()

  /**
   * @param prefix - prefix of function names
   * @param shared - nodes with several parents
   */
  constructor(trees: Trees, prefix: string, shared: ReadonlySet<number>) {
    this.#trees = trees
    this.#prefix = prefix
    this.#shared = shared
  }

  /** Statements that walk all `subtrees`. */
  walk(subtrees: readonly Subtree[]): string {
    return this.#join(this.#pieces(subtrees)).code
  }

  /** One piece for each leaf, and for each slot that some tree reads next. */
  #pieces(subtrees: readonly Subtree[], expanded = 0): Piece[] {
    const pieces: Piece[] = []
    const bySlot = new Map<Slot, Subtree[]>()
    for (const subtree of subtrees) {
      if (subtree.node <= 0) {
        const piece = this.#trees.leaf(subtree)
        if (piece.code !== '') pieces.push(piece)
        continue
      }
      if (subtree.node !== expanded && this.#shared.has(subtree.node)) {
        const piece = this.#joinedAt(subtree)
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

  /** The code of a node with several parents. */
  #joinedAt(subtree: Subtree): Piece {
    const known = this.#joined.get(subtree.node)
    if (known !== undefined) return known
    const whole = this.#join(this.#pieces([subtree], subtree.node))
    const piece = whole.weight <= REPEATED ? whole : { code: this.#split(whole.code), weight: 1 }
    this.#joined.set(subtree.node, piece)
    return piece
  }

  /** Makes a function, and returns the code that calls it. */
  #split(code: string): string {
    const name = `${this.#prefix}${this.functions.length}`
    this.functions.push(this.#trees.declare(name, code))
    return this.#trees.call(name)
  }

  /** Tests a slot and continues with the subtrees for each value. */
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
    if (branches.length === 2 && branches[0]!.values.length + branches[1]!.values.length === this.#trees.size(slot)) {
      const [one, other] =
        branches[0]!.values.length <= branches[1]!.values.length ? branches : [branches[1]!, branches[0]!]
      const test = condition(content, one!.values, this.#trees.size(slot))
      return { code: `if (${test}) { ${one!.code} } else { ${other!.code} }`, weight }
    }
    const labels = branches.map(
      ({ values, code }) => `${values.map((value) => `case ${value}:`).join(' ')} { ${code}\n break }`,
    )
    return { code: `switch (${content}) { ${labels.join('\n')} }`, weight }
  }

  /** Combines pieces. If they are too large, it splits them into functions. */
  #join(pieces: readonly Piece[]): Piece {
    const total = pieces.reduce((sum, { weight }) => sum + weight, 0)
    if (total <= LARGEST) return { code: pieces.map(({ code }) => code).join('\n'), weight: total }
    const calls: string[] = []
    let body: string[] = []
    let weight = 0
    const flush = (): void => {
      if (body.length === 0) return
      calls.push(this.#split(body.join('\n')))
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

/** An expression for whether `content` is one of `values`. `size` is the number of possible values. */
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
  if (values.length === 2) return values.map((value) => `(${content}) === ${value}`).join(' || ')
  if (size <= 32) return `${values.reduce((mask, value) => mask | (1 << value), 0)} >>> (${content}) & 1`
  return values.map((value) => `(${content}) === ${value}`).join(' || ')
}

/**
 * The number of dense nodes of a tree. Stops counting at `most`.
 *
 * @param shared - receives the nodes with several parents
 */
export function countNodes(
  trees: Pick<Trees, 'nodes' | 'size'>,
  root: number,
  most: number,
  shared: Set<number>,
): number {
  const met = new Set<number>()
  const visit = (node: number): void => {
    if (met.size >= most) return
    met.add(node)
    const size = trees.size(trees.nodes[node]!)
    let last = 0
    const own = new Set<number>()
    for (let at = node + 1; at <= node + size; at++) {
      const child = trees.nodes[at]!
      if (child <= 0 || child === last || own.has(child)) continue
      last = child
      own.add(child)
      if (met.has(child)) shared.add(child)
      else visit(child)
    }
  }
  if (root > 0) visit(root)
  return met.size
}
