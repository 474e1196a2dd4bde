/**
 * The product of the state graph and the automaton of the behaviors that violate a formula, and its fair components.
 *
 * A node is a state with a state of the automaton, numbered `automaton state * states + state`. It has an edge for each
 * transition whose conditions the state and a step meet. Each state has a stuttering step. A violation is a path to a
 * fair component and a cycle inside. A strongly connected set of nodes is fair if it meets these conditions:
 *
 *     acceptance set  some edge is in it
 *     weak fairness   in some node none of the steps is enabled, or some edge is such a step
 *     strong          some edge is such a step, or in no node one is enabled
 *
 * If a component fails only the last condition, a cycle that never enables the steps may still exist. So the search
 * removes the nodes that enable them, and looks for components in the rest (Emerson and Lei, "Modalities for model
 * checking", 1987; Lichtenstein and Pnueli, POPL 1985). If it fails another condition, each part fails too, because a
 * part has fewer nodes and edges.
 *
 * The search processes the automaton component by component, in the order of its transitions. Nodes of a component that
 * cannot visit all acceptance sets are only marked as reached. Other nodes are searched by Pearce's variant of Tarjan's
 * algorithm ("A space-efficient algorithm for finding strongly connected components", 2016), which takes 4 bytes for
 * each node.
 *
 * Before that, the search prunes nodes that lead only to pruned nodes and cannot stutter forever. Most steps lead to
 * states with higher numbers. So a few backward passes in memory order prune most nodes, without the random access of a
 * search. If the property holds, pruning often removes every node.
 */
import { OutOfMemory } from '../../store/memory.ts'
import type { FairnessConstraint } from './alphabet.ts'
import type { Automaton, Transition } from './automaton.ts'
import { componentsOf, canAccept } from './automaton-components.ts'
import { ComponentFairness, STRIDE } from './component-fairness.ts'
import { GrowingStack } from './growing-stack.ts'
import type { StateGraph } from './state-graph.ts'

/** Another pruning round pays if the last one removed this share of the nodes. */
const MIN_PRUNED = 1 / 8

/** Values in `ranks`: not visited, and done. Between them are the ranks of nodes on the stack, and `EXAMINED`. */
const UNMET = 0
const DONE = 0x7fff_ffff

