/** How a search in memory goes on on disk, and how one begins there. */
import type { Observer } from '../../../semantics/contract.ts'
import type { WordFile } from '../../../store/word-file.ts'
import { statesOf } from '../../../store/state-index.ts'
import { homesFor, StateSet } from '../../../store/state-set.ts'
import type { Disk, RunRecord, StatesOnDisk } from '../../checkpoint.ts'
import type { ExplicitRun } from '../explicit-run.ts'
import type { Search, SearchInMemory } from '../search.ts'
import { DiskSearch, type DiskResources } from './disk-search.ts'
import { sharesOf } from './memory-shares.ts'
import { SLOTS, SlotJournals } from './slot-journals.ts'

/** The part of a run that a search on disk needs. */
export interface MovedRun {
  readonly disk: Disk
  readonly memoryBytes: number
  readonly observer: Observer
  readonly keepsLevels: boolean
}

/**
 * Moves the states of a search by one thread.
 *
 * @throws {OutOfDisk}
 */
export function moveToDisk(search: Search, run: MovedRun): DiskSearch {
  search.endPages()
  const states = written(search, search.seen.width, run)
  return new DiskSearch(resourcesOf(search, search.seen, run), states, search, search.isReduced)
}

/**
 * Moves the states of a search by several threads, which must have ended. `first` is the search from which they began.
 *
 * @throws {OutOfMemory}; {OutOfDisk}
 */
export function moveSharedToDisk(search: SearchInMemory, first: Search, run: MovedRun): DiskSearch {
  const { width } = first.seen
  const states = written(search, width, run)
  first.generatedBy.set(search.generatedBy)
  const maxBytes = sharesOf(run.memoryBytes).seen
  const seen = new StateSet(width, maxBytes, homesFor(search.found, width, maxBytes))
  return new DiskSearch(resourcesOf(first, seen, run), states, search)
}

/** Goes on from a checkpoint. `search` has not begun. @throws {OutOfDisk} */
export function restoredOnDisk(
  { settings, monitor }: ExplicitRun,
  search: Search,
  record: RunRecord,
  states: StatesOnDisk,
): DiskSearch {
  const { memoryBytes, checkpoints } = settings
  const run = { disk: checkpoints!.disk!, memoryBytes, observer: monitor, keepsLevels: false }
  search.generatedBy.set(record.generatedBy)
  return new DiskSearch(resourcesOf(search, search.seen, run), states, record)
}

function resourcesOf({ expansion }: Search, seen: StateSet, run: MovedRun): DiskResources {
  const { disk, memoryBytes, observer, keepsLevels } = run
  return { expansion, observer, seen, shares: sharesOf(memoryBytes), create: () => disk.create('level'), keepsLevels }
}

/** Writes the states of a search to files. @throws {OutOfDisk} */
function written(search: SearchInMemory, width: number, { disk, memoryBytes }: MovedRun): StatesOnDisk {
  const slots = Array.from({ length: SLOTS }, () => disk.create('slot'))
  const journals = new SlotJournals(slots, width, sharesOf(memoryBytes).waiting)
  for (const piece of statesOf(search.index, width)) {
    for (let offset = 0; offset < piece.length; offset += width) journals.add(piece, offset)
  }
  journals.flush()
  const { level, next } = search.unexpanded()
  return { slots, level: fileOf(disk, level), from: 0, next: fileOf(disk, next) }
}

function fileOf(disk: Disk, pages: readonly Int32Array[]): WordFile {
  const file = disk.create('level')
  for (const page of pages) file.append(page)
  return file
}
