/**
 * Waiting for those who are inside: readers of RCU or SRCU, CPUs with interrupts off, holders of references.
 *
 * There are two ways. Where nobody can get in any more (a flag is cleared, a reference killed), it is enough to wait until nobody is
 * inside, and nothing is kept in the state: `isDrained`. Where others come in all the time, one waits for those who were inside when
 * the wait began, and for none that came later: a grace period, which is the set of those that it still waits for. Every way out of the
 * section has to `leave` it; who comes in again before it is over is no longer waited for.
 */
import { Set } from 'immutable'

/** Whether nobody is inside. */
export const isDrained = <Reader>(readers: readonly Reader[], isInside: (reader: Reader) => boolean) =>
  !readers.some(isInside)

/** A grace period that begins now. Its domain is `setOf(Reader)`. */
export const beginGracePeriod = <Reader>(readers: readonly Reader[], isInside: (reader: Reader) => boolean) =>
  Set(readers.filter(isInside))

/** The grace period after somebody has come out, be he awaited or not. */
export const leave = <Reader>(awaited: Set<Reader>, reader: Reader) => awaited.delete(reader)

/** Whether all who were inside have come out since. */
export const isOver = (awaited: Set<unknown>) => awaited.isEmpty()
