/** Levels in files: one that is written, and one that is read. */
import { pieceWords, type WordFile } from '../../../store/word-file.ts'

/** Writes the states of a level to a file, in large pieces. */
export class LevelWriter {
  readonly file: WordFile
  readonly #waiting: Int32Array
  #used = 0

  constructor(file: WordFile, buffer: Int32Array) {
    this.file = file
    this.#waiting = buffer
  }

  /** Words of the level so far. */
  get length(): number {
    return this.file.length + this.#used
  }

  /** Adds the state at `words[offset..]`. @throws {OutOfDisk} */
  add(words: Int32Array, offset: number, width: number): void {
    if (this.#used + width > this.#waiting.length) this.flush()
    for (let word = 0; word < width; word++) this.#waiting[this.#used + word] = words[offset + word]!
    this.#used += width
  }

  /** Writes what waits. @throws {OutOfDisk} */
  flush(): void {
    if (this.#used > 0) this.file.append(this.#waiting.subarray(0, this.#used))
    this.#used = 0
  }
}

/** Reads the states of a level. */
export class LevelReader {
  readonly file: WordFile
  /** States of the file. They begin at `at` and end at `size`. */
  readonly words: Int32Array
  at = 0
  size = 0
  /** Words of the file that were read. */
  #read: number

  constructor(file: WordFile, from: number, width: number) {
    this.file = file
    this.#read = from
    this.words = new Int32Array(Math.min(pieceWords(width), file.length - from))
  }

  /** Words that the caller has not passed. */
  get left(): number {
    return this.file.length - this.position
  }

  /** Words before `at`, in the whole file. */
  get position(): number {
    return this.#read - (this.size - this.at)
  }

  /** Whether there are states at `at`. Reads some if necessary. @throws {OutOfDisk} */
  hasMore(): boolean {
    if (this.at < this.size) return true
    const { file, words } = this
    this.at = 0
    this.size = Math.min(words.length, file.length - this.#read)
    if (this.size === 0) return false
    file.read(this.#read, words.subarray(0, this.size))
    this.#read += this.size
    return true
  }
}
