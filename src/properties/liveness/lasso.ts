/**
 * Extracts short lassos from a product that has fair components: a stem, and a cycle that visits each acceptance set
 * and meets each fairness constraint.
 *
 * The stem is a shortest one to any node of a fair component. The cycle starts there. It repeatedly goes to the nearest
 * node or edge that meets an open requirement, and returns by a shortest path. A strong fairness constraint becomes a
 * requirement only when the cycle violates it. Then stem and cycle are shortened while the formula stays false and the
 * constraints stay met. The search is breadth-first; initial states and steps keep their order. So the lasso depends on
 * the spec alone.
 */
import { OutOfMemory } from '../../store/memory.ts'
import { assert, defect } from '../../errors.ts'
import type { BoundFormula } from '../../spec/temporal-instances.ts'
import type { Alphabet, FairnessConstraint } from './alphabet.ts'
import type { Transition } from './automaton.ts'
import { GrowingStack } from './growing-stack.ts'
import { isTrueOf, type Letters } from './lasso-truth.ts'
import type { Product } from './product.ts'
import type { StateGraph } from './state-graph.ts'

/** States by number. The last state equals the one at `loop`. Two equal states in a row are a stutter. */
export interface Lasso {
  readonly states: readonly number[]
  readonly loop: number
}

/** Nodes or possible cuts examined between two checks of the clock. */
const STRIDE = 1024

/**
 * A fair lasso on which `formula` is false. The product must have a fair component. Yields when `pause` returns true.
 *
 * @throws {OutOfMemory}
 */
export function* lassoOf(
  product: Product,
  formula: BoundFormula,
  alphabet: Alphabet,
  maxBytes: number,
  pause: () => boolean,
): Generator<void, Lasso> {
  if (product.bytes + 4 * product.nodes > maxBytes) throw new OutOfMemory()
  const walk = new ShortestPaths(product, pause)
  const stem = yield* walk.stem()
  const cycle = yield* fairCycle(walk, stem.at(-1)!)
  const { size } = product.graph
  const found: Lasso = { states: [...stem, ...cycle].map((node) => node % size), loop: stem.length - 1 }
  return yield* shortenedLasso(product.graph, formula, alphabet, found, pause)
}

/**
 * A lasso without its unnecessary parts. Yields when `pause` returns true.
 *
 * @throws {CheckerError} KR901 unless it is fair and `formula` is false on it
 */
export function* shortenedLasso(
  graph: StateGraph,
  formula: BoundFormula,
  alphabet: Alphabet,
  found: Lasso,
  pause: () => boolean,
): Generator<void, Lasso> {
  const isGood = (lasso: Lasso): boolean =>
    alphabet.fairness.every((constraint) => isMet(graph, constraint, lasso)) &&
    !isTrueOf(formula, lettersOf(graph, alphabet, lasso))
  assert(isGood(found), 'the lasso must be a counterexample')
  return yield* shortened(graph, found, isGood, pause)
}

export function lettersOf(graph: StateGraph, alphabet: Alphabet, { states, loop }: Lasso): Letters {
  return {
    length: states.length - 1,
    loop,
    isState: (moment, question) => graph.hasStateBit(states[moment]!, alphabet.bitOf(question)),
    isStep: (moment, question) =>
      graph.hasLabelBit(graph.labelOf(states[moment]!, states[moment + 1]!), alphabet.bitOf(question)),
  }
}

/** Whether the cycle of a lasso meets a fairness constraint. */
export function isMet(graph: StateGraph, { definition, bit }: FairnessConstraint, { states, loop }: Lasso): boolean {
  const cycle = states.slice(loop, -1)
  const isTaken = cycle.some((from, index) => graph.hasLabelBit(graph.labelOf(from, states[loop + index + 1]!), bit))
  if (isTaken) return true
  const disabled = (state: number): boolean => !graph.hasStateBit(state, bit)
  return definition.fairness === 'weak' ? cycle.some(disabled) : cycle.every(disabled)
}

/** Visits the edges of a node in their order, stuttering first. Stops when `visit` returns true. */
function edgesOf(
  { graph, automaton }: Product,
  node: number,
  visit: (next: number, transition: Transition, label: number) => boolean | void,
): void {
  const { size, firsts, targets, labels } = graph
  const state = node % size
  const row = automaton.transitions[(node - state) / size]!.filter((it) => graph.admitsState(it, state))
  const first = firsts[state]!
  for (let step = first - 1, end = firsts[state + 1]!; step < end; step++) {
    const target = step < first ? state : targets[step]!
    const label = step < first ? 0 : (labels[step] ?? 0)
    for (const transition of row) {
      if (!graph.admitsStep(transition, label)) continue
      if (visit(transition.target * size + target, transition, label) === true) return
    }
  }
}

