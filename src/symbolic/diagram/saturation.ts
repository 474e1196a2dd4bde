/**
 * Everything that can be reached from a set, by saturation.
 *
 * The relations are sorted by the first place that they speak of. A node is saturated by those whose first place is
 * its own or a later one: first what is below it, then the node itself, by firing the relations of its place until
 * nothing is new. Whatever firing makes below is saturated at once. So most of the work is done near the bottom, on
 * small diagrams that many tuples share, and what the breadth-first levels are does not come to light.
 *
 * Source: G. Ciardo, G. Lüttgen, R. Siminiceanu, "Saturation: an efficient iteration strategy for symbolic
 * state-space generation" (TACAS 2001). There relations are products of one matrix for each place; here they are
 * unions of cubes, read and written as `relations.ts` does.
 */
import { SATURATE, type Diagram, type Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'
import { NONE } from './operation-cache.ts'
import { Relations } from './relations.ts'

/**
 * Numbers of the operations of a saturation: a pair below this for each, so that none takes the results of another
 * for its own.
 */
let operations = SATURATE

export class Saturation extends Relations {
  /** By place: the relations that speak of it first. */
  readonly #byTop: (readonly Diagram[])[]
  readonly #saturating: number
  readonly #firing: number

  /**
   * @param places - the length of the tuples
   * @param relations - that are followed as often as it takes
   */
  constructor(diagrams: Diagrams, places: number, relations: readonly Diagram[]) {
    super(diagrams)
    this.#byTop = Array.from({ length: places }, (_, place) => relations.filter((it) => this.top(it) === place))
    this.#saturating = --operations
    this.#firing = --operations
  }

  /** All that can be reached from a set, itself included. */
  reach(set: Diagram): Diagram {
    return this.#saturate(set, 0)
  }

  #saturate(set: Diagram, place: number): Diagram {
    if (set <= UNIT) return set
    const { diagrams } = this
    const known = diagrams.cache.get(set, 0, this.#saturating)
    if (known !== NONE) return known
    const relations = this.#byTop[place]!
    let result = this.#saturateBelow(set, place)
    for (let before = EMPTY; before !== result;) {
      before = result
      for (const relation of relations) {
        // What firing makes below is saturated, and unions of saturated sets are.
        result = diagrams.union(result, this.step(result, relation, place))
      }
    }
    diagrams.cache.set(result, 0, this.#saturating, result)
    return diagrams.cache.set(set, 0, this.#saturating, result)
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
    if (relation === UNIT) return set
    const { cache } = this.diagrams
    const known = cache.get(set, relation, this.#firing)
    if (known !== NONE) return known
    return cache.set(set, relation, this.#firing, this.#saturate(this.step(set, relation, place), place))
  }
}
