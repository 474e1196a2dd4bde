/** Files of packed states, for states that do not fit into memory. A store of checkpoints makes them. */

/** Thrown when a file cannot be written or read. The store has told the user why. */
export class OutOfDisk extends Error {}

/** A file of 32-bit words that only grows. */
export interface WordFile {
  /** Words in the file. */
  readonly length: number
  /** @throws {OutOfDisk} */
  append(words: Int32Array): void
  /** Reads as many words as `into` has, beginning at `from`. @throws {OutOfDisk} */
  read(from: number, into: Int32Array): void
  /** The run does not need the file any longer. The last checkpoint may. */
  release(): void
}

/** Words that are read at once. */
const PIECE_WORDS = 2 ** 16

/** The states of a file from a position on, in pieces of whole states. Each piece overwrites the one before. */
export function* piecesOf(file: WordFile, width: number, from: number = 0): Generator<Int32Array> {
  const buffer = new Int32Array(Math.min(pieceWords(width), file.length - from))
  for (let at = from; at < file.length; at += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, file.length - at))
    file.read(at, piece)
    yield piece
  }
}

/** Words of a piece of states of this width: a multiple of the width. */
export function pieceWords(width: number): number {
  return Math.max(1, Math.floor(PIECE_WORDS / width)) * width
}
