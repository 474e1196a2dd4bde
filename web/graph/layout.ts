/** Places for the nodes and edges of a state graph, by dagre. */
import { Graph, layout as place } from '@dagrejs/dagre'

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

/** What has to be placed. */
export interface LayoutTask {
  readonly nodes: readonly Size[]
  readonly edges: readonly { readonly from: number; readonly to: number; readonly label: Size }[]
}

/** Where nodes and labels have their centers, and the points along edges. */
export interface Layout extends Size {
  /** Whether the ranks go from left to right, or from top to bottom. */
  readonly isAcross: boolean
  readonly nodes: readonly Point[]
  readonly edges: readonly { readonly points: readonly Point[]; readonly label: Point }[]
}

/** The best ranks take too long for larger graphs. */
const MAX_FOR_SIMPLEX = 150
/** Up to this number of nodes both directions are tried. */
const MAX_FOR_BOTH = 150
/** What a page at 1280 x 720 has for a drawing. */
const FRAME: Size = { width: 980, height: 590 }
/** Names of steps are easier to read from left to right, so that may be this much smaller. */
const PREFERENCE = 0.8

/** A direction of the ranks. */
type Direction = 'LR' | 'TB'

/** From left to right, or from top to bottom if the drawing then is larger on a page. */
export function layOut(task: LayoutTask): Layout {
  const across = layOutIn('LR', task)
  if (task.nodes.length > MAX_FOR_BOTH || scaleOf(across) >= 1) return across
  const down = layOutIn('TB', task)
  return scaleOf(down) * PREFERENCE > scaleOf(across) ? down : across
}

function scaleOf({ width, height }: Size): number {
  return Math.min(FRAME.width / width, FRAME.height / height)
}

function layOutIn(direction: Direction, { nodes, edges }: LayoutTask): Layout {
  const graph = new Graph()
  const ranker = nodes.length <= MAX_FOR_SIMPLEX ? 'network-simplex' : 'tight-tree'
  graph.setGraph({ rankdir: direction, nodesep: 12, edgesep: 6, ranksep: 28, marginx: 16, marginy: 16, ranker })
  for (const [index, { width, height }] of nodes.entries()) graph.setNode(`${index}`, { width, height })
  for (const { from, to, label } of edges) graph.setEdge(`${from}`, `${to}`, { ...label, labelpos: 'c' })
  place(graph)
  const { width = 0, height = 0 } = graph.graph() as Partial<Size>
  const boxes = nodes.map((_, index) => graph.node(`${index}`) as Point & Size)
  return {
    width,
    height,
    isAcross: direction === 'LR',
    nodes: boxes.map(pointOf),
    edges: edges.map(({ from, to }) => {
      const edge = graph.edge(`${from}`, `${to}`) as { points: Point[] } & Partial<Point>
      const inner = edge.points.slice(1, -1).map(pointOf)
      const middle = inner[Math.floor(inner.length / 2)]!
      const first = sideOf(boxes[from]!, inner[0]!, direction)
      const last = sideOf(boxes[to]!, inner.at(-1)!, direction)
      return { points: [first, ...inner, last], label: { x: edge.x ?? middle.x, y: edge.y ?? middle.y } }
    }),
  }
}

/** Where an edge meets a node: in the middle of a side, a little towards the other end. */
function sideOf({ x, y, width, height }: Point & Size, towards: Point, direction: Direction): Point {
  const shift = (distance: number, size: number): number => {
    const most = Math.max(0, size / 2 - 5)
    return Math.max(-most, Math.min(most, distance * 0.12))
  }
  return direction === 'LR'
    ? { x: x + (towards.x > x ? width : -width) / 2, y: y + shift(towards.y - y, height) }
    : { x: x + shift(towards.x - x, width), y: y + (towards.y > y ? height : -height) / 2 }
}

function pointOf({ x, y }: Point): Point {
  return { x, y }
}
