/**
 * Short lassos out of a product that has fair components: a stem, and a cycle that keeps every promise and meets every demand.
 *
 * The stem is a shortest one to any node of a fair component. The cycle starts there, goes to the nearest node or edge that does something
 * still wanted, again and again, and returns by a shortest way; what strong fairness wants is added only when the cycle shows that it must.
 * Then both are made shorter as long as the formula stays false and the demands stay met. States are looked at in the order of their
 * numbers, and steps in the order in which actions give them: so the lasso depends on the spec alone.
 */
import { assert, defect } from '../../errors.ts'
import type { BoundFormula } from '../../spec/temporal-instances.ts'
import type { Alphabet, BoundDemand } from './alphabet.ts'
import type { Transition } from './automaton.ts'
import { isTrueOf, type Letters } from './lasso-truth.ts'
import type { Product } from './product.ts'
import type { StateGraph } from './state-graph.ts'

/** States by number. The last one is that at `loop` once more; two equal ones in a row are stuttering. */
export interface Lasso {
  readonly states: readonly number[]
  readonly loop: number
}

/** A fair lasso on which `formula` is false. To be called only if the product has a fair component. */
export function lassoOf(product: Product, formula: BoundFormula, alphabet: Alphabet): Lasso {
  const stem = shortestStem(product)
  const cycle = fairCycle(product, stem.at(-1)!)
  const { size } = product.graph
  const found: Lasso = { states: [...stem, ...cycle].map((node) => node % size), loop: stem.length - 1 }
  const isGood = (lasso: Lasso): boolean =>
    product.demands.every((demand) => isMet(product.graph, demand, lasso)) &&
    !isTrueOf(formula, lettersOf(product.graph, alphabet, lasso))
  assert(isGood(found), 'the lasso that was found is no counterexample')
  return shortened(product.graph, found, isGood)
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

/** Whether the cycle of a lasso meets a demand of fairness. */
export function isMet(graph: StateGraph, { definition, bit }: BoundDemand, { states, loop }: Lasso): boolean {
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

/** A path to a node of a fair component, from an initial node, with as few steps as can be; stuttering is none. */
function shortestStem(product: Product): number[] {
  const { graph, nodes } = product
  const fair = product.fair!
  /** By node: the one before it, and 1; its own number and 1 if it is initial. */
  const before = new Int32Array(nodes)
  const arrive = (next: number, from: number, at: number[]): void => {
    if (before[next] !== 0) return
    before[next] = from + 1
    at.push(next)
  }
  let level: number[] = []
  for (let node = 0; node < graph.initial; node++) arrive(node, node, level)
  while (level.length > 0) {
    // What stuttering leads to is on the same level, and found while the level is gone through.
    for (const node of level) {
      if (fair[node] !== 0) return pathTo(before, node)
      edgesOf(product, node, (next) => {
        if (next % graph.size === node % graph.size) arrive(next, node, level)
      })
    }
    const following: number[] = []
    for (const node of level) edgesOf(product, node, (next) => arrive(next, node, following))
    level = following
  }
  throw defect('a fair component cannot be reached')
}

function pathTo(before: Int32Array, node: number): number[] {
  const path = [node]
  for (let at = node; before[at] !== at + 1; path.push(at)) at = before[at]! - 1
  return path.reverse()
}

/** A cycle through `start` within its component that keeps all promises and meets all demands; without `start` itself at its beginning. */
function fairCycle(product: Product, start: number): number[] {
  const { demands, graph } = product
  const component = product.fair![start]!
  /** Demands of strong fairness whose steps must be taken, as far as is known. */
  const forced = new Set<BoundDemand>()
  for (;;) {
    const cycle = cycleWith(product, start, component, forced)
    const lasso = { states: [start, ...cycle].map((node) => node % graph.size), loop: 0 }
    const unmet = demands.filter((demand) => !isMet(graph, demand, lasso))
    if (unmet.length === 0) return cycle
    const known = forced.size
    unmet.forEach((demand) => forced.add(demand))
    assert(forced.size > known, 'a component that is fair has no fair cycle')
  }
}

function cycleWith(product: Product, start: number, component: number, forced: ReadonlySet<BoundDemand>): number[] {
  const { graph, automaton, demands } = product
  let promises = automaton.promises
  const wanted = new Set(demands.filter((demand) => demand.definition.fairness === 'weak' || forced.has(demand)))
  const cycle: number[] = []
  const visitNode = (node: number): void => {
    for (const demand of wanted) {
      const isEnough = demand.definition.fairness === 'weak' && !graph.hasStateBit(node % graph.size, demand.bit)
      if (isEnough) wanted.delete(demand)
    }
  }
  const helpsAtNode = (node: number): boolean =>
    [...wanted].some(
      ({ definition, bit }) => definition.fairness === 'weak' && !graph.hasStateBit(node % graph.size, bit),
    )
  const helpsOnEdge = (transition: Transition, label: number): boolean =>
    (transition.keeps & promises) !== 0 || [...wanted].some(({ bit }) => graph.hasLabelBit(label, bit))
  visitNode(start)
  let at = start
  while (promises !== 0 || wanted.size > 0) {
    const way = nearest(
      product,
      component,
      at,
      (next, transition, label) => helpsOnEdge(transition, label) || helpsAtNode(next),
    )
    for (const { node, transition, label } of way) {
      promises &= ~transition.keeps
      for (const demand of wanted) if (graph.hasLabelBit(label, demand.bit)) wanted.delete(demand)
      visitNode(node)
      cycle.push(node)
    }
    at = cycle.at(-1)!
  }
  if (at !== start || cycle.length === 0) {
    cycle.push(...nearest(product, component, at, (next) => next === start).map(({ node }) => node))
  }
  return cycle
}

interface Edge {
  readonly node: number
  readonly transition: Transition
  readonly label: number
}

/** An edge, and the node that it leaves. */
interface Arrival extends Edge {
  readonly before: number
}

/** A shortest way within a component, of one edge at least, whose last edge is as wanted. */
function nearest(
  product: Product,
  component: number,
  from: number,
  isWanted: (next: number, transition: Transition, label: number) => boolean,
): Edge[] {
  const fair = product.fair!
  const arrivals = new Map<number, Arrival>()
  let level = [from]
  while (level.length > 0) {
    let goal: Arrival | undefined
    const following: number[] = []
    for (const before of level) {
      edgesOf(product, before, (node, transition, label) => {
        if (fair[node] !== component) return false
        const edge = { node, transition, label, before }
        if (isWanted(node, transition, label)) {
          goal = edge
          return true
        }
        if (arrivals.has(node) || node === from) return false
        arrivals.set(node, edge)
        following.push(node)
        return false
      })
      if (goal !== undefined) return wayTo(arrivals, from, goal)
    }
    level = following
  }
  throw defect('a component that is fair lacks an edge')
}

function wayTo(arrivals: ReadonlyMap<number, Arrival>, from: number, goal: Arrival): Edge[] {
  const way = [goal]
  for (let edge = goal; edge.before !== from; way.push(edge)) edge = arrivals.get(edge.before)!
  return way.reverse()
}

/** Lassos tried in making one shorter. */
const MOST_TRIALS = 2000

/** Takes detours and stuttering out of a lasso, and turns of the cycle out of the stem, as long as it stays good. */
function shortened(graph: StateGraph, lasso: Lasso, isGood: (lasso: Lasso) => boolean): Lasso {
  let best = rotated(lasso)
  let trials = 0
  for (let isShorter = true; isShorter && trials < MOST_TRIALS;) {
    isShorter = false
    for (const candidate of shorterThan(graph, best)) {
      if (++trials > MOST_TRIALS) break
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

/** Lassos that leave something out: from a moment to a later one that has the same state, or is one step away; longer cuts first. */
function* shorterThan(graph: StateGraph, { states, loop }: Lasso): Generator<Lasso> {
  const last = states.length - 1
  for (let cut = last - 1; cut > 0; cut--) {
    for (let from = 0; from + cut <= last; from++) {
      const to = from + cut
      // Within the stem, or within the cycle, which keeps one step at least.
      if (from < loop && to > loop) continue
      const isSame = states[from] === states[to]
      if (isSame && !(from === loop && to === last)) {
        yield { states: [...states.slice(0, from), ...states.slice(to)], loop: to <= loop ? loop - cut : loop }
      } else if (cut > 1 && isStep(graph, states[from]!, states[to]!)) {
        yield { states: [...states.slice(0, from + 1), ...states.slice(to)], loop: to <= loop ? loop - cut + 1 : loop }
      }
    }
  }
}

function isStep({ firsts, targets }: StateGraph, from: number, to: number): boolean {
  for (let step = firsts[from]!; step < firsts[from + 1]!; step++) if (targets[step] === to) return true
  return false
}
