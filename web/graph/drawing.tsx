/** A state graph as SVG. Its nodes are buttons. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { GraphDocument, GraphEdgeDocument, GraphNodeDocument } from '../../src/report/json/graph-view.ts'
import { LINE, linesOf, namesOn, PADDING, spokenNode, valueColumn, type Line } from './labels.ts'
import type { Layout, LayoutTask, Point, Size } from './layout.ts'
import { useKeys } from '../use-keys.ts'
import { useViewBox } from './use-view-box.ts'

/** How a node is filled: by what it decides, by one property, or by an expression that is true there. */
export type Tone = 'bad' | 'good' | 'some-bad' | 'some-good' | 'true' | 'plain'

interface Props {
  readonly graph: GraphDocument
  readonly layout: Layout
  readonly layoutNumber: number
  readonly task: LayoutTask
  readonly toneOf: (node: GraphNodeDocument) => Tone
  readonly onGo: (node: number) => void
}

export function Drawing({ graph, layout, layoutNumber, task, toneOf, onGo }: Props) {
  const current = graph.nodes.findIndex(({ isCurrent }) => isCurrent)
  const view = useViewBox(layout, layoutNumber, layout.nodes[current], graph.nodes[0]?.way === null ? 0.4 : 0.75)
  const [selected, setSelected] = useState(Math.max(0, current))
  const drawing = useRef<SVGSVGElement>(null)
  const hadFocus = useRef(false)

  useEffect(() => {
    setSelected(Math.max(0, current))
    if (current >= 0) view.reveal(layout.nodes[current]!)
  }, [current, layoutNumber])
  useEffect(() => {
    if (hadFocus.current) drawing.current?.querySelector<SVGGElement>(`[data-node="${selected}"]`)?.focus()
  }, [selected, layoutNumber])

  const select = (node: number): void => {
    setSelected(node)
    view.reveal(layout.nodes[node]!)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const direction = DIRECTIONS[event.key]
    if (direction !== undefined) {
      const next = nearest(layout.nodes, selected, direction)
      if (next !== undefined) select(next)
    } else if (event.key === 'Enter' || event.key === ' ') onGo(selected)
    else return
    // The page has other meanings for these keys.
    event.preventDefault()
    event.stopPropagation()
  }
  useKeys({
    '+': () => view.zoom(1.25),
    '=': () => view.zoom(1.25),
    '-': () => view.zoom(0.8),
    '0': () => view.fit(),
  })

  const content = useMemo(
    () => (
      <>
        {graph.edges.map((edge, index) => (
          <Edge
            key={index}
            edge={edge}
            at={layout.edges[index]!}
            isAcross={layout.isAcross}
            isNear={edge.from === selected || edge.to === selected}
            label={task.edges[index]!.label}
          />
        ))}
        {graph.nodes.map((node, index) => (
          <g
            key={index}
            data-node={index}
            role="button"
            tabindex={index === selected ? 0 : -1}
            aria-current={node.isCurrent ? 'true' : undefined}
            aria-label={spokenNode(node, graph)}
            class={`node ${toneOf(node)}${node.isCurrent ? ' current' : node.entry !== null ? ' on-path' : ''}`}
            transform={translation(layout.nodes[index]!, task.nodes[index]!)}
            onClick={() => view.wasDragged() || onGo(index)}
            onFocus={() => setSelected(index)}
            onPointerEnter={({ buttons }) => buttons === 0 && setSelected(index)}
          >
            <Node node={node} lines={linesOf(node, graph)} size={task.nodes[index]!} />
          </g>
        ))}
      </>
    ),
    [graph, layout, task, selected, toneOf],
  )

  return (
    <div
      class="canvas"
      ref={view.frame}
      onPointerDown={view.onPointerDown}
      onPointerMove={view.onPointerMove}
      onFocusCapture={() => (hadFocus.current = true)}
      onBlurCapture={({ relatedTarget }) => (hadFocus.current = relatedTarget === null && hadFocus.current)}
    >
      <svg
        ref={drawing}
        role="group"
        aria-label={`State graph, ${graph.nodes.length} nodes. Arrow keys select a node, Enter goes there.`}
        onKeyDown={onKeyDown}
      >
        <defs>
          {['plain', 'path', 'bad'].map((tone) => (
            <marker key={tone} id={`arrow-${tone}`} class={`arrow ${tone}`} {...ARROW}>
              <path d="M0 0 L8 4 L0 8 z" />
            </marker>
          ))}
        </defs>
        <g transform={view.transform}>{content}</g>
      </svg>
      <div class="zoom" role="group" aria-label="Size">
        <button onClick={() => view.zoom(1.25)} aria-label="Larger" title="Larger (+)">
          +
        </button>
        <button onClick={() => view.zoom(0.8)} aria-label="Smaller" title="Smaller (-)">
          −
        </button>
        <button onClick={view.fit} title="The whole drawing (0)">
          Fit
        </button>
      </div>
    </div>
  )
}

