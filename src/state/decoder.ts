/**
 * Decodes states, and reuses values of variables that it decoded shortly before. Consecutive states have many variables
 * in common while Kripke learns.
 */
import type { Map } from 'immutable'
import type { State } from '../spec/model.ts'
import { decodeShape } from './codec.ts'
import type { Layout } from './layout.ts'
import type { MapShape } from './shape.ts'

/** Values cached for each variable. */
const KEPT = 4

interface Kept {
  readonly slots: Int32Array
  readonly value: unknown
}

export class Decoder {
  readonly #layout: Layout
  /** By variable: the recent values, and the index of the next one to replace. */
  readonly #kept: (Kept | undefined)[][]
  readonly #next: number[]

  constructor(layout: Layout) {
    this.#layout = layout
    this.#kept = layout.shape.children.map(() => [])
    this.#next = layout.shape.children.map(() => 0)
  }

  decode(slots: Int32Array): State {
    const { factory, names } = this.#layout.shape
    const values = names.map((name, variable) => [name, this.#variable(variable, slots)] as const)
    return factory.record(Object.fromEntries(values)) as unknown as State
  }

  #variable(variable: number, slots: Int32Array): unknown {
    const shape = this.#layout.shape.children[variable]!
    const { first, end } = shape
    if (end - first === 1) return decodeShape(shape, slots)
    const kept = this.#kept[variable]!
    let nearest: Kept | undefined
    let least = shape.kind === 'map' ? shape.children.length / 4 : 1
    for (const one of kept) {
      const differing = differences(one!.slots, slots, first, least)
      if (differing === 0) return one!.value
      if (differing < least) {
        least = differing
        nearest = one
      }
    }
    const value =
      nearest === undefined || shape.kind !== 'map' ? decodeShape(shape, slots) : changed(shape, nearest, slots)
    kept[this.#next[variable]!] = { slots: slots.slice(first, end), value }
    this.#next[variable] = (this.#next[variable]! + 1) % KEPT
    return value
  }
}

/** The number of slots from `first` on with different contents. Stops counting at `most`. */
function differences(kept: Int32Array, slots: Int32Array, first: number, most: number): number {
  let count = 0
  for (let index = 0; index < kept.length && count < most; index++) if (kept[index] !== slots[first + index]) count++
  return count
}

/**
 * A map with other values for some of its keys. It iterates like a new map, because the keys and their positions stay.
 */
function changed(shape: MapShape, { slots: kept, value }: Kept, slots: Int32Array): unknown {
  return (value as Map<unknown, unknown>).withMutations((map) => {
    shape.children.forEach((child, index) => {
      for (let slot = child.first; slot < child.end; slot++) {
        if (kept[slot - shape.first] === slots[slot]) continue
        map.set(shape.keys[index], decodeShape(child, slots))
        return
      }
    })
  })
}
