/**
 * Breadth-first search over sets, level by level. It gives the counts, the depth and the paths that the explicit engine
 * would give.
 */
import type { Diagram } from './diagram/diagrams.ts'
import { EMPTY } from './diagram/node-table.ts'
import type { Divided, SymbolicModel, RootHolder } from './symbolic-model.ts'

export class Levels implements RootHolder {
  /** The levels found so far, initial states first. */
  readonly levels: Diagram[] = []
  reached: Diagram = EMPTY
  /** Whether the actions are learned on all reachable states. */
  isAllKnown = false
  /** Counted so far: successors by action instance, repeats and self-loops included. */
  generatedBy: readonly bigint[]
  /** Counted so far: initial states and steps outside the constraints. */
  outside = 0n
  /** Expanded states whose steps are not counted yet, and their successors outside the constraints. */
  #uncounted: Divided = { inside: EMPTY, outside: EMPTY }
  readonly #model: SymbolicModel

  constructor(model: SymbolicModel) {
    this.#model = model
    this.generatedBy = model.actions.map(() => 0n)
  }

  /** The number of nonempty levels. Initial states are level 1. */
  get depth(): number {
    return this.level === EMPTY ? this.levels.length - 1 : this.levels.length
  }

  /** Counts the steps from the states expanded since the last call. Levels are disjoint, so no step counts twice. */
  count(): void {
    const { inside, outside } = this.#uncounted
    const counter = countSteps(this.#model, inside, outside)
    // Assign all results at the end: an abort above leads to a rerun.
    this.generatedBy = this.generatedBy.map((count, index) => count + counter.generatedBy[index]!)
    this.outside += counter.outside
    this.#uncounted = { inside: EMPTY, outside: EMPTY }
  }

  get level(): Diagram {
    return this.levels.at(-1)!
  }

  /** Finds the first level. Returns its states, and initial states outside the constraints. */
  begin(): Divided {
    const model = this.#model
    const start = model.divide(model.start())
    this.outside = BigInt(model.initialIn(start.outside))
    this.#advance(start, start.inside)
    return start
  }

  /** Finds the next level. Returns its states, and successors outside the constraints. */
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

  /**
   * Learns the actions on a level, and returns the successors. It does not join the relations, because learning changes
   * them.
   */
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

/** Counts of the steps from a set of states. */
export interface StepCounts {
  /** By action instance, repeats and self-loops included. */
  readonly generatedBy: readonly bigint[]
  /** The steps that lead outside the constraints. */
  readonly outside: bigint
}

/** Counts the steps from a set. `outside` contains its successors outside the constraints. */
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