const ARROW = {
  viewBox: '0 0 8 8',
  refX: 7,
  refY: 4,
  markerWidth: 8,
  markerHeight: 8,
  markerUnits: 'userSpaceOnUse' as const,
  orient: 'auto' as const,
}

const DIRECTIONS: { readonly [key: string]: Point } = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}

/** The nearest node in a direction. What lies beside it counts as farther away. */
function nearest(nodes: readonly Point[], from: number, { x, y }: Point): number | undefined {
  const start = nodes[from]
  if (start === undefined) return undefined
  let best: { readonly node: number; readonly distance: number } | undefined
  for (const [node, point] of nodes.entries()) {
    const [dx, dy] = [point.x - start.x, point.y - start.y]
    const along = dx * x + dy * y
    if (along <= 1) continue
    const distance = along + 2 * Math.abs(dx * y + dy * x)
    if (best === undefined || distance < best.distance) best = { node, distance }
  }
  return best?.node
}

function translation({ x, y }: Point, { width, height }: Size): string {
  return `translate(${x - width / 2} ${y - height / 2})`
}

function Node({
  node,
  lines,
  size,
}: {
  readonly node: GraphNodeDocument
  readonly lines: readonly Line[]
  readonly size: Size
}) {
  const column = valueColumn(lines)
  return (
    <>
      {node.isInitial && <path class="initial" d={`M-16 ${size.height / 2} H-2`} marker-end="url(#arrow-path)" />}
      <rect width={size.width} height={size.height} rx={5} />
      {lines.map(({ tone, path, text }, index) => (
        <text key={index} y={PADDING / 2 + (index + 0.75) * LINE} class={tone}>
          {tone === 'row' && (
            <tspan x={PADDING} class="faint">
              {path}
            </tspan>
          )}
          <tspan x={tone === 'row' ? column : PADDING}>{text}</tspan>
        </text>
      ))}
      {node.undrawn > 0 && (
        <text class="undrawn" x={size.width} y={-3} text-anchor="end">
          +{node.undrawn}
          <title>{node.undrawn} more steps from here</title>
        </text>
      )}
    </>
  )
}

function Edge({
  edge,
  at,
  isAcross,
  isNear,
  label,
}: {
  readonly edge: GraphEdgeDocument
  readonly at: Layout['edges'][number]
  readonly isAcross: boolean
  /** Whether it begins or ends at the selected node. */
  readonly isNear: boolean
  /** Without a width the names are not shown. */
  readonly label: Size
}) {
  const tone = edge.violates.length > 0 ? 'bad' : edge.isOnPath ? 'path' : 'plain'
  const names = namesOn(edge)
  return (
    <g class={`edge ${tone}${isNear ? ' near' : ''}`} aria-hidden="true">
      <title>{[...edge.names, ...edge.violates.map((name) => `✗ ${name}`)].join('\n')}</title>
      <path d={curve(at.points, isAcross)} marker-end={`url(#arrow-${tone})`} />
      {label.width > 0 && (
        <>
          <rect
            x={at.label.x - label.width / 2 - 2}
            y={at.label.y - label.height / 2}
            width={label.width + 4}
            height={label.height}
          />
          {names.map((name, index) => (
            <text
              key={index}
              x={at.label.x}
              y={at.label.y + (index - names.length / 2 + 0.76) * LINE * 0.9}
              text-anchor="middle"
            >
              {name}
            </text>
          ))}
        </>
      )}
    </g>
  )
}

/** A smooth line that has the direction of the ranks at its points. */
function curve([first, ...rest]: readonly Point[], isAcross: boolean): string {
  const text = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`
  let before = first!
  const parts = rest.map((point) => {
    const { x, y } = { x: (before.x + point.x) / 2, y: (before.y + point.y) / 2 }
    const controls = isAcross ? `${text(x, before.y)} ${text(x, point.y)}` : `${text(before.x, y)} ${text(point.x, y)}`
    before = point
    return `C${controls} ${text(point.x, point.y)}`
  })
  return `M${text(first!.x, first!.y)}${parts.join('')}`
}
