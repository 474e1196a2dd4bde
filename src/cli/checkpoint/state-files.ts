/** Files of packed states: as 32-bit words, the least significant byte first. */
import { closeSync, fsyncSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { badCheckpoint, fileFailed } from '../../errors.ts'
import { writeAll, type Segment } from './manifest.ts'

const BYTES = Int32Array.BYTES_PER_ELEMENT

/** Bytes that are read or written at once. */
const PIECE_BYTES = 2 ** 20

/** Appends states to a file. */
export class StateWriter {
  readonly name: string
  readonly #file: number
  readonly #piece = Buffer.alloc(PIECE_BYTES)
  #at = 0
  #bytes = 0
  #crc = 0

  /** Opens a file, or creates it. `length` is what stays of it. */
  constructor(folder: string, name: string, length: number) {
    this.name = name
    const path = join(folder, name)
    if (length === 0) rmSync(path, { force: true })
    this.#file = openSync(path, length === 0 ? 'w' : 'r+')
    this.#position = length
  }

  #position: number

  append(states: Int32Array): void {
    const bytes = new Uint8Array(states.buffer, states.byteOffset, states.byteLength)
    for (let from = 0; from < bytes.length;) {
      const part = bytes.subarray(from, from + PIECE_BYTES - this.#at)
      // The states may lie in shared memory, from which files cannot be written.
      this.#piece.set(part, this.#at)
      this.#at += part.length
      from += part.length
      if (this.#at === PIECE_BYTES) this.#write()
    }
  }

  /** Waits until all states are on the disk. @returns what was appended since the last call */
  flush(): Segment {
    this.#write()
    fsyncSync(this.#file)
    const segment = { bytes: this.#bytes, crc: this.#crc }
    this.#bytes = 0
    this.#crc = 0
    return segment
  }

  close(): void {
    closeSync(this.#file)
  }

  #write(): void {
    const part = this.#piece.subarray(0, this.#at)
    writeAll(this.#file, part, this.#position)
    this.#position += part.length
    this.#bytes += part.length
    this.#crc = crc32(part, this.#crc)
    this.#at = 0
  }
}

/**
 * Reads states from a file, in pieces of whole states.
 *
 * @param width - words of a state
 * @throws {CheckerError} KR111 if a segment is not as it was written
 */
export function* readStates(
  folder: string,
  name: string,
  segments: readonly Segment[],
  width: number,
): Generator<Int32Array> {
  const path = join(folder, name)
  const file = open(folder, path)
  try {
    const most = Math.max(1, Math.floor(PIECE_BYTES / (width * BYTES))) * width * BYTES
    let position = 0
    for (const segment of segments) {
      let crc = 0
      for (let left = segment.bytes; left > 0;) {
        const bytes = new Uint8Array(Math.min(most, left))
        readWhole(folder, name, file, bytes, position)
        crc = crc32(bytes, crc)
        position += bytes.length
        left -= bytes.length
        yield new Int32Array(bytes.buffer)
      }
      if (crc !== segment.crc) throw badCheckpoint(folder, `${name} is damaged`)
    }
  } finally {
    closeSync(file)
  }
}

function open(folder: string, path: string): number {
  try {
    return openSync(path, 'r')
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'ENOENT') throw badCheckpoint(folder, `${path} is missing`)
    throw fileFailed('read', path, code ?? String(thrown))
  }
}

function readWhole(folder: string, name: string, file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) {
    const count = readSync(file, bytes, at, bytes.length - at, position + at)
    if (count === 0) throw badCheckpoint(folder, `${name} is too short`)
    at += count
  }
}
