/**
 * Decision trees over slots, many in one array.
 *
 * A dense node stands at an index `n > 0` of `nodes` and has a child for each value of its slot:
 *
 *     nodes[n]       the slot to look at next
 *     nodes[n+1+v]   where to go if it holds v:  > 0 a node,  0 unknown,  < 0 a leaf or, from SPARSE down, a sparse node
 *
 * Slots with many values get sparse nodes, whose children are a `Map`. What a leaf means is the owner's affair. A tree is
 * exact: it is only ever extended by paths that an evaluation took, and two paths through one node look at the same slot.
 */
import { grown } from '../grown.ts'
import type { Slot } from '../../state/shape.ts'

/** No path has been learned here yet. */
export const UNKNOWN = 0

/** Leaves lie above this, sparse nodes at it and below: sparse node `i` is `SPARSE - i`. */
export const SPARSE: number = -(2 ** 30)

/** Not a node: the owner evaluates by reference. Below every sparse node. */
export const INTERPRET: number = -(2 ** 31)

/** Slots with more values than this get sparse nodes. A dense node costs four bytes for each value. */
const MAX_DENSE_CHILDREN = 256

interface SparseNode {
  readonly slot: Slot
  readonly children: Map<number, number>
}

export class DecisionTrees {
  /** The dense nodes. Replaced by a longer array as the trees grow. */
  nodes: Int32Array = new Int32Array(1024)
  #used = 1
  readonly #sparse: SparseNode[] = []
  readonly #sizes: Int32Array

  /** @param sizes - how many values each slot can hold */
  constructor(sizes: Int32Array) {
    this.#sizes = sizes
  }

  /** Follows a tree as far as it is known: to a leaf, or `UNKNOWN`, or `INTERPRET`. */
  walk(root: number, slots: Int32Array): number {
    let node = root
    for (;;) {
      while (node > 0) node = this.nodes[node + 1 + slots[this.nodes[node]!]!]!
      if (node > SPARSE || node === INTERPRET) return node
      const { slot, children } = this.#sparse[SPARSE - node]!
      node = children.get(slots[slot]!) ?? UNKNOWN
    }
  }

  /** The slots that a walk looks at, in order. */
  path(root: number, slots: Int32Array): Slot[] {
    const path: Slot[] = []
    for (let node = root; node !== UNKNOWN && node !== INTERPRET && !DecisionTrees.isLeaf(node);) {
      const slot = this.#slotOf(node)
      path.push(slot)
      node = this.#childOf(node, slots[slot]!)
    }
    return path
  }

  /** One step of a walk, from a sparse node. */
  sparseSlot(node: number): Slot {
    return this.#sparse[SPARSE - node]!.slot
  }

  /** One step of a walk, from a sparse node whose slot holds `content`. */
  sparseChild(node: number, content: number): number {
    return this.#sparse[SPARSE - node]!.children.get(content) ?? UNKNOWN
  }

  /**
   * Extends a tree by the path `reads`, taken where the slots have the contents `slots`, and ending in `leaf`.
   *
   * @returns the tree's root, the same one unless the tree was empty; and how many nodes were added
   * @returns undefined if the path contradicts the tree: two evaluations read the same, and went on differently
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
      return this.#make(slot)
    }
    const start = root === UNKNOWN ? make(reads[0]!) : root
    let node = start
    for (const [index, slot] of reads.entries()) {
      if (this.#slotOf(node) !== slot) return undefined
      const last = index === reads.length - 1
      let child = last ? leaf : this.#childOf(node, slots[slot]!)
      if (child === UNKNOWN) child = make(reads[index + 1]!)
      this.#setChild(node, slots[slot]!, child)
      node = child
    }
    return { root: start, added }
  }

  /** Follows a tree through the slots whose contents are known: to the first node whose slot's is not, or a leaf. */
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
   * Whether a tree leads to `leaf` whatever the slots hold whose contents are not known. Gives up, and says no, after looking
   * at `budget.left` nodes.
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

  /** Whether `node` is a leaf rather than a node, unknown, or `INTERPRET`. */
  static isLeaf(node: number): boolean {
    return node < 0 && node > SPARSE
  }

  #make(slot: Slot): number {
    const size = this.#sizes[slot]!
    if (size > MAX_DENSE_CHILDREN) return SPARSE - (this.#sparse.push({ slot, children: new Map() }) - 1)
    const node = this.#used
    this.#used += 1 + size
    if (this.#used > this.nodes.length) this.nodes = grown(this.nodes, Math.max(this.#used, this.nodes.length * 2))
    this.nodes[node] = slot
    return node
  }

  #slotOf(node: number): Slot {
    return node > 0 ? this.nodes[node]! : DecisionTrees.isLeaf(node) ? -1 : this.sparseSlot(node)
  }

  #childOf(node: number, content: number): number {
    return node > 0 ? this.nodes[node + 1 + content]! : this.sparseChild(node, content)
  }

  #setChild(node: number, content: number, child: number): void {
    if (node > 0) this.nodes[node + 1 + content] = child
    else this.#sparse[SPARSE - node]!.children.set(content, child)
  }
}
