/**
 * State graphs in the language of Graphviz.
 *
 * A node lists the variables that distinguish states. An initial state is blue, and an arrow from nowhere leads to it. A state that
 * violates a property is red and names the property. A state that reaches a goal is green. A node of merged states says how many they
 * are. Only its border is red if only some of them violate something.
 */
import type { Graph, GraphEdge, GraphNode } from '../api/graph.ts'
import { plural, show } from './show.ts'
import { flow } from './text/style.ts'
import { collapse } from './text/state.ts'
import { stepName } from './text/trace.ts'

/** If an edge has more steps than this, or a node more rows, the graph shows how many more there are. */
const MAX_STEPS = 4
const MAX_ROWS = 24

/** Room for letters wider than Graphviz assumes, because the viewer chooses the font. */
const GAP = '&#160;&#160;&#160;'
const FONT = 'fontname="Helvetica,Arial,sans-serif"'
const FAINT = '#6b7280'
const INK = '#1f2937'
const BAD = '#b91c1c'
const GOOD = '#15803d'

/** The graph as DOT. */
export function graphDot(graph: Graph): string {
  const { spec, constants, nodes, edges, states, isProjected, variables } = graph
  const given = Object.entries(constants).map(([name, value]) => `${name}=${show(value)}`)
  const counted = isProjected
    ? `${plural(states, 'state')} in ${plural(nodes.length, 'node')}, by ${variables.join(', ')}`
    : plural(states, 'state')
  const title = [`<B>${escaped(spec)}</B>`, ...flow(given, 100, ' ').map(escaped), escaped(counted)].map(
    (line) => line + GAP + GAP,
  )
  return `${[
    `digraph ${quoted(spec)} {`,
    `  graph [${FONT} fontsize=12 fontcolor="${INK}" labelloc=t labeljust=l nodesep=0.3 ranksep=0.45 pad=0.2`,
    `    label=<${title.join('<BR ALIGN="LEFT"/>')}<BR ALIGN="LEFT"/>>]`,
    `  node [${FONT} fontsize=10 fontcolor="${INK}" shape=box style="rounded,filled" fillcolor="#f9fafb" color="#9ca3af" margin="0.08,0.04"]`,
    `  edge [${FONT} fontsize=9 fontcolor="#374151" color="#9ca3af" arrowsize=0.6]`,
    ...nodes.map((node, index) => `  n${index} [${nodeAttributes(node, graph)}]`),
    ...nodes.flatMap(({ initial }, index) =>
      initial
        ? [
            `  i${index} [shape=point width=0.08 color="#1d4ed8" label=""]`,
            `  i${index} -> n${index} [color="#1d4ed8"]`,
          ]
        : [],
    ),
    ...edges.map((edge) => `  n${edge.from} -> n${edge.to} [${edgeAttributes(edge)}]`),
    '}',
  ].join('\n')}\n`
}

function nodeAttributes(
  { state, states, initial, violated, reached }: GraphNode,
  { variables, isProjected }: Graph,
): string {
  const values = variables.flatMap((name) => collapse(name, state.get(name)))
  const rows = values
    .slice(0, MAX_ROWS)
    .map(({ path, value }) => row(`<FONT COLOR="${FAINT}">${escaped(path)}${GAP}</FONT>`, escaped(show(value))))
  const more = values.length > MAX_ROWS ? [wide(`and ${values.length - MAX_ROWS} more`, FAINT)] : []
  const share = (name: string, count: number): string => (states === 1 ? name : `${name} in ${count} of ${states}`)
  const marks = [
    ...[...violated].map(([name, count]) => wide(`✗ ${share(name, count)}`, BAD)),
    ...[...reached].map(([name, count]) => wide(`✓ ${share(name, count)}`, GOOD)),
  ]
  const merged = isProjected && states > 1 ? [wide(plural(states, 'state'), FAINT)] : []
  const lines = [...rows, ...more, ...marks, ...merged]
  const table = `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">${lines.join('')}</TABLE>`
  const isAll = (counts: ReadonlyMap<string, number>): boolean => [...counts.values()].includes(states)
  const color =
    violated.size > 0
      ? ` ${isAll(violated) ? 'fillcolor="#fee2e2" ' : ''}color="${BAD}" penwidth=1.5`
      : reached.size > 0
        ? ` ${isAll(reached) ? 'fillcolor="#dcfce7" ' : ''}color="${GOOD}"`
        : initial
          ? ' fillcolor="#dbeafe" color="#1d4ed8"'
          : ''
  return `label=<${lines.length === 0 ? 'one state' : table}>${color}`
}

function row(name: string, value: string): string {
  return `<TR><TD ALIGN="LEFT">${name}</TD><TD ALIGN="LEFT">${value}</TD></TR>`
}

function wide(text: string, color: string): string {
  return `<TR><TD COLSPAN="2" ALIGN="LEFT"><FONT COLOR="${color}">${escaped(text)}${GAP}</FONT></TD></TR>`
}

function edgeAttributes({ by, violated }: GraphEdge): string {
  const names = by.map(stepName)
  const shown =
    names.length > MAX_STEPS ? [...names.slice(0, MAX_STEPS - 1), `and ${names.length - MAX_STEPS + 1} more`] : names
  const lines = [...shown, ...violated.map((name) => `✗ ${name}`)]
  const color = violated.length > 0 ? ` color="${BAD}" fontcolor="${BAD}" penwidth=1.5` : ''
  return `label=${quoted(lines.map((line) => ` ${line} `).join('\n'))}${color}`
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
