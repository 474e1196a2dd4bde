/**
 * A fair behavior out of a hull: a shortest way to the hull, and a cycle in it that keeps all promises and meets all
 * demands.
 *
 * From where the hull is met the walk goes to the nearest node or edge that does something still wanted, again and again,
 * and then looks for a shortest way back. A demand of strong fairness is wanted as soon as its steps were enabled on the
 * way. If there is no way back, or none to what is wanted, the walk begins a new cycle where it is. That ends: from where
 * it had begun there is a way to both, so it has left a strongly connected part for good, and of these there are finitely
 * many. In one that leads nowhere else there is a way back from everywhere, and to all that is wanted, since there is one
 * from every node of the hull, by way of the hull.
 *
 * Source: E. M. Clarke, O. Grumberg, K. L. McMillan, X. Zhao, "Efficient generation of counterexamples and witnesses in
 * symbolic model checking" (DAC 1995). There what is wanted are states; here edges count too, and strong fairness is added.
 */
import { defect } from '../../../errors.ts'
import { EMPTY } from '../diagram/node-table.ts'
import { isNothing, type FairDemand, type FairProduct, type ProductWork, type Sets, type Way } from './fair-product.ts'
import { FairWalk, type Node } from './fair-walk.ts'

export class FairLasso {
  readonly #work: ProductWork
  readonly #hull: Sets
  readonly #walk: FairWalk

  /** @param hull - not empty */
  constructor(work: ProductWork, hull: Sets) {
    this.#work = work
    this.#hull = hull
    this.#walk = new FairWalk(work)
  }

