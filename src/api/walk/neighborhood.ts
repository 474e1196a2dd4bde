/** The states within some steps around a state of a path, with the path that led there: a part of the state graph. */
import { Map as ValueMap, Set as ValueSet } from 'immutable'
import { now } from '../../engine/clock.ts'
import type { State } from '../../spec/model.ts'
import type { EnabledStep } from './steps.ts'
import type { GraphNode } from '../graph.ts'
import type { Walk } from './walk.ts'

/** States of the path that are drawn before the one in the middle. */
const MAX_LEAD = 12

export interface NeighborhoodOptions {
  /** How many steps away a state may be. */
  readonly steps: number
  readonly maxStates?: number | undefined
  /** Time after which no more states are looked for. */
  readonly timeMs?: number | undefined
}

/** A state of the neighborhood. */
export interface Neighbor extends GraphNode {
  /** The index of an entry of the path with this state. */
  readonly entry: number | undefined
  /** A way: from the entry at `at` by the steps of these names. */
  readonly way: { readonly at: number; readonly names: readonly string[] }
  /** Steps to states that are not part of the neighborhood. */
  readonly undrawn: number
}

/** Steps from one state to another. */
export interface NeighborEdge {
  readonly from: number
  readonly to: number
  /** The names of the steps, in order. */
  readonly names: readonly string[]
  /** The transition properties that such a step violates. */
  readonly violated: readonly string[]
  readonly isOnPath: boolean
}

/**
 * The state in the middle, those of the path before it, and the others in breadth-first order. Steps that change nothing or leave
 * the constraints are left out.
 */
export interface Neighborhood {
  readonly nodes: readonly Neighbor[]
  readonly edges: readonly NeighborEdge[]
  /** The index of the state in the middle. */
  readonly current: number
  /** Why some states within the steps are missing. */
  readonly cut: 'states' | 'time' | undefined
}

/**
 * The neighborhood of the state at index `at` of a followed path.
 *
 * @throws {CheckerError} the error of a predicate that fails
 */
export function neighborhood(
  walk: Walk,
  path: readonly State[],
  at: number,
  options: NeighborhoodOptions,
): Neighborhood {
  const draft = new Draft(walk, path, at, options)
  draft.search(options.steps)
  return draft.finished()
}

class Draft {
  readonly #walk: Walk
  readonly #path: readonly State[]
  readonly #at: number
  readonly #maxStates: number
  readonly #endMs: number
  /** The last entry up to the middle with a state, otherwise the first one after it. */
  readonly #entries: ValueMap<State, number>
  #indexes: ValueMap<State, number> = ValueMap()
  readonly #states: State[] = []
  readonly #ways: Neighbor['way'][] = []
  #cut: Neighborhood['cut']

  constructor(walk: Walk, path: readonly State[], at: number, { maxStates = 150, timeMs = 1000 }: NeighborhoodOptions) {
    this.#walk = walk
    this.#path = path
    this.#at = at
    this.#maxStates = maxStates
    this.#endMs = now() + timeMs
    const entries = path.map((state, index) => [state, index] as const)
    this.#entries = ValueMap([...entries.slice(at + 1).reverse(), ...entries.slice(0, at + 1)])
    // The state in the middle first, so that it is always there.
    for (let index = at; index >= Math.max(0, at - MAX_LEAD) && this.#hasRoom; index--) {
      this.#add(path[index]!, { at: index, names: [] })
    }
  }

  /** Adds the states within some steps, breadth-first. */
  search(steps: number): void {
    let level = [this.#path[this.#at]!]
    let met = ValueSet<State>(level)
    for (let distance = 0; distance < steps; distance++) {
      const next: State[] = []
      for (const state of level) {
        const way = this.#ways[this.#indexes.get(state)!]!
        for (const { name, state: after } of this.#stepsFrom(state)) {
          if (met.has(after)) continue
          met = met.add(after)
          if (!this.#indexes.has(after)) {
            if (!this.#hasRoom) {
              this.#cut = 'states'
              continue
            }
            this.#add(after, { at: way.at, names: [...way.names, name] })
          }
          next.push(after)
        }
        if (now() > this.#endMs) {
          this.#cut = 'time'
          return
        }
      }
      level = next
    }
  }

  finished(): Neighborhood {
    const edges = new Map<string, { from: number; to: number; names: string[]; violated: Set<string> }>()
    const undrawn = this.#states.map(() => 0)
    for (const [from, state] of this.#states.entries()) {
      for (const { name, state: after, violates } of this.#stepsFrom(state)) {
        const to = this.#indexes.get(after)
        if (to === undefined) {
          undrawn[from]!++
          continue
        }
        const key = `${from} ${to}`
        const edge = edges.get(key) ?? { from, to, names: [], violated: new Set() }
        edges.set(key, edge)
        edge.names.push(name)
        for (const { property } of violates) edge.violated.add(property)
      }
    }
    const taken = new Set(
      this.#path.slice(1).map((state, index) => {
        return `${this.#indexes.get(this.#path[index]!)} ${this.#indexes.get(state)}`
      }),
    )
    const initial = ValueSet(this.#walk.initialStates)
    return {
      nodes: this.#states.map((state, index) => this.#node(state, index, undrawn[index]!, initial.has(state))),
      edges: [...edges].map(([key, edge]) => ({
        ...edge,
        violated: [...edge.violated],
        isOnPath: taken.has(key),
      })),
      current: this.#indexes.get(this.#path[this.#at]!)!,
      cut: this.#cut,
    }
  }

  #node(state: State, index: number, undrawn: number, isInitial: boolean): Neighbor {
    const verdicts = this.#walk.verdictsOf(state, isInitial)
    const names = (isGood: boolean): Map<string, number> =>
      new Map(verdicts.filter((it) => it.isGood === isGood).map(({ property }) => [property, 1]))
    const entry = this.#entries.get(state)
    return {
      state,
      states: 1,
      initial: isInitial,
      violated: names(false),
      reached: names(true),
      entry,
      way: entry === undefined ? this.#ways[index]! : { at: entry, names: [] },
      undrawn,
    }
  }

  get #hasRoom(): boolean {
    return this.#states.length < this.#maxStates
  }

  #add(state: State, way: Neighbor['way']): void {
    if (this.#indexes.has(state)) return
    this.#indexes = this.#indexes.set(state, this.#states.push(state) - 1)
    this.#ways.push(way)
  }

  /** The steps that change something. Those out of the constraints only where the path takes them. */
  #stepsFrom(state: State): EnabledStep[] {
    const { enabled } = this.#walk.stepsFrom(state)
    return enabled.filter((step) => !step.isSelfLoop && (!step.isOutside || this.#indexes.has(step.state)))
  }
}
