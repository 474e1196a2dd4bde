/** Identifies each state of a seen set by its place in the table. Places are neither dense nor meaningful otherwise. */
export interface StateIndex {
  /** All places are below this. */
  readonly places: number
  /**
   * The tables that contain the states, in the form of `StateSet`. A state is in the table of its owner (`ownerOf`).
   * The places of a table begin at a multiple of `places / partitions.length`.
   */
  readonly partitions: readonly Partition[]
  /** The place of the state at `words[offset..]` with hash `hashed`; -1 if it is not in the set. */
  placeOf(words: Int32Array, offset: number, hashed: number): number
  /** Copies the state at a place to `into[at..]`. */
  readPlace(place: number, into: Int32Array, at: number): void
}

export interface Partition {
  readonly table: Int32Array
  /** The home of a state is the integer part of its unsigned hash times this. */
  readonly scale: number
  /** Index of the first word of the last place. What follows in the table is reserved memory, not to be touched. */
  readonly lastPlace: number
}

/** Words of a piece of states. */
const PIECE_WORDS = 2 ** 20

/** All states of a seen set, in pieces. Each piece overwrites the one before. */
export function* statesOf({ partitions }: Pick<StateIndex, 'partitions'>, width: number): Generator<Int32Array> {
  const piece = new Int32Array(Math.max(1, Math.floor(PIECE_WORDS / width)) * width)
  let at = 0
  for (const { table, lastPlace } of partitions) {
    for (let base = 0; base < lastPlace; base += width) {
      if (table[base + width - 1] === 0) continue
      for (let word = 0; word < width; word++) piece[at++] = table[base + word]!
      if (at < piece.length) continue
      yield piece
      at = 0
    }
  }
  yield piece.subarray(0, at)
}