interface Edge {
  readonly node: number
  readonly transition: Transition
  readonly label: number
}

/** Selects the edges to search for. */
type Wanted = (next: number, transition: Transition, label: number) => boolean

/** Shortest paths in a product, breadth-first. */
class ShortestPaths {
  readonly product: Product
  readonly #pause: () => boolean
  /** By node: its predecessor in the search, plus 1; 0 if it was not reached. Empty between two searches. */
  readonly #reachedFrom: Int32Array
  /** Nodes in the order of discovery. */
  readonly #queue = new GrowingStack()

  constructor(product: Product, pause: () => boolean) {
    this.product = product
    this.#pause = pause
    this.#reachedFrom = new Int32Array(product.nodes)
  }

  /** A path from an initial node to a node of a fair component with the fewest steps. Stuttering does not count. */
  *stem(): Generator<void, number[]> {
    const { product } = this
    const { graph } = product
    const fair = product.fair!
    const queue = this.#queue
    for (let node = 0; node < graph.initial; node++) this.#reach(node, node)
    for (let begin = 0, end; begin < queue.length; begin = end) {
      // Stuttering leads to nodes of the same level. This loop visits them too, because they join the queue.
      for (let index = begin; index < queue.length; index++) {
        if (index % STRIDE === 0 && this.#pause()) yield
        const node = queue.at(index)
        if (fair[node] !== 0) return this.#end(this.#pathTo(node))
        edgesOf(product, node, (next) => {
          if (next % graph.size === node % graph.size) this.#reach(next, node)
        })
      }
      end = queue.length
      for (let index = begin; index < end; index++) {
        if (index % STRIDE === 0 && this.#pause()) yield
        const node = queue.at(index)
        edgesOf(product, node, (next) => this.#reach(next, node))
      }
    }
    throw defect('a fair component cannot be reached')
  }

  /** A shortest path of at least one edge within a component, whose last edge satisfies `isWanted`. */
  *nearest(component: number, from: number, isWanted: Wanted): Generator<void, Edge[]> {
    const { product } = this
    const fair = product.fair!
    const queue = this.#queue
    this.#reach(from, from)
    for (let index = 0; index < queue.length; index++) {
      if (index % STRIDE === 0 && this.#pause()) yield
      const before = queue.at(index)
      let goal: Edge | undefined
      edgesOf(product, before, (node, transition, label) => {
        if (fair[node] !== component) return false
        if (isWanted(node, transition, label)) {
          goal = { node, transition, label }
          return true
        }
        this.#reach(node, before)
        return false
      })
      if (goal === undefined) continue
      const path = this.#end(this.#pathTo(before))
      return [...path.slice(1).map((node, at) => firstEdge(product, path[at]!, node)), goal]
    }
    throw defect('a component that is fair lacks an edge')
  }

  #reach(node: number, from: number): void {
    if (this.#reachedFrom[node] !== 0) return
    this.#reachedFrom[node] = from + 1
    this.#queue.push(node)
  }

  #pathTo(node: number): number[] {
    const path = [node]
    for (let at = node; this.#reachedFrom[at] !== at + 1; path.push(at)) at = this.#reachedFrom[at]! - 1
    return path.reverse()
  }

  /** Ends the search and returns `path`. */
  #end(path: number[]): number[] {
    const queue = this.#queue
    for (let index = 0; index < queue.length; index++) this.#reachedFrom[queue.at(index)] = 0
    queue.length = 0
    return path
  }
}

/** The first edge from one node to another. Such an edge must exist. */
function firstEdge(product: Product, from: number, to: number): Edge {
  let found: Edge | undefined
  edgesOf(product, from, (node, transition, label) => {
    if (node !== to) return false
    found = { node, transition, label }
    return true
  })
  return found!
}

/**
 * A cycle through `start` within its component that visits all acceptance sets and meets all constraints. The result
 * omits `start` at its beginning.
 */
function* fairCycle(walk: ShortestPaths, start: number): Generator<void, number[]> {
  const { constraints, graph, fair } = walk.product
  const component = fair![start]!
  /** Strong fairness constraints whose steps the cycle must take, as far as known. */
  const forced = new Set<FairnessConstraint>()
  for (;;) {
    const cycle = yield* cycleWith(walk, start, component, forced)
    const lasso = { states: [start, ...cycle].map((node) => node % graph.size), loop: 0 }
    const unmet = constraints.filter((constraint) => !isMet(graph, constraint, lasso))
    if (unmet.length === 0) return cycle
    const known = forced.size
    unmet.forEach((constraint) => forced.add(constraint))
    assert(forced.size > known, 'a component that is fair has no fair cycle')
  }
}

function* cycleWith(
  walk: ShortestPaths,
  start: number,
  component: number,
  forced: ReadonlySet<FairnessConstraint>,
): Generator<void, number[]> {
  const { graph, automaton, constraints } = walk.product
  let acceptanceSets = automaton.acceptanceSets
  const wanted = new Set(
    constraints.filter((constraint) => constraint.definition.fairness === 'weak' || forced.has(constraint)),
  )
  const cycle: number[] = []
  const visitNode = (node: number): void => {
    for (const constraint of wanted) {
      const isEnough =
        constraint.definition.fairness === 'weak' && !graph.hasStateBit(node % graph.size, constraint.bit)
      if (isEnough) wanted.delete(constraint)
    }
  }
  const helpsAtNode = (node: number): boolean =>
    [...wanted].some(
      ({ definition, bit }) => definition.fairness === 'weak' && !graph.hasStateBit(node % graph.size, bit),
    )
  const helpsOnEdge = (transition: Transition, label: number): boolean =>
    (transition.keeps & acceptanceSets) !== 0 || [...wanted].some(({ bit }) => graph.hasLabelBit(label, bit))
  visitNode(start)
  let at = start
  while (acceptanceSets !== 0 || wanted.size > 0) {
    const way = yield* walk.nearest(
      component,
      at,
      (next, transition, label) => helpsOnEdge(transition, label) || helpsAtNode(next),
    )
    for (const { node, transition, label } of way) {
      acceptanceSets &= ~transition.keeps
      for (const constraint of wanted) if (graph.hasLabelBit(label, constraint.bit)) wanted.delete(constraint)
      visitNode(node)
      cycle.push(node)
    }
    at = cycle.at(-1)!
  }
  if (at !== start || cycle.length === 0) {
    const back = yield* walk.nearest(component, at, (next) => next === start)
    cycle.push(...back.map(({ node }) => node))
  }
  return cycle
}

/** Maximal number of candidate lassos, and of cuts. */
const MAX_TRIALS = 2000
const MAX_CUTS = 2 ** 24

/** Removes detours and stutters from a lasso, and rounds of the cycle from the stem, while it stays good. */
function* shortened(
  graph: StateGraph,
  lasso: Lasso,
  isGood: (lasso: Lasso) => boolean,
  pause: () => boolean,
): Generator<void, Lasso> {
  let best = rotated(lasso)
  let trials = 0
  let cuts = 0
  for (let isShorter = true; isShorter;) {
    isShorter = false
    for (const candidate of shorterThan(graph, best)) {
      if (++cuts > MAX_CUTS) return best
      if (cuts % STRIDE === 0 && pause()) yield
      if (candidate === undefined) continue
      if (++trials > MAX_TRIALS) return best
      if (pause()) yield
      if (!isGood(candidate)) continue
      best = rotated(candidate)
      isShorter = true
      break
    }
  }
  return best
}

/** The same behavior with its cycle as early as possible. */
function rotated({ states, loop }: Lasso): Lasso {
  let turned = [...states]
  let start = loop
  while (start > 0 && turned[start - 1] === turned.at(-2)) {
    turned = turned.slice(0, -1)
    start--
  }
  return { states: turned, loop: start }
}

/**
 * Shorter candidates: each cut leads from a moment to a later one with the same state, or one step away. Longer cuts
 * come first. Undefined for an impossible cut.
 */
function* shorterThan(graph: StateGraph, { states, loop }: Lasso): Generator<Lasso | undefined> {
  const last = states.length - 1
  for (let cut = last - 1; cut > 0; cut--) {
    for (let from = 0; from + cut <= last; from++) {
      const to = from + cut
      // The cut lies in the stem, or in the cycle, which must keep at least one step.
      const isWithin = from >= loop || to <= loop
      const isSame = states[from] === states[to]
      if (isWithin && isSame && !(from === loop && to === last)) {
        yield { states: [...states.slice(0, from), ...states.slice(to)], loop: to <= loop ? loop - cut : loop }
      } else if (isWithin && cut > 1 && isStep(graph, states[from]!, states[to]!)) {
        yield { states: [...states.slice(0, from + 1), ...states.slice(to)], loop: to <= loop ? loop - cut + 1 : loop }
      } else yield undefined
    }
  }
}

function isStep({ firsts, targets }: StateGraph, from: number, to: number): boolean {
  for (let step = firsts[from]!; step < firsts[from + 1]!; step++) if (targets[step] === to) return true
  return false
}
