/**
 * The product of a model and an automaton on sets: one set of states for each automaton state.
 *
 * It has an edge for each way in which the automaton goes on while the model makes a step or rests. Every state can
 * rest, which is called stuttering; a step that changes nothing is no more than that.
 */
import type { Diagram } from '../diagram/diagrams.ts'
import { EMPTY } from '../diagram/node-table.ts'
import type { RunSliced } from '../reachable-set.ts'
import type { SymbolicModel } from '../symbolic-model.ts'

/** A transition of the automaton to go on. */
export interface ProductTransition {
  readonly source: number
  readonly target: number
  /** The states of the model in which it may go on so while nothing changes. */
  readonly resting: Diagram
  /** By step of the product: the states in which it may go on so with that step. */
  readonly stepping: readonly Diagram[]
  /** The acceptance sets that are kept by it, as bits. */
  readonly keeps: number
}

/** Steps by one move of an action instance. */
export interface Stepping {
  /** The states, related to their successors. */
  readonly step: Diagram
  /** The states that such a step does not change. */
  readonly still: Diagram
}

/** A fairness constraint. */
export interface FairnessSets {
  readonly isStrong: boolean
  /** The states in which some such step is enabled. */
  readonly enabled: Diagram
  /** The steps of the product that it is about. */
  readonly steps: readonly number[]
}

/** What there is to be decided on. */
export interface FairProduct {
  readonly transitions: readonly ProductTransition[]
  /** By automaton state: whether behaviors that stay near it may be accepted. It begins in state 0. */
  readonly hopeful: readonly boolean[]
  /** All acceptance sets, as bits. */
  readonly acceptanceSets: number
  readonly constraints: readonly FairnessSets[]
  /** All steps there are. */
  readonly steps: readonly Stepping[]
  /** The initial states. */
  readonly start: Diagram
  /** All that can be reached within the constraints. */
  readonly reached: Diagram
}

/** Sets by automaton state. */
export type Sets = Diagram[]

/** Whether all sets are empty. */
export function isNothing(sets: Sets): boolean {
  return sets.every((set) => set === EMPTY)
}

/** Work on a product, which keeps what it works on from being collected. */
export class ProductWork {
  readonly model: SymbolicModel
  readonly runSliced: RunSliced
  readonly product: FairProduct
  readonly #live = new Set<Sets>()

  constructor(model: SymbolicModel, runSliced: RunSliced, product: FairProduct) {
    this.model = model
    this.runSliced = runSliced
    this.product = product
  }

  /** Keeps sets from being collected while something is worked out; they may change, and become more. */
  async holding<T>(sets: readonly Sets[], work: () => Promise<T>): Promise<T> {
    const own = sets.filter((it) => !this.#live.has(it))
    own.forEach((it) => this.#live.add(it))
    try {
      return await work()
    } finally {
      own.forEach((it) => this.#live.delete(it))
    }
  }

  /** Frees what is not held any more. To be called between operations. */
  tidy(): void {
    const { transitions, constraints, steps, start, reached } = this.product
    this.model.collectIfFull([
      ...[...[...this.#live].flat(), start, reached],
      ...steps.flatMap(({ step, still }) => [step, still]),
      ...transitions.flatMap(({ resting, stepping }) => [resting, ...new Set(stepping)]),
      ...constraints.map(({ enabled }) => enabled),
    ])
  }

  /**
   * Does something with each of some steps, given by number, or of all: as one piece of work, which goes on where it was
   * broken off. Each piece costs some microseconds, and operations on small diagrams hardly more.
   */
  async eachStep(visit: (index: number, step: Stepping) => void, chosen?: readonly number[]): Promise<void> {
    const { steps } = this.product
    const count = chosen?.length ?? steps.length
    let done = 0
    await this.runSliced(() => {
      for (; done < count; done++) {
        const index = chosen?.[done] ?? done
        visit(index, steps[index]!)
      }
    })
  }

  /**
   * Where stuttering leads from some sets: told to `add`, which may be told the same twice.
   *
   * @param isSkipped - automaton states that it is not to be told of
   */
  async rest(from: Sets, add: Adding, isSkipped: (target: number) => boolean = () => false): Promise<void> {
    const { diagrams } = this.model
    for (const { source, target, resting } of this.product.transitions) {
      if (from[source] === EMPTY || isSkipped(target)) continue
      await this.runSliced(() => add(target, diagrams.intersect(from[source]!, resting)))
    }
  }

  /** Where steps lead from some sets: see `rest`. */
  async step(from: Sets, add: Adding, isSkipped: (target: number) => boolean = () => false): Promise<void> {
    const { diagrams, space } = this.model
    for (const { source, target, stepping } of this.product.transitions) {
      if (from[source] === EMPTY || isSkipped(target)) continue
      await this.eachStep((index, { step }) =>
        add(target, space.relations.image(diagrams.intersect(from[source]!, stepping[index]!), step)),
      )
    }
  }

  /** Where edges from some sets into others begin, by the transitions that `isMeant` admits. */
  async edges(from: Sets, into: Sets, isMeant: (transition: ProductTransition) => boolean): Promise<Sets> {
    const { diagrams, space } = this.model
    const { transitions } = this.product
    const found = from.map(() => EMPTY)
    const own = transitions.filter(
      (transition) => from[transition.source] !== EMPTY && into[transition.target] !== EMPTY && isMeant(transition),
    )
    const add = (source: number, states: Diagram, begin: (states: Diagram) => Diagram): void => {
      const left = diagrams.minus(diagrams.intersect(from[source]!, states), found[source]!)
      if (left !== EMPTY) found[source] = diagrams.union(found[source]!, begin(left))
    }
    return await this.holding([from, into, found], async () => {
      for (const { source, target, resting } of own) {
        await this.runSliced(() => add(source, resting, (states) => diagrams.intersect(states, into[target]!)))
      }
      for (const { source, target, stepping } of own) {
        await this.eachStep((index, { step }) =>
          add(source, stepping[index]!, (states) => space.relations.preimage(states, into[target]!, step)),
        )
      }
      return found
    })
  }

  /** Where some steps of the product, given by number, begin that lead from some sets into others and change something. */
  async takes(from: Sets, into: Sets, wanted: readonly number[]): Promise<Sets> {
    const { diagrams, space } = this.model
    const found = from.map(() => EMPTY)
    return await this.holding([from, into, found], async () => {
      for (const { source, target, stepping } of this.product.transitions) {
        if (from[source] === EMPTY || into[target] === EMPTY) continue
        await this.eachStep((index, { step, still }) => {
          const states = diagrams.intersect(from[source]!, stepping[index]!)
          const left = diagrams.minus(states, found[source]!)
          const begin = diagrams.minus(space.relations.preimage(left, into[target]!, step), still)
          found[source] = diagrams.union(found[source]!, begin)
        }, wanted)
      }
      return found
    })
  }
}

/** Takes note of states that may be met with an automaton state. */
type Adding = (at: number, set: Diagram) => void
