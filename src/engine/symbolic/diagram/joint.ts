/**
 * One relation for several actions.
 *
 * The cubes of one action are paths of one tree, so no cube is a prefix of another. A cube of one action may be a
 * prefix of another action's cube. So each cube gets an extra entry that marks its end.
 */
import { ENDED, type Diagram, type Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'
import { NOT_CACHED } from './operation-cache.ts'
import { Relations } from './relations.ts'

/** The entry after the last one of a cube. It is greater than any other entry. */
const END = 2 ** 31 - 1

export class Joint extends Relations {
  /** The relation of a cube without further entries. */
  protected readonly end: Diagram

  constructor(diagrams: Diagrams) {
    super(diagrams)
    this.end = diagrams.table.make(END, UNIT, EMPTY)
  }

  /** The union of some relations. Only this object can read the result. */
  joined(relations: Iterable<Diagram>): Diagram {
    let all = EMPTY
    for (const relation of relations) if (relation > UNIT) all = this.diagrams.union(all, this.ended(relation))
    return all
  }

  override image(set: Diagram, relation: Diagram, place: number = 0): Diagram {
    return relation === this.end ? set : super.image(set, relation, place)
  }

  override preimage(within: Diagram, goal: Diagram, relation: Diagram, place: number = 0): Diagram {
    if (relation === this.end) return this.diagrams.intersect(within, goal)
    return super.preimage(within, goal, relation, place)
  }

  /** The relation with an end mark after each cube. */
  protected ended(relation: Diagram): Diagram {
    if (relation === UNIT) return this.end
    const { diagrams } = this
    const known = diagrams.cache.get(relation, 0, ENDED)
    if (known !== NOT_CACHED) return known
    const { base } = diagrams
    for (let entry = relation; entry !== EMPTY; entry = diagrams.right(entry)) {
      diagrams.put(diagrams.value(entry), this.ended(diagrams.down(entry)))
    }
    return diagrams.cache.set(relation, 0, ENDED, diagrams.build(base, EMPTY))
  }
}