export class Product {
  readonly graph: StateGraph
  readonly automaton: Automaton
  readonly constraints: readonly FairnessConstraint[]
  readonly nodes: number
  /** By node: its fair component, from 1; 0 if it is in none. Undefined until one is found. */
  fair: Int32Array | undefined
  fairCount = 0
  /** By automaton state: its component, in an order in which transitions never lead back. */
  readonly #componentOf: readonly number[]
  /** By node: whether it was reached. If the node is searched for components, only entry nodes are marked. */
  readonly #reached: Uint8Array
  /** By node; see `UNMET`. */
  #ranks: Int32Array | undefined
  readonly #maxBytes: number
  readonly #fairness: ComponentFairness
  readonly #stacks = {
    /**
     * The path: its nodes, the current transition and step of each, and whether the node is still the root of its
     * component.
     */
    path: new GrowingStack(),
    at: new GrowingStack(),
    steps: new GrowingStack(),
    roots: new GrowingStack(),
    /** Finished nodes whose component is not complete. */
    open: new GrowingStack(),
  }

  /** @throws {OutOfMemory} */
  constructor(graph: StateGraph, automaton: Automaton, constraints: readonly FairnessConstraint[], maxBytes: number) {
    this.graph = graph
    this.automaton = automaton
    this.constraints = constraints
    this.nodes = graph.size * automaton.transitions.length
    this.#maxBytes = maxBytes
    if (this.nodes >= 2 ** 31 - 2 || this.nodes * 5 > maxBytes) throw new OutOfMemory()
    this.#reached = new Uint8Array(this.nodes)
    this.#componentOf = componentsOf(automaton)
    this.#fairness = new ComponentFairness(graph, automaton, constraints)
  }

  get bytes(): number {
    return [this.#reached, this.#ranks, this.fair].reduce((sum, array) => sum + (array?.byteLength ?? 0), 0)
  }

  /** Finds the fair components. Yields when `pause` returns true. */
  *search(pause: () => boolean): Generator<void> {
    const { graph, automaton } = this
    for (let state = 0; state < graph.initial; state++) this.#reached[state] = 1
    const last = Math.max(...this.#componentOf)
    for (let component = 0; component <= last; component++) {
      const members = automaton.transitions.flatMap((_, state) =>
        this.#componentOf[state] === component ? [state] : [],
      )
      if (canAccept(automaton, members)) yield* this.#components(members, pause)
      else yield* this.#markReached(members, pause)
    }
  }

  /** Marks the nodes reached from automaton states in which no violation can stay. */
  *#markReached(members: readonly number[], pause: () => boolean): Generator<void> {
    const { graph, automaton } = this
    const { size, firsts, targets, labels } = graph
    const reached = this.#reached
    const stack = new GrowingStack()
    const isMember = automaton.transitions.map((_, state) => members.includes(state))
    // If a self-loop of automaton state 0 is always possible, state 0 occurs with every reachable state.
    const isFull = automaton.transitions.map(
      (row, state) => state === 0 && row.some((it) => it.target === 0 && !it.asksState && !it.asksStep),
    )
    const spread = (node: number): void => {
      const state = node % size
      for (const transition of automaton.transitions[(node - state) / size]!) {
        if (isFull[transition.target]! || !graph.admitsState(transition, state)) continue
        const base = transition.target * size
        const isInner = isMember[transition.target]!
        const { asksStep } = transition
        for (let step = firsts[state]!, end = firsts[state + 1]!; step <= end; step++) {
          const next = base + (step === end ? state : targets[step]!)
          if (reached[next] === 1) continue
          if (asksStep && !graph.admitsStep(transition, step === end ? 0 : labels[step]!)) continue
          reached[next] = 1
          if (isInner) stack.push(next)
        }
      }
    }
    for (const member of members) {
      if (isFull[member]!) reached.fill(1, 0, size)
      else
        for (let state = 0, node = member * size; state < size; state++, node++)
          if (reached[node] === 1) stack.push(node)
    }
    for (const member of members) {
      for (let state = 0; isFull[member]! && state < size; state++) {
        if (state % STRIDE === 0 && pause()) yield
        spread(member * size + state)
      }
    }
    for (let count = 0; stack.length > 0; count++) {
      if (count % STRIDE === 0 && pause()) yield
      spread(stack.pop())
    }
  }

  /** Searches the reached nodes of some automaton states for fair components. */
  *#components(members: readonly number[], pause: () => boolean): Generator<void> {
    const { graph, automaton } = this
    const { size } = graph
    const isMember = automaton.transitions.map((_, state) => members.includes(state))
    this.#ranks ??= new Int32Array(this.nodes)
    const ranks = this.#ranks
    const reached = this.#reached
    const again: Int32Array[] = []
    // Pruning skips nodes without marking their successors, so it applies only if no transition leaves these automaton
    // states.
    const isLast = members.every((member) => automaton.transitions[member]!.every(({ target }) => isMember[target]!))
    if (isLast && members.some((member) => reached.includes(1, member * size)))
      yield* this.#prune(members, isMember, pause)
    for (const member of members) {
      for (let state = 0, node = member * size; state < size; state++, node++) {
        if (state % STRIDE === 0 && pause()) yield
        if (reached[node] === 1 && ranks[node] === UNMET) yield* this.#searchFrom(node, isMember, again, pause)
      }
    }
    for (let region = again.pop(); region !== undefined; region = again.pop()) {
      for (let index = 0; index < region.length; index++) ranks[region[index]!] = UNMET
      for (let index = 0; index < region.length; index++) {
        if (index % STRIDE === 0 && pause()) yield
        if (ranks[region[index]!] === UNMET) yield* this.#searchFrom(region[index]!, isMember, again, pause)
      }
    }
  }

  /** Marks nodes as done that are on no fair cycle, in rounds while a round removes many. */
  *#prune(members: readonly number[], isMember: readonly boolean[], pause: () => boolean): Generator<void> {
    const { graph, automaton } = this
    const { size, firsts, targets, labels } = graph
    const ranks = this.#ranks!
    const fairness = this.#fairness
    /** Whether stuttering at a node forever is fair and accepted. */
    const canStay = (member: number, state: number, row: readonly Transition[]): boolean => {
      if (fairness.asksForSteps(state)) return false
      let kept = 0
      let hasLoop = false
      for (const transition of row) {
        if (transition.target !== member || !graph.admitsState(transition, state)) continue
        if (!graph.admitsStep(transition, 0)) continue
        hasLoop = true
        kept |= transition.keeps
      }
      return hasLoop && kept === automaton.acceptanceSets
    }
    const leadsOn = (member: number, state: number, row: readonly Transition[]): boolean => {
      for (const transition of row) {
        if (!isMember[transition.target]! || !graph.admitsState(transition, state)) continue
        const base = transition.target * size
        const { asksStep } = transition
        for (let step = firsts[state]!, end = firsts[state + 1]!; step < end; step++) {
          if (ranks[base + targets[step]!] === DONE) continue
          if (!asksStep || graph.admitsStep(transition, labels[step]!)) return true
        }
        if (transition.target === member || ranks[base + state] === DONE) continue
        if (!asksStep || graph.admitsStep(transition, 0)) return true
      }
      return false
    }
    let left = size * members.length
    for (;;) {
      let pruned = 0
      for (const member of members) {
        const row = automaton.transitions[member]!
        for (let state = size - 1, node = member * size + state; state >= 0; state--, node--) {
          if (state % STRIDE === 0 && pause()) yield
          if (ranks[node] === DONE || leadsOn(member, state, row) || canStay(member, state, row)) continue
          ranks[node] = DONE
          pruned++
        }
      }
      if (pruned < left * MIN_PRUNED || pruned === left) return
      left -= pruned
    }
  }

  /** Pearce's algorithm from one node. Parts of components that need another search go to `again`. */
  *#searchFrom(root: number, isMember: readonly boolean[], again: Int32Array[], pause: () => boolean): Generator<void> {
    const { graph, automaton } = this
    const { size, firsts, targets, labels } = graph
    const { transitions } = automaton
    const ranks = this.#ranks!
    const reached = this.#reached
    const { path, at, steps, roots, open } = this.#stacks
    let rank = 1
    let count = 0
    const enter = (node: number): void => {
      path.push(node)
      at.push(-1)
      steps.push(0)
      roots.push(1)
      ranks[node] = rank++
    }
    enter(root)
    while (path.length > 0) {
      if (++count % STRIDE === 0 && pause()) yield
      const node = path.top
      const state = node % size
      const row = transitions[(node - state) / size]!
      const end = firsts[state + 1]!
      let index = at.top
      let step = steps.top
      let isEntering = false
      while (!isEntering) {
        if (index < 0 || step > end) {
          do index++
          while (index < row.length && !graph.admitsState(row[index]!, state))
          if (index === row.length) break
          step = firsts[state]!
        }
        const transition = row[index]!
        const base = transition.target * size
        const isInner = isMember[transition.target]!
        const { asksStep } = transition
        for (; step <= end; step++) {
          const next = base + (step === end ? state : targets[step]!)
          if (asksStep && !graph.admitsStep(transition, step === end ? 0 : labels[step]!)) continue
          if (!isInner) {
            reached[next] = 1
            continue
          }
          if (ranks[next] === UNMET) {
            // Examine this step again after the search of its target, when the target's rank is known.
            at.top = index
            steps.top = step
            enter(next)
            isEntering = true
            break
          }
          if (ranks[next]! < ranks[node]!) {
            ranks[node] = ranks[next]!
            roots.top = 0
          }
        }
      }
      if (isEntering) continue
      path.pop()
      at.pop()
      steps.pop()
      if (roots.pop() === 0) {
        open.push(node)
        continue
      }
      let first = open.length
      while (first > 0 && ranks[node]! <= ranks[open.at(first - 1)]!) first--
      rank -= open.length - first + 1
      if (first === open.length && this.#fairness.asksForSteps(state)) ranks[node] = DONE
      else yield* this.#examine(open, first, node, isMember, again, pause)
      open.length = first
    }
  }

  /** Decides a component: the nodes of `open` from `first` on, and `last`. */
  *#examine(
    open: GrowingStack,
    first: number,
    last: number,
    isMember: readonly boolean[],
    again: Int32Array[],
    pause: () => boolean,
  ): Generator<void> {
    const ranks = this.#ranks!
    open.push(last)
    const nodes = open.values.subarray(first, open.length)
    const failing = yield* this.#fairness.judge(nodes, isMember, ranks, pause)
    if (failing === undefined) this.#accept(nodes)
    for (let index = 0; index < nodes.length; index++) ranks[nodes[index]!] = DONE
    if (failing === undefined || failing.length === 0) return
    const { graph } = this
    const left = nodes.filter((node) => failing.every((bit) => !graph.hasStateBit(node % graph.size, bit)))
    if (left.length > 0) again.push(left)
  }

  #accept(nodes: Int32Array): void {
    if (this.fair === undefined && this.nodes * 9 > this.#maxBytes) throw new OutOfMemory()
    this.fair ??= new Int32Array(this.nodes)
    this.fairCount++
    for (let index = 0; index < nodes.length; index++) this.fair[nodes[index]!] = this.fairCount
  }
}
