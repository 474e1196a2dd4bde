/** Reads places of one tracked state: all that a view needs to know of the state behind it. */
import type { Shape, Slot } from '../shape.ts'

export interface PlaceReader {
  /** The content of a slot; recorded. */
  read(slot: Slot): number
  /** The value at a place: the same object whenever asked, so that `s.owner === s.owner`. */
  value(shape: Shape): unknown
}
