/**
 * Shortest paths in a product on sets: a search layer by layer, then back from the goal. Each step back chooses the
 * least state.
 */
import { contentOrderOf } from '../../../state/order.ts'
import type { Diagram } from '../diagram/diagrams.ts'
import { EMPTY } from '../diagram/node-table.ts'
import { isNothing, type ProductWork, type Sets, type ProductTransition } from './fair-product.ts'

/** A model state with an automaton state. */
export interface Node {
  readonly at: number
  readonly slots: Int32Array
}

/**
 * The nodes at one distance. They are reached by a step, or by stuttering from the previous layer at the same distance.
 */
interface Layer {
  readonly sets: Sets
  readonly isStep: boolean
}

export class FairWalk {
  readonly #work: ProductWork
  readonly #compare: (slot: number, one: number, other: number) => number

  constructor(work: ProductWork) {
    this.#work = work
    this.#compare = contentOrderOf(work.model.layout)
  }

  /** The sets that contain only one node. */
  only({ at, slots }: Node): Sets {
    const { model, product } = this.#work
    return product.hopeful.map((_, state) => (state === at ? model.space.state(slots) : EMPTY))
  }

  /** The least node: the least state in any set, with the first automaton state that has it. */
  least(sets: Sets): Node {
    const { diagrams, space } = this.#work.model
    const slots = space.least(
      sets.reduce((all, set) => diagrams.union(all, set), EMPTY),
      this.#compare,
    )
    return { at: sets.findIndex((set) => space.has(set, slots)), slots }
  }

  /**
   * A path from `begin` to a goal node with the fewest steps, including both ends. Stuttering does not count as a step.
   * Undefined if there is none.
   *
   * @param within - the nodes that the path may visit
   * @param goalIn - the goal nodes of a layer
   */
  async nearest(begin: Sets, within: Sets, goalIn: (layer: Sets) => Promise<Sets>): Promise<Node[] | undefined> {
    const { model, runSliced } = this.#work
    const { diagrams } = model
    const layers: Layer[] = []
    const met = begin.map(() => EMPTY)
    /** The nodes at one distance. */
    const near = begin.map(() => EMPTY)
    const fresh = [...begin]
    const kept: Sets = []
    const add = (at: number, set: Diagram): void => {
      const more = diagrams.minus(diagrams.intersect(set, within[at]!), met[at]!)
      fresh[at] = diagrams.union(fresh[at]!, more)
    }
    return await this.#work.holding([begin, within, met, near, fresh, kept], async () => {
      while (!isNothing(fresh)) {
        near.fill(EMPTY)
        for (let isStep = true; !isNothing(fresh); isStep = false) {
          const sets = [...fresh]
          layers.push({ sets, isStep })
          kept.push(...sets)
          fresh.fill(EMPTY)
          await runSliced(() =>
            sets.forEach((set, at) => {
              met[at] = diagrams.union(met[at]!, set)
              near[at] = diagrams.union(near[at]!, set)
            }),
          )
          const goal = await goalIn(sets)
          if (!isNothing(goal)) return await runSliced(() => this.#wayTo(this.least(goal), layers))
          await this.#work.rest(sets, add)
        }
        await this.#work.step(near, add)
        this.#work.tidy()
      }
      return undefined
    })
  }

  /** The path to a node of the last layer. */
  #wayTo(node: Node, layers: readonly Layer[]): Node[] {
    const { diagrams } = this.#work.model
    const transition = [node]
    for (let index = layers.length - 1; index > 0;) {
      const { isStep } = layers[index]!
      const first = isStep ? layers.findLastIndex((layer, at) => at < index && layer.isStep) : index - 1
      const near = layers.slice(first, index).map(({ sets }) => sets)
      const before = near.reduce((all, sets) => all.map((set, at) => diagrams.union(set, sets[at]!)))
      transition.unshift(this.least(this.#before(transition[0]!, before, isStep)))
      const { at, slots } = transition[0]!
      index = first + near.findIndex((sets) => this.#work.model.space.has(sets[at]!, slots))
    }
    return transition
  }

  /** The nodes of `sets` with an edge to a node. */
  #before({ at, slots }: Node, sets: Sets, isStep: boolean): Sets {
    const { model, product } = this.#work
    const { diagrams, space } = model
    const goal = space.state(slots)
    const found = sets.map(() => EMPTY)
    for (const { source, target, resting, stepping } of product.transitions) {
      if (target !== at) continue
      const add = (set: Diagram): Diagram => (found[source] = diagrams.union(found[source]!, set))
      const within = (states: Diagram): Diagram => diagrams.intersect(sets[source]!, states)
      if (!isStep) add(diagrams.intersect(within(resting), goal))
      else {
        product.steps.forEach(({ step }, index) => add(space.relations.preimage(within(stepping[index]!), goal, step)))
      }
    }
    return found
  }

  /**
   * The least node of `into` that an edge from `node` reaches. The edge must have a transition that `isMeant` selects,
   * or be a step of `taken` that changes something. Such an edge must exist.
   */
  async follow(
    node: Node,
    into: Sets,
    isMeant: (transition: ProductTransition) => boolean,
    taken: readonly number[] = [],
  ): Promise<Node> {
    const { model, product, runSliced } = this.#work
    const { diagrams, space } = model
    return await runSliced(() => {
      const from = space.state(node.slots)
      const found = into.map(() => EMPTY)
      for (const transition of product.transitions) {
        const { source, target, resting, stepping } = transition
        if (source !== node.at) continue
        const isAny = isMeant(transition)
        const add = (set: Diagram): void => {
          found[target] = diagrams.union(found[target]!, diagrams.intersect(set, into[target]!))
        }
        if (isAny) add(diagrams.intersect(from, resting))
        for (const [index, { step, still }] of product.steps.entries()) {
          if (!isAny && !taken.includes(index)) continue
          const states = diagrams.intersect(from, stepping[index]!)
          add(space.relations.image(isAny ? states : diagrams.minus(states, still), step))
        }
      }
      return this.least(found)
    })
  }

  /** The acceptance sets that contain an edge between two nodes, and the steps that make it. */
  async edge(from: Node, to: Node): Promise<{ readonly keeps: number; readonly steps: ReadonlySet<number> }> {
    const { model, product, runSliced } = this.#work
    const { diagrams, space } = model
    return await runSliced(() => {
      const [before, after] = [space.state(from.slots), space.state(to.slots)]
      const steps = new Set<number>()
      let keeps = 0
      for (const transition of product.transitions) {
        if (transition.source !== from.at || transition.target !== to.at) continue
        if (before === after && diagrams.intersect(before, transition.resting) !== EMPTY) keeps |= transition.keeps
        product.steps.forEach(({ step }, index) => {
          const states = diagrams.intersect(before, transition.stepping[index]!)
          if (states === EMPTY || space.relations.preimage(states, after, step) === EMPTY) return
          keeps |= transition.keeps
          if (before !== after) steps.add(index)
        })
      }
      return { keeps, steps }
    })
  }
}
