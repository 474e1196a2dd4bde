/**
 * Whether a fair behavior is accepted by an automaton, decided on sets: one set of states for each automaton state.
 *
 * What can be reached in the product comes first. Of that, states are taken out as long as some have no successor
 * left, or cannot come to where a promise is kept, or a demand of fairness met, by way of what is left:
 *
 *     promise         comes to an edge that keeps it
 *     weak fairness   comes to a state in which none of the steps is enabled, or to such a step
 *     strong          none of the steps is enabled, or it comes to such a step
 *
 * If anything is left then a strongly connected part that leads nowhere else is fair; and no state of a fair cycle is
 * ever taken out. That every state can stutter is heeded; a step that changes nothing meets no demand.
 *
 * Source: E. A. Emerson, C.-L. Lei, "Efficient model checking in fragments of the propositional mu-calculus" (LICS
 * 1986); for strong fairness Y. Kesten, A. Pnueli, L. Raviv, "Algorithmic verification of linear temporal logic
 * specifications" (ICALP 1998). Promises here are kept by edges, not in states.
 */
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Drive } from './reach.ts'
import type { SymbolicModel } from './symbolic-model.ts'

/** A way for the automaton to go on, whatever the step. */
export interface Way {
  readonly source: number
  readonly target: number
  /** The states of the model in which it may go on so. */
  readonly states: Diagram
  /** The promises that are kept by it, as bits. */
  readonly keeps: number
}

/** Steps by one move of an action instance. */
export interface Stepping {
  /** The states, related to their successors. */
  readonly step: Diagram
  /** The states that such a step does not change. */
  readonly still: Diagram
}

/** A demand of fairness. */
export interface FairDemand {
  readonly isStrong: boolean
  /** The states in which some such step is enabled. */
  readonly enabled: Diagram
  readonly steps: readonly Stepping[]
}

/** What there is to be decided on. */
export interface FairProduct {
  readonly ways: readonly Way[]
  /** By automaton state: whether behaviors that stay near it may be accepted. It begins in state 0. */
  readonly hopeful: readonly boolean[]
  /** All promises, as bits. */
  readonly promises: number
  readonly demands: readonly FairDemand[]
  /** All steps there are. */
  readonly steps: readonly Stepping[]
  /** The initial states. */
  readonly start: Diagram
  /** All that can be reached within the constraints. */
  readonly reached: Diagram
}

/** Sets by automaton state. */
export type Sets = Diagram[]

export class FairHull {
  readonly #model: SymbolicModel
  readonly #drive: Drive
  readonly #product: FairProduct
  /** What is worked on, and is to outlive a collection. */
  readonly #live = new Set<Sets>()

  constructor(model: SymbolicModel, drive: Drive, product: FairProduct) {
    this.#model = model
    this.#drive = drive
    this.#product = product
  }

  /** The hull: empty sets if no fair behavior is accepted. */
  async find(): Promise<Sets> {
    const { hopeful } = this.#product
    let hull = (await this.#reach()).map((set, at) => (hopeful[at]! ? set : EMPTY))
    for (let before: Sets = []; hull.some((set, at) => set !== before[at]);) {
      before = hull
      // A set that is collected may have its number taken by another, and would be taken for it.
      hull = await this.#holding([before], () => this.#narrowed(before))
    }
    return hull
  }

  /** What is left if every requirement is looked at once. */
  async #narrowed(sets: Sets): Promise<Sets> {
    const { promises, demands } = this.#product
    let hull = await this.#trimmed(sets)
    for (let promise = 1; (promise & promises) !== 0 && !isNothing(hull); promise <<= 1) {
      hull = await this.#back(hull, await this.#edges(hull, promise))
    }
    for (const demand of demands) if (!isNothing(hull)) hull = await this.#meeting(hull, demand)
    return hull
  }

