/** Decides temporal properties on a state graph. */
import type { BoundFormula, TemporalInstance } from '../../spec/temporal-instances.ts'
import type { Alphabet } from './alphabet.ts'
import { automatonOf } from './automaton.ts'
import { lassoOf, shortenedLasso, type Lasso } from './lasso.ts'
import { NormalForms } from './normal-form.ts'
import { Product } from './product.ts'
import { isEmpty } from './automaton-components.ts'
import { lengthOf, shorterLasso } from './shortest-lasso.ts'
import type { StateGraph } from './state-graph.ts'
import { WorkBudget } from './work-budget.ts'

/** Kripke does not search for a shortest lasso in a product with more nodes (states times automaton states). */
const MAX_NODES = 20_000

/** Maximal number of operations of the search for a shortest lasso: less than half a second, and less than 200 MiB. */
const MAX_WORK = 2 ** 24

/** States examined between two checks of the clock. */
const STRIDE = 4096

/** A behavior that violates an instance of a property. */
export interface LassoFound {
  readonly instance: TemporalInstance
  readonly lasso: Lasso
  /** Whether no fair lasso that violates any instance takes fewer steps. */
  readonly isShortest: boolean
}

/** The result for a property. */
export interface Decision {
  /** An instance that some fair behavior violates, with such a behavior. */
  readonly violation: LassoFound | undefined
  /** Whether the property is true of every behavior, whatever the model does. */
  readonly isEmptyClaim: boolean
  /** Whether the property has a `leadsTo` whose left side is never true. */
  readonly isNeverLed: boolean
}

/**
 * Decides a property, given by its instances. Yields when `pause` returns true.
 *
 * @throws {OutOfMemory}; {CheckerError} KR206 for a formula that is too large
 */
export function* decide(
  graph: StateGraph,
  alphabet: Alphabet,
  instances: readonly TemporalInstance[],
  maxBytes: number,
  pause: () => boolean,
): Generator<void, Decision> {
  const normal = new NormalForms(alphabet)
  let isNeverLed = false
  for (const lefts of leadsToGroups(instances)) isNeverLed ||= yield* isNever(graph, normal, lefts, pause)
  let isEmptyClaim = instances.length > 0
  for (const instance of instances) {
    const automaton = yield* automatonOf(normal.of(instance.formula, true), graph.words, instance.who, pause)
    if (isEmpty(automaton)) continue
    isEmptyClaim = false
    const product = new Product(graph, automaton, alphabet.fairness, maxBytes)
    yield* product.search(pause)
    if (product.fairCount === 0) continue
    const lasso = yield* lassoOf(product, instance.formula, alphabet, maxBytes, pause)
    const left = instances.slice(instances.indexOf(instance))
    const violation = yield* shortest({ graph, alphabet, normal, pause }, left, lasso)
    return { violation, isEmptyClaim, isNeverLed }
  }
  return { violation: undefined, isEmptyClaim, isNeverLed }
}

/** The graph to search for lassos, and its context. */
interface LassoContext {
  readonly graph: StateGraph
  readonly alphabet: Alphabet
  readonly normal: NormalForms
  readonly pause: () => boolean
}

/**
 * A shortest lasso that violates one of the instances. `known` violates the first of them. The result is the best lasso
 * found if the search takes too much work.
 */
function* shortest(
  { graph, alphabet, normal, pause }: LassoContext,
  instances: readonly TemporalInstance[],
  known: Lasso,
): Generator<void, LassoFound> {
  const work = new WorkBudget(MAX_WORK)
  let violated = instances[0]!
  let best = known
  let isShortest = true
  for (const instance of instances) {
    const length = lengthOf(best)
    if (length === 0) return { instance: violated, lasso: best, isShortest: true }
    const negated = normal.of(instance.formula, true)
    const automaton = yield* automatonOf(negated, graph.words, instance.who, pause)
    if (isEmpty(automaton)) continue
    if (graph.size * automaton.transitions.length > MAX_NODES) {
      isShortest = false
      continue
    }
    const { lasso, isDone } = yield* shorterLasso(graph, negated, alphabet, length, work, pause)
    isShortest &&= isDone
    if (lasso === undefined) continue
    best = yield* shortenedLasso(graph, instance.formula, alphabet, lasso, pause)
    violated = instance
  }
  return { instance: violated, lasso: best, isShortest }
}

/** The left sides of each `leadsTo`. Left sides at the same place in all instances form a group. */
export function leadsToGroups(instances: readonly TemporalInstance[]): BoundFormula[][] {
  const lists = instances.map(({ formula }) => leftSides(formula))
  return (lists[0] ?? []).map((_, place) => lists.flatMap((list) => list[place] ?? []))
}

function leftSides(formula: BoundFormula): BoundFormula[] {
  switch (formula.op) {
    case 'predicate':
    case 'step':
    case 'enabled':
    case 'taken':
      return []
    case 'not':
    case 'always':
    case 'eventually':
      return leftSides(formula.of)
    case 'and':
    case 'or':
      return formula.of.flatMap(leftSides)
    case 'until':
      return [...leftSides(formula.left), ...leftSides(formula.right)]
    case 'leadsTo':
      return [formula.left, ...leftSides(formula.left), ...leftSides(formula.right)]
  }
}

/** Whether a formula is about one moment only. */
export function isMomentary(formula: BoundFormula): boolean {
  switch (formula.op) {
    case 'predicate':
    case 'step':
    case 'enabled':
    case 'taken':
      return true
    case 'not':
      return isMomentary(formula.of)
    case 'and':
    case 'or':
      return formula.of.every(isMomentary)
    default:
      return false
  }
}

/** Whether some formulas are each about one moment, and true at no moment of any behavior. */
function* isNever(
  graph: StateGraph,
  normal: NormalForms,
  formulas: readonly BoundFormula[],
  pause: () => boolean,
): Generator<void, boolean> {
  if (formulas.length === 0 || !formulas.every(isMomentary)) return false
  for (const formula of formulas) if (yield* isEver(graph, normal, formula, pause)) return false
  return true
}

/** Whether a formula about one moment is true at some moment of some behavior. */
function* isEver(
  graph: StateGraph,
  normal: NormalForms,
  formula: BoundFormula,
  pause: () => boolean,
): Generator<void, boolean> {
  const automaton = yield* automatonOf(normal.of(formula, false), graph.words, 'leadsTo', pause)
  const ways = automaton.transitions[0]!
  const { size, firsts, labels } = graph
  for (let state = 0; state < size; state++) {
    if (state % STRIDE === 0 && pause()) yield
    for (const way of ways) {
      if (!graph.admitsState(way, state)) continue
      if (graph.admitsStep(way, 0)) return true
      for (let step = firsts[state]!; step < firsts[state + 1]!; step++) {
        if (graph.admitsStep(way, labels[step] ?? 0)) return true
      }
    }
  }
  return false
}
