/** The state graph of a small model: the whole graph, or a graph in which states that agree on some variables are merged. */
import { is, List, Map as ValueMap } from 'immutable'
import { graphTooLarge, unknownName } from '../errors.ts'
import { Failure } from '../semantics/failure.ts'
import { Successors, UNKNOWN_STEP } from '../semantics/successors.ts'
import type { ActionInstance } from '../spec/instances.ts'
import type { State } from '../spec/model.ts'
import { purely } from '../spec/purity.ts'
import type { Constants } from '../spec/constant.ts'
import type { AnySpec, Spec } from '../spec/spec.ts'
import type { TraceStep } from '../trace/trace.ts'
import { prepareContext } from '../engine/context.ts'
import { untilAllElementsAreKnownSync } from '../engine/growth.ts'
import { explicitRun, type ExplicitRun } from '../engine/explicit/explicit-run.ts'
import type { CheckOptions } from '../engine/settings.ts'
import { Judge, type Judgement } from './judge.ts'

/** Nobody can read a graph with more nodes than this. */
const MAX_NODES = 500

/** How many states Kripke may explore and merge for each node that it may draw. */
const STATES_PER_NODE = 200

export interface GraphOptions<C extends Constants = any, P extends string = any> extends Pick<
  CheckOptions<C, P>,
  'constants' | 'properties' | 'deadlock' | 'interpret'
> {
  /** The maximum number of nodes. Default 500. */
  readonly maxStates?: number | undefined
  /** Merges states that agree on these variables. */
  readonly project?: readonly string[] | undefined
}

/** A state, or several that agree on the variables shown. */
export interface GraphNode {
  /** The first state that the search reached. */
  readonly state: State
  /** How many states are merged. */
  readonly states: number
  readonly initial: boolean
  /** How many of the states violate an invariant or are a deadlock, by the name of the property. */
  readonly violated: ReadonlyMap<string, number>
  /** How many of the states reach a goal, by its name. */
  readonly reached: ReadonlyMap<string, number>
}

/** What makes a step: an action with its parameters bound, or the step of a thread. */
export type GraphStep = Pick<TraceStep, 'action' | 'bindings' | 'thread'>

/** Steps from one node to another. */
export interface GraphEdge {
  readonly from: number
  readonly to: number
  /** The actions that make such a step, in order, each once. */
  readonly by: readonly GraphStep[]
  /** The transition properties that such a step violates. */
  readonly violated: readonly string[]
}

/** Steps that stay within a node. */
export interface GraphLoop {
  readonly node: number
  /** The actions that make such a step, in order, each once. */
  readonly by: readonly GraphStep[]
}

/** Nodes in breadth-first order, edges in the order of their nodes. */
export interface Graph {
  readonly spec: string
  readonly constants: { readonly [name: string]: unknown }
  /** The variables that distinguish nodes: the projected ones, or the variables that are not the same everywhere. */
  readonly variables: readonly string[]
  readonly isProjected: boolean
  readonly nodes: readonly GraphNode[]
  /** Steps to another node. */
  readonly edges: readonly GraphEdge[]
  readonly loops: readonly GraphLoop[]
  /** Whether some step or initial state is outside the constraints, and left out. */
  readonly isCut: boolean
  /** The number of explored states. */
  readonly states: number
}

/**
 * Explores a spec and returns its state graph.
 *
 * @throws {CheckerError} KR403 if there are too many nodes, KR102 for an unknown variable or property, and the error of a spec
 *   function that fails
 */
export function graph<C extends Constants, P extends string>(
  spec: Spec<C, P>,
  options: GraphOptions<NoInfer<C>, NoInfer<P>> = {},
): Graph {
  return drawGraph(spec, options).graph
}

/** A graph with the paths to its nodes. */
export interface DrawnGraph {
  readonly graph: Graph
  /** The states of a shortest path from an initial state to the first state of a node. */
  statesTo(node: number): State[]
}

