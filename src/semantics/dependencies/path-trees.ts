/**
 * Trees that lead from a state to its path, for functions whose paths are complete.
 *
 * The layout is that of `learned/decision-tree.ts`: `nodes[n]` is a slot, `nodes[n + 1 + c]` is the child for content
 * `c`. A child above 0 is a node, 0 is a content that no state has there, and a child below 0 is a leaf.
 */
import { grown } from '../grown.ts'
import type { Layout } from '../../state/layout.ts'
import type { Path } from './complete-paths.ts'

/** No state leads here. */
export const IMPOSSIBLE = 0

export class PathTrees {
  nodes: Int32Array = new Int32Array(1024)
  #used = 1
  readonly #layout: Layout

  constructor(layout: Layout) {
    this.#layout = layout
  }

  /** Adds a tree. Returns its root. `leafOf` gives each path its leaf, which is negative. */
  add(paths: readonly Path[], leafOf: (path: Path) => number): number {
    let root = IMPOSSIBLE
    for (const path of paths) root = this.#insert(root, path, leafOf(path))
    return root
  }

  /** The leaf for a state, or `IMPOSSIBLE`. */
  walk(root: number, slots: Int32Array): number {
    const { nodes } = this
    let node = root
    while (node > 0) node = nodes[node + 1 + slots[nodes[node]!]!]!
    return node
  }

  /**
   * Whether every state with `contents` leads to a leaf that `accepts`. Gives up and returns false after `budget.left`
   * nodes.
   */
  leadsOnlyTo(
    accepts: (leaf: number) => boolean,
    node: number,
    contents: ReadonlyMap<number, number>,
    budget: { left: number },
  ): boolean {
    const { nodes } = this
    let at = node
    while (at > 0) {
      const content = contents.get(nodes[at]!)
      if (content === undefined) break
      at = nodes[at + 1 + content]!
    }
    if (at <= 0) return at !== IMPOSSIBLE && accepts(at)
    if (budget.left-- <= 0) return false
    const { size } = this.#layout.slots[nodes[at]!]!
    for (let content = 0; content < size; content++) {
      const child = nodes[at + 1 + content]!
      if (child !== IMPOSSIBLE && !this.leadsOnlyTo(accepts, child, contents, budget)) return false
    }
    return true
  }

  #insert(root: number, { reads, contents }: Path, leaf: number): number {
    if (reads.length === 0) return leaf
    const start = root === IMPOSSIBLE ? this.#make(reads[0]!) : root
    let node = start
    reads.forEach((_, index) => {
      const place = node + 1 + contents[index]!
      if (index === reads.length - 1) this.nodes[place] = leaf
      else {
        if (this.nodes[place] === IMPOSSIBLE) {
          const child = this.#make(reads[index + 1]!)
          this.nodes[place] = child
        }
        node = this.nodes[place]!
      }
    })
    return start
  }

  #make(slot: number): number {
    const node = this.#used
    this.#used += 1 + this.#layout.slots[slot]!.size
    if (this.#used > this.nodes.length) this.nodes = grown(this.nodes, Math.max(this.#used, this.nodes.length * 2))
    this.nodes[node] = slot
    return node
  }
}
