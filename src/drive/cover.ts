/**
 * Covers the transitions of a state graph with few restarts.
 *
 * The walk goes on to the nearest call whose transitions are not covered, found breadth-first, and starts again only if it cannot
 * reach one. For a graph without choices of the system this is the greedy approximation of a transition tour. A shortest tour is
 * the directed Chinese postman problem. That tour would be fixed, but here the system chooses some successors, so the walk plans
 * again whenever the system chose another one.
 *
 * @see Lee and Yannakakis, "Principles and Methods of Testing Finite State Machines: A Survey", Proc. IEEE 84(8), 1996, section V
 * @see Edmonds and Johnson, "Matching, Euler Tours and the Chinese Postman", Mathematical Programming 5, 1973
 */
import { List, Map as ValueMap } from 'immutable'
import { unknownName } from '../errors.ts'
import type { Session } from './session.ts'
import type { Call, StateGraph } from './state-graph.ts'

/** How often the walk makes a call in a state if the system did not choose all successors, and how often it tries to get there. */
const TRIES = 3

/** A step of a plan: a call from a state, or a hidden step. */
interface PlannedStep {
  readonly from: number
  readonly call: Call | undefined
  readonly to: number
}

/** The transitions of a call from a node. */
interface Target {
  /** The nodes after it to which the system has not gone. */
  readonly missing: Set<number>
  wasMade: boolean
}

export class Cover {
  readonly #graph: StateGraph
  /** The node of each explored state. */
  readonly #nodes: number[] = []
  readonly #targets = new Map<string, Target>()
  /** All transitions between nodes. */
  readonly transitions: number
  /** Whether the graph has more states than were explored. */
  readonly isSampled: boolean
  /** How often a call was made in a state, and how often a plan did not get there. */
  readonly #made = new Map<string, number>()
  readonly #failed = new Map<string, number>()

