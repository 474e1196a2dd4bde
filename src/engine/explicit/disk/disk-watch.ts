/** Expands the levels of a search on disk, and tells if reading takes longer than exploring. */
import type { Disk } from '../../checkpoint.ts'
import { now } from '../../clock.ts'
import type { DiskSearch } from './disk-search.ts'

/** Levels that take less time for reading do not matter. */
const BRIEF_MS = 200

/** How many times as long as exploring reading must take. */
const SLOW = 2

export class DiskWatch {
  readonly #disk: Disk
  readonly #search: DiskSearch
  /** Milliseconds of work on this level. */
  #levelMs = 0
  #readBefore = { ms: 0, words: 0 }
  #hasTold = false

  constructor(disk: Disk, search: DiskSearch) {
    this.#disk = disk
    this.#search = search
  }

  /** As `DiskSearch.expandLevel`. */
  expandLevel(pause: () => boolean): boolean {
    const search = this.#search
    const { depth } = search
    const states = search.levelStates
    const beganMs = now()
    const isDone = search.expandLevel(pause)
    this.#levelMs += now() - beganMs
    if (!isDone) return false
    const { ms, words } = search.read
    const readMs = ms - this.#readBefore.ms
    if (!this.#hasTold && readMs > BRIEF_MS && readMs > SLOW * (this.#levelMs - readMs)) {
      this.#hasTold = true
      const bytes = (words - this.#readBefore.words) * Int32Array.BYTES_PER_ELEMENT
      this.#disk.tell({ kind: 'slow', depth, states, bytes, seconds: readMs / 1000 })
    }
    this.#levelMs = 0
    this.#readBefore = { ms, words }
    return true
  }
}
