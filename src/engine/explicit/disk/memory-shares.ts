/** How the memory for states is divided if they may go to disk. */

/** Bytes of states that wait for the journals, at most. */
const MAX_WAITING = 2 ** 22

/** Bytes of the table of candidates, at most. Each level reads and clears the whole table. */
const MAX_CANDIDATES = 2 ** 28

export interface MemoryShares {
  /** The table of the seen set. */
  readonly seen: number
  readonly candidates: number
  /** States that wait for the journals. */
  readonly waiting: number
  /** A search in memory goes on on disk when the seen set and the levels are larger than this. */
  readonly inMemory: number
}

/** The shares of `bytes`. What is left is for the buffers of the levels. */
export function sharesOf(bytes: number): MemoryShares {
  const waiting = Math.min(bytes / 16, MAX_WAITING)
  const candidates = Math.min(bytes / 4, MAX_CANDIDATES)
  return { seen: 0.8 * bytes - candidates, candidates, waiting, inMemory: 0.9 * bytes - candidates }
}
