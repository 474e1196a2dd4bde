/**
 * A write-ahead log over a file of blocks.
 *
 * `transaction` yields after each write and each flush, so that a test can crash it there. A program runs it to the end.
 */
import type { BlockFile } from './block-file.ts'

export interface LogOptions {
  /** Blocks that each transaction writes. */
  readonly blocks: number
  /** The mistake: the records are not flushed before the commit record. */
  readonly forgetsFlush?: boolean
}

/** The names of the blocks of a log. */
export function blockNames(blocks: number): string[] {
  const numbers = Array.from({ length: blocks }, (_, index) => index + 1)
  return [...numbers.map((it) => `record${it}`), ...numbers.map((it) => `home${it}`), 'commit']
}

export class WriteAheadLog {
  /** The last transaction that survives any crash. */
  acknowledged = 0
  readonly #file: BlockFile
  readonly #records: readonly string[]
  readonly #homes: readonly string[]
  readonly #forgetsFlush: boolean

  constructor(file: BlockFile, { blocks, forgetsFlush = false }: LogOptions) {
    this.#file = file
    this.#records = blockNames(blocks).slice(0, blocks)
    this.#homes = blockNames(blocks).slice(blocks, 2 * blocks)
    this.#forgetsFlush = forgetsFlush
  }

  /** Writes a version of all blocks, as a whole or not at all. */
  *transaction(version: number): Generator<void, void> {
    for (const record of this.#records) this.#file.write(record, version)
    yield
    if (!this.#forgetsFlush) this.#file.flush()
    yield
    this.#file.write('commit', version)
    yield
    this.#file.flush()
    this.acknowledged = version
    yield
    for (const home of this.#homes) this.#file.write(home, version)
    yield
    this.#file.flush()
    yield
    this.#file.write('commit', 0)
    yield
    this.#file.flush()
  }

  /** Replays a committed transaction after a crash. */
  recover(): void {
    if (this.#file.read('commit') === 0) return
    for (const [index, home] of this.#homes.entries()) this.#file.write(home, this.#file.read(this.#records[index]!))
    this.#file.flush()
  }

  /** The versions of the blocks. */
  read(): number[] {
    return this.#homes.map((home) => this.#file.read(home))
  }
}