  /**
   * Explores the graph, breadth-first.
   *
   * @param project - the variables that distinguish nodes; undefined for all
   * @throws {CheckerError} KR102 for an unknown variable
   */
  constructor(graph: StateGraph, project: readonly string[] | undefined, maxStates: number) {
    this.#graph = graph
    const { variables, spec } = graph.walk
    for (const name of project ?? []) {
      if (!variables.includes(name)) throw unknownName('variable', name, [...variables], spec)
    }
    const explored = explore(graph, maxStates)
    this.isSampled = explored.isCut
    let byValues: ValueMap<unknown, number> = ValueMap()
    const nodeFor = (state: number): number => {
      if (project === undefined) return state
      const values = List(project.map((name) => graph.states[state]!.get(name)))
      const node = byValues.get(values) ?? byValues.size
      byValues = byValues.set(values, node)
      return node
    }
    for (const state of explored.states) this.#nodes[state] = nodeFor(state)
    for (const state of explored.states) {
      for (const { name, to, isOutside } of graph.callsFrom(state).values()) {
        const inside = to.filter((it) => this.#nodes[it] !== undefined)
        if (isOutside || inside.length === 0) continue
        const key = this.#key(state, name)
        const target = this.#targets.get(key) ?? { missing: new Set<number>(), wasMade: false }
        this.#targets.set(key, target)
        for (const it of inside) target.missing.add(this.#nodes[it]!)
      }
    }
    this.transitions = this.missing
  }

  /** Whether a new system may have transitions to cover. */
  get hasMore(): boolean {
    const initial = this.#graph.closure(this.#graph.initial)
    return this.missing > 0 && this.#plan(initial, undefined) !== undefined
  }

  /** The transitions that the system has not taken. */
  get missing(): number {
    return [...this.#targets.values()].reduce((sum, { missing }) => sum + missing.size, 0)
  }

  /** The calls that were never made, each with the number of nodes from which it was not. */
  notMade(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const [key, { wasMade }] of this.#targets) {
      const name = key.slice(key.indexOf(' ') + 1)
      if (!wasMade) counts.set(name, (counts.get(name) ?? 0) + 1)
    }
    return counts
  }

  /** Walks along plans until none is left from where the system is, or the run fails. @returns the number of calls */
  async walk(session: Session): Promise<number> {
    let calls = 0
    while (session.failure === undefined) {
      const plan = this.#plan(session.states, new Set(session.calls().map(({ name }) => name)))
      if (plan === undefined) break
      const goal = attemptAt(plan.at(-1)!)
      const made = this.#made.get(goal)
      for (const { from, call } of plan) {
        const before = session.states
        if (!before.includes(from)) break
        if (call === undefined) {
          await session.wait()
        } else {
          if (!session.calls().some(({ name }) => name === call.name)) break
          calls++
          await session.call(call)
          this.#record(before, call, session.states)
        }
        if (session.failure !== undefined) return calls
      }
      if (this.#made.get(goal) === made) increment(this.#failed, goal)
    }
    return calls
  }

  /** Takes note of a call. A transition counts as covered if the system may have taken it. */
  #record(before: readonly number[], call: Call, after: readonly number[]): void {
    for (const from of before) {
      increment(this.#made, attemptAt({ from, call }))
      const target = this.#targets.get(this.#key(from, call.name))
      if (target === undefined) continue
      target.wasMade = true
      for (const state of after) target.missing.delete(this.#nodes[state]!)
    }
  }

  /** Whether a call in a state may take a transition that is not covered. */
  #isWorthwhile(from: number, call: Call): boolean {
    const missing = this.#targets.get(this.#key(from, call.name))?.missing
    if (missing === undefined || missing.size === 0) return false
    const attempt = attemptAt({ from, call })
    return (
      call.to.some((state) => missing.has(this.#nodes[state]!)) &&
      (this.#made.get(attempt) ?? 0) < TRIES &&
      (this.#failed.get(attempt) ?? 0) < TRIES
    )
  }

  /**
   * A shortest plan to a worthwhile call.
   *
   * @param possible - the calls with which the plan may begin; undefined for all
   */
  #plan(states: readonly number[], possible: ReadonlySet<string> | undefined): PlannedStep[] | undefined {
    const starts = states.filter((state) => this.#nodes[state] !== undefined)
    const steps = new Map<number, PlannedStep | undefined>(starts.map((state) => [state, undefined]))
    const queue = [...starts]
    for (let index = 0; index < queue.length; index++) {
      const from = queue[index]!
      const isStart = index < starts.length
      for (const call of this.#graph.callsFrom(from).values()) {
        if (call.isOutside || (isStart && possible?.has(call.name) === false)) continue
        if (this.#isWorthwhile(from, call)) return [...along(steps, from), { from, call, to: from }]
        for (const to of call.to) this.#enqueue({ from, call, to }, steps, queue)
      }
      for (const to of this.#graph.hiddenFrom(from)) this.#enqueue({ from, call: undefined, to }, steps, queue)
    }
    return undefined
  }

  #enqueue(step: PlannedStep, steps: Map<number, PlannedStep | undefined>, queue: number[]): void {
    if (this.#nodes[step.to] === undefined || steps.has(step.to)) return
    steps.set(step.to, step)
    queue.push(step.to)
  }

  #key(state: number, call: string): string {
    return `${this.#nodes[state]} ${call}`
  }
}

/** A call in a state. */
function attemptAt({ from, call }: Pick<PlannedStep, 'from' | 'call'>): string {
  return `${from} ${call?.name}`
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** The steps that lead to a state, in order. */
function along(steps: ReadonlyMap<number, PlannedStep | undefined>, to: number): PlannedStep[] {
  const path: PlannedStep[] = []
  for (let step = steps.get(to); step !== undefined; step = steps.get(step.from)) path.push(step)
  return path.reverse()
}

/** The first states of a graph, breadth-first. */
export function explore(graph: StateGraph, maxStates: number): { readonly states: number[]; readonly isCut: boolean } {
  const states = [...graph.initial]
  const met = new Set(states)
  let isCut = false
  for (const state of states) {
    const next = [...graph.callsFrom(state).values()].filter(({ isOutside }) => !isOutside).flatMap(({ to }) => to)
    for (const to of [...next, ...graph.hiddenFrom(state)]) {
      if (met.has(to)) continue
      if (states.length >= maxStates) {
        isCut = true
        continue
      }
      met.add(to)
      states.push(to)
    }
  }
  return { states, isCut }
}

/** The names of the calls of a shortest path from an initial state, through at most so many states; hidden steps are free. */
export function shortestCalls(graph: StateGraph, goal: number, maxStates: number): string[] | undefined {
  const steps = new Map<number, PlannedStep | undefined>(graph.initial.map((state) => [state, undefined]))
  const queue = [...graph.initial]
  for (let index = 0; index < queue.length && queue.length < maxStates; index++) {
    const from = queue[index]!
    if (from === goal) return along(steps, goal).flatMap(({ call }) => (call === undefined ? [] : [call.name]))
    const calls = [...graph.callsFrom(from).values()].filter(({ isOutside }) => !isOutside)
    const next = [
      ...graph.hiddenFrom(from).map((to) => ({ from, call: undefined, to })),
      ...calls.flatMap((call) => call.to.map((to) => ({ from, call, to }))),
    ]
    for (const step of next) {
      if (steps.has(step.to)) continue
      steps.set(step.to, step)
      queue.push(step.to)
    }
  }
  return undefined
}
