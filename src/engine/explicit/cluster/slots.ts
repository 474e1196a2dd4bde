/** Which node owns which hash slot. */
import { SLOTS } from './protocol.ts'

/**
 * Owners for all slots, as evenly as possible. A slot keeps its owner if that is present and does not own too many.
 *
 * @param before - by slot; empty at first
 * @param present - the nodes that are there, at least one; those beyond the number of slots get none
 */
export function withOwners(before: readonly string[], present: readonly string[]): string[] {
  const nodes = present.slice(0, SLOTS)
  const least = Math.floor(SLOTS / nodes.length)
  // So many nodes own one slot more than the others.
  let larger = SLOTS % nodes.length
  const counts = new Map(nodes.map((node) => [node, 0]))
  const mayOwnMore = (node: string): boolean => {
    const count = counts.get(node)
    if (count === undefined) return false
    if (count < least) return true
    return count === least && larger > 0
  }
  const give = (node: string): string => {
    const count = counts.get(node)!
    if (count === least) larger--
    counts.set(node, count + 1)
    return node
  }
  const kept = Array.from({ length: SLOTS }, (_, slot) => {
    const owner = before[slot]
    return owner !== undefined && mayOwnMore(owner) ? give(owner) : undefined
  })
  return kept.map((owner) => owner ?? give(nodes.find(mayOwnMore)!))
}
