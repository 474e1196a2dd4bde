/**
 * Writes checkpoints of an explicit search, and goes on from one.
 *
 * The first commit writes all states of the seen set to the journal. Later ones add only the states found since. So a run
 * that ends before its first checkpoint is due writes no states.
 */
import { badCheckpoint } from '../../errors.ts'
import { OutOfMemory } from '../../store/memory.ts'
import { purely } from '../../spec/purity.ts'
import { restorable, valueWriter, type CheckpointStore, type ValueWriter } from '../checkpoint.ts'
import type { ExplicitRun } from './explicit-run.ts'
import type { Search, SearchState } from './search.ts'

/** Words that go to the journal at once. */
const PIECE_WORDS = 2 ** 20

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
   * @returns whether there was one
   * @throws {OutOfMemory}; {CheckerError} KR111 if states are missing
   */
  restore(search: Search): boolean {
    const saved = restorable(this.#run, this.#store)
    if (saved === undefined) {
      this.#store.restart()
      return false
    }
    const { record } = saved
    const { level, next } = splitAfter(saved.frontier(), record.levelStates * record.width)
    search.restore(record, saved.states(), { level, next })
    search.takeFound()
    if (search.found !== record.found) {
      throw badCheckpoint('the checkpoint', `it has ${search.found} states instead of ${record.found}`)
    }
    const { monitor, evaluator } = this.#run
    purely(() => {
      monitor.restore(record.monitor, evaluator.next)
      for (const states of level) monitor.revisit(states, search.depth)
      for (const states of next) monitor.revisit(states, search.depth + 1)
    })
    monitor.depth = search.depth
    this.#isJournaled = true
    this.#store.resumed()
    return true
  }

  /**
   * Adds the new level to the journal. Call this at the end of each level.
   *
   * @throws {CheckerError} KR112 for an open value that cannot be written
   */
  endLevel(): void {
    this.#valuesOf(this.#run.layout.interner)
    if (!this.#isJournaled) return
    for (const page of this.#run.search.takeFound()) this.#store.append(page)
  }

  /**
   * Makes the current state of the run its checkpoint. No state may be under way between threads.
   *
   * @throws {CheckerError} KR112 for an open value that cannot be written
   */
  commit(): void {
    const { search, monitor, layout, elements, attempts } = this.#run
    if (!settled(search)) return
    if (this.#isJournaled) this.endLevel()
    else {
      this.#store.restart()
      for (const piece of statesOf(search, layout.width)) this.#store.append(piece)
      search.takeFound()
      this.#isJournaled = true
    }
    const { level, next } = search.unexpanded()
    const words = level.reduce((sum, page) => sum + page.length, 0)
    const record = {
      width: layout.width,
      found: search.found,
      initial: search.initial,
      begun: search.begun,
      depth: search.depth,
      isWithinLevel: search.isWithinLevel,
      levelStates: words / layout.width,
      generatedBy: [...search.generatedBy],
      distinctBy: [...search.distinctBy],
      monitor: monitor.record(),
      elements,
      values: this.#valuesOf(layout.interner),
      attempts: attempts?.record(),
    }
    if (!this.#store.commit(record, [...level, ...next])) this.#isJournaled = false
  }
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

/** All states of a search. */
function* statesOf({ index }: SearchState, width: number): Generator<Int32Array> {
  const piece = new Int32Array(Math.max(1, Math.floor(PIECE_WORDS / width)) * width)
  let at = 0
  for (const { table, lastPlace } of index.partitions) {
    for (let base = 0; base < lastPlace; base += width) {
      if (table[base + width - 1] === 0) continue
      for (let word = 0; word < width; word++) piece[at++] = table[base + word]!
      if (at < piece.length) continue
      yield piece
      at = 0
    }
  }
  yield piece.subarray(0, at)
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
