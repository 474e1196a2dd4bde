/**
 * A file of named blocks with a volatile write cache, like a disk.
 *
 * A write goes to the cache. `flush` writes the cache to the real file and calls fsync. `crash` does what a power failure does: some
 * unflushed writes reach the file, and the others are lost.
 */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'

/** Bytes of a block. */
const BLOCK_BYTES = 64

export class BlockFile {
  readonly #descriptor: number
  readonly #names: readonly string[]
  readonly #cache = new Map<string, number>()

  /** Opens a file, and creates it if it does not exist. */
  constructor(path: string, names: readonly string[]) {
    this.#descriptor = openSync(path, 'a+')
    closeSync(this.#descriptor)
    this.#descriptor = openSync(path, 'r+')
    this.#names = names
  }

  /** The number in a block: what was written last, flushed or not. 0 if nothing was. */
  read(name: string): number {
    return this.#cache.get(name) ?? this.readFile(name)
  }

  /** The number in a block of the file itself. */
  readFile(name: string): number {
    const block = Buffer.alloc(BLOCK_BYTES)
    const bytes = readSync(this.#descriptor, block, 0, BLOCK_BYTES, this.#offset(name))
    return bytes === 0 ? 0 : Number.parseInt(block.toString('latin1', 0, bytes), 10) || 0
  }

  write(name: string, value: number): void {
    this.#cache.set(name, value)
  }

  flush(): void {
    this.crash(this.#cache.keys())
    fsyncSync(this.#descriptor)
  }

  /** Loses the cache, except the writes to some blocks. */
  crash(survived: Iterable<string>): void {
    for (const name of survived) {
      const value = this.#cache.get(name)
      if (value === undefined) continue
      const block = Buffer.alloc(BLOCK_BYTES, ' ')
      block.write(String(value), 'latin1')
      writeSync(this.#descriptor, block, 0, BLOCK_BYTES, this.#offset(name))
    }
    this.#cache.clear()
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #offset(name: string): number {
    return this.#names.indexOf(name) * BLOCK_BYTES
  }
}