  /** What is left if states are taken out that cannot meet a demand. */
  async #meeting(hull: Sets, demand: FairDemand): Promise<Sets> {
    const { diagrams } = this.#model
    const idle = await this.#drive(() => hull.map((set) => diagrams.minus(set, demand.enabled)))
    if (hull.every((set, at) => set === idle[at])) return hull
    return await this.#holding([hull, idle], async () => {
      const met = await this.#takes(hull, demand)
      if (!demand.isStrong) return await this.#back(hull, await this.#union(met, idle))
      return await this.#union(await this.#back(hull, met), idle)
    })
  }

  /** What can be reached in the product. */
  async #reach(): Promise<Sets> {
    const { diagrams, space, constraints } = this.#model
    const { ways, hopeful, steps, start, reached } = this.#product
    const found = hopeful.map(() => EMPTY)
    // One that can be stayed in whatever happens is reached with every state.
    const isFull = ways.some((it) => it.source === 0 && it.target === 0 && it.states === reached)
    found[0] = isFull ? reached : start
    const frontier = [...found]
    const add = (at: number, set: Diagram): void => {
      const fresh = diagrams.minus(constraints.length > 0 ? diagrams.intersect(set, reached) : set, found[at]!)
      frontier[at] = diagrams.union(frontier[at]!, fresh)
      found[at] = diagrams.union(found[at]!, fresh)
    }
    return await this.#holding([found, frontier], async () => {
      while (!isNothing(frontier)) {
        const before = [...found]
        for (const { source, target, states } of ways) {
          if (frontier[source] === EMPTY || (isFull && target === 0)) continue
          await this.#drive(() => add(target, diagrams.intersect(frontier[source]!, states)))
          for (const { step } of steps) {
            await this.#drive(() =>
              add(target, space.relations.image(diagrams.intersect(frontier[source]!, states), step)),
            )
          }
        }
        const fresh = await this.#drive(() => found.map((set, at) => diagrams.minus(set, before[at]!)))
        frontier.splice(0, fresh.length, ...fresh)
        this.#tidy()
      }
      return found
    })
  }

  /** What is left if states are taken out as long as some have no successor left. */
  async #trimmed(sets: Sets): Promise<Sets> {
    let left = sets
    for (let before: Sets = []; left.some((set, at) => set !== before[at]);) {
      before = left
      left = await this.#edges(left, 0)
    }
    return left
  }

  /** Where edges within sets begin that keep some promises. */
  async #edges(sets: Sets, promises: number): Promise<Sets> {
    const { diagrams, space } = this.#model
    const { ways, steps } = this.#product
    const found = sets.map(() => EMPTY)
    const own = ways.filter(({ keeps }) => (keeps & promises) === promises)
    const add = ({ source, states }: Way, begin: (from: Diagram) => Diagram): void => {
      const from = diagrams.minus(diagrams.intersect(sets[source]!, states), found[source]!)
      if (from !== EMPTY) found[source] = diagrams.union(found[source]!, begin(from))
    }
    return await this.#holding([sets, found], async () => {
      for (const way of own) await this.#drive(() => add(way, (from) => diagrams.intersect(from, sets[way.target]!)))
      for (const way of own) {
        for (const { step } of steps) {
          await this.#drive(() => add(way, (from) => space.relations.preimage(from, sets[way.target]!, step)))
        }
      }
      return found
    })
  }

  /** Where steps within sets begin that a demand asks for. */
  async #takes(sets: Sets, { steps }: FairDemand): Promise<Sets> {
    const { diagrams, space } = this.#model
    const found = sets.map(() => EMPTY)
    return await this.#holding([sets, found], async () => {
      for (const { source, target, states } of this.#product.ways) {
        for (const { step, still } of steps) {
          await this.#drive(() => {
            const from = diagrams.minus(diagrams.intersect(sets[source]!, states), found[source]!)
            const begin = diagrams.minus(space.relations.preimage(from, sets[target]!, step), still)
            found[source] = diagrams.union(found[source]!, begin)
          })
        }
      }
      return found
    })
  }

  /** The part of some sets from which one can come to a goal by way of them; the goal is a part of them. */
  async #back(sets: Sets, goal: Sets): Promise<Sets> {
    const { diagrams, space } = this.#model
    const found = [...goal]
    const frontier = [...goal]
    const add = (at: number, set: Diagram): void => {
      const fresh = diagrams.minus(set, found[at]!)
      frontier[at] = diagrams.union(frontier[at]!, fresh)
      found[at] = diagrams.union(found[at]!, fresh)
    }
    return await this.#holding([sets, found, frontier], async () => {
      while (!isNothing(frontier)) {
        const before = [...found]
        for (const { source, target, states } of this.#product.ways) {
          if (found[source] === sets[source]) continue
          const from = (): Diagram => diagrams.intersect(sets[source]!, states)
          await this.#drive(() => add(source, diagrams.intersect(from(), frontier[target]!)))
          for (const { step } of this.#product.steps) {
            await this.#drive(() => add(source, space.relations.preimage(from(), frontier[target]!, step)))
          }
        }
        const fresh = await this.#drive(() => found.map((set, at) => diagrams.minus(set, before[at]!)))
        frontier.splice(0, fresh.length, ...fresh)
        this.#tidy()
      }
      return found
    })
  }

  async #union(one: Sets, other: Sets): Promise<Sets> {
    return await this.#drive(() => one.map((set, at) => this.#model.diagrams.union(set, other[at]!)))
  }

  /** Keeps sets from being collected while something is worked out. */
  async #holding(sets: readonly Sets[], work: () => Promise<Sets>): Promise<Sets> {
    const own = sets.filter((it) => !this.#live.has(it))
    own.forEach((it) => this.#live.add(it))
    try {
      return await work()
    } finally {
      own.forEach((it) => this.#live.delete(it))
    }
  }

  #tidy(): void {
    const { ways, demands, steps, start, reached } = this.#product
    const stepping = [...steps, ...demands.flatMap((demand) => demand.steps)].flatMap(({ step, still }) => [
      step,
      still,
    ])
    this.#model.tidy([
      ...[...[...this.#live].flat(), start, reached, ...stepping],
      ...[...ways.map(({ states }) => states), ...demands.map(({ enabled }) => enabled)],
    ])
  }
}

/** Whether all sets are empty. */
export function isNothing(sets: Sets): boolean {
  return sets.every((set) => set === EMPTY)
}
