/**
 * Breadth-first search over sets: level by level, with counts, depth and steps to predecessors as the explicit engine
 * has them.
 */
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Divided, SymbolicModel, RootHolder } from './symbolic-model.ts'

export class Levels implements RootHolder {
  /** The levels found so far, initial states first. */
  readonly levels: Diagram[] = []
  reached: Diagram = EMPTY
  /** Whether the actions were learned on all reachable states. */
  isAllKnown = false
  /** As far as they were counted: successors by action instance, repeats and self-loops included. */
  generatedBy: readonly bigint[]
  /** As far as they were counted: initial states and steps that led outside the constraints. */
  outside = 0n
  /** Expanded states whose steps are not counted yet, and the states outside the constraints that these lead to. */
  #uncounted: Divided = { inside: EMPTY, outside: EMPTY }
  readonly #model: SymbolicModel

  constructor(model: SymbolicModel) {
    this.#model = model
    this.generatedBy = model.actions.map(() => 0n)
  }

  /** Levels that have a state; the initial states are level 1. */
  get depth(): number {
    return this.level === EMPTY ? this.levels.length - 1 : this.levels.length
  }

  /** Counts the steps from the states that were expanded since the last time: levels have no state in common. */
  count(): void {
    const { inside, outside } = this.#uncounted
    const counter = countSteps(this.#model, inside, outside)
    // All at once: what is above may be broken off, and is then done once more.
    this.generatedBy = this.generatedBy.map((count, index) => count + counter.generatedBy[index]!)
    this.outside += counter.outside
    this.#uncounted = { inside: EMPTY, outside: EMPTY }
  }

  /** The last level. */
  get level(): Diagram {
    return this.levels.at(-1)!
  }

  /** Finds the first level. Returns the states met: new ones, and any outside the constraints. */
  begin(): Divided {
    const model = this.#model
    const start = model.divide(model.start())
    this.outside = BigInt(model.initialIn(start.outside))
    this.#advance(start, start.inside)
    return start
  }

  /** Finds the next level. Returns the states met: new ones, and any outside the constraints. */
  expand(): Divided {
    const model = this.#model
    const { diagrams } = model
    const { level } = this
    const met = this.isAllKnown ? model.after(level) : this.#learned(level)
    const divided = model.divide(diagrams.minus(met, this.reached))
    const reached = diagrams.union(this.reached, divided.inside)
    const uncounted = {
      inside: diagrams.union(this.#uncounted.inside, level),
      outside: diagrams.union(this.#uncounted.outside, divided.outside),
    }
    this.#uncounted = uncounted
    this.#advance(divided, reached)
    return divided
  }

  move(): void {
    this.levels.length = 0
    this.reached = EMPTY
    this.#uncounted = { inside: EMPTY, outside: EMPTY }
  }

  roots(): Diagram[] {
    return [...this.levels, this.reached, this.#uncounted.inside, this.#uncounted.outside]
  }

  /** Learns the actions on a level, and gives where they lead. Learning changes relations, so joining them would not pay. */
  #learned(level: Diagram): Diagram {
    const { diagrams, space, actions } = this.#model
    let met = EMPTY
    for (const action of actions) {
      action.learn(space, level)
      for (const { step } of action.moves) met = diagrams.union(met, space.relations.image(level, step))
    }
    return met
  }

  #advance({ inside }: Divided, reached: Diagram): void {
    this.reached = reached
    this.levels.push(inside)
    this.#model.noteTurns(this.levels.length)
  }
}

/** What the steps from a set of states come to. */
export interface StepCounts {
  /** By action instance, repeats and self-loops included. */
  readonly generatedBy: readonly bigint[]
  /** Those that lead outside the constraints. */
  readonly outside: bigint
}

/** Counts the steps from a set; `outside` are the states outside the constraints that they lead to. */
export function countSteps({ actions, space }: SymbolicModel, from: Diagram, outside: Diagram): StepCounts {
  const { relations, counter } = space
  let beyond = 0n
  const generatedBy = actions.map(({ moves }) => {
    let sum = 0n
    for (const { guard, step } of moves) {
      sum += counter.count(relations.image(from, guard))
      if (outside !== EMPTY) beyond += counter.count(relations.preimage(from, outside, step))
    }
    return sum
  })
  return { generatedBy, outside: beyond }
}
