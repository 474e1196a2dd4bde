/**
 * The product of a model and an automaton on sets: one set of states for each automaton state.
 *
 * An edge combines a transition of the automaton with a step of the model or with stuttering. Every state can stutter;
 * a step that changes nothing counts as stuttering.
 */
import type { Diagram } from '../diagram/diagrams.ts'
import { EMPTY } from '../diagram/node-table.ts'
import type { RunSliced } from '../reachable-set.ts'
import type { SymbolicModel } from '../symbolic-model.ts'

/** A transition of the automaton. */
export interface ProductTransition {
  readonly source: number
  readonly target: number
  /** The states of the model in which stuttering allows this transition. */
  readonly resting: Diagram
  /** By step of the product: the states in which this step allows the transition. */
  readonly stepping: readonly Diagram[]
  /** The acceptance sets that contain it, as bits. */
  readonly keeps: number
}

/** The steps of one move of an action instance. */
export interface Stepping {
  /** Relates states to their successors. */
  readonly step: Diagram
  /** The states that such a step does not change. */
  readonly still: Diagram
}

/** A fairness constraint. */
export interface FairnessSets {
  readonly isStrong: boolean
  /** The states in which at least one of the steps is enabled, and its condition is true. */
  readonly enabled: Diagram
  /** Whether its steps count only from the states in `enabled`. Otherwise they start from no other states. */
  readonly isConditional: boolean
  /** The numbers of its steps. */
  readonly steps: readonly number[]
}

/** The input of a decision. */
export interface FairProduct {
  readonly transitions: readonly ProductTransition[]
  /** By automaton state: whether an accepted behavior can stay near it. State 0 is initial. */
  readonly hopeful: readonly boolean[]
  /** All acceptance sets, as bits. */
  readonly acceptanceSets: number
  readonly constraints: readonly FairnessSets[]
  /** All steps. */
  readonly steps: readonly Stepping[]
  /** The initial states. */
  readonly start: Diagram
  /** The reachable states within the constraints. */
  readonly reached: Diagram
}

/** Sets by automaton state. */
export type Sets = Diagram[]

export function isNothing(sets: Sets): boolean {
  return sets.every((set) => set === EMPTY)
}

/** Operations on a product. It protects its sets from collection. */
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

  /** Protects sets from collection during some work. The arrays may change and grow meanwhile. */
  async holding<T>(sets: readonly Sets[], work: () => Promise<T>): Promise<T> {
    const own = sets.filter((it) => !this.#live.has(it))
    own.forEach((it) => this.#live.add(it))
    try {
      return await work()
    } finally {
      own.forEach((it) => this.#live.delete(it))
    }
  }

  /** Frees unprotected diagrams. Call this between operations. */
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
   * Calls `visit` for each of the chosen steps, or for all. This is one piece of work and resumes where it was aborted,
   * because a piece costs some microseconds and an operation on small diagrams hardly more.
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
   * Passes the successors by stuttering to `add`. It may pass the same set twice.
   *
   * @param isSkipped - automaton states to leave out
   */
  async rest(from: Sets, add: Adding, isSkipped: (target: number) => boolean = () => false): Promise<void> {
    const { diagrams } = this.model
    for (const { source, target, resting } of this.product.transitions) {
      if (from[source] === EMPTY || isSkipped(target)) continue
      await this.runSliced(() => add(target, diagrams.intersect(from[source]!, resting)))
    }
  }

  /** Passes the successors by steps to `add`; see `rest`. */
  async step(from: Sets, add: Adding, isSkipped: (target: number) => boolean = () => false): Promise<void> {
    const { diagrams, space } = this.model
    for (const { source, target, stepping } of this.product.transitions) {
      if (from[source] === EMPTY || isSkipped(target)) continue
      await this.eachStep((index, { step }) =>
        add(target, space.relations.image(diagrams.intersect(from[source]!, stepping[index]!), step)),
      )
    }
  }

  /** The sources of edges between two families of sets. `isMeant` selects the transitions. */
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

  /** The sources of steps between two families of sets that meet one of the constraints. */
  async meets(from: Sets, into: Sets, constraints: Iterable<FairnessSets>): Promise<Sets> {
    const { diagrams } = this.model
    const [plain, conditional]: [FairnessSets[], FairnessSets[]] = [[], []]
    for (const constraint of constraints) (constraint.isConditional ? conditional : plain).push(constraint)
    let found = await this.#takes(from, into, [...new Set(plain.flatMap(({ steps }) => steps))])
    for (const { enabled, steps } of conditional) {
      const before = found
      found = await this.holding([from, into, before], async () => {
        const begin = await this.runSliced(() => from.map((set) => diagrams.intersect(set, enabled)))
        const more = await this.#takes(begin, into, steps)
        return await this.holding([more], () =>
          this.runSliced(() => before.map((set, at) => diagrams.union(set, more[at]!))),
        )
      })
    }
    return found
  }

  /** The sources of chosen steps between two families of sets. Only steps that change something count. */
  async #takes(from: Sets, into: Sets, wanted: readonly number[]): Promise<Sets> {
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

/** Receives states that may occur with an automaton state. */
type Adding = (at: number, set: Diagram) => void
