/**
 * A state graph, or a part of it, as JSON: what the page of `kripke explore` draws.
 *
 * A node has few rows of text, so that it fits into a drawing: the values that distinguish it if they are few, otherwise where it
 * differs from one state that the document names.
 */
import type { Graph } from '../../api/graph.ts'
import type { Neighborhood } from '../../api/walk/neighborhood.ts'
import { is } from 'immutable'
import type { State } from '../../spec/model.ts'
import { differencesOf, valueText, type Difference } from '../differences.ts'
import { show } from '../show.ts'
import { placesOf } from '../text/state.ts'
import { stepName } from '../text/trace.ts'

/** Rows of a node. */
const MAX_ROWS = 6
/** Characters of a place, and of its value. */
const MAX_TEXT = 30
/** A record that is longer is shown field by field. */
const ROOM = 34

/** A place of a state with its value. */
export interface RowDocument {
  readonly path: string
  readonly text: string
}

/** How many of a node's states decide a property. */
export interface DecidedDocument {
  readonly property: string
  readonly states: number
}

export interface GraphNodeDocument {
  readonly rows: readonly RowDocument[]
  /** Rows that are left out. */
  readonly more: number
  /** How many states are merged. */
  readonly states: number
  readonly isInitial: boolean
  readonly isCurrent: boolean
  /** The index of an entry of the page's path with this state. */
  readonly entry: number | null
  readonly violates: readonly DecidedDocument[]
  readonly reaches: readonly DecidedDocument[]
  /** A way to the node along the page's path; null if the page must ask for it. */
  readonly way: { readonly at: number; readonly names: readonly string[] } | null
  /** Steps to states that are not drawn. */
  readonly undrawn: number
  /** Whether the page's expression is true; null without one, or if it failed. Merged states have the value of their first one. */
  readonly isTrue: boolean | null
}

export interface GraphEdgeDocument {
  readonly from: number
  readonly to: number
  readonly names: readonly string[]
  readonly violates: readonly string[]
  readonly isOnPath: boolean
}

export interface GraphDocument {
  readonly nodes: readonly GraphNodeDocument[]
  readonly edges: readonly GraphEdgeDocument[]
  /** The variables whose values the nodes show. */
  readonly variables: readonly string[]
  /** The state from which the rows say the differences; null if they say the values. */
  readonly comparedWith: 'initial' | 'current' | null
  readonly isProjected: boolean
  /** How many states the nodes stand for. */
  readonly states: number
  /** Why states are missing. */
  readonly cut: 'states' | 'time' | null
}

/**
 * @param variables - all variables of the spec, in order
 * @param isTrue - the value of an expression
 */
export function neighborhoodDocument(
  { nodes, edges, current, cut }: Neighborhood,
  variables: readonly string[],
  isTrue: (state: State) => boolean | null = () => null,
): GraphDocument {
  const states = nodes.map(({ state }) => state)
  const shown = variables.filter((name) => states.some((state) => !is(state.get(name), states[0]!.get(name))))
  const labels = labelsOf(states, shown, states[current]!)
  return {
    nodes: nodes.map(({ state, states: count, initial, violated, reached, entry, way, undrawn }, index) => ({
      ...labels.rows[index]!,
      states: count,
      isInitial: initial,
      isCurrent: index === current,
      entry: entry ?? null,
      violates: decided(violated),
      reaches: decided(reached),
      way,
      undrawn,
      isTrue: isTrue(state),
    })),
    edges: edges.map(({ violated, ...edge }) => ({ ...edge, violates: violated })),
    variables: shown,
    comparedWith: labels.areDifferences ? 'current' : null,
    isProjected: false,
    states: nodes.length,
    cut: cut ?? null,
  }
}

/** @param path - the states of the page's path up to the one that it shows */
export function graphDocument(
  graph: Graph,
  path: readonly State[],
  isTrue: (state: State) => boolean | null = () => null,
): GraphDocument {
  const { nodes, edges, variables, isProjected, states } = graph
  const labels = labelsOf(
    nodes.map(({ state }) => state),
    variables,
    isProjected ? undefined : nodes[0]?.state,
  )
  const isAlike = (one: State, other: State): boolean =>
    isProjected ? variables.every((name) => is(one.get(name), other.get(name))) : one.equals(other)
  const nodeOf = path.map((state) => nodes.findIndex((node) => isAlike(node.state, state)))
  const taken = new Set(nodeOf.slice(1).map((to, index) => `${nodeOf[index]} ${to}`))
  return {
    nodes: nodes.map(({ state, states: count, initial, violated, reached }, index) => {
      const entry = nodeOf.lastIndexOf(index)
      return {
        ...labels.rows[index]!,
        states: count,
        isInitial: initial,
        isCurrent: nodeOf.at(-1) === index,
        entry: entry < 0 ? null : entry,
        violates: decided(violated),
        reaches: decided(reached),
        way: null,
        undrawn: 0,
        isTrue: isTrue(state),
      }
    }),
    edges: edges.map(({ from, to, by, violated }) => ({
      from,
      to,
      names: by.map((step) => stepName({ ...step, chosen: {} })),
      violates: violated,
      isOnPath: taken.has(`${from} ${to}`),
    })),
    variables,
    comparedWith: labels.areDifferences ? 'initial' : null,
    isProjected,
    states,
    cut: null,
  }
}

type Label = Pick<GraphNodeDocument, 'rows' | 'more'>

/** @param base - a state to compare with if the values are too many; undefined to show the values in any case */
function labelsOf(
  states: readonly State[],
  variables: readonly string[],
  base: State | undefined,
): { readonly rows: readonly Label[]; readonly areDifferences: boolean } {
  const values = states.map((state) =>
    placesOf(state, ROOM, variables).map(({ path, value }) => ({ path, text: show(value) })),
  )
  if (base === undefined || values.every((rows) => rows.length <= MAX_ROWS)) {
    return { rows: values.map(label), areDifferences: false }
  }
  return { rows: states.map((state) => label(rowsBetween(base, state, variables))), areDifferences: true }
}

function rowsBetween(base: State, state: State, variables: readonly string[]): RowDocument[] {
  const changes = variables.map((name) => ({ path: name, from: base.get(name), to: state.get(name) }))
  return differencesOf(changes as never).map((it) => ({ path: it.path, text: textOf(it) }))
}

function textOf(difference: Difference): string {
  if ('from' in difference) return show(difference.to)
  return 'now' in difference ? show(difference.now) : valueText(difference)
}

function label(rows: readonly RowDocument[]): Label {
  const shown = rows.length > MAX_ROWS ? rows.slice(0, MAX_ROWS - 1) : rows
  return {
    rows: shown.map(({ path, text }) => ({ path: shortened(path), text: shortened(text) })),
    more: rows.length - shown.length,
  }
}

function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text
}

function decided(counts: ReadonlyMap<string, number>): DecidedDocument[] {
  return [...counts].map(([property, states]) => ({ property, states }))
}
