/**
 * All reachable states, under an order of variables that is chosen on the way.
 *
 * How much work that is depends on the order and on the way the steps are put together, and cannot be told in advance.
 * So two ways are tried in turn, each for a limited number of operations, then for four times as many. What one learned
 * or found the other need not learn or find again. Breadth-first levels do not come to light, so neither does the depth.
 */
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { Saturation } from './diagram/saturation.ts'
import { Found, TooMuchWork, type Drive } from './found.ts'
import { declared, forced, isMuchBetter, sharedLast, type Ordering } from './order.ts'
import type { SymbolicModel } from './symbolic-model.ts'

/** Operations that each way may take in the first round; in the next one it may take four times as many. */
const FIRST_WORK = 2 ** 17
const MORE_WORK = 4

/**
 * The part of that which saturation gets after the first round. Where it is far ahead it is done by then; else what it does
 * is in vain if it is not done.
 */
const SATURATION_SHARE = 1 / 4

/** Nodes that sifting may make, for each operation that a way may take: a tenth of the time, or less. */
const SIFTED_PER_OPERATION = 4

/** Orders worth trying, the most promising first. */
const ORDERINGS: readonly Ordering[] = [sharedLast, forced, declared]

/**
 * Finds all reachable states.
 *
 * @param tell - told now and then of states that can be reached; good for the call only
 * @returns the set of all reachable states within the constraints
 */
export async function reach(
  model: SymbolicModel,
  drive: Drive,
  tell: (reached: Diagram) => void = () => {},
): Promise<Diagram> {
  const found = new Found(model, drive)
  await found.begin(sharedLast(model.layout.slots.length, model.edges()))
  for (let work = FIRST_WORK; ; work *= MORE_WORK) {
    const share = work === FIRST_WORK ? 1 : SATURATION_SHARE
    if (model.constraints.length === 0 && (await isAll(saturate, found, model, work * share, tell))) break
    const sifted = SIFTED_PER_OPERATION * work
    // What is found by now tells more of the order than the rehearsal did; later rounds begin with what the one before found.
    if (work === FIRST_WORK) await found.choose([], sifted)
    if (await isAll(chain, found, model, work, tell)) break
    await found.choose(ordersOf(model), sifted)
  }
  return found.leave()
}

/** Goes on from what was found, and says whether that is all there is. */
type Way = (found: Found, model: SymbolicModel, tell: (reached: Diagram) => void) => Promise<void>

/** Whether everything is found; not so if that takes more work than it may. */
async function isAll(
  way: Way,
  found: Found,
  model: SymbolicModel,
  work: number,
  tell: (reached: Diagram) => void,
): Promise<boolean> {
  found.allow(work)
  try {
    await way(found, model, tell)
    return true
  } catch (thrown) {
    if (!(thrown instanceof TooMuchWork)) throw thrown
    model.diagrams.recover()
    return false
  }
}

/** By saturation as far as what is learned leads, then learning what is new there, and so on. */
async function saturate(found: Found, model: SymbolicModel, tell: (reached: Diagram) => void): Promise<void> {
  for (let known = -1; known !== model.cubes;) {
    known = model.cubes
    found.set = await found.do(() => {
      const relations = model.actions.flatMap(({ moves }) => moves.map(({ step }) => step))
      return new Saturation(model.diagrams, model.layout.slots.length, relations).reach(found.set)
    })
    model.tidy([])
    tell(found.set)
    await found.do(() => {
      for (const action of model.actions) action.learn(model.space, found.set)
    })
    if (known === model.cubes) return
    // The more is known of what functions read and write, the better the order can be.
    const edges = model.edges()
    if (isMuchBetter(sharedLast(model.layout.slots.length, edges), model.space.order, edges)) {
      await found.choose(ordersOf(model))
    }
  }
}

/**
 * By one action after another, each as often as it leads on, within the constraints. What an action does on the states
 * reached is learned before it is followed: a set made by half of what there is to know would be irregular, and its
 * diagram perhaps larger than that of all states.
 */
async function chain(found: Found, model: SymbolicModel, tell: (reached: Diagram) => void): Promise<void> {
  for (let before = EMPTY; before !== found.set;) {
    before = found.set
    for (const action of model.actions) {
      await found.do(() => {
        for (let last = EMPTY; last !== found.set;) {
          last = found.set
          action.learn(model.space, last)
          for (const { step } of action.moves) found.set = after(model, found.set, step)
        }
      })
      model.tidy([])
    }
    tell(found.set)
  }
}

/** The states of a set and those that a relation leads to from there, within the constraints. */
function after(model: SymbolicModel, set: Diagram, step: Diagram): Diagram {
  const { diagrams, space } = model
  const fresh = diagrams.minus(space.relations.image(set, step), set)
  return diagrams.union(set, model.divide(fresh).inside)
}

function ordersOf(model: SymbolicModel): number[][] {
  const edges = model.edges()
  return ORDERINGS.map((ordering) => ordering(model.layout.slots.length, edges))
}
