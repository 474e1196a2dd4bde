/** The sibling lists of a diagram, place by place, each with one path from the top. */
import type { Diagram, Diagrams } from './diagrams.ts'
import { EMPTY, UNIT } from './node-table.ts'

export class Layers {
  readonly #diagrams: Diagrams
  /** By place: the sibling lists there. */
  readonly #lists: Diagram[][]
  /** By list: a sibling that leads to it, and the list that contains this sibling. */
  readonly #parents = new Map<Diagram, { readonly value: number; readonly list: Diagram }>()

  constructor(diagrams: Diagrams, set: Diagram) {
    this.#diagrams = diagrams
    this.#lists = [[set]]
    for (let lists = this.#lists[0]!; lists.length > 0 && lists[0]! > UNIT;) lists = this.#below(lists)
  }

  at(place: number): readonly Diagram[] {
    return this.#lists[place] ?? []
  }

  /** The values on the path to a list, from the first place on. */
  above(list: Diagram): number[] {
    const values: number[] = []
    for (let parent = this.#parents.get(list); parent !== undefined; parent = this.#parents.get(parent.list)) {
      values.unshift(parent.value)
    }
    return values
  }

  #below(lists: readonly Diagram[]): Diagram[] {
    const below: Diagram[] = []
    for (const list of lists) {
      for (let node = list; node !== EMPTY; node = this.#diagrams.right(node)) {
        const down = this.#diagrams.down(node)
        if (down <= UNIT || this.#parents.has(down)) continue
        this.#parents.set(down, { value: this.#diagrams.value(node), list })
        below.push(down)
      }
    }
    this.#lists.push(below)
    return below
  }
}
