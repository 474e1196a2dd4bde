/** Reads places of one tracked state: the interface between views and the state. */
import type { Shape, Slot } from '../shape.ts'

export interface PlaceReader {
  /** The content of a slot. Records the read. */
  read(slot: Slot): number
  /** The content of a slot that was read; undefined if it was not read. */
  known(slot: Slot): number | undefined
  /**
   * The result of `body`; undefined if it throws, or if it needs a slot that was not read. So it never records a read.
   */
  withoutReading<T>(body: () => T): T | undefined
  /** What was read so far may be used later without another read. */
  leak(): void
  /** The value at a place. Always the same object, so that `s.owner === s.owner`. */
  value(shape: Shape): unknown
}
