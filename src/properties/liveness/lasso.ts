/**
 * Short lassos out of a product that has fair components: a stem, and a cycle that keeps every acceptanceSet and meets every constraint.
 *
 * The stem is a shortest one to any node of a fair component. The cycle starts there, goes to the nearest node or edge that does something
 * still wanted, again and again, and returns by a shortest way; what strong fairness wants is added only when the cycle shows that it must.
 * Then both are made shorter as long as the formula stays false and the constraints stay met. States are looked at breadth-first, initial ones in
 * their order, and steps in the order in which actions give them: so the lasso depends on the spec alone.
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

/** States by number. The last one is that at `loop` once more; two equal ones in a row are stuttering. */
export interface Lasso {
  readonly states: readonly number[]
  readonly loop: number
}

/** Nodes, or possible cuts, looked at between two looks at the clock. */
const STRIDE = 1024

/**
 * A fair lasso on which `formula` is false. To be called only if the product has a fair component. Yields when `pause` says so.
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
 * A lasso without the parts that it does not need. Yields when `pause` says so.
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
  assert(isGood(found), 'the lasso that was found is no counterexample')
  return yield* shortened(graph, found, isGood, pause)
}

/** What a lasso's moments are, as bits. */
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

/** The edges of a node in their order, stuttering first. Stops when `visit` says so. */
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

/** Whether an edge is one that is looked for. */
type Wanted = (next: number, transition: Transition, label: number) => boolean

/** Shortest ways in a product, breadth-first. */
class ShortestPaths {
  readonly product: Product
  readonly #pause: () => boolean
  /** By node: the one that it was first reached from, and 1; 0 if it was not reached. Empty between two walks. */
  readonly #reachedFrom: Int32Array
  /** Nodes in the order in which they were reached. */
  readonly #queue = new GrowingStack()

  constructor(product: Product, pause: () => boolean) {
    this.product = product
    this.#pause = pause
    this.#reachedFrom = new Int32Array(product.nodes)
  }

  /** A path to a node of a fair component, from an initial node, with as few steps as can be; stuttering is none. */
  *stem(): Generator<void, number[]> {
    const { product } = this
    const { graph } = product
    const fair = product.fair!
    const queue = this.#queue
    for (let node = 0; node < graph.initial; node++) this.#reach(node, node)
    for (let begin = 0, end; begin < queue.length; begin = end) {
      // What stuttering leads to is on the same level, and found while the level is gone through.
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

  /** A shortest way within a component, of one edge at least, whose last edge is as wanted. */
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

  /** Forgets the walk. */
  #end(path: number[]): number[] {
    const queue = this.#queue
    for (let index = 0; index < queue.length; index++) this.#reachedFrom[queue.at(index)] = 0
    queue.length = 0
    return path
  }
}

/** The first edge from one node to another; there must be one. */
function firstEdge(product: Product, from: number, to: number): Edge {
  let found: Edge | undefined
  edgesOf(product, from, (node, transition, label) => {
    if (node !== to) return false
    found = { node, transition, label }
    return true
  })
  return found!
}

/** A cycle through `start` within its component that keeps all acceptance sets and meets all constraints; without `start` itself at its beginning. */
function* fairCycle(walk: ShortestPaths, start: number): Generator<void, number[]> {
  const { constraints, graph, fair } = walk.product
  const component = fair![start]!
  /** Strong fairness constraints whose steps must be taken, as far as is known. */
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

/** Lassos tried in making one shorter, and cuts looked at. */
const MAX_TRIALS = 2000
const MAX_CUTS = 2 ** 24

/** Takes detours and stuttering out of a lasso, and turns of the cycle out of the stem, as long as it stays good. */
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

/** The same behavior with its cycle begun as soon as can be. */
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
 * Lassos that leave something out: from a moment to a later one that has the same state, or is one step away; longer cuts first. Undefined
 * for a cut that cannot be made.
 */
function* shorterThan(graph: StateGraph, { states, loop }: Lasso): Generator<Lasso | undefined> {
  const last = states.length - 1
  for (let cut = last - 1; cut > 0; cut--) {
    for (let from = 0; from + cut <= last; from++) {
      const to = from + cut
      // Within the stem, or within the cycle, which keeps one step at least.
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
