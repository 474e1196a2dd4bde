/** A number for every state of a seen set: its place. Numbers are not dense, and mean nothing; they tell states apart. */
export interface Places {
  /** All numbers are below this. */
  readonly places: number
  /** The place of the state at `words[offset..]`, whose hash is known; -1 if it was not found. */
  placeOf(words: Int32Array, offset: number, hashed: number): number
  /** Copies the state in a place to `into[at..]`. */
  readPlace(place: number, into: Int32Array, at: number): void
}
