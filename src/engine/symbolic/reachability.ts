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
import type { Digit } from './digits.ts'
import { ReachableSet, TooMuchWork, type RunSliced } from './reachable-set.ts'
import { declared, forced, isMuchBetter, sharedLast, type Edge, type Ordering } from './variable-order.ts'
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

/** Nodes that sifting may make for each node of the round. If a round makes few nodes, smaller diagrams gain little. */
const SIFTED_PER_NODE = 32

/** The most rounds of saturating and learning. Models that saturation suits take fewer than twenty. */
const MAX_ROUNDS = 64

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
  runSliced: RunSliced,
  tell: (reached: Diagram) => void = () => {},
): Promise<Diagram> {
  const found = new ReachableSet(model, runSliced)
  await found.begin(firstOrder(model, model.edges()))
  for (let work = FIRST_WORK; ;) {
    const { made } = model.diagrams.table
    const sifted = (): number =>
      Math.min(SIFTED_PER_OPERATION * work, SIFTED_PER_NODE * (model.diagrams.table.made - made))
    const share = work === FIRST_WORK ? 1 : SATURATION_SHARE
    if (model.constraints.length === 0 && (await isAll(saturate, found, model, work * share, tell))) break
    if (await splits(found, model)) continue
    // What is found by now tells more of the order than random walks did; later rounds begin with what the one before found.
    if (work === FIRST_WORK) await found.choose([], sifted())
    if (await isAll(chain, found, model, work, tell)) break
    if (await splits(found, model)) continue
    await found.choose(ordersOf(model), sifted(), work)
    work *= MORE_WORK
  }
  return found.leave()
}

/** Goes on from what was found, and says whether that is all there is. */
type Way = (found: ReachableSet, model: SymbolicModel, tell: (reached: Diagram) => void) => Promise<void>

/** Whether everything is found; not so if that takes more work than it may. */
async function isAll(
  transition: Way,
  found: ReachableSet,
  model: SymbolicModel,
  work: number,
  tell: (reached: Diagram) => void,
): Promise<boolean> {
  found.allow(work)
  try {
    await transition(found, model, tell)
    return true
  } catch (thrown) {
    if (!(thrown instanceof TooMuchWork)) throw thrown
    model.diagrams.recover()
    tell(found.set)
    return false
  }
}

/** By saturation as far as what is learned leads, then learning what is new there, and so on. */
async function saturate(found: ReachableSet, model: SymbolicModel, tell: (reached: Diagram) => void): Promise<void> {
  const { digits } = model
  let slotsKnown = model.slotsKnown
  for (let known = -1, round = 1; known !== model.cubes; round++) {
    known = model.cubes
    let saturation: Saturation | undefined
    found.set = await found.do(() => {
      const relations = model.actions.flatMap(({ moves }) => moves.map(({ step }) => step))
      // Kept from one try to the next, to go on where the last one was broken off.
      saturation = Saturation.renewed(saturation, model.diagrams, digits.count, relations)
      try {
        return saturation.reach(found.set)
      } finally {
        model.noteTurns(saturation.longest)
      }
    })
    model.noteTurns(round)
    model.collectIfFull([])
    tell(found.set)
    await found.do(() => {
      for (const action of model.actions) action.learn(model.space, found.set)
    })
    if (known === model.cubes) return
    if (round === MAX_ROUNDS) throw new TooMuchWork()
    // The more is known of what functions read and write, the better the order can be.
    if (slotsKnown === model.slotsKnown) continue
    slotsKnown = model.slotsKnown
    const edges = model.edges()
    const byDigit = edges.map((edge) => digits.sideBySide(edge))
    if (isMuchBetter(firstOrder(model, edges), model.space.order, byDigit)) {
      await found.choose(ordersOf(model))
    }
  }
}

/**
 * By one action after another, each as often as it leads on, within the constraints. What an action does on the states
 * reached is learned before it is followed: a set made by half of what there is to know would be irregular, and its
 * diagram perhaps larger than that of all states.
 */
async function chain(found: ReachableSet, model: SymbolicModel, tell: (reached: Diagram) => void): Promise<void> {
  const { diagrams, space } = model
  for (let before = EMPTY; before !== found.set;) {
    before = found.set
    for (const action of model.actions) {
      let turns = 0
      await found.do(() => {
        /** The states that the action found last; empty before it was followed from the whole set. */
        let fresh = EMPTY
        for (let last = EMPTY; last !== found.set;) {
          last = found.set
          // New states may bring new cubes. They change the relation, so the cache holds no result for it.
          const few = fresh === EMPTY ? undefined : model.few(fresh)
          action.learn(space, few === undefined ? last : fresh)
          fresh = EMPTY
          const add = (after: Diagram): void => {
            const { inside } = model.divide(diagrams.minus(after, found.set))
            found.set = diagrams.union(found.set, inside)
            fresh = diagrams.union(fresh, inside)
          }
          if (few === undefined) for (const { step } of action.moves) add(space.relations.image(found.set, step))
          else for (const slots of few) add(model.successors(slots, [action]))
          if (found.set !== last) model.noteTurns(++turns)
        }
      })
      model.collectIfFull([])
    }
    tell(found.set)
  }
}

/** Splits slots that have many contents in the set found so far, and begins again. What was learned stays known. */
async function splits(found: ReachableSet, model: SymbolicModel): Promise<boolean> {
  if (!model.split((slot) => model.contentsIn(found.set, slot))) return false
  await found.begin(firstOrder(model, model.edges()))
  return true
}

/** The order to begin with. */
function firstOrder({ digits, layout }: SymbolicModel, edges: readonly Edge[]): Digit[] {
  return digits.sideBySide(digits.splitFirst(sharedLast(layout.slots.length, edges)))
}

function ordersOf(model: SymbolicModel): Digit[][] {
  const { digits, layout } = model
  const edges = model.edges()
  const orders = ORDERINGS.map((ordering) => digits.splitFirst(ordering(layout.slots.length, edges)))
  const interleaved = digits.isAnySplit ? orders.map((order) => digits.interleaved(order)) : []
  return [...orders.map((order) => digits.sideBySide(order)), ...interleaved]
}
