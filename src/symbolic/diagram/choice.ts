/** The choice of one tuple of a set. */
import type { Diagram, Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'
import type { Relations } from './relations.ts'

/** The first tuple of a set in the order of its values; the set must have one. */
export function firstOf(diagrams: Diagrams, set: Diagram): number[] {
  const values: number[] = []
  for (let node = set; node !== UNIT; node = diagrams.down(node)) values.push(diagrams.value(node))
  return values
}

/** The values that the tuples of a set have at a place. */
export function valuesAt(diagrams: Diagrams, set: Diagram, place: number): Set<number> {
  const values = new Set<number>()
  const seen = new Set<Diagram>()
  const visit = (list: Diagram, at: number): void => {
    if (seen.has(list)) return
    seen.add(list)
    for (let node = list; node !== EMPTY; node = diagrams.right(node)) {
      if (at === place) values.add(diagrams.value(node))
      else visit(diagrams.down(node), at + 1)
    }
  }
  visit(set, 0)
  return values
}

/**
 * The least tuple of a set, as digits of which those of some places weigh more than those of others.
 *
 * @param places - all there are, those that weigh most first
 * @param compare - two values of a place
 */
export function leastOf(
  diagrams: Diagrams,
  relations: Relations,
  set: Diagram,
  places: readonly number[],
  compare: (place: number, one: number, other: number) => number,
): number[] {
  let left = set
  for (const place of places) {
    const values = [...valuesAt(diagrams, left, place)]
    if (values.length === 1) continue
    const least = values.reduce((best, value) => (compare(place, value, best) < 0 ? value : best))
    left = relations.image(left, relations.cube(new Map([[place, least]]), new Map()))
  }
  return firstOf(diagrams, left)
}
