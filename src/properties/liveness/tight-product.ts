/**
 * The reachable product of a state graph and the tight automaton of a formula, in order of distance.
 *
 * A step of the system has length 1, stuttering has length 0. The search numbers nodes breadth-first in the order of
 * discovery, with states and steps in their order. So the numbers depend only on the spec.
 */
import type { FairnessConstraint } from './alphabet.ts'
import { GrowingStack } from './growing-stack.ts'
import { Marks } from './marks.ts'
import type { StateGraph } from './state-graph.ts'
import type { Tableau } from './tableau.ts'
import { WorkExceeded, type WorkBudget } from './work-budget.ts'

/** A product with more edges takes too much memory. */
const MAX_EDGES = 2 ** 22

/** Nodes examined between two checks of the clock. */
const STRIDE = 1024

/** A step, as far as the automaton and the fairness constraints distinguish steps. */
interface Letter {
  /** By automaton state before the step: the automaton states after it. */
  readonly after: readonly (readonly number[])[]
  /** By automaton state after the step: the index of its marks. */
  readonly marks: readonly number[]
}

export class TightProduct {
  readonly graph: StateGraph
  readonly marks: Marks
  /** The marks of edges, by index: words. */
  readonly markWords: GrowingStack = new GrowingStack()
  /** By node: its state, its distance from the start, and the node from which it was first reached, or itself. */
  readonly states: GrowingStack = new GrowingStack()
  readonly distances: GrowingStack = new GrowingStack()
  readonly before: GrowingStack = new GrowingStack()
  /** By node: the index of its first edge. By edge: its target, and the index of its marks. */
  readonly firsts: GrowingStack = new GrowingStack()
  readonly targets: GrowingStack = new GrowingStack()
  readonly edgeMarks: GrowingStack = new GrowingStack()
  readonly #tableau: Tableau
  readonly #work: WorkBudget
  /** By automaton state and state: the node plus 1. */
  readonly #numbers: Int32Array
  readonly #automatonStates = new GrowingStack()
  readonly #letters = new Map<number, Letter>()
  readonly #markIndexes = new Map<string, number>()
  /** By state, and by label: a number that is equal if the automaton and the constraints do not distinguish them. */
  readonly #stateKinds: Int32Array
  readonly #labelKinds: Int32Array
  readonly #labelKindCount: number

  constructor(graph: StateGraph, tableau: Tableau, constraints: readonly FairnessConstraint[], work: WorkBudget) {
    this.graph = graph
    this.marks = new Marks(constraints, tableau.acceptanceSets)
    this.#tableau = tableau
    this.#work = work
    work.spend(graph.size * tableau.states)
    this.#numbers = new Int32Array(graph.size * tableau.states)
    const asked = new Int32Array(graph.words)
    for (const { bit } of [...tableau.literals, ...constraints]) asked[bit >>> 5]! |= 1 << (bit & 31)
    this.#stateKinds = kindsOf(graph.bits, graph.size, asked).kinds
    const labels = kindsOf(graph.labelBits, graph.words === 0 ? 1 : graph.labelBits.length / graph.words, asked)
    this.#labelKinds = labels.kinds
    this.#labelKindCount = labels.count
  }

  get size(): number {
    return this.states.length
  }

  /** Explores the product. Yields when `pause` returns true. @throws {WorkExceeded} */
  *explore(pause: () => boolean): Generator<void> {
    const { graph, firsts, distances } = this
    const tableau = this.#tableau
    for (let state = 0; state < graph.initial; state++) {
      for (let own = 0; own < tableau.states; own++) if (tableau.isAccepting(own)) this.#reach(state, own, 0)
    }
    for (let node = 0; node < this.size; node++) this.before.values[node] = node
    for (let begin = 0; begin < this.size;) {
      const distance = distances.at(begin)
      // Stuttering leads to nodes at the same distance, so this loop also visits nodes that it adds.
      for (let node = begin; node < this.size; node++) {
        if (node % STRIDE === 0 && pause()) yield
        this.#stutter(node, distance)
      }
      const end = this.size
      for (let node = begin; node < end; node++) {
        if (node % STRIDE === 0 && pause()) yield
        firsts.push(this.targets.length)
        this.#stutter(node, distance, true)
        this.#step(node, distance + 1)
      }
      begin = end
    }
    firsts.push(this.targets.length)
  }

