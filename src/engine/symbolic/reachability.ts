/**
 * Finds all reachable states, and chooses the order of variables on the way.
 *
 * The work depends on the order, and on the way in which the steps are combined. Nobody can predict it. So two ways
 * alternate, each with a limited number of operations, and the limit quadruples each round. Each way reuses the paths
 * that the other learned and the states that it found. Neither way finds breadth-first levels, so the depth stays
 * unknown.
 */
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import { Saturation } from './diagram/saturation.ts'
import type { Digit } from './digits.ts'
import { ReachableSet, TooMuchWork, type RunSliced } from './reachable-set.ts'
import { declared, forced, isMuchBetter, sharedLast, type Edge, type Ordering } from './variable-order.ts'
import type { SymbolicModel } from './symbolic-model.ts'

/** Operations for each way in the first round. The limit grows by `MORE_WORK` each round. */
const FIRST_WORK = 2 ** 17
const MORE_WORK = 4

/**
 * Saturation gets this share after the first round. If it suits the model, it usually finishes in the first round; if
 * it does not finish, its work is lost.
 */
const SATURATION_SHARE = 1 / 4

/** Nodes that sifting may make for each operation of the limit: a tenth of the time, or less. */
const SIFTED_PER_OPERATION = 4

/** Nodes that sifting may make for each node of the round. If a round makes few nodes, smaller diagrams gain little. */
const SIFTED_PER_NODE = 32

/** Maximal number of rounds of saturating and learning. Models that suit saturation take fewer than twenty. */
const MAX_ROUNDS = 64

/** Candidate orders, the most promising first. */
const ORDERINGS: readonly Ordering[] = [sharedLast, forced, declared]

/**
 * Finds all reachable states.
 *
 * @param tell - receives reachable states from time to time; the diagram is valid during the call only
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
    // By now the found states tell more about a good order than random walks did. Later rounds start from the order
    // before.
    if (work === FIRST_WORK) await found.choose([], sifted())
    if (await isAll(chain, found, model, work, tell)) break
    if (await splits(found, model)) continue
    await found.choose(ordersOf(model), sifted(), work)
    work *= MORE_WORK
  }
  return found.leave()
}

/** Extends `found` until it contains all reachable states. */
type Strategy = (found: ReachableSet, model: SymbolicModel, tell: (reached: Diagram) => void) => Promise<void>

/** Whether a strategy found everything within its limit. */
async function isAll(
  strategy: Strategy,
  found: ReachableSet,
  model: SymbolicModel,
  work: number,
  tell: (reached: Diagram) => void,
): Promise<boolean> {
  found.allow(work)
  try {
    await strategy(found, model, tell)
    return true
  } catch (thrown) {
    if (!(thrown instanceof TooMuchWork)) throw thrown
    model.diagrams.recover()
    tell(found.set)
    return false
  }
}

/** Saturates with the learned steps, learns on the new states, and repeats. */
async function saturate(found: ReachableSet, model: SymbolicModel, tell: (reached: Diagram) => void): Promise<void> {
  const { digits } = model
  let slotsKnown = model.slotsKnown
  for (let known = -1, round = 1; known !== model.cubes; round++) {
    known = model.cubes
    let saturation: Saturation | undefined
    found.set = await found.do(() => {
      const relations = model.actions.flatMap(({ moves }) => moves.map(({ step }) => step))
      // Kept between reruns, so that an aborted saturation resumes.
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
    // More knowledge about reads and writes may give a better order.
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
 * Follows one action after another, each until it finds nothing new, within the constraints. An action is learned on
 * all found states before it is followed. Half-learned actions would make irregular sets, with diagrams perhaps larger
 * than the diagram of all states.
 */
async function chain(found: ReachableSet, model: SymbolicModel, tell: (reached: Diagram) => void): Promise<void> {
  const { diagrams, space } = model
  for (let before = EMPTY; before !== found.set;) {
    before = found.set
    for (const action of model.actions) {
      let turns = 0
      await found.do(() => {
        /** The states that the action found last. Empty before the first pass over the whole set. */
        let fresh = EMPTY
        for (let last = EMPTY; last !== found.set;) {
          last = found.set
          // New states may bring new cubes. They change the relation, so the cache has no result for it.
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

/**
 * Splits slots that have many contents in the found set, and starts again from the initial states. Learned paths stay.
 */
async function splits(found: ReachableSet, model: SymbolicModel): Promise<boolean> {
  if (!model.split((slot) => model.contentsIn(found.set, slot))) return false
  await found.begin(firstOrder(model, model.edges()))
  return true
}

/** The initial order. */
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
