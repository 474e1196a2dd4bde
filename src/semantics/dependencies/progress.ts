/**
 * Which steps make progress: an order of the states that such a step always goes up in, so that no cycle of the state
 * graph consists of them alone.
 *
 * States are compared slot by slot, the slots that guard most steps first; program counters are such slots. The contents
 * of a slot have ranks, so that most writes go up. A search that goes on by steps with progress alone must end. So
 * nothing is put off forever, and whether a step makes progress is known before the search. This is a static cycle
 * proviso (R. Kurshan, V. Levin, M. Minea, D. Peled and H. Yenigün, "Static partial order reduction", TACAS 1998). Unlike
 * one that asks which states were seen before, it depends on the state alone, so workers need not agree on an order.
 */
import type { Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'
import type { Writes } from '../../state/tracked/changes.ts'
import type { ActionPath } from './action-dependencies.ts'
import type { Path } from './complete-paths.ts'

/** Slots with more contents have no ranks. They do not count in the order. */
const MAX_CONTENTS = 64

export class Progress {
  /** By slot: the rank of each content; undefined if it has no ranks. */
  readonly #ranks: readonly (Int32Array | undefined)[]
  /** By slot: its place in the order. Lower ones are compared first. */
  readonly #place: Int32Array

  /** @param initial - the slots of an initial state. Their contents have low ranks */
  constructor(layout: Layout, paths: readonly ActionPath[], initial: Int32Array) {
    const edges: Map<number, Set<number>>[] = layout.slots.map(() => new Map<number, Set<number>>())
    const guarded = new Int32Array(layout.slots.length)
    const isRanked = layout.slots.map(({ size, open }) => !open && size <= MAX_CONTENTS)
    const add = (slot: Slot, from: number, to: number): void => {
      const targets = edges[slot]!.get(from) ?? new Set<number>()
      edges[slot]!.set(from, targets.add(to))
    }
    for (const { reads, contents, choices } of paths) {
      for (const [slot, content] of (choices ?? []).flatMap((writes) => [...writes])) {
        if (!isRanked[slot]!) continue
        const at = reads.indexOf(slot)
        if (at >= 0) {
          guarded[slot]!++
          add(slot, contents[at]!, content)
        } else {
          for (let from = 0; from < layout.slots[slot]!.size; from++) if (from !== content) add(slot, from, content)
        }
      }
    }
    this.#ranks = layout.slots.map(({ size }, slot) =>
      isRanked[slot]! ? ranksOf(size, edges[slot]!, initial[slot]!) : undefined,
    )
    this.#place = new Int32Array(layout.slots.length)
    const order = [...layout.slots.keys()].sort((one, other) => guarded[other]! - guarded[one]! || one - other)
    order.forEach((slot, place) => (this.#place[slot] = place))
  }

  /** Whether every step from a state on `path` that writes `writes` goes up. */
  isMadeBy({ reads, contents }: Path, writes: Writes): boolean {
    const slots = [...writes.keys()].sort((one, other) => this.#place[one]! - this.#place[other]!)
    for (const slot of slots) {
      const ranks = this.#ranks[slot]
      if (ranks === undefined) continue
      const after = ranks[writes.get(slot)!]!
      const at = reads.indexOf(slot)
      if (at >= 0) {
        const before = ranks[contents[at]!]!
        if (before !== after) return after > before
      } else if (after < ranks.length - 1) {
        // The slot may have held a content of a higher rank.
        return false
      }
    }
    return false
  }
}

/** A rank for each content: the reverse postorder of a depth-first search, so that few edges go down. */
function ranksOf(size: number, edges: ReadonlyMap<number, ReadonlySet<number>>, initial: number): Int32Array {
  const ranks = new Int32Array(size).fill(-1)
  const isMet = new Uint8Array(size)
  let next = size
  const visit = (content: number): void => {
    isMet[content] = 1
    // In descending order, so that a chain of contents keeps its order.
    const targets = [...(edges.get(content) ?? [])].sort((one, other) => other - one)
    for (const target of targets) if (isMet[target] === 0) visit(target)
    ranks[content] = --next
  }
  visit(initial)
  for (let content = 0; content < size; content++) if (isMet[content] === 0) visit(content)
  return ranks
}
