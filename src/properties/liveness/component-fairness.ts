/** Whether a strongly connected set of nodes of the product is fair: see `product.ts`. */
import type { FairnessConstraint } from './alphabet.ts'
import type { Automaton } from './automaton.ts'
import type { StateGraph } from './state-graph.ts'

/** Nodes examined between two checks of the clock. */
export const STRIDE = 4096

/** The rank of nodes whose component is being examined. */
export const EXAMINED = 0x7fff_fffe

export class ComponentFairness {
  readonly #graph: StateGraph
  readonly #automaton: Automaton
  readonly #constraints: readonly FairnessConstraint[]
  /** The bits of the weak and of the strong fairness constraints. */
  readonly #weak: Int32Array
  readonly #strong: Int32Array
  /**
   * For the current component: the bits that all its states have, the bits that some have, and the bits that some edge
   * should have.
   */
  readonly #everywhere: Int32Array
  readonly #somewhere: Int32Array
  readonly #wanted: Int32Array

  constructor(graph: StateGraph, automaton: Automaton, constraints: readonly FairnessConstraint[]) {
    this.#graph = graph
    this.#automaton = automaton
    this.#constraints = constraints
    const { words } = graph
    this.#weak = maskOf(constraints, 'weak', words)
    this.#strong = maskOf(constraints, 'strong', words)
    this.#everywhere = new Int32Array(words)
    this.#somewhere = new Int32Array(words)
    this.#wanted = new Int32Array(words)
  }

  /** Whether a state enables steps of some constraint. If so, stuttering there forever is unfair. */
  asksForSteps(state: number): boolean {
    const { bits, words } = this.#graph
    for (let word = 0, at = state * words; word < words; word++, at++) {
      if ((bits[at]! & (this.#weak[word]! | this.#strong[word]!)) !== 0) return true
    }
    return false
  }

  /**
   * Decides whether a component is fair. Returns undefined if it is. Otherwise returns the bits of the strong fairness
   * constraints that a part of it may still meet; none if no part is fair.
   *
   * @param isMember - by automaton state: whether nodes of the component may have this state
   * @param ranks - by node; the ranks of the nodes become `EXAMINED`
   */
  *judge(
    nodes: Int32Array,
    isMember: readonly boolean[],
    ranks: Int32Array,
    pause: () => boolean,
  ): Generator<void, number[] | undefined> {
    const graph = this.#graph
    const automaton = this.#automaton
    const { size, bits, words } = graph
    const everywhere = this.#everywhere.fill(-1)
    const somewhere = this.#somewhere.fill(0)
    for (let index = 0; index < nodes.length; index++) {
      const at = (nodes[index]! % size) * words
      for (let word = 0; word < words; word++) {
        everywhere[word]! &= bits[at + word]!
        somewhere[word]! |= bits[at + word]!
      }
    }
    const wanted = this.#wanted
    for (let word = 0; word < words; word++)
      wanted[word] = (everywhere[word]! & this.#weak[word]!) | (somewhere[word]! & this.#strong[word]!)
    const kept = yield* this.#collect(nodes, isMember, ranks, wanted, pause)
    if (kept !== automaton.acceptanceSets) return []
    const isIn = (mask: Int32Array, bit: number): boolean => ((mask[bit >>> 5]! >>> (bit & 31)) & 1) === 1
    const missing = this.#constraints.filter(({ bit }) => isIn(wanted, bit))
    if (missing.some(({ definition, bit }) => definition.fairness === 'weak' && isIn(everywhere, bit))) return []
    return missing.length === 0 ? undefined : missing.map(({ bit }) => bit)
  }

  /**
   * Removes from `wanted` the bits that edges within a component have. @returns the acceptance sets kept; -1 if there
   * is no edge at all
   */
  *#collect(
    nodes: Int32Array,
    isMember: readonly boolean[],
    ranks: Int32Array,
    wanted: Int32Array,
    pause: () => boolean,
  ): Generator<void, number> {
    const graph = this.#graph
    const automaton = this.#automaton
    const { size, firsts, targets, labels, labelBits, words } = graph
    for (let index = 0; index < nodes.length; index++) ranks[nodes[index]!] = EXAMINED
    let kept = 0
    let hasEdge = false
    const isDone = (): boolean => hasEdge && kept === automaton.acceptanceSets && wanted.every((word) => word === 0)
    for (let index = 0; index < nodes.length && !isDone(); index++) {
      if (index % STRIDE === STRIDE - 1 && pause()) yield
      const node = nodes[index]!
      const state = node % size
      for (const transition of automaton.transitions[(node - state) / size]!) {
        if (!isMember[transition.target]! || !graph.admitsState(transition, state)) continue
        const base = transition.target * size
        for (let step = firsts[state]!, end = firsts[state + 1]!; step <= end; step++) {
          if (ranks[base + (step === end ? state : targets[step]!)] !== EXAMINED) continue
          const label = step === end ? 0 : (labels[step] ?? 0)
          if (!graph.admitsStep(transition, label)) continue
          hasEdge = true
          kept |= transition.keeps
          for (let word = 0; word < words; word++) wanted[word]! &= ~labelBits[label * words + word]!
        }
      }
    }
    return hasEdge ? kept : -1
  }
}

/** The bits of the constraints of one kind of fairness. */
function maskOf(constraints: readonly FairnessConstraint[], fairness: 'weak' | 'strong', words: number): Int32Array {
  const mask = new Int32Array(words)
  for (const { definition, bit } of constraints)
    if (definition.fairness === fairness) mask[bit >>> 5]! |= 1 << (bit & 31)
  return mask
}
