/** A store of checkpoints in memory, and runs that end in the middle. */
import { Packr } from 'msgpackr'
import type {
  CheckpointStore,
  Disk as DiskFiles,
  DiskNews,
  RunRecord,
  SavedRun,
  StatesOnDisk,
} from '../../src/engine/checkpoint.ts'
import { OutOfDisk, type WordFile } from '../../src/store/word-file.ts'

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
  committed:
    | {
        readonly bytes: Uint8Array
        readonly pieces: number
        readonly frontier: Int32Array[]
        /** What the files of a run on disk had. */
        readonly files?: { readonly [part in keyof StatesOnDisk]: unknown } & { readonly lengths: readonly number[] }
      }
    | undefined
  commits = 0
  /** Commits of runs whose seen set was on disk. */
  onDisk = 0
  readonly news: DiskNews[] = []
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
  readonly disk: DiskFiles | undefined
  /** As with a folder, a new journal does not replace the one of the last checkpoint. */
  #journal: Int32Array[] = []

  /**
   * @param takesStates - whether states may go to files
   * @param room - words that fit into the files
   * @param reading - called whenever words are read
   */
  constructor(disk: Disk, schedule: Schedule, takesStates = false, room = Infinity, reading = (): void => {}) {
    let left = room
    if (takesStates) {
      const written = (words: number): void => {
        if ((left -= words) < 0) throw new OutOfDisk()
        this.#mayEnd()
      }
      this.disk = {
        create: () => new MemoryFile(written, reading),
        commit: (record, states) => this.#commitOnDisk(record, states),
        tell: (news) => void disk.news.push(news),
      }
    }
    this.#disk = disk
    this.#schedule = schedule
    this.#isOpen = disk.committed !== undefined
  }

  get saved(): SavedRun | undefined {
    const { committed, journal } = this.#disk
    if (!this.#isOpen || committed === undefined) return undefined
    const record = packr.unpack(committed.bytes) as RunRecord
    const { files } = committed
    if (files !== undefined) return { record, open: () => this.#reopen(files as never) }
    return {
      record,
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

  #reopen({ slots, level, from, next, lengths }: StatesOnDisk & { readonly lengths: readonly number[] }): StatesOnDisk {
    this.#isOpen = false
    this.#disk.resumed++
    let index = 0
    const cut = (file: WordFile): WordFile => (file as MemoryFile).upTo(lengths[index++]!, () => this.#mayEnd())
    return { slots: slots.map(cut), level: cut(level), from, next: cut(next) }
  }

  #commitOnDisk(record: RunRecord, states: StatesOnDisk): boolean {
    this.#mayEnd()
    const disk = this.#disk
    const lengths = [...states.slots, states.level, states.next].map(({ length }) => length)
    disk.committed = { bytes: packr.pack(record), pieces: 0, frontier: [], files: { ...states, lengths } }
    disk.commits++
    disk.onDisk++
    if (record.isWithinLevel) disk.within++
    this.#mayEnd()
    return true
  }

  #mayEnd(): void {
    if (this.#schedule.isKilled(this.#written++)) throw new Killed()
  }
}

/** A file of words in memory. */
class MemoryFile implements WordFile {
  length = 0
  #words: Int32Array = new Int32Array(64)
  readonly #written: (words: number) => void
  readonly #reading: () => void

  constructor(written: (words: number) => void, reading: () => void = () => {}) {
    this.#written = written
    this.#reading = reading
  }

  append(words: Int32Array): void {
    if (this.length + words.length > this.#words.length) {
      const grown = new Int32Array(2 * (this.length + words.length))
      grown.set(this.#words)
      this.#words = grown
    }
    this.#words.set(words, this.length)
    this.#written(words.length)
    this.length += words.length
  }

  read(from: number, into: Int32Array): void {
    this.#reading()
    into.set(this.#words.subarray(from, from + into.length))
  }

  /** The last checkpoint may need the words. */
  release(): void {}

  /** A copy of the first words, for another process. */
  upTo(length: number, written: () => void): MemoryFile {
    const copy = new MemoryFile(written)
    copy.#words = this.#words.slice(0, length)
    copy.length = length
    return copy
  }
}
