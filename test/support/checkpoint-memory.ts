/** A store of checkpoints in memory, and runs that end in the middle. */
import { Packr } from 'msgpackr'
import type { CheckpointStore, RunRecord, SavedRun } from '../../src/engine/checkpoint.ts'

/** Thrown where a run ends as if its process had been killed. */
export class Killed extends Error {}

/** When a run writes checkpoints, and when it ends. Numbers count calls. */
export interface Schedule {
  /** Whether a checkpoint is due at this question. */
  readonly isDue: (asked: number) => boolean
  /** Whether the run ends at this call of `append` or `commit`. */
  readonly isKilled: (written: number) => boolean
}

const packr = new Packr({ useRecords: false, moreTypes: true })

/** What is on the disk: the journal, and the last checkpoint as bytes. */
export class Disk {
  journal: Int32Array[] = []
  committed: { readonly bytes: Uint8Array; readonly pieces: number; readonly frontier: Int32Array[] } | undefined
  commits = 0
  /** Checkpoints within a level. */
  within = 0
  /** Checkpoints that a run went on from. */
  resumed = 0
}

/** The store of one process. */
export class MemoryStore implements CheckpointStore {
  readonly #disk: Disk
  readonly #schedule: Schedule
  #isOpen: boolean
  #asked = 0
  #written = 0
  /** As with a folder, a new journal does not replace the one of the last checkpoint. */
  #journal: Int32Array[] = []

  constructor(disk: Disk, schedule: Schedule) {
    this.#disk = disk
    this.#schedule = schedule
    this.#isOpen = disk.committed !== undefined
  }

  get saved(): SavedRun | undefined {
    const { committed, journal } = this.#disk
    if (!this.#isOpen || committed === undefined) return undefined
    return {
      record: packr.unpack(committed.bytes) as RunRecord,
      states: () => journal.slice(0, committed.pieces),
      frontier: () => committed.frontier,
    }
  }

  isDue(): boolean {
    return this.#schedule.isDue(this.#asked++)
  }

  restart(): void {
    this.#isOpen = false
    this.#journal = []
  }

  resumed(): void {
    this.#isOpen = false
    this.#disk.resumed++
    this.#journal = this.#disk.journal.slice(0, this.#disk.committed!.pieces)
  }

  append(states: Int32Array): void {
    this.#journal.push(states.slice())
    this.#mayEnd()
  }

  commit(record: RunRecord, frontier: Iterable<Int32Array>): boolean {
    this.#mayEnd()
    const disk = this.#disk
    disk.journal = this.#journal
    disk.committed = {
      bytes: packr.pack(record),
      pieces: this.#journal.length,
      frontier: Array.from(frontier, (states) => states.slice()),
    }
    disk.commits++
    if (record.isWithinLevel) disk.within++
    this.#mayEnd()
    return true
  }

  #mayEnd(): void {
    if (this.#schedule.isKilled(this.#written++)) throw new Killed()
  }
}