/** Like `graph`, for a program that also leads to the nodes. @throws {CheckerError} like `graph` */
export function drawGraph(spec: AnySpec, options: GraphOptions): DrawnGraph {
  return untilAllElementsAreKnownSync(options, (own) => graphOf(spec, own))
}

function graphOf(spec: AnySpec, { maxStates = MAX_NODES, project, ...checkOptions }: GraphOptions): DrawnGraph {
  // Without an audit, nothing would show that predicates do more than answer.
  const run = explicitRun(prepareContext(spec, { ...checkOptions, tuning: { asks: false } }))
  const names = Object.keys(run.model.schema.variables)
  for (const name of project ?? []) if (!names.includes(name)) throw unknownName('variable', name, names, run.name)
  try {
    return purely(() => new Drawing(run, project, maxStates).explore())
  } catch (thrown) {
    throw thrown instanceof Failure ? thrown.cause : thrown
  }
}

interface DraftNode {
  readonly state: State
  states: number
  initial: boolean
  readonly violated: Map<string, number>
  readonly reached: Map<string, number>
}

interface DraftEdge {
  readonly from: number
  readonly to: number
  readonly by: Set<number>
  readonly violated: Set<string>
}

/** A graph in the making. */
class Drawing {
  readonly #run: ExplicitRun
  readonly #project: readonly string[] | undefined
  readonly #most: number
  /** The node of every state that was met, by the state's words. */
  readonly #nodeOf = new Map<string, number>()
  readonly #frontier: Int32Array[] = []
  /** For each state of the frontier: the index of the state that led to it; undefined for an initial state. */
  readonly #parents: (number | undefined)[] = []
  /** For each node: the index of its first state in the frontier. */
  readonly #firsts: number[] = []
  /** Nodes by what they show; kept for projections only, as otherwise no two states share one. */
  #byValues: ValueMap<unknown, number> = ValueMap()
  readonly #nodes: DraftNode[] = []
  readonly #edges = new Map<string, DraftEdge>()
  /** For each node with steps that stay within it: their instances. */
  readonly #loops = new Map<number, Set<number>>()
  #isCut = false
  readonly #variables = new Set<string>()
  readonly #judge: Judge

  constructor(run: ExplicitRun, project: readonly string[] | undefined, most: number) {
    this.#run = run
    this.#judge = new Judge(run, run.settings.properties)
    this.#project = project
    this.#most = most
  }

  explore(): DrawnGraph {
    const { initial, layout } = this.#run
    for (let offset = 0; offset < initial.length; offset += layout.width) {
      const node = this.#meet(initial.slice(offset, offset + layout.width), undefined)
      if (node !== undefined) this.#nodes[node]!.initial = true
    }
    // Grows while it is walked.
    for (const [index, words] of this.#frontier.entries()) this.#expand(words, index)
    return { graph: this.#graph(), statesTo: (node) => this.#statesTo(node) }
  }

  #statesTo(node: number): State[] {
    const states: State[] = []
    for (let index = this.#firsts[node]; index !== undefined; index = this.#parents[index]) {
      states.push(this.#run.reference.decode(this.#frontier[index]!, 0))
    }
    return states.reverse()
  }

  #graph(): Graph {
    const { name, constants, instances, model } = this.#run
    const variables = Object.keys(model.schema.variables)
    const edges = [...this.#edges.values()].sort((a, b) => a.from - b.from || a.to - b.to)
    return {
      spec: name,
      constants,
      variables: this.#project ?? variables.filter((it) => this.#variables.has(it)),
      isProjected: this.#project !== undefined,
      nodes: this.#nodes.map((node) => ({
        ...node,
        violated: this.#inOrder(node.violated),
        reached: this.#inOrder(node.reached),
      })),
      edges: edges.map(({ from, to, by, violated }) => ({
        from,
        to,
        violated: [...violated],
        by: inOrder(by).map((index) => stepBy(instances[index]!)),
      })),
      loops: [...this.#loops]
        .sort(([one], [other]) => one - other)
        .map(([node, by]) => ({ node, by: inOrder(by).map((index) => stepBy(instances[index]!)) })),
      isCut: this.#isCut,
      states: this.#nodeOf.size,
    }
  }

