/**
 * The paths that an evaluator has learned, in place of complete paths.
 *
 * A function may have other paths, so a reduction by these is not sound. But it leaves out at least as much as a sound
 * one, because more paths bring more conflicts. So it estimates what a reduction would leave out, without a call of the
 * spec.
 */
import { DecisionTrees, UNKNOWN } from '../learned/decision-tree.ts'
import type { LearnedEvaluator } from '../learned/learned-evaluator.ts'
import { DISABLED } from '../learned/leaves.ts'
import type { Layout } from '../../state/layout.ts'
import { MAX_CONTENTS, UNKNOWN_FUNCTION, type Path } from './complete-paths.ts'

/** A function with more paths counts as unknown. */
const MAX_PATHS = 1024

/** By action instance: the learned paths. Undefined if more than `most` have successors. */
export function learnedPaths(
  { actions, leaves }: LearnedEvaluator,
  layout: Layout,
  most: number,
): (readonly Path[])[] | undefined {
  const { roots, trees } = actions
  const outcomeAt = (leaf: number): Path['outcome'] => {
    const error = leaves.errorAt(leaf)
    return error === undefined
      ? { kind: 'successors', writes: leaf === DISABLED ? [] : leaves.writesAt(leaf) }
      : { kind: 'error', error }
  }
  let left = most
  const all = Array.from(roots, (root) => {
    const paths: Path[] = []
    const visit = (node: number, reads: readonly number[], contents: readonly number[]): void => {
      if (node === UNKNOWN || paths.length > MAX_PATHS || left < 0) return
      if (DecisionTrees.isLeaf(node)) {
        if (node !== DISABLED) left--
        paths.push({ reads, contents, outcome: outcomeAt(node) })
        return
      }
      const slot = node > 0 ? trees.nodes[node]! : -1
      if (slot < 0 || layout.slots[slot]!.open || layout.slots[slot]!.size > MAX_CONTENTS) {
        paths.push({ reads, contents, outcome: undefined })
        return
      }
      // Where paths have joined, a slot may come twice.
      const known = reads.indexOf(slot)
      if (known >= 0) return visit(trees.nodes[node + 1 + contents[known]!]!, reads, contents)
      const read = [...reads, slot]
      for (let content = 0; content < layout.slots[slot]!.size; content++) {
        visit(trees.nodes[node + 1 + content]!, read, [...contents, content])
      }
    }
    visit(root, [], [])
    return paths.length > MAX_PATHS ? UNKNOWN_FUNCTION : paths
  })
  return left < 0 ? undefined : all
}
