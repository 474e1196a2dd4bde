/**
 * The parts of a tight product in which a fair cycle may be: strongly connected, with edges that do all that is wanted.
 *
 * As in `product.ts`, if steps that strong fairness demands are enabled and never taken in a component, its nodes with such
 * steps are taken out, and what is left is searched again.
 */
import type { TightProduct } from './tight-product.ts'
import type { Work } from './work.ts'

/** Nodes and edges of these parts only: closed walks are looked for among them. */
export interface FairParts {
  readonly product: TightProduct
  /** By node, in order of distance: its number in the product. */
  readonly nodes: Int32Array
  /** By node: where its edges begin, and where those that lead to it do. */
  readonly firsts: Int32Array
  readonly backFirsts: Int32Array
  /** By edge: where it leads, its length, and the index of what it does. */
  readonly targets: Int32Array
  readonly lengths: Uint8Array
  readonly marks: Int32Array
  /** By edge that leads to a node: where it comes from, and its length. */
  readonly sources: Int32Array
  readonly backLengths: Uint8Array
}

/** The fair parts of a product. Yields when `pause` says so. @throws {OutOfWork} */
export function* fairParts(product: TightProduct, work: Work, pause: () => boolean): Generator<void, FairParts> {
  const { size } = product
  /** By node: its component, from 1; 0 if it was taken out. */
  const components = new Int32Array(size).fill(1)
  for (let isChanging = true; isChanging;) {
    if (pause()) yield
    work.spend(size + product.targets.length)
    const count = divide(product, components)
    isChanging = takeOut(product, components, count)
  }
  return compact(product, components)
}

/** Takes out components that are not fair, or their nodes in the way of fairness. Returns whether there were any. */
function takeOut(product: TightProduct, components: Int32Array, count: number): boolean {
  const { marks, firsts, targets, edgeMarks, markWords, size } = product
  const { words, goal, owing } = marks
  const done = new Int32Array((count + 1) * words)
  const hasEdge = new Uint8Array(count + 1)
  const isInner = (node: number, edge: number): boolean =>
    components[node] !== 0 && components[targets.at(edge)] === components[node]
  for (let node = 0; node < size; node++) {
    for (let edge = firsts.at(node); edge < firsts.at(node + 1); edge++) {
      if (!isInner(node, edge)) continue
      hasEdge[components[node]!] = 1
      for (let word = 0; word < words; word++) {
        const at = components[node]! * words + word
        done[at] = marks.joined(word, done[at]!, markWords.at(edgeMarks.at(edge) * words + word))
      }
    }
  }
  let isChanged = false
  for (let node = 0; node < size; node++) {
    const component = components[node]!
    if (component === 0) continue
    let isOut = hasEdge[component] === 0
    for (let word = 0; word < words; word++) {
      const own = done[component * words + word]!
      isOut ||= (own & goal[word]!) !== goal[word]!
      // Every edge of a node says whether steps are enabled; all that are not taken do.
      for (let edge = firsts.at(node); !isOut && edge < firsts.at(node + 1); edge++) {
        isOut = isInner(node, edge) && (own & owing[word]! & markWords.at(edgeMarks.at(edge) * words + word)) !== 0
      }
    }
    if (isOut) components[node] = -component
    isChanged ||= isOut
  }
  for (let node = 0; node < size; node++) if (components[node]! < 0) components[node] = 0
  return isChanged
}

/** Divides the nodes that are not taken out into components, by Tarjan's algorithm. Returns how many there are. */
function divide(product: TightProduct, components: Int32Array): number {
  const { size, firsts, targets } = product
  const order = new Int32Array(size)
  const low = new Int32Array(size)
  const edges = new Int32Array(size)
  const path: number[] = []
  const open: number[] = []
  const part = new Int32Array(size)
  let met = 0
  let count = 0
  const enter = (node: number): void => {
    order[node] = low[node] = ++met
    edges[node] = firsts.at(node)
    path.push(node)
    open.push(node)
  }
  for (let root = 0; root < size; root++) {
    if (components[root] === 0 || order[root] !== 0) continue
    enter(root)
    while (path.length > 0) {
      const node = path.at(-1)!
      if (edges[node]! < firsts.at(node + 1)) {
        const next = targets.at(edges[node]!++)
        if (components[next] === 0) continue
        if (order[next] === 0) enter(next)
        else if (part[next] === 0) low[node] = Math.min(low[node]!, order[next]!)
        continue
      }
      path.pop()
      if (path.length > 0) low[path.at(-1)!] = Math.min(low[path.at(-1)!]!, low[node]!)
      if (low[node] !== order[node]) continue
      count++
      for (let member = -1; member !== node;) {
        member = open.pop()!
        part[member] = count
      }
    }
  }
  components.set(part)
  return count
}

/** The nodes that are left, and the edges inside components. */
function compact(product: TightProduct, components: Int32Array): FairParts {
  const { size, states, firsts: first, targets: target, edgeMarks } = product
  const nodes = Int32Array.from([...components.keys()].filter((node) => components[node] !== 0))
  const numbers = new Int32Array(size)
  nodes.forEach((node, number) => (numbers[node] = number))
  const forEachEdge = (visit: (from: number, to: number, edge: number) => void): void => {
    nodes.forEach((node, from) => {
      for (let edge = first.at(node); edge < first.at(node + 1); edge++) {
        const next = target.at(edge)
        if (components[next] === components[node]) visit(from, numbers[next]!, edge)
      }
    })
  }
  const firsts = new Int32Array(nodes.length + 1)
  // While edges are filled in, that of the node before is where the next one goes.
  const backFirsts = new Int32Array(nodes.length + 2)
  let count = 0
  forEachEdge((from, to) => {
    firsts[from + 1] = ++count
    backFirsts[to + 2]!++
  })
  for (let node = 1; node < firsts.length; node++) firsts[node] = Math.max(firsts[node]!, firsts[node - 1]!)
  for (let node = 2; node < backFirsts.length; node++) backFirsts[node]! += backFirsts[node - 1]!
  const [targets, sources, marks] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)]
  const [lengths, backLengths] = [new Uint8Array(count), new Uint8Array(count)]
  count = 0
  forEachEdge((from, to, edge) => {
    const at = backFirsts[to + 1]!++
    targets[count] = to
    sources[at] = from
    marks[count] = edgeMarks.at(edge)
    const isStutter = states.at(nodes[from]!) === states.at(nodes[to]!)
    lengths[count] = backLengths[at] = isStutter ? 0 : 1
    count++
  })
  return { product, nodes, firsts, backFirsts, targets, lengths, marks, sources, backLengths }
}
