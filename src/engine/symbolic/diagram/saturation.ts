/**
 * Everything that can be reached from a set, by saturation.
 *
 * Relations that speak of the same place first are made one. A node is saturated by those whose first place is
 * its own or a later one: first what is below it, then the node itself, by firing the relation of its place until
 * nothing is new. Whatever firing makes below is saturated at once. So most of the work is done near the bottom, on
 * small diagrams that many tuples share, and what the breadth-first levels are does not come to light.
 *
 * Source: G. Ciardo, G. Lüttgen, R. Siminiceanu, "Saturation: an efficient iteration strategy for symbolic
 * state-space generation" (TACAS 2001). There relations are products of one matrix for each place; here they are
 * unions of cubes, read and written as `relations.ts` does.
 */
import { type Diagram, type Diagrams } from './diagrams.ts'
import { Joint } from './joint.ts'
import { EMPTY, UNIT } from './node-table.ts'
import { NOT_CACHED } from './operation-cache.ts'

export class Saturation extends Joint {
  /** By place: what the cubes of all relations do that speak of it first, as one relation of ended cubes. */
  readonly #byTop: Diagram[]
  /**
   * By place: the number of the operation. It depends on the relations of this place and below alone, so cached results
   * stay valid when relations above change.
   */
  readonly #saturating: number[] = []
  readonly #firing: number[] = []
  /** By set and place: how far saturation had come when it was broken off, and after how many steps. */
  readonly #begun = new Map<string, { readonly result: Diagram; readonly steps: number }>()
  /** The most times in a row that firing one relation found something new. */
  longest = 0
  readonly #collections: number

  /**
   * @param places - the length of the tuples
   * @param relations - that are followed as often as it takes
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

  /** The given one, to go on with, or a new one if diagrams were collected since it was made. */
  static renewed(
    given: Saturation | undefined,
    diagrams: Diagrams,
    places: number,
    relations: readonly Diagram[],
  ): Saturation {
    const isGood = given !== undefined && given.#collections === diagrams.collections
    return isGood ? given : new Saturation(diagrams, places, relations)
  }

  /** All that can be reached from a set, itself included. If it is broken off, the next call goes on from there. */
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
        // What firing makes below is saturated, and unions of saturated sets are.
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

  /** What firing makes below is saturated at once. */
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
