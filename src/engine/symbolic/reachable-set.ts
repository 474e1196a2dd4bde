/**
 * The states found so far: a growing set that moves from one order of variables to the next.
 *
 * Each of its states is reachable, even if the search that found it was aborted. So aborted work is not lost. It also
 * shows how large the diagram is under an order, so nobody has to guess.
 */
import { EMPTY } from './diagram/node-table.ts'
import type { Diagram } from './diagram/diagrams.ts'
import { Sifting } from './diagram/sifting.ts'
import type { Digit } from './digits.ts'
import type { SymbolicModel, RootHolder } from './symbolic-model.ts'

/**
 * Runs a piece of work. The work may be aborted and rerun from its beginning.
 *
 * @param held - diagrams that the work and the caller need besides those of the model's holders. If given, the runner
 *   may collect all other diagrams when the table is full, and rerun the work.
 */
export type RunSliced = <T>(work: () => T, held?: () => Iterable<Diagram>) => Promise<T>

/** Thrown when work exceeds its limit. */
export class TooMuchWork extends Error {}

/**
 * Maximal number of operations to reorder a set, for each node and place. Reordering takes four to twelve if the
 * diagram keeps its size, and many more if it grows.
 */
const OPERATIONS_PER_NODE = 16

/** Nodes that sifting may make for each node and place of the diagram. Unlimited sifting makes two to four. */
const SIFTED_PER_NODE = 4

/** Nodes that sifting may make, and exchanges of neighbors, in one slice. */
const SIFTED_AT_ONCE = 2 ** 16
const STEPS_AT_ONCE = 2 ** 8

/** Sifting smaller diagrams does not pay. */
const MIN_SIFTED = 256

/** Moving to another order pays if the diagram shrinks to this share of its size. */
const WORTH_MOVING = 0.8

/** Sifting makes this many nodes in the time of one operation. */
const SIFTED_PER_OPERATION = 2

/** A set under some order. */
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
  /** Abort work when the cache has stored this many results. */
  #most = Infinity

  constructor(model: SymbolicModel, runSliced: RunSliced) {
    this.#model = model
    this.#runSliced = runSliced
    model.admit(this)
  }

  /** Limits all work from now on to so many operations. */
  allow(work: number): void {
    this.#most = this.#model.diagrams.cache.stored + work
  }

  /** Runs a piece of work. `held` are diagrams that it needs besides the set. @throws {TooMuchWork} */
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

  /** Moves to an order, and restarts from the initial states. */
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
   * Moves to the candidate order with the smallest diagram, improved by sifting. It stays if no order beats the current
   * one.
   *
   * @param sifted - maximal number of nodes that sifting makes
   * @param work - maximal number of operations for each order
   */
  async choose(orders: readonly (readonly Digit[])[], sifted: number = 0, work: number = Infinity): Promise<void> {
    const { space } = this.#model
    const best = await this.#sift(await this.#best(orders, work), sifted)
    if (best.order === space.order) return
    this.set = best.set
    await this.#moveTo(best.order)
  }

  /** The set under the candidate order with the smallest diagram. The current order is a candidate too. */
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

  /**
   * The set under the order that sifting finds. Sifting is skipped if the diagram is small, or too large for `most`.
   */
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

  /** Releases the set and returns it. */
  leave(): Diagram {
    this.#model.dismiss(this)
    return this.set
  }
}
