/** Picks values and tuples from a set. */
import type { Diagram, Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'
import type { Relations } from './relations.ts'

/** The first tuple of a set in the order of its values. The set must not be empty. */
export function firstOf(diagrams: Diagrams, set: Diagram): number[] {
  const values: number[] = []
  for (let node = set; node !== UNIT; node = diagrams.down(node)) values.push(diagrams.value(node))
  return values
}

/** The values that tuples of a set have at a place. */
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

/** The combinations of values that tuples of a set have at some places, each once. */
export function tuplesAt(diagrams: Diagrams, set: Diagram, places: readonly number[]): (readonly number[])[] {
  /** The lists that the same values lead to. `values` covers the places visited so far. */
  interface Part {
    readonly values: readonly number[]
    readonly lists: ReadonlySet<Diagram>
  }
  let parts: Part[] = [{ values: [], lists: new Set([set]) }]
  const last = Math.max(...places)
  for (let place = 0; place <= last; place++) {
    const index = places.indexOf(place)
    parts = parts.flatMap(({ values, lists }) => {
      const below = new Map<number, Set<Diagram>>()
      for (const list of lists) {
        for (let node = list; node !== EMPTY; node = diagrams.right(node)) {
          // At other places the value does not matter, so all of them share one key.
          const key = index < 0 ? 0 : diagrams.value(node)
          const met = below.get(key)
          if (met === undefined) below.set(key, new Set([diagrams.down(node)]))
          else met.add(diagrams.down(node))
        }
      }
      return Array.from(below, ([value, down]): Part => {
        const more = [...values]
        if (index >= 0) more[index] = value
        return { values: more, lists: down }
      })
    })
  }
  return parts.map(({ values }) => values)
}

/**
 * The least tuple of a set, compared group by group.
 *
 * @param groups - all places, the most significant group first; the places of a group are compared as one content
 * @param compare - compares two contents of the group with this index
 */
export function leastOf(
  diagrams: Diagrams,
  relations: Relations,
  set: Diagram,
  groups: readonly (readonly number[])[],
  compare: (group: number, one: readonly number[], other: readonly number[]) => number,
): number[] {
  let left = set
  groups.forEach((places, group) => {
    const contents =
      places.length === 1
        ? Array.from(valuesAt(diagrams, left, places[0]!), (value) => [value])
        : tuplesAt(diagrams, left, places)
    if (contents.length === 1) return
    const least = contents.reduce((best, content) => (compare(group, content, best) < 0 ? content : best))
    left = relations.image(
      left,
      relations.cube(new Map(places.map((place, index) => [place, least[index]!])), new Map()),
    )
  })
  return firstOf(diagrams, left)
}
