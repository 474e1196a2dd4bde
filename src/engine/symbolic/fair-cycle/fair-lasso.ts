/**
 * Extracts a fair behavior from a hull: a shortest path to the hull, then a cycle in it that visits all acceptance sets
 * and meets all constraints.
 *
 * The walk begins where the path enters the hull. It repeatedly goes to the nearest node or edge that meets an open
 * requirement, then looks for a shortest path back. A strong fairness constraint becomes a requirement when its steps
 * are enabled on the path. If there is no path back, or none to an open requirement, the walk begins a new cycle where
 * it is.
 *
 * This terminates. The start of an abandoned cycle has a path to both, so the walk has left a strongly connected part
 * for good. There are finitely many parts. In a part without an exit, a path leads back from everywhere. A path leads
 * to each requirement too, because each node of the hull has one within the hull.
 *
 * Source: E. M. Clarke, O. Grumberg, K. L. McMillan, X. Zhao, "Efficient generation of counterexamples and witnesses in
 * symbolic model checking" (DAC 1995). Their requirements are states; ours include edges and strong fairness.
 */
import { defect } from '../../../errors.ts'
import { EMPTY } from '../diagram/node-table.ts'
import {
  isNothing,
  type FairnessSets,
  type FairProduct,
  type ProductWork,
  type Sets,
  type ProductTransition,
} from './fair-product.ts'
import { FairWalk, type Node } from './fair-walk.ts'

export class FairLasso {
  readonly #work: ProductWork
  readonly #hull: Sets
  readonly #walk: FairWalk

  /** @param hull - must not be empty */
  constructor(work: ProductWork, hull: Sets) {
    this.#work = work
    this.#hull = hull
    this.#walk = new FairWalk(work)
  }

