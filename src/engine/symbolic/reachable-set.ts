/**
 * The states that were found so far: a set that grows, and that goes along from one order of variables to the next.
 *
 * All of them can be reached, however far whoever found them came. So work that is broken off is not in vain, and an
 * order can be judged by how large the diagram is in it, in place of guessing.
 */
import { EMPTY } from './diagram/node-table.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { Sifting } from './diagram/sifting.ts'
import type { Digit } from './digits.ts'
import type { SymbolicModel, RootHolder } from './symbolic-model.ts'

/**
 * Does a piece of work, which may be broken off and done again from its beginning.
 *
 * @param held - diagrams that work and caller need besides those of the model's holders. If they are given, others may be
 *   collected when there is no room, and the work done again.
 */
export type RunSliced = <T>(work: () => T, held?: () => Iterable<Diagram>) => Promise<T>

/** Thrown when something takes more work than it may. */
export class TooMuchWork extends Error {}

/**
 * Operations that it may take to put a set into another order, for each node and place that it has. Where the diagram
 * stays about as large it takes four to twelve; where it takes many more it grows.
 */
const OPERATIONS_PER_NODE = 16

/** Nodes that sifting may make, for each node and place of the diagram. Where it ends by itself it takes two to four. */
const SIFTED_PER_NODE = 4

/** Nodes, and exchanges of neighbors, that sifting may make without a rest. */
const SIFTED_AT_ONCE = 2 ** 16
const STEPS_AT_ONCE = 2 ** 8

/** Smaller diagrams are not worth sifting. */
const MIN_SIFTED = 256

/** Moving to another order is worth it if the diagram is so much smaller. */
const WORTH_MOVING = 0.8

/** An operation takes as long as making so many nodes of levels. */
const SIFTED_PER_OPERATION = 2

/** A set in some order. */
interface Ordered {
  readonly order: readonly Digit[]
  readonly set: Diagram
  /** Nodes of its diagram. */
  readonly size: number
}

export class ReachableSet implements RootHolder {
  set: Diagram = EMPTY
  readonly #model: SymbolicModel
  readonly #runSliced: RunSliced
  /** Results stored in the cache when work is broken off. */
  #most = Infinity

  constructor(model: SymbolicModel, runSliced: RunSliced) {
    this.#model = model
    this.#runSliced = runSliced
    model.admit(this)
  }

  /** Allows so many operations from now on, of all that is done together. */
  allow(work: number): void {
    this.#most = this.#model.diagrams.cache.stored + work
  }

  /** Does a piece of work. `held` are diagrams that it needs besides the set. @throws {TooMuchWork} */
  async do<T>(work: () => T, held: readonly Diagram[] = []): Promise<T> {
    const { cache } = this.#model.diagrams
    return await this.#runSliced(
      () => {
        const { onWork } = cache
        cache.onWork = () => {
          if (cache.stored > this.#most) throw new TooMuchWork()
          onWork()
        }
        try {
          return work()
        } finally {
          cache.onWork = onWork
        }
      },
      () => held,
    )
  }

  /** Moves to an order, and begins again with the initial states. */
  async begin(order: readonly Digit[]): Promise<void> {
    const model = this.#model
    this.set = EMPTY
    await this.#moveTo(order)
    this.set = await this.#runSliced(
      () => model.divide(model.start()).inside,
      () => [],
    )
  }

  /**
   * Moves to the one of some orders in which the diagram is smallest, or to what sifting makes of that, if it is smaller
   * there than it is.
   *
   * @param sifted - nodes that sifting may make
   * @param work - operations that each order may take
   */
  async choose(orders: readonly (readonly Digit[])[], sifted: number = 0, work: number = Infinity): Promise<void> {
    const { space } = this.#model
    const best = await this.#sift(await this.#best(orders, work), sifted)
    if (best.order === space.order) return
    this.set = best.set
    await this.#moveTo(best.order)
  }

  /** The set in the one of some orders, and of its own, in which its diagram is smallest. */
  async #best(orders: readonly (readonly Digit[])[], work: number): Promise<Ordered> {
    const { diagrams, space } = this.#model
    const most = this.#most
    let best: Ordered = { order: space.order, set: this.set, size: diagrams.size(this.set) }
    const seen = new Set([space.order.join()])
    for (const order of orders) {
      if (seen.has(order.join())) continue
      seen.add(order.join())
      this.allow(Math.min(work, OPERATIONS_PER_NODE * (best.size + order.length)))
      try {
        const set = await this.do(() => space.inOrder(order, this.set), [best.set])
        const size = diagrams.size(set)
        if (size < best.size) best = { order, set, size }
      } catch (thrown) {
        if (!(thrown instanceof TooMuchWork)) throw thrown
        diagrams.recover()
      }
    }
    this.#most = most
    return best
  }

  /** The set in the order that sifting leads to, if that is worth it: the diagram neither small, nor large for `most`. */
  async #sift(given: Ordered, most: number): Promise<Ordered> {
    const { order, set, size } = given
    const places = order.length
    if (size < MIN_SIFTED || size * places > most) return given
    const { diagrams } = this.#model
    const held = (): Diagram[] => [set]
    const sifting = new Sifting(diagrams, set, places, Math.min(most, SIFTED_PER_NODE * size * places))
    const someSteps = (): boolean => {
      const enough = sifting.made + SIFTED_AT_ONCE
      for (let step = 0; step < STEPS_AT_ONCE && sifting.made < enough; step++) if (!sifting.step()) return false
      return true
    }
    while (await this.#runSliced(someSteps, held));
    diagrams.cache.charge(Math.ceil(sifting.made / SIFTED_PER_OPERATION))
    if (sifting.size > WORTH_MOVING * size) return given
    return {
      order: sifting.places.map((place) => order[place]!),
      set: await this.#runSliced(() => sifting.set(), held),
      size: sifting.size,
    }
  }

  async #moveTo(order: readonly Digit[]): Promise<void> {
    this.#model.vacate(order, [this.set])
    await this.#runSliced(
      () => this.#model.occupy(),
      () => [],
    )
  }

  move(): void {}

  roots(): Diagram[] {
    return [this.set]
  }

  /** Keeps the set no longer. */
  leave(): Diagram {
    this.#model.dismiss(this)
    return this.set
  }
}
