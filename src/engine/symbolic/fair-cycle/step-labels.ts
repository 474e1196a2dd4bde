/**
 * By which actions steps are made, as sets of the states before.
 *
 * Several actions may lead from one state to the same other one; that is one step then, and it is by all of them. Whether
 * two steps do is said by the state before: a slot that both write must be written the same, and one that only one of
 * them writes must hold that already. So what a step of one action instance is by besides is a set of cubes, and pairs of
 * states need no diagrams.
 */
import type { Diagram } from '../diagram/diagrams.ts'
import { EMPTY } from '../diagram/node-table.ts'
import type { Contents } from '../diagram/relations.ts'
import type { Stepping } from './fair-product.ts'
import type { RunSliced } from '../reachable-set.ts'
import type { Space } from '../space.ts'
import type { ActionLearner } from '../relation-learner.ts'

/** Steps by one move of an action instance, and whose they are. */
export interface OwnedStepping extends Stepping {
  readonly action: ActionLearner
  /** The number of the action instance. */
  readonly instance: number
  /** Which of the successors that the action gives they lead to. */
  readonly which: number
  /** The states in which it changes something. */
  readonly changing: Diagram
}

/** Steps that write the same. */
interface Writes {
  readonly writes: Contents
  /** The states from which some such step is made, related to themselves. */
  guard: Diagram
}

/**
 * For each of some steps the states from which it is by one of `actions`, alone or not. A step that changes nothing is by
 * none.
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

/** All that some actions write, each once. */
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

/** What slots must hold before for two ways of writing to come to the same; undefined if they never do. */
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