  /**
   * The states of such a behavior, including an initial one. They depend on the spec alone.
   *
   * If the walk had to begin a new cycle, there are more states than needed, and they contain a shorter path to the
   * cycle.
   */
  async find(): Promise<Int32Array[]> {
    const { product, model, runSliced } = this.#work
    const { diagrams } = model
    return await this.#work.holding([this.#hull], async () => {
      const nodes = await this.#stem(this.#hull)
      let begin = nodes.length - 1
      let isFirst = true
      for (; !(await this.#cycle(nodes)); begin = nodes.length - 1) isFirst = false
      const cycle = nodes.slice(begin)
      const shorter: Node[] = []
      if (!isFirst) {
        const goal = await runSliced(() =>
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

  /** A shortest path from an initial state to `goal`. */
  async #stem(goal: Sets): Promise<Node[]> {
    const { product, model, runSliced } = this.#work
    const { start, reached, hopeful } = product
    const begin = hopeful.map((_, at) => (at === 0 ? start : EMPTY))
    const everything = hopeful.map(() => reached)
    const isThere = async (layer: Sets): Promise<Sets> =>
      await runSliced(() => layer.map((set, at) => model.diagrams.intersect(set, goal[at]!)))
    return await this.#work.holding([goal], async () => existing(await this.#walk.nearest(begin, everything, isThere)))
  }

  /** Extends `nodes` by a cycle through the last one. Returns whether there is such a cycle. */
  async #cycle(nodes: Node[]): Promise<boolean> {
    const start = nodes.at(-1)!
    const wants = new Wants(this.#work.product)
    this.#visit(start, wants)
    for (;;) {
      while (wants.hasAny) {
        const transition = await this.#toNext(nodes.at(-1)!, wants)
        if (transition === undefined) return false
        await this.#note(nodes.at(-1)!, transition, wants)
        nodes.push(...transition)
      }
      const back = await this.#back(nodes.at(-1)!, start)
      if (back === undefined) {
        // There was no requirement, and the node is not on a cycle.
        if (nodes.at(-1) === start) nodes.push(await this.#walk.follow(start, this.#hull, () => true))
        return false
      }
      const left = wants.copy()
      await this.#note(nodes.at(-1)!, back, left)
      if (!left.hasAny) {
        nodes.push(...back)
        return true
      }
      // The path back enables steps that strong fairness then requires.
      for (const constraint of left.constraints) wants.constraints.add(constraint)
    }
  }

  /** The path from a node to the nearest node or edge that meets a requirement; undefined if there is none. */
  async #toNext(from: Node, { acceptanceSets, constraints }: Wants): Promise<Node[] | undefined> {
    const { model, runSliced } = this.#work
    const { diagrams } = model
    const hull = this.#hull
    const isKeeping = ({ keeps }: ProductTransition): boolean => (keeps & acceptanceSets) !== 0
    let isNode = false
    const goalIn = async (layer: Sets): Promise<Sets> => {
      const idle = await runSliced(() =>
        layer.map((set) =>
          [...constraints]
            .filter(({ isStrong }) => !isStrong)
            .reduce((sum, { enabled }) => diagrams.union(sum, diagrams.minus(set, enabled)), EMPTY),
        ),
      )
      isNode = !isNothing(idle)
      if (isNode) return idle
      const keeping = await this.#work.edges(layer, hull, isKeeping)
      const taking = await this.#work.meets(layer, hull, constraints)
      return await runSliced(() => keeping.map((set, at) => diagrams.union(set, taking[at]!)))
    }
    const begin = await runSliced(() => this.#walk.only(from))
    const transition = await this.#walk.nearest(begin, hull, goalIn)
    if (transition === undefined) return undefined
    if (!isNode) {
      const last = transition.at(-1)!
      const counted = [...constraints].filter((constraint) => this.#counts(constraint, last))
      const taken = [...new Set(counted.flatMap(({ steps }) => steps))]
      transition.push(await this.#walk.follow(last, hull, isKeeping, taken))
    }
    return transition.slice(1)
  }

  /** The path from one node back to another, with at least one edge; undefined if there is none. */
  async #back(from: Node, to: Node): Promise<Node[] | undefined> {
    const { runSliced } = this.#work
    const leadingTo = async (layer: Sets): Promise<Sets> =>
      await this.#work.edges(layer, await runSliced(() => this.#walk.only(to)), () => true)
    const begin = await runSliced(() => this.#walk.only(from))
    const transition = await this.#walk.nearest(begin, this.#hull, leadingTo)
    return transition && [...transition.slice(1), to]
  }

  /** Updates the requirements along a path from a node. */
  async #note(from: Node, transition: readonly Node[], wants: Wants): Promise<void> {
    for (const [index, node] of transition.entries()) {
      const before = index === 0 ? from : transition[index - 1]!
      const { keeps, steps } = await this.#walk.edge(before, node)
      wants.take(keeps, steps, (constraint) => this.#counts(constraint, before))
      this.#visit(node, wants)
    }
  }

  /** Whether the steps of a constraint count from a node. */
  #counts({ isConditional, enabled }: FairnessSets, { slots }: Node): boolean {
    return !isConditional || this.#work.model.space.has(enabled, slots)
  }

  #visit({ slots }: Node, wants: Wants): void {
    const { space } = this.#work.model
    wants.visit(({ enabled }) => space.has(enabled, slots))
  }
}

/** The open requirements of a cycle. */
class Wants {
  acceptanceSets: number
  readonly constraints: Set<FairnessSets>
  /** Strong fairness constraints without a step on the path so far. */
  readonly #strong: Set<FairnessSets>

  constructor({
    acceptanceSets,
    constraints,
  }: Pick<FairProduct, 'acceptanceSets'> & { readonly constraints: Iterable<FairnessSets> }) {
    this.acceptanceSets = acceptanceSets
    const all = [...constraints]
    this.constraints = new Set(all.filter(({ isStrong }) => !isStrong))
    this.#strong = new Set(all.filter(({ isStrong }) => isStrong))
  }

  get hasAny(): boolean {
    return this.acceptanceSets !== 0 || this.constraints.size > 0
  }

  copy(): Wants {
    const { acceptanceSets } = this
    const copy = new Wants({ acceptanceSets, constraints: this.#strong })
    this.constraints.forEach((constraint) => copy.constraints.add(constraint))
    return copy
  }

  visit(isEnabled: (constraint: FairnessSets) => boolean): void {
    for (const constraint of this.constraints)
      if (!constraint.isStrong && !isEnabled(constraint)) this.constraints.delete(constraint)
    for (const constraint of this.#strong) if (isEnabled(constraint)) this.constraints.add(constraint)
  }

  take(keeps: number, steps: ReadonlySet<number>, counts: (constraint: FairnessSets) => boolean): void {
    this.acceptanceSets &= ~keeps
    for (const constraint of [...this.constraints, ...this.#strong]) {
      if (!constraint.steps.some((step) => steps.has(step)) || !counts(constraint)) continue
      this.constraints.delete(constraint)
      this.#strong.delete(constraint)
    }
  }
}

/** @throws {CheckerError} KR901 if a path is missing that must exist */
function existing(transition: Node[] | undefined): Node[] {
  if (transition === undefined) throw defect('a fair behavior on sets of states lacks a step')
  return transition
}
