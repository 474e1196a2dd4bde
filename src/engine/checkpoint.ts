/**
 * Checkpoints: what a run keeps outside of memory, so that a later run can go on from there.
 *
 * A store has a journal of states, which only grows, and one record of everything else. The journal may contain more
 * states than the record knows of, because a run may end between two commits. A run that goes on gives the same
 * results as one that was never interrupted, with any number of threads before and after.
 */
import { unsuitedForCheckpoints } from '../errors.ts'
import type { MonitorRecord } from '../properties/monitor.ts'
import type { Elements } from '../state/new-elements.ts'
import type { Interner } from '../state/interner.ts'
import type { Layout } from '../state/layout.ts'
import { Unshareable } from '../state/unshareable.ts'
import type { WordFile } from '../store/word-file.ts'

export { OutOfDisk, type WordFile } from '../store/word-file.ts'

/** When the auto policy tried the symbolic engine; see `Attempts`. */
export interface AttemptsRecord {
  readonly made: number
  /** The last level: counts up to it, and its states. */
  readonly last: {
    readonly distinct: number
    readonly frontier: number
    readonly generated: number
    readonly isReduced: boolean
  }
  /** States of the level before. */
  readonly before: number
  /** What the next try needs, and the operations that it may take. */
  readonly from: number
  readonly operations: number
}

/** What a run keeps besides states. msgpackr can write it. */
export interface RunRecord {
  /** Words of a packed state. */
  readonly width: number
  /** States in the seen set. */
  readonly found: number
  readonly initial: number
  readonly begun: number
  readonly depth: number
  /** Whether some states of the level were expanded and some were not. */
  readonly isWithinLevel: boolean
  /** The states in `frontier` that belong to the level; the others belong to the next one. */
  readonly levelStates: number
  /** By action instance. */
  readonly generatedBy: readonly number[]
  readonly distinctBy: readonly number[]
  readonly monitor: MonitorRecord
  /** The elements of sparse sets that have slots. */
  readonly elements: Elements
  /** The open values in the order of their numbers, as `serializeValue` writes them. */
  readonly values: readonly Uint8Array[]
  /** Undefined with another policy than `auto`. */
  readonly attempts?: AttemptsRecord | undefined
}

/** The states of a run whose seen set is on disk. */
export interface StatesOnDisk {
  /** The journals of the slots. */
  readonly slots: readonly WordFile[]
  /** The level that is being expanded, and how many of its words were. */
  readonly level: WordFile
  readonly from: number
  /** The next level so far. */
  readonly next: WordFile
}

/** A run to go on from. */
export type SavedRun = SavedInMemory | SavedOnDisk

/** A run whose seen set was on disk. */
export interface SavedOnDisk {
  readonly record: RunRecord
  /** Opens its files. @throws {CheckerError} KR111 */
  open(): StatesOnDisk
}

/** A run whose seen set was in memory. */
export interface SavedInMemory {
  readonly record: RunRecord
  /** The packed states of the seen set, in any order. A state may occur again. */
  states(): Iterable<Int32Array>
  /** The packed states that were not expanded: first those of the level, then those of the next one. */
  frontier(): Iterable<Int32Array>
}

/**
 * Where a run keeps its checkpoints. `kripke check --checkpoint` uses a folder.
 *
 * @experimental
 */
export interface CheckpointStore {
  /** The run to go on from; undefined if there is none. */
  readonly saved: SavedRun | undefined
  /** Whether the next checkpoint is due. */
  isDue(): boolean
  /** Discards the journal: the run is at its beginning. */
  restart(): void
  /** Keeps the journal of `saved`, from which the run has gone on. */
  resumed(): void
  /** Adds packed states to the journal. */
  append(states: Int32Array): void
  /**
   * Makes the record, the journal so far and the frontier the checkpoint, all or nothing.
   *
   * @returns false if that failed. Then the earlier checkpoint stays, and the journal is empty again
   */
  commit(record: RunRecord, frontier: Iterable<Int32Array>): boolean
  /** Takes states that do not fit into memory; undefined if the store cannot. */
  readonly disk?: Disk | undefined
}

/** Files for states that do not fit into memory. */
export interface Disk {
  /** Makes an empty file. @throws {OutOfDisk} */
  create(kind: 'slot' | 'level'): WordFile
  /**
   * Makes the record and the words in these files the checkpoint, all or nothing.
   *
   * @returns false if that failed. Then the earlier checkpoint stays
   */
  commit(record: RunRecord, states: StatesOnDisk): boolean
  /** Called when the run learns what the user should know about its use of the disk. */
  tell(news: DiskNews): void
}

/** `full`: memory is full, so states go to files from now on. `slow`: reading files takes longer than exploring. */
export type DiskNews =
  | { readonly kind: 'full'; readonly distinct: number }
  | {
      readonly kind: 'slow'
      readonly depth: number
      /** States of the level. */
      readonly states: number
      /** Bytes that the level read, and the seconds that it took for that. */
      readonly bytes: number
      readonly seconds: number
    }

/** The saved run, if it fits the layout of this one. */
export function restorable(
  { layout, elements }: { readonly layout: Layout; readonly elements: Elements },
  { saved }: CheckpointStore,
): SavedRun | undefined {
  if (saved === undefined) return undefined
  const { record } = saved
  const isSame = record.width === layout.width && JSON.stringify(record.elements) === JSON.stringify(elements)
  return isSame ? saved : undefined
}

/** Gives the open values of an interner as bytes. @throws {CheckerError} KR112 for a value that cannot be written */
export type ValueWriter = (interner: Interner) => readonly Uint8Array[]

export async function valueWriter(): Promise<ValueWriter> {
  const { serializeValue } = await import('../state/value-log.ts')
  const written: Uint8Array[] = []
  return (interner) => {
    try {
      for (const value of interner.valuesFrom(written.length + 1)) written.push(serializeValue(value))
      return written
    } catch (thrown) {
      throw thrown instanceof Unshareable ? unsuitedForCheckpoints() : thrown
    }
  }
}

/** Gives open values the numbers that they had in a saved run. */
export async function restoreValues(interner: Interner, values: readonly Uint8Array[] = []): Promise<void> {
  if (values.length === 0) return
  const { deserializeValue } = await import('../state/value-log.ts')
  interner.restore(values.map(deserializeValue))
}
