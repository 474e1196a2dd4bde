/**
 * Writes checkpoints of an explicit search, and goes on from one.
 *
 * The first commit writes all states of the seen set to the journal. Later ones add only the states found since. So a run
 * that ends before its first checkpoint is due writes no states.
 */
import { badCheckpoint } from '../../errors.ts'
import { OutOfMemory } from '../../store/memory.ts'
import { statesOf } from '../../store/state-index.ts'
import { purely } from '../../spec/purity.ts'
import { restorable, valueWriter, type CheckpointStore, type RunRecord, type ValueWriter } from '../checkpoint.ts'
import type { ExplicitRun } from './explicit-run.ts'
import type { DiskSearch } from './disk/disk-search.ts'
import type { RestoredStates, Search, SearchState } from './search.ts'

export class Checkpointing {
  readonly #run: ExplicitRun
  readonly #store: CheckpointStore
  readonly #valuesOf: ValueWriter
  /** Whether the journal has all states found up to the last level end or commit. */
  #isJournaled = false

  private constructor(run: ExplicitRun, store: CheckpointStore, valuesOf: ValueWriter) {
    this.#run = run
    this.#store = store
    this.#valuesOf = valuesOf
  }

  /** Undefined if the run keeps no checkpoints. */
  static async of(run: ExplicitRun): Promise<Checkpointing | undefined> {
    const { checkpoints: store } = run.settings
    return store && new Checkpointing(run, store, await valueWriter())
  }

  /** Whether a checkpoint is due. */
  get isDue(): boolean {
    return this.#store.isDue()
  }

  /**
   * Goes on from the saved run. Without one that fits, the store begins anew.
   *
   * @returns the search that goes on; undefined if there was no such run
   * @throws {OutOfMemory}; {OutOfDisk}; {CheckerError} KR111 if states are missing
   */
  async restore(search: Search): Promise<Search | DiskSearch | undefined> {
    const saved = restorable(this.#run, this.#store)
    if (saved === undefined) {
      this.#store.restart()
      return undefined
    }
    const { record } = saved
    if ('open' in saved) {
      const { restoredOnDisk } = await import('./disk/move-to-disk.ts')
      const restored = restoredOnDisk(this.#run, search, record, saved.open())
      requireAll(restored, record)
      this.#revisit(record, restored.unexpanded())
      return restored
    }
    const { level, next } = splitAfter(saved.frontier(), record.levelStates * record.width)
    search.restore(record, saved.states(), { level, next })
    search.takeFound()
    requireAll(search, record)
    this.#revisit(record, { level, next })
    this.#isJournaled = true
    this.#store.resumed()
    return search
  }

  #revisit({ depth, monitor: found }: RunRecord, { level, next }: RestoredStates): void {
    const { monitor, evaluator } = this.#run
    purely(() => {
      monitor.restore(found, evaluator.next)
      for (const states of level) monitor.revisit(states, depth)
      for (const states of next) monitor.revisit(states, depth + 1)
    })
    monitor.depth = depth
  }

  /**
   * Adds the new level to the journal. Call this at the end of each level.
   *
   * @throws {CheckerError} KR112 for an open value that cannot be written
   */
  endLevel(): void {
    const { search, layout } = this.#run
    this.#valuesOf(layout.interner)
    if (!this.#isJournaled || search.isOnDisk) return
    for (const page of search.takeFound()) this.#store.append(page)
  }

  /**
   * Makes the current state of the run its checkpoint. No state may be under way between threads.
   *
   * @throws {CheckerError} KR112 for an open value that cannot be written
   */
  commit(): void {
    const { search, layout } = this.#run
    if (!settled(search)) return
    if (search.isOnDisk) return this.#commitOnDisk(search)
    if (this.#isJournaled) this.endLevel()
    else {
      this.#store.restart()
      for (const piece of statesOf(search.index, layout.width)) this.#store.append(piece)
      search.takeFound()
      this.#isJournaled = true
    }
    const { level, next } = search.unexpanded()
    const words = level.reduce((sum, page) => sum + page.length, 0)
    const record = this.#recordOf(search, words / layout.width)
    if (!this.#store.commit(record, [...level, ...next])) this.#isJournaled = false
  }

  #commitOnDisk(search: DiskSearch): void {
    const states = search.states()
    const record = this.#recordOf(search, (states.level.length - states.from) / this.#run.layout.width)
    this.#store.disk!.commit(record, states)
  }

  #recordOf(search: SearchState, levelStates: number): RunRecord {
    const { monitor, layout, elements, attempts } = this.#run
    return {
      width: layout.width,
      found: search.found,
      initial: search.initial,
      begun: search.begun,
      depth: search.depth,
      isWithinLevel: search.isWithinLevel,
      levelStates,
      generatedBy: [...search.generatedBy],
      distinctBy: [...(search.distinctBy ?? [])],
      monitor: monitor.record(),
      elements,
      values: this.#valuesOf(layout.interner),
      attempts: attempts?.record(),
    }
  }
}

/** @throws {CheckerError} KR111 */
function requireAll({ found }: SearchState, record: RunRecord): void {
  if (found === record.found) return
  throw badCheckpoint('the checkpoint', `it has ${found} states instead of ${record.found}`)
}

/** Puts every state onto pages. @returns whether memory sufficed */
function settled(search: SearchState): boolean {
  try {
    purely(() => search.settle())
    return true
  } catch (thrown) {
    if (thrown instanceof OutOfMemory) return false
    throw thrown
  }
}

/** Splits a list of pieces after so many words. */
function splitAfter(
  pieces: Iterable<Int32Array>,
  words: number,
): { readonly level: readonly Int32Array[]; readonly next: readonly Int32Array[] } {
  const level: Int32Array[] = []
  const next: Int32Array[] = []
  let left = words
  for (const piece of pieces) {
    if (left > 0) level.push(piece.subarray(0, left))
    if (left < piece.length) next.push(piece.subarray(Math.max(0, left)))
    left -= piece.length
  }
  return { level, next }
}
