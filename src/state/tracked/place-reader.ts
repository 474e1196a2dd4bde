/** Reads places of one tracked state: the interface between views and the state. */
import type { Shape, Slot } from '../shape.ts'

export interface PlaceReader {
  /** The content of a slot. Records the read. */
  read(slot: Slot): number
  /** The value at a place. Always the same object, so that `s.owner === s.owner`. */
  value(shape: Shape): unknown
}
