/**
 * Decision trees over slots, many in one array.
 *
 * A dense node has an index `n > 0` in `nodes`, and a child for each value of its slot:
 *
 *     nodes[n]       the slot to read next
 *     nodes[n+1+v]   the child for content v:  > 0 a node,  0 unknown,  < 0 a leaf or, from SPARSE down, a sparse node
 *
 * Slots with many values get sparse nodes, whose children are in a `Map`. The owner of the trees defines the meaning of
 * leaves. A tree is exact: it grows only by paths that an evaluation took, and two paths through one node read the same
 * slot.
 *
 * Paths may join, so a tree may share subtrees; see `joins.ts`.
 */
import { grown } from '../grown.ts'
import type { Slot } from '../../state/shape.ts'

/** No learned path leads here. */
export const UNKNOWN = 0

/** Leaves are greater than this. Sparse nodes are at or below it: sparse node `i` is `SPARSE - i`. */
export const SPARSE: number = -(2 ** 30)

/** Marks a tree that is given up: the owner evaluates by reference. Less than each sparse node. */
export const INTERPRET: number = -(2 ** 31)

/** Slots with more values get sparse nodes. A dense node takes four bytes for each value. */
const MAX_DENSE_CHILDREN = 256

interface SparseNode {
  readonly slot: Slot
  readonly children: Map<number, number>
}

export class DecisionTrees {
  /** The dense nodes. A growing tree replaces this array by a longer one. */
  nodes: Int32Array = new Int32Array(1024)
  #used = 1
  readonly #sparse: SparseNode[] = []
  readonly #sizes: Int32Array

  /** @param sizes - the number of values of each slot */
  constructor(sizes: Int32Array) {
    this.#sizes = sizes
  }

  /** Follows a tree as far as it is learned: to a leaf, `UNKNOWN` or `INTERPRET`. */
  walk(root: number, slots: Int32Array): number {
    let node = root
    for (;;) {
      while (node > 0) node = this.nodes[node + 1 + slots[this.nodes[node]!]!]!
      if (node > SPARSE || node === INTERPRET) return node
      const { slot, children } = this.#sparse[SPARSE - node]!
      node = children.get(slots[slot]!) ?? UNKNOWN
    }
  }

  /** The slots that a walk reads, in order. */
  path(root: number, slots: Int32Array): Slot[] {
    const path: Slot[] = []
    for (let node = root; node !== UNKNOWN && node !== INTERPRET && !DecisionTrees.isLeaf(node);) {
      const slot = this.slotOf(node)
      path.push(slot)
      node = this.childOf(node, slots[slot]!)
    }
    return path
  }

  /** The slot of a sparse node. */
  sparseSlot(node: number): Slot {
    return this.#sparse[SPARSE - node]!.slot
  }

  /** The child of a sparse node for a content. */
  sparseChild(node: number, content: number): number {
    return this.#sparse[SPARSE - node]!.children.get(content) ?? UNKNOWN
  }

  /**
   * Extends a tree by the path that reads the slots `reads`, finds the contents `slots`, and ends in `leaf`.
   *
   * @returns the root, which changes only if the tree was empty, and the number of added nodes
   * @returns undefined if the path contradicts the tree: two evaluations read the same contents but continued
   *   differently
   */
  insert(
    root: number,
    reads: readonly Slot[],
    slots: Int32Array,
    leaf: number,
  ): { root: number; added: number } | undefined {
    if (reads.length === 0) return { root: leaf, added: 0 }
    let added = 0
    const make = (slot: Slot): number => {
      added++
      return this.make(slot)
    }
    const start = root === UNKNOWN ? make(reads[0]!) : root
    let node = start
    for (const [index, slot] of reads.entries()) {
      if (this.slotOf(node) !== slot) return undefined
      const last = index === reads.length - 1
      let child = last ? leaf : this.childOf(node, slots[slot]!)
      if (child === UNKNOWN) child = make(reads[index + 1]!)
      this.setChild(node, slots[slot]!, child)
      node = child
    }
    return { root: start, added }
  }

  /** Follows a tree through slots with known contents, up to a leaf or to the first slot with unknown content. */
  skip(root: number, contents: ReadonlyMap<Slot, number>): number {
    let node = root
    while (node > 0) {
      const content = contents.get(this.nodes[node]!)
      if (content === undefined) return node
      node = this.nodes[node + 1 + content]!
    }
    return node
  }

  /**
   * Whether a tree leads to `leaf` for all contents of the other slots. Gives up and returns false after `budget.left`
   * nodes.
   */
  leadsOnlyTo(leaf: number, root: number, contents: ReadonlyMap<Slot, number>, budget: { left: number }): boolean {
    const node = this.skip(root, contents)
    if (node <= 0) return node === leaf
    if (budget.left-- <= 0) return false
    for (let child = node + 1; child <= node + this.#sizes[this.nodes[node]!]!; child++) {
      if (!this.leadsOnlyTo(leaf, this.nodes[child]!, contents, budget)) return false
    }
    return true
  }

  /** Adds a node without children. */
  make(slot: Slot): number {
    const size = this.#sizes[slot]!
    if (size > MAX_DENSE_CHILDREN) return SPARSE - (this.#sparse.push({ slot, children: new Map() }) - 1)
    const node = this.#used
    this.#used += 1 + size
    if (this.#used > this.nodes.length) this.nodes = grown(this.nodes, Math.max(this.#used, this.nodes.length * 2))
    this.nodes[node] = slot
    return node
  }

  /** The slot of a node; -1 for a leaf. */
  slotOf(node: number): Slot {
    return node > 0 ? this.nodes[node]! : DecisionTrees.isLeaf(node) ? -1 : this.sparseSlot(node)
  }

  /** The child of a node for a content. */
  childOf(node: number, content: number): number {
    return node > 0 ? this.nodes[node + 1 + content]! : this.sparseChild(node, content)
  }

  setChild(node: number, content: number, child: number): void {
    if (node > 0) this.nodes[node + 1 + content] = child
    else this.#sparse[SPARSE - node]!.children.set(content, child)
  }

  /** Calls `visit` with each content of a node that has a child, and the child. */
  eachChild(node: number, visit: (content: number, child: number) => void): void {
    if (node <= 0) {
      this.#sparse[SPARSE - node]!.children.forEach((child, content) => visit(content, child))
      return
    }
    const size = this.#sizes[this.nodes[node]!]!
    for (let content = 0; content < size; content++) {
      const child = this.nodes[node + 1 + content]!
      if (child !== UNKNOWN) visit(content, child)
    }
  }

  /** False for a node, `UNKNOWN` and `INTERPRET`. */
  static isLeaf(node: number): boolean {
    return node < 0 && node > SPARSE
  }
}
