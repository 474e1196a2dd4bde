/** A number for every state of a seen set: its place. Numbers are not dense, and mean nothing; they tell states apart. */
export interface StateIndex {
  /** All numbers are below this. */
  readonly places: number
  /**
   * The tables that the states are in, as `StateSet` has them. Of several a state is in that of its owner (`ownerOf`), and the places of each
   * begin at a multiple of `places / parts.length`.
   */
  readonly partitions: readonly Partition[]
  /** The place of the state at `words[offset..]`, whose hash is known; -1 if it was not found. */
  placeOf(words: Int32Array, offset: number, hashed: number): number
  /** Copies the state in a place to `into[at..]`. */
  readPlace(place: number, into: Int32Array, at: number): void
}

/** A table of states. */
export interface Partition {
  readonly table: Int32Array
  /** The home of a state is the integer part of its hash, unsigned, times this. */
  readonly scale: number
}