  /**
   * States of the model that such a behavior is among, an initial one too. They depend on the spec alone.
   *
   * Where the walk had to begin anew there are more than it takes, and a shorter way to the cycle is among them.
   */
  async find(): Promise<Int32Array[]> {
    const { product, model, drive } = this.#work
    const { diagrams } = model
    return await this.#work.holding([this.#hull], async () => {
      const nodes = await this.#stem(this.#hull)
      let begin = nodes.length - 1
      let isFirst = true
      for (; !(await this.#cycle(nodes)); begin = nodes.length - 1) isFirst = false
      const cycle = nodes.slice(begin)
      const shorter: Node[] = []
      if (!isFirst) {
        const goal = await drive(() =>
          cycle.reduce<Sets>(
            (sets, node) => this.#walk.only(node).map((set, at) => diagrams.union(set, sets[at]!)),
            product.hopeful.map(() => EMPTY),
          ),
        )
        shorter.push(...(await this.#stem(goal)))
      }
      return [...nodes, ...shorter].map(({ slots }) => slots)
    })
  }

  /** A shortest way from an initial state to a node of some sets. */
  async #stem(goal: Sets): Promise<Node[]> {
    const { product, model, drive } = this.#work
    const { start, reached, hopeful } = product
    const begin = hopeful.map((_, at) => (at === 0 ? start : EMPTY))
    const everything = hopeful.map(() => reached)
    const isThere = async (layer: Sets): Promise<Sets> =>
      await drive(() => layer.map((set, at) => model.diagrams.intersect(set, goal[at]!)))
    return await this.#work.holding([goal], async () => existing(await this.#walk.nearest(begin, everything, isThere)))
  }

  /** Goes on from the last of some nodes for a cycle through it. Returns whether there is one. */
  async #cycle(nodes: Node[]): Promise<boolean> {
    const start = nodes.at(-1)!
    const wants = new Wants(this.#work.product)
    this.#visit(start, wants)
    for (;;) {
      while (wants.hasAny) {
        const way = await this.#toNext(nodes.at(-1)!, wants)
        if (way === undefined) return false
        await this.#note(nodes.at(-1)!, way, wants)
        nodes.push(...way)
      }
      const back = await this.#back(nodes.at(-1)!, start)
      if (back === undefined) {
        // Nothing was wanted, and no cycle goes through the node.
        if (nodes.at(-1) === start) nodes.push(await this.#walk.follow(start, this.#hull, () => true))
        return false
      }
      const left = wants.copy()
      await this.#note(nodes.at(-1)!, back, left)
      if (!left.hasAny) {
        nodes.push(...back)
        return true
      }
      // The way back comes by where steps are enabled that must be taken then.
      for (const demand of left.demands) wants.demands.add(demand)
    }
  }

  /** The way from a node to the nearest one, or by the nearest edge, that does something that is wanted; undefined if there is none. */
  async #toNext(from: Node, { promises, demands }: Wants): Promise<Node[] | undefined> {
    const { model, drive } = this.#work
    const { diagrams } = model
    const hull = this.#hull
    const isKeeping = ({ keeps }: Way): boolean => (keeps & promises) !== 0
    const taken = [...new Set([...demands].flatMap(({ steps }) => steps))]
    let isNode = false
    const goalIn = async (layer: Sets): Promise<Sets> => {
      const idle = await drive(() =>
        layer.map((set) =>
          [...demands]
            .filter(({ isStrong }) => !isStrong)
            .reduce((sum, { enabled }) => diagrams.union(sum, diagrams.minus(set, enabled)), EMPTY),
        ),
      )
      isNode = !isNothing(idle)
      if (isNode) return idle
      const keeping = await this.#work.edges(layer, hull, isKeeping)
      const taking = await this.#work.takes(layer, hull, taken)
      return await drive(() => keeping.map((set, at) => diagrams.union(set, taking[at]!)))
    }
    const begin = await drive(() => this.#walk.only(from))
    const way = await this.#walk.nearest(begin, hull, goalIn)
    if (way === undefined) return undefined
    if (!isNode) way.push(await this.#walk.follow(way.at(-1)!, hull, isKeeping, taken))
    return way.slice(1)
  }

  /** The way back from one node to another, by one edge at least; undefined if there is none. */
  async #back(from: Node, to: Node): Promise<Node[] | undefined> {
    const { drive } = this.#work
    const leadingTo = async (layer: Sets): Promise<Sets> =>
      await this.#work.edges(layer, await drive(() => this.#walk.only(to)), () => true)
    const begin = await drive(() => this.#walk.only(from))
    const way = await this.#walk.nearest(begin, this.#hull, leadingTo)
    return way && [...way.slice(1), to]
  }

  /** Takes note of what a way from a node does. */
  async #note(from: Node, way: readonly Node[], wants: Wants): Promise<void> {
    for (const [index, node] of way.entries()) {
      const { keeps, steps } = await this.#walk.edge(index === 0 ? from : way[index - 1]!, node)
      wants.take(keeps, steps)
      this.#visit(node, wants)
    }
  }

  #visit({ slots }: Node, wants: Wants): void {
    const { space } = this.#work.model
    wants.visit(({ enabled }) => space.has(enabled, slots))
  }
}

/** What a cycle is yet to do. */
class Wants {
  promises: number
  readonly demands: Set<FairDemand>
  /** Demands of strong fairness of which no step was taken. */
  readonly #strong: Set<FairDemand>

  constructor({ promises, demands }: Pick<FairProduct, 'promises'> & { readonly demands: Iterable<FairDemand> }) {
    this.promises = promises
    const all = [...demands]
    this.demands = new Set(all.filter(({ isStrong }) => !isStrong))
    this.#strong = new Set(all.filter(({ isStrong }) => isStrong))
  }

  get hasAny(): boolean {
    return this.promises !== 0 || this.demands.size > 0
  }

  copy(): Wants {
    const { promises } = this
    const copy = new Wants({ promises, demands: this.#strong })
    this.demands.forEach((demand) => copy.demands.add(demand))
    return copy
  }

  /** Takes note of a state. */
  visit(isEnabled: (demand: FairDemand) => boolean): void {
    for (const demand of this.demands) if (!demand.isStrong && !isEnabled(demand)) this.demands.delete(demand)
    for (const demand of this.#strong) if (isEnabled(demand)) this.demands.add(demand)
  }

  /** Takes note of an edge: the promises that are kept, and the steps that it is made by. */
  take(keeps: number, steps: ReadonlySet<number>): void {
    this.promises &= ~keeps
    for (const demand of [...this.demands, ...this.#strong]) {
      if (!demand.steps.some((step) => steps.has(step))) continue
      this.demands.delete(demand)
      this.#strong.delete(demand)
    }
  }
}

/** @throws {CheckerError} KR901 if there is no way where there must be one */
function existing(way: Node[] | undefined): Node[] {
  if (way === undefined) throw defect('a fair behavior on sets of states lacks a step')
  return way
}
