/**
 * Relations between sets: unions of cubes.
 *
 * A cube says what some places of a tuple must hold, and what some places hold afterwards. Every other place may hold
 * anything and keeps it. A cube is itself a tuple, so a relation is a diagram too. A cube has two entries for each
 * place that it mentions, places ascending:
 *
 *     place · 2¹⁸ + read + 1     what the place must hold; + 0 if it may hold anything
 *     write + 1                  what it holds afterwards; 0 if it keeps what it holds
 *
 * A cube skips all other places, so cubes of a relation may differ in length. The caller must ensure that no cube is a
 * prefix of another. Paths of one decision tree guarantee this: where two of them part, both read the same place and
 * find different contents.
 *
 * A cube that writes nothing relates each matching tuple to itself. So its image of a set is the subset that matches
 * the cube.
 */
import { assert } from '../../../errors.ts'
import { COVER, IMAGE, type Diagram, type Diagrams } from './diagrams.ts'
import { Layers } from './layers.ts'
import { EMPTY, UNIT } from './node-table.ts'
import { NOT_CACHED } from './operation-cache.ts'

/** Labels have room for this many contents and places. */
const SHIFT = 18
const READ_MASK = 2 ** SHIFT - 1
export const MAX_CONTENTS: number = 2 ** SHIFT - 1
/** `Saturation` needs the last place that labels have room for. */
export const MAX_PLACES: number = 2 ** (31 - SHIFT) - 1

/** How many sibling lists at a place, from the first on, a relation is known to cover. */
export interface Covered {
  place: number
  lists: number
}

export function nothingCovered(): Covered {
  return { place: 0, lists: 0 }
}

export type Contents = ReadonlyMap<number, number>

export class Relations {
  protected readonly diagrams: Diagrams
  /** Belongs to the set that `witness` used last. */
  #layers: { readonly set: Diagram; readonly collections: number; readonly layers: Layers } | undefined

  constructor(diagrams: Diagrams) {
    this.diagrams = diagrams
  }

  /**
   * The relation of one cube.
   *
   * @param places - if given, translates the keys of `reads` and `writes` to places
   */
  cube(reads: Contents, writes: Contents, places?: Int32Array): Diagram {
    const placeOf = (key: number): number => (places === undefined ? key : places[key]!)
    const labels: number[] = []
    const written: number[] = []
    for (const [key, content] of reads) labels.push(placeOf(key) * (READ_MASK + 1) + content + 1)
    for (const [key, content] of writes) {
      const place = placeOf(key)
      written[place] = content + 1
      if (!reads.has(key)) labels.push(place * (READ_MASK + 1))
    }
    labels.sort((a, b) => b - a)
    assert((labels[0] ?? 0) >>> SHIFT < MAX_PLACES, 'a cube speaks of a place that labels have no room for')
    const { table } = this.diagrams
    return labels.reduce(
      (rest, label) => table.make(label, table.make(written[label >>> SHIFT] ?? 0, rest, EMPTY), EMPTY),
      UNIT,
    )
  }

  /** The first place that a relation mentions; `Infinity` if it mentions none. */
  top(relation: Diagram): number {
    return relation <= UNIT ? Infinity : this.diagrams.value(relation) >>> SHIFT
  }

  /** The successors of the tuples of a set. These tuples begin at `place`. */
  image(set: Diagram, relation: Diagram, place: number = 0): Diagram {
    if (set === EMPTY || relation === EMPTY) return EMPTY
    if (relation === UNIT) return set
    const { cache } = this.diagrams
    const known = cache.get(set, relation, IMAGE)
    return known !== NOT_CACHED ? known : cache.set(set, relation, IMAGE, this.step(set, relation, place))
  }

