/**
 * The fair hull: decides whether an automaton accepts a fair behavior. Works with one set of states for each automaton
 * state.
 *
 * The algorithm starts with the reachable part of the product. It removes states until each one left has a successor,
 * and meets each requirement by way of the states left:
 *
 *     acceptance set  reaches an edge of the set
 *     weak fairness   reaches a state in which none of the steps is enabled, or such a step
 *     strong          none of the steps is enabled, or it reaches such a step
 *
 * If anything is left, each strongly connected part without an exit is fair. No state of a fair cycle is ever removed.
 * Every state can stutter; a step that changes nothing meets no fairness constraint.
 *
 * Source: E. A. Emerson, C.-L. Lei, "Efficient model checking in fragments of the propositional mu-calculus" (LICS
 * 1986); for strong fairness Y. Kesten, A. Pnueli, L. Raviv, "Algorithmic verification of linear temporal logic
 * specifications" (ICALP 1998). Here acceptance sets contain edges, not states.
 */
import type { Diagram } from '../diagram/diagrams.ts'
import { EMPTY } from '../diagram/node-table.ts'
import { isNothing, type FairnessSets, type ProductWork, type Sets } from './fair-product.ts'

export class FairHull {
  readonly #work: ProductWork

  constructor(work: ProductWork) {
    this.#work = work
  }

  /** The hull. All its sets are empty if the automaton accepts no fair behavior. */
  async find(): Promise<Sets> {
    const { hopeful } = this.#work.product
    let hull = (await this.#reach()).map((set, at) => (hopeful[at]! ? set : EMPTY))
    for (let before: Sets = []; hull.some((set, at) => set !== before[at]);) {
      before = hull
      // Hold the old set: a collection could give its number to another set, and the comparison would be wrong.
      hull = await this.#work.holding([before], () => this.#narrowed(before))
    }
    return hull
  }

  /** Applies each requirement once. */
  async #narrowed(sets: Sets): Promise<Sets> {
    const { acceptanceSets, constraints } = this.#work.product
    let hull = await this.#trimmed(sets)
    for (let acceptanceSet = 1; (acceptanceSet & acceptanceSets) !== 0 && !isNothing(hull); acceptanceSet <<= 1) {
      hull = await this.#back(hull, await this.#work.edges(hull, hull, ({ keeps }) => (keeps & acceptanceSet) !== 0))
    }
    for (const constraint of constraints) if (!isNothing(hull)) hull = await this.#meeting(hull, constraint)
    return hull
  }

  /** Removes states that cannot meet a constraint. */
  async #meeting(hull: Sets, constraint: FairnessSets): Promise<Sets> {
    const { diagrams } = this.#work.model
    const idle = await this.#work.runSliced(() => hull.map((set) => diagrams.minus(set, constraint.enabled)))
    if (hull.every((set, at) => set === idle[at])) return hull
    return await this.#work.holding([hull, idle], async () => {
      const met = await this.#work.meets(hull, hull, [constraint])
      if (!constraint.isStrong) return await this.#back(hull, await this.#union(met, idle))
      return await this.#union(await this.#back(hull, met), idle)
    })
  }

  /** The reachable part of the product. */
  async #reach(): Promise<Sets> {
    const { diagrams, constraints } = this.#work.model
    const { transitions, hopeful, start, reached } = this.#work.product
    const found = hopeful.map(() => EMPTY)
    // If a self-loop of automaton state 0 is always possible, state 0 occurs with every reachable state.
    const isFull = transitions.some((it) => {
      return it.source === 0 && it.target === 0 && [it.resting, ...it.stepping].every((states) => states === reached)
    })
    const isSkipped = (target: number): boolean => isFull && target === 0
    found[0] = isFull ? reached : start
    const frontier = [...found]
    const add = (at: number, set: Diagram): void => {
      const fresh = diagrams.minus(constraints.length > 0 ? diagrams.intersect(set, reached) : set, found[at]!)
      frontier[at] = diagrams.union(frontier[at]!, fresh)
      found[at] = diagrams.union(found[at]!, fresh)
    }
    return await this.#work.holding([found, frontier], async () => {
      while (!isNothing(frontier)) {
        const before = [...found]
        await this.#work.rest(frontier, add, isSkipped)
        await this.#work.step(frontier, add, isSkipped)
        const fresh = await this.#work.runSliced(() => found.map((set, at) => diagrams.minus(set, before[at]!)))
        frontier.splice(0, fresh.length, ...fresh)
        this.#work.tidy()
      }
      return found
    })
  }

  /** Removes states without a successor until none is left. */
  async #trimmed(sets: Sets): Promise<Sets> {
    let left = sets
    for (let before: Sets = []; left.some((set, at) => set !== before[at]);) {
      before = left
      left = await this.#work.edges(left, left, () => true)
    }
    return left
  }

  /** The states of `sets` that reach `goal` within `sets`. `goal` is a subset. */
  async #back(sets: Sets, goal: Sets): Promise<Sets> {
    const { model, product, runSliced } = this.#work
    const { diagrams, space } = model
    const { transitions } = product
    const found = [...goal]
    const frontier = [...goal]
    const add = (at: number, set: Diagram): void => {
      const fresh = diagrams.minus(set, found[at]!)
      frontier[at] = diagrams.union(frontier[at]!, fresh)
      found[at] = diagrams.union(found[at]!, fresh)
    }
    return await this.#work.holding([sets, found, frontier], async () => {
      while (!isNothing(frontier)) {
        const before = [...found]
        for (const { source, target, resting, stepping } of transitions) {
          if (found[source] === sets[source]) continue
          const within = (states: Diagram): Diagram => diagrams.intersect(sets[source]!, states)
          await runSliced(() => add(source, diagrams.intersect(within(resting), frontier[target]!)))
          await this.#work.eachStep((index, { step }) =>
            add(source, space.relations.preimage(within(stepping[index]!), frontier[target]!, step)),
          )
        }
        const fresh = await runSliced(() => found.map((set, at) => diagrams.minus(set, before[at]!)))
        frontier.splice(0, fresh.length, ...fresh)
        this.#work.tidy()
      }
      return found
    })
  }

  async #union(one: Sets, other: Sets): Promise<Sets> {
    return await this.#work.runSliced(() => one.map((set, at) => this.#work.model.diagrams.union(set, other[at]!)))
  }
}
