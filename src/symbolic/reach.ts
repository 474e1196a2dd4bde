/**
 * All reachable states: as far as what is learned leads, then learning what is new there, and so on.
 *
 * How much work that is depends on the order of variables and on the way the steps are put together, and cannot be
 * told in advance. So several ways are tried in turn, each for a limited number of operations, then for four times as
 * many. What one learned the others need not learn again. Breadth-first levels do not come to light, so neither does
 * the depth.
 */
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { Saturation } from './diagram/saturation.ts'
import { declared, forced, isMuchBetter, sharedLast, type Ordering } from './order.ts'
import type { SymbolicModel } from './symbolic-model.ts'

/** Does a piece of work, which may be broken off and done again from its beginning. */
export type Drive = <T>(work: () => T) => Promise<T>

/**
 * Operations that the first attempt with an order of variables may take; the next round of attempts may take four
 * times as many.
 */
const FIRST_WORK = 2 ** 17
const MORE_WORK = 4

/** A way to go about it. */
interface Way {
  readonly ordering: Ordering
  /** All that can be reached from a set by what is known. */
  readonly advance: (model: SymbolicModel, set: Diagram) => Diagram
}

/** Ways worth trying, the most promising first. Saturation is often far ahead, and sometimes far behind. */
const WAYS: readonly Way[] = [
  { ordering: sharedLast, advance: saturated },
  { ordering: sharedLast, advance: chained },
  { ordering: forced, advance: chained },
  { ordering: declared, advance: chained },
]

/** Thrown when an attempt takes more work than it may. */
class TooMuchWork extends Error {}

/**
 * Explores under an order that is chosen on the way.
 *
 * @param tell - told now and then of states that can be reached; good for the call only
 * @returns the set of all reachable states within the constraints
 */
export async function reach(
  model: SymbolicModel,
  drive: Drive,
  tell: (reached: Diagram) => void = () => {},
): Promise<Diagram> {
  for (let work = FIRST_WORK; ; work *= MORE_WORK) {
    for (const way of WAYS) {
      const reached = await attempt(model, way, drive, work, tell)
      if (reached !== undefined) return reached
    }
  }
}

/** All reachable states; undefined if that takes more work than it may. */
async function attempt(
  model: SymbolicModel,
  { ordering, advance }: Way,
  drive: Drive,
  work: number,
  tell: (reached: Diagram) => void,
): Promise<Diagram | undefined> {
  const { cache } = model.diagrams
  const most = cache.stored + work
  const bounded = <T>(task: () => T): T => {
    const { onWork } = cache
    cache.onWork = () => {
      if (cache.stored > most) throw new TooMuchWork()
      onWork()
    }
    try {
      return task()
    } finally {
      cache.onWork = onWork
    }
  }
  try {
    let reached = await begin(model, ordering, drive)
    for (;;) {
      const known = model.cubes
      reached = await drive(() => bounded(() => advance(model, reached)))
      model.tidy([reached])
      tell(reached)
      await drive(() => bounded(() => learn(model, reached)))
      if (known === model.cubes) return reached
      // The more is known of what functions read and write, the better the order can be.
      const edges = model.edges()
      const order = ordering(model.layout.slots.length, edges)
      if (isMuchBetter(order, model.space.order, edges)) reached = await begin(model, ordering, drive)
    }
  } catch (thrown) {
    if (!(thrown instanceof TooMuchWork)) throw thrown
    model.diagrams.recover()
    return undefined
  }
}

/** Moves to the order that is best by what is known, and gives the initial states. */
async function begin(model: SymbolicModel, ordering: Ordering, drive: Drive): Promise<Diagram> {
  const order = ordering(model.layout.slots.length, model.edges())
  model.moveTo(order)
  return await drive(() => model.divide(model.start()).inside)
}

/** Learns what actions do on a set of states. */
function learn({ actions, space }: SymbolicModel, set: Diagram): void {
  for (const action of actions) action.learn(space, set)
}

/** By saturation, unless there are constraints. */
function saturated(model: SymbolicModel, set: Diagram): Diagram {
  const { actions, constraints, diagrams, space } = model
  if (constraints.length > 0) return chained(model, set)
  const relations = actions.flatMap(({ moves }) => moves.map(({ step }) => step))
  return new Saturation(diagrams, space.order.length, relations).reach(set)
}

/** By one action after another, each as often as it leads on, within the constraints. */
function chained(model: SymbolicModel, set: Diagram): Diagram {
  const { actions, diagrams, space } = model
  let reached = set
  for (let before = EMPTY; before !== reached;) {
    before = reached
    for (const { moves } of actions) {
      for (const { step } of moves) {
        for (let last = EMPTY; last !== reached;) {
          last = reached
          const fresh = diagrams.minus(space.relations.image(reached, step), reached)
          reached = diagrams.union(reached, model.divide(fresh).inside)
        }
      }
    }
  }
  return reached
}