  /** Computes `image` for one place without a cache lookup. `rest` computes it for the following places. */
  protected step(set: Diagram, relation: Diagram, place: number): Diagram {
    const { diagrams } = this
    let result = EMPTY
    let entry = relation
    for (; entry !== EMPTY && this.top(entry) === place; entry = diagrams.right(entry)) {
      const read = (diagrams.value(entry) & READ_MASK) - 1
      for (let writing = diagrams.down(entry); writing !== EMPTY; writing = diagrams.right(writing)) {
        result = diagrams.union(result, this.#through(set, read, writing, place))
      }
    }
    return entry === EMPTY ? result : diagrams.union(result, this.#past(set, entry, place))
  }

  protected rest(set: Diagram, relation: Diagram, place: number): Diagram {
    return this.image(set, relation, place)
  }

  /** Whether each tuple of a set matches a cube of a relation. */
  covers(relation: Diagram, set: Diagram, place: number = 0): boolean {
    if (set === EMPTY || relation === UNIT) return true
    if (relation === EMPTY) return false
    const { diagrams } = this
    const known = diagrams.cache.get(set, relation, COVER)
    if (known !== NOT_CACHED) return known === 1
    let isCovered = true
    for (let node = set; node !== EMPTY && isCovered; node = diagrams.right(node)) {
      isCovered = this.covers(this.#after(relation, place, diagrams.value(node)), diagrams.down(node), place + 1)
    }
    diagrams.cache.set(set, relation, COVER, isCovered ? 1 : 0)
    return isCovered
  }

  /**
   * A tuple of a set that matches no cube of a relation; undefined if each tuple matches one.
   *
   * @param covered - from earlier calls with the same set, and with an earlier, smaller version of this relation
   */
  witness(relation: Diagram, set: Diagram, covered: Covered = nothingCovered()): number[] | undefined {
    // Places above the first one that the relation mentions do not matter. All calls share one walk through them.
    const start = this.top(relation)
    if (start === 0 || start === Infinity) {
      return this.covers(relation, set) ? undefined : this.#witnessBelow(relation, set, 0)
    }
    const layers = this.#layersOf(set)
    const lists = layers.at(start)
    if (covered.place !== start) Object.assign(covered, { place: start, lists: 0 })
    while (covered.lists < lists.length && this.covers(relation, lists[covered.lists]!, start)) covered.lists++
    const node = lists[covered.lists]
    return node === undefined ? undefined : [...layers.above(node), ...this.#witnessBelow(relation, node, start)]
  }

  #witnessBelow(relation: Diagram, set: Diagram, start: number): number[] {
    const { diagrams } = this
    const values: number[] = []
    let left = set
    for (let asked = relation; left !== UNIT;) {
      const place = start + values.length
      let node = left
      let next = this.#after(asked, place, diagrams.value(node))
      while (this.covers(next, diagrams.down(node), place + 1)) {
        node = diagrams.right(node)
        next = this.#after(asked, place, diagrams.value(node))
      }
      values.push(diagrams.value(node))
      asked = next
      left = diagrams.down(node)
    }
    return values
  }

  #layersOf(set: Diagram): Layers {
    const { collections } = this.diagrams
    if (this.#layers?.set !== set || this.#layers.collections !== collections) {
      this.#layers = { set, collections, layers: new Layers(this.diagrams, set) }
    }
    return this.#layers.layers
  }

  /** The remaining cubes of a relation that writes nothing, after a tuple has `value` at `place`. */
  #after(relation: Diagram, place: number, value: number): Diagram {
    const { diagrams } = this
    let rest = EMPTY
    let entry = relation
    for (; entry !== EMPTY && this.top(entry) === place; entry = diagrams.right(entry)) {
      const read = (diagrams.value(entry) & READ_MASK) - 1
      if (read >= 0 && read !== value) continue
      const next = diagrams.down(diagrams.down(entry))
      if (next === UNIT) return UNIT
      rest = diagrams.union(rest, next)
    }
    return diagrams.union(rest, entry)
  }

  /** The tuples of `within` that have a successor in `goal`. */
  preimage(within: Diagram, goal: Diagram, relation: Diagram, place: number = 0): Diagram {
    if (within === EMPTY || goal === EMPTY || relation === EMPTY) return EMPTY
    const { diagrams } = this
    if (relation === UNIT) return diagrams.intersect(within, goal)
    const known = diagrams.cache.get(within, goal, relation)
    if (known !== NOT_CACHED) return known
    let result = EMPTY
    let entry = relation
    for (; entry !== EMPTY && this.top(entry) === place; entry = diagrams.right(entry)) {
      const read = (diagrams.value(entry) & READ_MASK) - 1
      for (let writing = diagrams.down(entry); writing !== EMPTY; writing = diagrams.right(writing)) {
        result = diagrams.union(result, this.#back(within, goal, read, writing, place))
      }
    }
    if (entry !== EMPTY) {
      result = diagrams.union(
        result,
        this.#backPast(within, goal, (from, to) => this.preimage(from, to, entry, place + 1)),
      )
    }
    return diagrams.cache.set(within, goal, relation, result)
  }

  #through(set: Diagram, read: number, writing: Diagram, place: number): Diagram {
    const { diagrams } = this
    const write = diagrams.value(writing) - 1
    const rest = diagrams.down(writing)
    if (read >= 0) {
      const next = this.rest(diagrams.follow(set, read), rest, place + 1)
      return diagrams.table.make(write < 0 ? read : write, next, EMPTY)
    }
    if (write < 0) return this.#past(set, rest, place)
    let next = EMPTY
    for (let node = set; node !== EMPTY; node = diagrams.right(node)) {
      next = diagrams.union(next, this.rest(diagrams.down(node), rest, place + 1))
    }
    return diagrams.table.make(write, next, EMPTY)
  }

  /** The image by a relation that does not mention the first place. */
  #past(set: Diagram, relation: Diagram, place: number): Diagram {
    const { diagrams } = this
    const { base } = diagrams
    for (let node = set; node !== EMPTY; node = diagrams.right(node)) {
      diagrams.put(diagrams.value(node), this.rest(diagrams.down(node), relation, place + 1))
    }
    return diagrams.build(base, EMPTY)
  }

  #back(within: Diagram, goal: Diagram, read: number, writing: Diagram, place: number): Diagram {
    const { diagrams } = this
    const write = diagrams.value(writing) - 1
    const rest = diagrams.down(writing)
    if (read >= 0) {
      const to = diagrams.follow(goal, write < 0 ? read : write)
      return diagrams.table.make(read, this.preimage(diagrams.follow(within, read), to, rest, place + 1), EMPTY)
    }
    if (write < 0) {
      return this.#backPast(within, goal, (from, to) => this.preimage(from, to, rest, place + 1))
    }
    const to = diagrams.follow(goal, write)
    const { base } = diagrams
    for (let node = within; node !== EMPTY; node = diagrams.right(node)) {
      diagrams.put(diagrams.value(node), this.preimage(diagrams.down(node), to, rest, place + 1))
    }
    return diagrams.build(base, EMPTY)
  }

  /** The preimage by a relation that keeps the content of the first place. */
  #backPast(within: Diagram, goal: Diagram, back: (from: Diagram, to: Diagram) => Diagram): Diagram {
    const { diagrams } = this
    const { base } = diagrams
    let from = within
    let to = goal
    while (from !== EMPTY && to !== EMPTY) {
      const difference = diagrams.value(from) - diagrams.value(to)
      if (difference === 0) diagrams.put(diagrams.value(from), back(diagrams.down(from), diagrams.down(to)))
      if (difference <= 0) from = diagrams.right(from)
      if (difference >= 0) to = diagrams.right(to)
    }
    return diagrams.build(base, EMPTY)
  }
}