  /** Counts by property in the order in which the spec has them. */
  #inOrder(counts: ReadonlyMap<string, number>): Map<string, number> {
    const names = this.#run.settings.properties.map(({ name }) => name)
    return new Map(names.flatMap((name) => (counts.has(name) ? [[name, counts.get(name)!] as const] : [])))
  }

  #expand(words: Int32Array, parent: number): void {
    const { evaluator, reference, layout } = this.#run
    const out = new Successors(layout.width)
    evaluator.next.successors(words, 0, out)
    if (out.failure !== undefined) throw out.failure
    const from = this.#nodeOf.get(words.join())!
    const before = reference.decode(words, 0)
    if (out.size === 0) note(this.#nodes[from]!, this.#judge.end(before))
    for (let index = 0; index < out.size; index++) {
      const after = out.words.slice(index * layout.width, (index + 1) * layout.width)
      const to = this.#meet(after, parent)
      if (to === from) this.#stay(from, out.instance[index]!)
      else if (to !== undefined) this.#join(from, to, out.instance[index]!, before, reference.decode(after, 0))
    }
  }

  /** The node of a state; undefined outside the constraints. */
  #meet(words: Int32Array, parent: number | undefined): number | undefined {
    const { monitor, reference } = this.#run
    const key = words.join()
    const known = this.#nodeOf.get(key)
    if (known !== undefined) return known
    if (monitor.isInside?.(words, 0, UNKNOWN_STEP) === false) {
      this.#isCut = true
      return undefined
    }
    const most = this.#most * STATES_PER_NODE
    if (this.#nodeOf.size === most) throw graphTooLarge('states before merging', most)
    const state = reference.decode(words, 0)
    const node = this.#nodeFor(state)
    this.#nodeOf.set(key, node)
    const index = this.#frontier.push(words) - 1
    this.#parents.push(parent)
    if (this.#firsts.length === node) this.#firsts.push(index)
    note(this.#nodes[node]!, this.#judge.state(state))
    return node
  }

  #nodeFor(state: State): number {
    const values = this.#project && List(this.#project.map((name) => state.get(name)))
    const known = values && this.#byValues.get(values)
    if (known !== undefined) {
      this.#nodes[known]!.states++
      return known
    }
    if (this.#nodes.length === this.#most) throw graphTooLarge('nodes', this.#most)
    const node = this.#nodes.push({ state, states: 1, initial: false, violated: new Map(), reached: new Map() }) - 1
    if (values !== undefined) this.#byValues = this.#byValues.set(values, node)
    this.#note(state)
    return node
  }

  /** Takes note of the variables that are not the same everywhere. */
  #note(state: State): void {
    const first = this.#nodes[0]!.state
    if (state === first) return
    for (const name of Object.keys(this.#run.model.schema.variables)) {
      if (!this.#variables.has(name) && !is(state.get(name), first.get(name))) this.#variables.add(name)
    }
  }

  /** Adds a step that stays within a node. */
  #stay(node: number, index: number): void {
    const by = this.#loops.get(node) ?? new Set()
    this.#loops.set(node, by.add(index))
  }

  /** Adds a step to the edge between two nodes. */
  #join(from: number, to: number, index: number, before: State, after: State): void {
    const key = `${from} ${to}`
    const edge = this.#edges.get(key) ?? { from, to, by: new Set(), violated: new Set() }
    this.#edges.set(key, edge)
    edge.by.add(index)
    for (const { property } of this.#judge.step(this.#run.instances[index]!, before, after)) edge.violated.add(property)
  }
}

/** Counts what a state decides. */
function note({ violated, reached }: DraftNode, decided: readonly Judgement[]): void {
  for (const { property, isGood } of decided) increment(isGood ? reached : violated, property)
}

function inOrder(numbers: Iterable<number>): number[] {
  return [...numbers].sort((a, b) => a - b)
}

function stepBy({ definition: { name: action, thread }, bindings }: ActionInstance): GraphStep {
  return { action, bindings, thread }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
