/**
 * Waiting for others to leave a section: readers of RCU or SRCU, CPUs with interrupts off, holders of references.
 *
 * There are two ways. If nobody can enter any more (a flag is cleared, a reference killed), it is enough to wait until
 * nobody is inside, and the state stores nothing: `isDrained`. If others keep entering, one waits for those who were
 * inside at the beginning of the wait, and for no later ones: a grace period, which is the set of those still awaited.
 * Each exit of the section must call `leave`. A reader who enters again before the grace period is over is no longer
 * awaited.
 */
import { Set } from 'immutable'

/** Whether nobody is inside. */
export const isDrained = <Reader>(readers: readonly Reader[], isInside: (reader: Reader) => boolean) =>
  !readers.some(isInside)

/** A grace period that begins now. Its domain is `setOf(Reader)`. */
export const beginGracePeriod = <Reader>(readers: readonly Reader[], isInside: (reader: Reader) => boolean) =>
  Set(readers.filter(isInside))

/** The grace period after a reader has left, awaited or not. */
export const leave = <Reader>(awaited: Set<Reader>, reader: Reader) => awaited.delete(reader)

/** Whether all readers who were inside at the beginning have left since. */
export const isOver = (awaited: Set<unknown>) => awaited.isEmpty()
