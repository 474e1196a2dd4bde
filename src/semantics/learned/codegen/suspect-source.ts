/**
 * JavaScript that says whether a predicate may have the unexpected value after a step.
 *
 * Each step key has affected predicates: the predicates that the step can change, each with the tree node to continue from.
 * Steps with the same affected predicates share a function. If the affected predicates of a step are unknown, the code
 * always returns true.
 */
import type { Layout } from '../../../state/layout.ts'
import type { DecisionTrees } from '../decision-tree.ts'
import { Branches, countNodes, type Subtree } from './branches.ts'

/** The predicates that a step may have changed, and for each the tree node to continue from. */
export interface AffectedPredicates {
  readonly indexes: Int32Array
  readonly starts: Int32Array
}

/**
 * Affected predicates with more nodes stay data. So do all further ones once the code contains `MAX_NODES_IN_ALL`
 * nodes.
 */
const MAX_NODES = 4000
const MAX_NODES_IN_ALL = 30_000

/** Groups of steps: unknown, nothing to check, and from here on functions. */
const ALWAYS = 0
const NEVER = 1

export type Suspects = (words: Int32Array, offset: number, step: number) => boolean

/** The input of the generator. */
export interface SuspectsInput {
  readonly layout: Layout
  readonly trees: DecisionTrees
  /** The leaf for the expected value of each predicate. */
  readonly expected: Int32Array
  /** By step key; undefined if unknown. */
  readonly affected: readonly (AffectedPredicates | undefined)[]
}

export function compileSuspects(of: SuspectsInput): Suspects {
  const { source, groups } = suspectSource(of)
  return (new Function('groups', source) as (groups: Int32Array) => Suspects)(groups)
}

function suspectSource({ layout, trees, expected, affected }: SuspectsInput): { source: string; groups: Int32Array } {
  const { word, shift, mask } = layout
  const leaves = {
    layout,
    nodes: trees.nodes,
    size: (slot: number) => layout.slots[slot]!.size,
    leaf: ({ node, index }: Subtree) =>
      node === expected[index] ? { code: '', weight: 0 } : { code: 'return true', weight: 1 },
    content: (slot: number) => `E[o + ${word[slot]}] >>> ${shift[slot]} & ${mask[slot]}`,
    call: (name: string) => `if (${name}(E, o)) return true`,
    declare: (name: string, body: string) => `const ${name} = (E, o) => { ${body}\nreturn false }`,
  }
  const shared = new Set<number>()
  const branches = new Branches(leaves, 'part', shared)
  const groups = new Int32Array(affected.length)
  const known = new Map<string, number>([['', NEVER]])
  const cases: string[] = []
  let budget = MAX_NODES_IN_ALL
  affected.forEach((predicates, step) => {
    if (predicates === undefined) return
    const key = Array.from(predicates.starts, (start, at) => `${predicates.indexes[at]}:${start}`).join()
    let group = known.get(key)
    if (group === undefined) {
      group = ALWAYS
      const subtrees = Array.from(predicates.starts, (node, at): Subtree => ({ node, index: predicates.indexes[at]! }))
      const nodes = subtrees.reduce((sum, { node }) => sum + 1 + countNodes(leaves, node, MAX_NODES, shared), 0)
      if (nodes <= Math.min(budget, MAX_NODES)) {
        budget -= nodes
        group = known.size + 1
        cases.push(`case ${group}: return check${group}(E, o)`)
        branches.functions.push(leaves.declare(`check${group}`, branches.walk(subtrees)))
      }
      known.set(key, group)
    }
    groups[step] = group
  })
  const source = `'use strict'
    ${branches.functions.join('\n')}
    return (E, o, step) => {
      switch (step < ${groups.length} ? groups[step] : ${ALWAYS}) {
        case ${NEVER}: return false
        ${cases.join('\n')}
        default: return true
      }
    }`
  return { source, groups }
}