  /** The states on the way to a node. */
  pathTo(node: number): number[] {
    const path = [this.states.at(node)]
    for (let at = node; this.before.at(at) !== at;) {
      at = this.before.at(at)
      path.push(this.states.at(at))
    }
    return path.reverse()
  }

  /** Visits the nodes to which stuttering leads, and adds these edges if `isAdding`. */
  #stutter(node: number, distance: number, isAdding: boolean = false): void {
    const state = this.states.at(node)
    this.#follow(node, state, 0, state, distance, isAdding)
  }

  #step(node: number, distance: number): void {
    const { firsts, targets, labels } = this.graph
    const state = this.states.at(node)
    for (let step = firsts[state]!, end = firsts[state + 1]!; step < end; step++) {
      this.#follow(node, state, labels[step] ?? 0, targets[step]!, distance, true)
    }
  }

  #follow(node: number, state: number, label: number, target: number, distance: number, isAdding: boolean): void {
    const letter = this.#letterOf(state, label)
    const after = letter.after[this.#automatonStates.at(node)]!
    this.#work.spend(1 + after.length)
    if (this.targets.length > MAX_EDGES) throw new WorkExceeded()
    for (const own of after) {
      const next = this.#reach(target, own, distance, node)
      if (!isAdding) continue
      this.targets.push(next)
      this.edgeMarks.push(letter.marks[own]!)
    }
  }

  #reach(state: number, own: number, distance: number, from: number = 0): number {
    const at = own * this.graph.size + state
    const known = this.#numbers[at]!
    if (known > 0) return known - 1
    this.states.push(state)
    this.#automatonStates.push(own)
    this.distances.push(distance)
    this.before.push(from)
    return (this.#numbers[at] = this.size) - 1
  }

  #letterOf(state: number, label: number): Letter {
    const key = this.#stateKinds[state]! * this.#labelKindCount + this.#labelKinds[label]!
    const known = this.#letters.get(key)
    if (known !== undefined) return known
    const { graph } = this
    const { states } = this.#tableau
    this.#work.spend(states)
    const after: number[][] = Array.from({ length: states }, () => [])
    const marks = Array.from({ length: states }, (_, own) => {
      const { state: before, kept } = this.#tableau.before(
        ({ op, bit, isTrue }) =>
          (op === 'state' ? graph.hasStateBit(state, bit) : graph.hasLabelBit(label, bit)) === isTrue,
        own,
      )
      after[before]!.push(own)
      return this.#indexOf(this.marks.of(graph, state, label, kept))
    })
    const letter = { after, marks }
    this.#letters.set(key, letter)
    return letter
  }

  #indexOf(marks: Int32Array): number {
    const key = marks.join()
    const known = this.#markIndexes.get(key)
    if (known !== undefined) return known
    const index = this.#markIndexes.size
    this.#markIndexes.set(key, index)
    marks.forEach((word) => this.markWords.push(word))
    return index
  }
}

/** Numbers things: two have the same number exactly if they agree in the selected bits. */
function kindsOf(bits: Int32Array, count: number, asked: Int32Array): { kinds: Int32Array; count: number } {
  const known = new Map<string, number>()
  const kinds = Int32Array.from({ length: count }, (_, thing) => {
    const key = asked.map((mask, word) => mask & bits[thing * asked.length + word]!).join()
    const kind = known.get(key) ?? known.size
    known.set(key, kind)
    return kind
  })
  return { kinds, count: known.size }
}
