/**
 * Computes the states reachable from a set, by saturation.
 *
 * All cubes with the same first place form one relation. Saturating a node first saturates the nodes below it, then
 * fires the relation of its place until nothing is new. Each node that firing makes below is saturated at once. So most
 * work happens near the bottom, on small diagrams that many tuples share. The breadth-first levels stay unknown.
 *
 * Source: G. Ciardo, G. Lüttgen, R. Siminiceanu, "Saturation: an efficient iteration strategy for symbolic state-space
 * generation" (TACAS 2001). Their relations are products of one matrix for each place. Ours are unions of cubes; see
 * `relations.ts`.
 */
import { type Diagram, type Diagrams } from './diagrams.ts'
import { Joint } from './joint.ts'
import { EMPTY, UNIT } from './node-table.ts'
import { NOT_CACHED } from './operation-cache.ts'

export class Saturation extends Joint {
  /** By place: the union of all ended cubes that mention this place first. */
  readonly #byTop: Diagram[]
  /**
   * By place: the operation number. It depends on the relations of this place and below alone, so cached results stay
   * valid when relations above change.
   */
  readonly #saturating: number[] = []
  readonly #firing: number[] = []
  /** By set and place: the intermediate result of an aborted saturation, and its number of steps. */
  readonly #begun = new Map<string, { readonly result: Diagram; readonly steps: number }>()
  /** The longest sequence of firings of one relation that each found something new. */
  longest = 0
  readonly #collections: number

  /**
   * @param places - the length of the tuples
   * @param relations - the steps to follow until nothing is new
   */
  constructor(diagrams: Diagrams, places: number, relations: readonly Diagram[]) {
    super(diagrams)
    this.#collections = diagrams.collections
    this.#byTop = Array.from({ length: places }, () => EMPTY as Diagram)
    for (const relation of relations) {
      if (relation <= UNIT) continue
      const top = this.top(relation)
      this.#byTop[top] = diagrams.union(this.#byTop[top]!, this.ended(relation))
    }
    for (let place = places - 1; place >= 0; place--) {
      const below = this.#saturating[place + 1] ?? 0
      this.#saturating[place] = diagrams.operationOf('saturating', this.#byTop[place]!, below)
      this.#firing[place] = diagrams.operationOf('firing', this.#byTop[place]!, below)
    }
  }

  /** Returns `given` to resume it, or a new object if diagrams were collected in between. */
  static renewed(
    given: Saturation | undefined,
    diagrams: Diagrams,
    places: number,
    relations: readonly Diagram[],
  ): Saturation {
    const isGood = given !== undefined && given.#collections === diagrams.collections
    return isGood ? given : new Saturation(diagrams, places, relations)
  }

  /** The states reachable from a set, including the set. If the call is aborted, the next call resumes. */
  reach(set: Diagram): Diagram {
    return this.#saturate(set, 0)
  }

  #saturate(set: Diagram, place: number): Diagram {
    if (set <= UNIT) return set
    const { cache } = this.diagrams
    const operation = this.#saturating[place]!
    const known = cache.get(set, 0, operation)
    if (known !== NOT_CACHED) return known
    const result = this.#byTop[place] === EMPTY ? this.#saturateBelow(set, place) : this.#exhaust(set, place)
    cache.set(result, 0, operation, result)
    return cache.set(set, 0, operation, result)
  }

  /** Fires the relation of a place until nothing is new. */
  #exhaust(set: Diagram, place: number): Diagram {
    const { diagrams } = this
    const begun = this.#begun.size === 0 ? undefined : this.#begun.get(`${set}:${place}`)
    let { result, steps } = begun ?? { result: EMPTY, steps: 0 }
    try {
      if (result === EMPTY) result = this.#saturateBelow(set, place)
      for (let before = EMPTY; before !== result;) {
        before = result
        // Firing saturates the nodes that it makes below, and a union of saturated sets is saturated.
        result = diagrams.union(result, this.step(result, this.#byTop[place]!, place))
        this.longest = Math.max(this.longest, ++steps)
      }
    } catch (thrown) {
      if (result !== EMPTY) this.#begun.set(`${set}:${place}`, { result, steps })
      throw thrown
    }
    return result
  }

  #saturateBelow(set: Diagram, place: number): Diagram {
    const { diagrams } = this
    const { base } = diagrams
    for (let node = set; node !== EMPTY; node = diagrams.right(node)) {
      diagrams.put(diagrams.value(node), this.#saturate(diagrams.down(node), place + 1))
    }
    return diagrams.build(base, EMPTY)
  }

  /** Saturates at once what firing makes below. */
  protected override rest(set: Diagram, relation: Diagram, place: number): Diagram {
    if (set === EMPTY || relation === EMPTY) return EMPTY
    if (relation === this.end) return set
    const { cache } = this.diagrams
    const operation = this.#firing[place]!
    const known = cache.get(set, relation, operation)
    if (known !== NOT_CACHED) return known
    return cache.set(set, relation, operation, this.#saturate(this.step(set, relation, place), place))
  }
}
