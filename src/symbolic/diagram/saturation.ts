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
import { EMPTY, UNIT } from './node-table.ts'
import { NONE } from './operation-cache.ts'
import { Relations } from './relations.ts'

/**
 * An entry after the last of a cube, greater than any other. Cubes of one action are paths of one tree, and none is the
 * beginning of another; of several actions together that is so only if each has an end.
 */
const END = 2 ** 31 - 1

export class Saturation extends Relations {
  /** By place: what the cubes of all relations do that speak of it first, as one relation of ended cubes. */
  readonly #byTop: readonly Diagram[]
  /** What is left of a cube that speaks of no further place. */
  readonly #end: Diagram
  readonly #saturating: number
  readonly #firing: number

  /**
   * @param places - the length of the tuples
   * @param relations - that are followed as often as it takes
   */
  constructor(diagrams: Diagrams, places: number, relations: readonly Diagram[]) {
    super(diagrams)
    this.#end = diagrams.table.make(END, UNIT, EMPTY)
    const ended = new Map<Diagram, Diagram>()
    const byTop = Array.from({ length: places }, () => EMPTY as Diagram)
    for (const relation of relations) {
      if (relation <= UNIT) continue
      const top = this.top(relation)
      byTop[top] = diagrams.union(byTop[top]!, this.#ended(relation, ended))
    }
    this.#byTop = byTop
    this.#saturating = diagrams.newOperation()
    this.#firing = diagrams.newOperation()
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
    const relation = this.#byTop[place]!
    let result = this.#saturateBelow(set, place)
    for (let before = relation === EMPTY ? result : EMPTY; before !== result;) {
      before = result
      // What firing makes below is saturated, and unions of saturated sets are.
      result = diagrams.union(result, this.step(result, relation, place))
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
    if (relation === this.#end) return set
    const { cache } = this.diagrams
    const known = cache.get(set, relation, this.#firing)
    if (known !== NONE) return known
    return cache.set(set, relation, this.#firing, this.#saturate(this.step(set, relation, place), place))
  }

  /** A relation with an entry more at the end of each cube; `known` are those that have been made. */
  #ended(relation: Diagram, known: Map<Diagram, Diagram>): Diagram {
    if (relation === UNIT) return this.#end
    const made = known.get(relation)
    if (made !== undefined) return made
    const { diagrams } = this
    const { base } = diagrams
    for (let entry = relation; entry !== EMPTY; entry = diagrams.right(entry)) {
      diagrams.put(diagrams.value(entry), this.#ended(diagrams.down(entry), known))
    }
    const ended = diagrams.build(base, EMPTY)
    known.set(relation, ended)
    return ended
  }
}
