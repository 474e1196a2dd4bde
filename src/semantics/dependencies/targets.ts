/**
 * What a reduced search must still reach: states in which a predicate has a certain value, or in which a function fails.
 *
 * A step does not harm a target if it leads from states of the target to states of the target only. This is weaker than
 * to be invisible: the step may reach the target.
 */
import type { Layout } from '../../state/layout.ts'
import type { Writes } from '../../state/tracked/changes.ts'
import type { Path } from './complete-paths.ts'
import { PathTrees } from './path-trees.ts'

/** Nodes to visit before a step counts as harmful. */
const MAX_NODES = 256

const OUTSIDE = -1
const INSIDE = -2

export class Target {
  readonly #trees: PathTrees
  readonly #root: number
  readonly #inside: readonly Path[]
  readonly #slots: ReadonlySet<number>

  /**
   * @param paths - all paths of a function
   * @param isInside - whether the states of a path may belong to the target
   */
  constructor(layout: Layout, paths: readonly Path[], isInside: (outcome: Path['outcome']) => boolean) {
    const belongs = ({ outcome }: Path): boolean => isInside(outcome)
    this.#trees = new PathTrees(layout)
    // A path without a known outcome may lead outside too.
    this.#root = this.#trees.add(paths, (path) => (path.outcome !== undefined && belongs(path) ? INSIDE : OUTSIDE))
    this.#inside = paths.filter(belongs)
    this.#slots = new Set(this.#inside.flatMap(({ reads }) => reads))
  }

  /** Whether a step from a state on `path` that writes `writes` may lead from inside the target to outside. */
  isHarmedBy({ reads, contents }: Path, writes: Writes): boolean {
    const isUnknown = this.#inside.some(({ outcome }) => outcome === undefined)
    if (!isUnknown && [...writes.keys()].every((slot) => !this.#slots.has(slot))) return false
    const held = new Map(reads.map((slot, index) => [slot, contents[index]!]))
    return this.#inside.some((inside) => {
      const isApart = inside.reads.some(
        (slot, index) => (held.get(slot) ?? inside.contents[index]) !== inside.contents[index],
      )
      if (isApart) return false
      if (inside.outcome === undefined) return writes.size > 0
      const isSame = inside.reads.every(
        (slot, index) => (writes.get(slot) ?? inside.contents[index]) === inside.contents[index],
      )
      if (isSame) return false
      const after = new Map(held)
      inside.reads.forEach((slot, index) => after.set(slot, inside.contents[index]!))
      for (const [slot, content] of writes) after.set(slot, content)
      return !this.#trees.leadsOnlyTo((leaf) => leaf === INSIDE, this.#root, after, { left: MAX_NODES })
    })
  }
}
