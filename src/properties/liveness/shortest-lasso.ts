/**
 * Finds a shortest lasso on which a formula is false, among all fair lassos of the state graph. The result does not
 * depend on the automaton of the formula.
 *
 * The length of a lasso is that of its stem and its cycle together, in steps of the system, without stutters.
 */
import type { Alphabet } from './alphabet.ts'
import { shortestClosedWalk } from './closed-walk.ts'
import { fairComponents } from './fair-components.ts'
import type { Lasso } from './lasso.ts'
import type { NormalForm } from './normal-form.ts'
import type { StateGraph } from './state-graph.ts'
import { Tableau } from './tableau.ts'
import { TightProduct } from './tight-product.ts'
import { WorkExceeded, type WorkBudget } from './work-budget.ts'

/** A larger product takes too much memory. */
const MAX_NODES = 2 ** 20

/** The number of steps of a lasso that change the state. */
export function lengthOf({ states }: Pick<Lasso, 'states'>): number {
  return states.filter((state, index) => index > 0 && state !== states[index - 1]).length
}

/** The result of the search for a shorter lasso. */
export interface Shorter {
  /** A lasso with fewer steps than the limit; undefined if the search found none. */
  readonly lasso: Pick<Lasso, 'states' | 'loop'> | undefined
  /** Whether the search was complete. */
  readonly isDone: boolean
}

/**
 * Searches for a shortest fair lasso with fewer than `limit` steps on which a formula is true. Yields when `pause`
 * returns true.
 *
 * @param formula - the negation of the claim
 */
export function* shorterLasso(
  graph: StateGraph,
  formula: NormalForm,
  { fairness: constraints }: Pick<Alphabet, 'fairness'>,
  limit: number,
  work: WorkBudget,
  pause: () => boolean,
): Generator<void, Shorter> {
  const tableau = Tableau.of(formula)
  if (tableau === undefined || graph.size * tableau.states > MAX_NODES) return { lasso: undefined, isDone: false }
  try {
    const product = new TightProduct(graph, tableau, constraints, work)
    yield* product.explore(pause)
    const parts = yield* fairComponents(product, work, pause)
    const { walk, isDone } = yield* shortestClosedWalk(parts, limit, work, pause)
    if (walk === undefined) return { lasso: undefined, isDone }
    const [first, ...rest] = walk.cycle.map((node) => parts.nodes[node]!)
    const stem = product.pathTo(first!)
    const lasso = { states: [...stem, ...rest.map((node) => product.states.at(node))], loop: stem.length - 1 }
    return { lasso, isDone }
  } catch (thrown) {
    if (!(thrown instanceof WorkExceeded)) throw thrown
    return { lasso: undefined, isDone: false }
  }
}
