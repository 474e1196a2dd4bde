/**
 * Determines which actions make a step, as sets of the states before.
 *
 * Several actions may lead from one state to the same successor. They make the same step, and the step belongs to all
 * of them. The state before decides whether two steps are the same: a slot that both write must get the same content,
 * and a slot that only one writes must already hold that content. So the states in which a step also belongs to another
 * action form cubes, and pairs of states need no diagrams.
 */
import type { Diagram } from '../diagram/diagrams.ts'
import { EMPTY } from '../diagram/node-table.ts'
import type { Contents } from '../diagram/relations.ts'
import type { Stepping } from './fair-product.ts'
import type { RunSliced } from '../reachable-set.ts'
import type { Space } from '../space.ts'
import type { ActionLearner } from '../relation-learner.ts'

/** The steps of one move, with their action instance. */
export interface OwnedStepping extends Stepping {
  readonly action: ActionLearner
  readonly instance: number
  /** The index of the successor among the successors of the action. */
  readonly which: number
  /** The states in which it changes something. */
  readonly changing: Diagram
}

/** Steps that write the same contents. */
interface Writes {
  readonly writes: Contents
  /** The states that have such a step, as a relation to themselves. */
  guard: Diagram
}

/**
 * For each step, the states in which one of `actions` makes it, alone or with others. A step that changes nothing
 * belongs to no action.
 */
export async function labelled(
  space: Space,
  runSliced: RunSliced,
  steps: readonly OwnedStepping[],
  actions: ReadonlySet<ActionLearner>,
): Promise<Diagram[]> {
  const { diagrams, relations } = space
  const theirs = await runSliced(() => writesOf(space, actions))
  const found: Diagram[] = []
  for (const { action, which, changing } of steps) {
    if (actions.has(action)) {
      found.push(changing)
      continue
    }
    let sum = EMPTY
    for (const writing of action.writings.values()) {
      if (writing.which !== which) continue
      const own = await runSliced(() => {
        const from = relations.image(changing, writing.guard)
        return theirs.reduce<Diagram>((set, { writes, guard }) => {
          const alike = from === EMPTY ? undefined : agreement(writing.writes, writes)
          if (alike === undefined) return set
          const both = relations.image(relations.image(from, space.cube(alike, NOTHING)), guard)
          return diagrams.union(set, both)
        }, EMPTY)
      })
      sum = await runSliced(() => diagrams.union(sum, own))
    }
    found.push(sum)
  }
  return found
}

const NOTHING: Contents = new Map()

/** The distinct writes of some actions. */
function writesOf({ diagrams }: Space, actions: ReadonlySet<ActionLearner>): Writes[] {
  const byText = new Map<string, Writes>()
  for (const { writings } of actions) {
    for (const { writes, guard } of writings.values()) {
      const text = [...writes].sort(([a], [b]) => a - b).join(';')
      const known = byText.get(text)
      if (known === undefined) byText.set(text, { writes, guard })
      else known.guard = diagrams.union(known.guard, guard)
    }
  }
  return [...byText.values()]
}

/** The contents that slots must have so that two writes have the same effect; undefined if they never do. */
function agreement(one: Contents, other: Contents): Contents | undefined {
  const held = new Map<number, number>()
  for (const [slot, content] of one) {
    const written = other.get(slot)
    if (written === undefined) held.set(slot, content)
    else if (written !== content) return undefined
  }
  for (const [slot, content] of other) if (!one.has(slot)) held.set(slot, content)
  return held
}
