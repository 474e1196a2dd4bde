/**
 * Makes a set of packed states: it groups them by the content of one slot after another, and builds the diagram from
 * its end. This reads each slot of each state about once. Uniting the states one by one would read the growing set for
 * each state.
 */
import type { Layout } from '../../state/layout.ts'
import type { Slot } from '../../state/shape.ts'
import type { Diagram, Diagrams } from './diagram/diagrams.ts'
import { EMPTY, UNIT } from './diagram/node-table.ts'

/** States between two checks of the clock. */
const STRIDE = 4096

/** Greater than the index of any state. */
const BEYOND = 2 ** 32

/**
 * The set of the states in `words`, which may repeat, under an order of all slots. It can be aborted like other
 * operations.
 */
export function initialSet(
  diagrams: Diagrams,
  order: readonly Slot[],
  layout: Pick<Layout, 'word' | 'shift' | 'mask' | 'width'>,
  words: Int32Array,
): Diagram {
  const { word, shift, mask, width } = layout
  const count = words.length / width
  const states = new Uint32Array(count).map((_, index) => index)
  const keys = new Float64Array(count)
  let leaves = 0

  const contentOf = (state: number, slot: Slot): number =>
    (words[state * width + word[slot]!]! >>> shift[slot]!) & mask[slot]!

  const tuple = (state: number, place: number): Diagram =>
    place === order.length ? UNIT : diagrams.table.make(contentOf(state, order[place]!), tuple(state, place + 1), EMPTY)

  const sort = (from: number, to: number, slot: Slot): void => {
    let at = from + 1
    while (at < to && contentOf(states[at - 1]!, slot) <= contentOf(states[at]!, slot)) at++
    if (at === to) return
    const part = keys.subarray(from, to)
    for (let index = from; index < to; index++) {
      keys[index] = contentOf(states[index]!, slot) * BEYOND + states[index]!
    }
    part.sort()
    for (let index = from; index < to; index++) states[index] = keys[index]! % BEYOND
  }

  /** The set of `states[from..to)` from a place on. These states agree in all earlier slots. */
  const setOf = (from: number, to: number, place: number): Diagram => {
    if (to - from === 1 || place === order.length) {
      if (++leaves % STRIDE === 0) diagrams.cache.onWork()
      return tuple(states[from]!, place)
    }
    const slot = order[place]!
    sort(from, to, slot)
    const { base } = diagrams
    for (let begin = from, end; begin < to; begin = end) {
      const content = contentOf(states[begin]!, slot)
      for (end = begin + 1; end < to && contentOf(states[end]!, slot) === content;) end++
      diagrams.put(content, setOf(begin, end, place + 1))
    }
    return diagrams.build(base, EMPTY)
  }
  return count === 0 ? EMPTY : setOf(0, count, 0)
}
