/** Files for states that do not fit into memory: 32-bit words, the least significant byte first. */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { WordFile } from '../../api/options.ts'
import { badCheckpoint } from '../../errors.ts'
import { writeAll, type Segment, type ValidFile } from './manifest.ts'
import { readStates } from './state-files.ts'

const BYTES = Int32Array.BYTES_PER_ELEMENT

/** The folder of a file. */
export interface Keeper {
  /** Does some work, and turns an error of the system into `OutOfDisk`. */
  guarded<T>(this: void, work: () => T): T
  /** Called once the run does not need the file any longer. */
  released(this: void, file: DiskFile): void
}

export class DiskFile implements WordFile {
  readonly name: string
  readonly #keeper: Keeper
  readonly #file: number
  #bytes: number
  /** What earlier checkpoints contain of it. */
  #segments: readonly Segment[]
  /** The checksum of what was appended since, and where that begins. */
  #crc = 0
  #from: number

  private constructor(name: string, file: number, segments: readonly Segment[], keeper: Keeper) {
    this.name = name
    this.#file = file
    this.#segments = segments
    this.#bytes = this.#from = segments.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#keeper = keeper
  }

  /** An empty file. @throws an error of the system */
  static create(folder: string, name: string, keeper: Keeper): DiskFile {
    return new DiskFile(name, openSync(join(folder, name), 'w+'), [], keeper)
  }

  /**
   * A file of a checkpoint, without what was appended after it.
   *
   * @throws an error of the system; {CheckerError} KR111 if it is damaged
   */
  static open(folder: string, { file: name, segments }: ValidFile, keeper: Keeper): DiskFile {
    for (const piece of readStates(folder, name, segments, 1)) void piece
    const opened = new DiskFile(name, openSync(join(folder, name), 'r+'), segments, keeper)
    ftruncateSync(opened.#file, opened.#bytes)
    return opened
  }

  get length(): number {
    return this.#bytes / BYTES
  }

  append(words: Int32Array): void {
    const bytes = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
    // The words may lie in shared memory, from which files cannot be written.
    const own = words.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes
    this.#keeper.guarded(() => writeAll(this.#file, own, this.#bytes))
    this.#crc = crc32(own, this.#crc)
    this.#bytes += own.length
  }

  read(from: number, into: Int32Array): void {
    const bytes = new Uint8Array(into.buffer, into.byteOffset, into.byteLength)
    this.#keeper.guarded(() => {
      for (let at = 0; at < bytes.length;) {
        const count = readSync(this.#file, bytes, at, bytes.length - at, from * BYTES + at)
        if (count === 0) throw badCheckpoint('the run', `${this.name} is too short`)
        at += count
      }
    })
  }

  /** Waits until all words are on the disk. @returns what a checkpoint contains of the file. @throws an error of the system */
  flush(): ValidFile {
    if (this.#bytes > this.#from) {
      fsyncSync(this.#file)
      this.#segments = [...this.#segments, { bytes: this.#bytes - this.#from, crc: this.#crc }]
      this.#from = this.#bytes
      this.#crc = 0
    }
    return { file: this.name, segments: this.#segments }
  }

  release(): void {
    this.close()
    this.#keeper.released(this)
  }

  close(): void {
    try {
      closeSync(this.#file)
    } catch {
      // Its contents do not count any longer.
    }
  }
}
