/** The lines of text in a drawn graph, and how much room they take. */
import type { GraphDocument, GraphEdgeDocument, GraphNodeDocument } from '../../src/report/json/graph-view.ts'
import type { LayoutTask } from './layout.ts'

/** As in `graph.css`: the width of a character of the fixed-width font at 11 px, and of a line. */
const CHARACTER = 6.65
export const LINE = 15
export const PADDING = 8
const MAX_NAMES = 3
const MAX_NAME = 30

/** A line of a node: a place with its value, or one text. */
export interface Line {
  readonly tone: 'row' | 'faint' | 'bad' | 'good' | 'strong'
  readonly path: string
  readonly text: string
}

export function linesOf(node: GraphNodeDocument, { comparedWith, nodes }: GraphDocument): Line[] {
  const lines: Line[] = node.rows.map(({ path, text }) => ({ tone: 'row', path, text }))
  const add = (tone: Line['tone'], text: string): unknown => lines.push({ tone, path: '', text })
  if (node.more > 0) add('faint', `and ${node.more} more`)
  if (lines.length === 0) {
    if (comparedWith === 'current' && node.isCurrent) add('strong', 'current state')
    else if (node.isInitial) add('strong', 'initial state')
    else add('faint', nodes.length === 1 ? 'the only state' : 'a state')
  }
  for (const { property, states } of node.violates) add('bad', `✗ ${share(property, states, node)}`)
  for (const { property, states } of node.reaches) add('good', `✓ ${share(property, states, node)}`)
  if (node.states > 1) add('faint', `${node.states} states`)
  return lines
}

function share(property: string, count: number, { states }: GraphNodeDocument): string {
  return states === 1 ? property : `${property} in ${count} of ${states}`
}

/** Where the values begin: they stand below each other. */
export function valueColumn(lines: readonly Line[]): number {
  return PADDING + CHARACTER * (Math.max(0, ...lines.map(({ path }) => path.length)) + 1)
}

export function namesOn({ names, violates }: GraphEdgeDocument): string[] {
  const shown = names.length > MAX_NAMES ? names.slice(0, MAX_NAMES - 1) : names
  return [
    ...shown.map((name) => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name)),
    ...(names.length > shown.length ? [`and ${names.length - shown.length} more`] : []),
    ...violates.map((name) => `✗ ${name}`),
  ]
}

/** @param areNamed - whether the edges show the names of their steps */
export function layoutTask(graph: GraphDocument, areNamed: boolean): LayoutTask {
  return {
    nodes: graph.nodes.map((node) => {
      const lines = linesOf(node, graph)
      const column = valueColumn(lines)
      const ends = lines.map(({ tone, text }) => (tone === 'row' ? column : PADDING) + text.length * CHARACTER)
      return { width: Math.ceil(Math.max(40, ...ends) + PADDING), height: lines.length * LINE + PADDING }
    }),
    edges: graph.edges.map((edge) => {
      const names = areNamed ? namesOn(edge) : []
      const longest = Math.max(0, ...names.map((name) => name.length))
      const label = { width: Math.ceil(longest * CHARACTER * 0.94), height: names.length * LINE * 0.9 }
      return { from: edge.from, to: edge.to, label }
    }),
  }
}

/** A node for someone who hears the page. */
export function spokenNode(node: GraphNodeDocument, graph: GraphDocument): string {
  const lines = linesOf(node, graph).map(({ tone, path, text }) =>
    tone === 'bad'
      ? `violates ${text.slice(2)}`
      : tone === 'good'
        ? `reaches ${text.slice(2)}`
        : `${path} ${text}`.trim(),
  )
  return [
    ...(node.isCurrent ? ['current'] : []),
    ...(node.isInitial ? ['initial'] : []),
    ...lines,
    ...(node.undrawn > 0 ? [`${node.undrawn} more steps`] : []),
  ].join(', ')
}
