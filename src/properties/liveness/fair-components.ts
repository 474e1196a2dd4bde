/**
 * The parts of a tight product that may contain a fair cycle: strongly connected components whose edges have all
 * required marks.
 *
 * As in `product.ts`, a component may enable steps of a strong fairness constraint but never take one. Then the search
 * removes the nodes that enable such steps, and numbers the components of the remaining nodes again.
 */
import type { TightProduct } from './tight-product.ts'
import type { WorkBudget } from './work-budget.ts'

/** Only the nodes and edges of these parts, for the search for closed walks. */
export interface FairComponents {
  readonly product: TightProduct
  /** By node, in order of distance: its number in the product. */
  readonly nodes: Int32Array
  /** By node: the index of its first outgoing edge, and of its first incoming edge. */
  readonly firsts: Int32Array
  readonly backFirsts: Int32Array
  /** By edge: its target, its length, and the index of its marks. */
  readonly targets: Int32Array
  readonly lengths: Uint8Array
  readonly marks: Int32Array
  /** By incoming edge: its source and its length. */
  readonly sources: Int32Array
  readonly backLengths: Uint8Array
}

/** The fair parts of a product. Yields when `pause` returns true. @throws {WorkExceeded} */
export function* fairComponents(
  product: TightProduct,
  work: WorkBudget,
  pause: () => boolean,
): Generator<void, FairComponents> {
  const { size } = product
  /** By node: its component, from 1; 0 if the node was removed. */
  const components = new Int32Array(size).fill(1)
  for (let isChanging = true; isChanging;) {
    if (pause()) yield
    work.spend(size + product.targets.length)
    const count = numberComponents(product, components)
    isChanging = removeUnfair(product, components, count)
  }
  return compact(product, components)
}

/**
 * Removes components that are not fair, or only their nodes that violate strong fairness. Returns whether it removed
 * any.
 */
function removeUnfair(product: TightProduct, components: Int32Array, count: number): boolean {
  const { marks, firsts, targets, edgeMarks, markWords, size } = product
  const { words, required, enabledNotTaken } = marks
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
      isOut ||= (own & required[word]!) !== required[word]!
      // Every edge of a node whose step does not belong to the constraint records that a step of the constraint is
      // enabled.
      for (let edge = firsts.at(node); !isOut && edge < firsts.at(node + 1); edge++) {
        isOut =
          isInner(node, edge) && (own & enabledNotTaken[word]! & markWords.at(edgeMarks.at(edge) * words + word)) !== 0
      }
    }
    if (isOut) components[node] = -component
    isChanged ||= isOut
  }
  for (let node = 0; node < size; node++) if (components[node]! < 0) components[node] = 0
  return isChanged
}

/** Numbers the components of the remaining nodes, by Tarjan's algorithm. Returns the number of components. */
function numberComponents(product: TightProduct, components: Int32Array): number {
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

/** The remaining nodes, and the edges inside components. */
function compact(product: TightProduct, components: Int32Array): FairComponents {
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
  // While edges are filled in, the entry of the previous node is the position of the next edge.
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
