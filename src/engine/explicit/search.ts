/**
 * Breadth-first search, level by level. If you read one file, read this.
 *
 * The search expands a level into the next one. All successors go into a batch, and the new ones make up the next
 * level. The observer decides what a state or a step means. The search can pause within a level, so that the caller can
 * report progress and handle a time limit or a signal.
 */
import { Batch } from '../../semantics/successor-batch.ts'
import { type Expander, type NextState, type Observer } from '../../semantics/contract.ts'
import { UNKNOWN_STEP } from '../../semantics/successors.ts'
import { PlainExpander } from '../../semantics/plain-expander.ts'
import { reduce, type Representatives } from '../../semantics/reduction.ts'
import { makeInserter, type Insert } from '../../store/inserter.ts'
import { Frontier, OwnPages, PageWriter } from '../../store/pages.ts'
import type { StateIndex } from '../../store/state-index.ts'
import type { StateSet } from '../../store/state-set.ts'

/** Expands states. It becomes faster with use, because it learns and V8 warms up. */
export interface StateExpander {
  readonly batch: Batch
  readonly expander: Expander
  /** Replaces states before the lookup; undefined without symmetry. */
  readonly representatives: Representatives | undefined
}

/** States expanded between two checks of the clock. */
const CLOCK_INTERVAL = 64

/** The progress of a search by one or several threads. */
export interface SearchState {
  readonly initial: number
  /** Initial states processed, repeats included. */
  readonly begun: number
  /** Whether some states of the level are expanded, and some are not. */
  readonly isWithinLevel: boolean
  /** Initial states and successors so far, repeats and self-loops included. */
  readonly generated: number
  readonly generatedBy: Float64Array
  /** By action instance: states that it reached first; undefined if that is not known. */
  readonly distinctBy: Float64Array | undefined
  readonly depth: number
  readonly bytes: number
  readonly pending: number
  readonly found: number
  /** A state, chosen by `ticket` from 0 to 1. Call this between levels, and only if there are states. */
  pick(ticket: number): Int32Array
  /** Positions of the states; undefined if some are not in memory. Use this between levels. */
  readonly index: StateIndex | undefined
  /** An empty set for another search. It ends this search. */
  takeEmptySet(): StateSet
  readonly frontier: { readonly words: number }
  /** Whether memory is about to run out. Then a checkpoint is still possible. */
  readonly isNearlyFull: boolean
  /** Brings every state found into the seen set and to the levels. @throws {OutOfMemory}; {OutOfDisk} */
  settle(): void
}

/** A search whose states are in memory. */
export interface SearchInMemory extends SearchState {
  readonly isOnDisk: false
  readonly distinctBy: Float64Array
  readonly index: StateIndex
  /** Pages of states that are not expanded. Nothing may be under way. */
  unexpanded(): Unexpanded
  /**
   * Pages of states found since the last call, or since the first level began. Call this at the end of each level, and
   * in between only if nothing is under way.
   */
  takeFound(): Int32Array[]
}

/** Pages of packed states. */
export interface Unexpanded {
  /** The rest of the level. */
  readonly level: readonly Int32Array[]
  /** The next level so far. */
  readonly next: readonly Int32Array[]
}

/** The same, in any pieces that are whole states. */
export interface RestoredStates {
  readonly level: Iterable<Int32Array>
  readonly next: Iterable<Int32Array>
}

/** Where an earlier search stood. */
export interface SearchRecord {
  readonly initial: number
  readonly begun: number
  readonly depth: number
  readonly isWithinLevel: boolean
  readonly generatedBy: readonly number[]
  readonly distinctBy: readonly number[]
}

export class Search implements SearchInMemory {
  readonly isOnDisk = false
  initial = 0
  begun = 0
  /** The number of nonempty levels. The initial states are level 1. */
  depth = 0
  /** By action instance: successors that were new. */
  readonly distinctBy: Float64Array
  /** The level being expanded. */
  frontier: Frontier = new Frontier()
  readonly seen: StateSet
  readonly expansion: StateExpander
  readonly #observer: Observer
  readonly #insert: Insert
  readonly #pages: OwnPages
  readonly #writer: PageWriter
  #nextFrontier: Frontier = new Frontier()
  /** The current page of the level, and the position in it. */
  #page = 0
  #at = 0
  /** Whether an earlier search expanded a part of the level. */
  #isContinued = false
  /** Whether the entries of the batch are representatives within the constraints. */
  isReduced = false
  /** Whether no state is under way. If memory runs out during an insertion, that stays false. */
  isWhole = true
  /** Pages of the level, and of the next one, that `takeFound` has returned. */
  #taken = 0
  #nextTaken = 0
  readonly #keepsPages: boolean

  /**
   * @param keepsPages - whether expanded levels stay readable
   * @param representatives - if given, symmetric states are counted and expanded as one
   */
  constructor(
    next: NextState,
    instances: number,
    observer: Observer,
    seen: StateSet,
    keepsPages = false,
    representatives?: Representatives,
  ) {
    const { width } = seen
    this.#observer = observer
    this.seen = seen
    this.#keepsPages = keepsPages
    this.distinctBy = new Float64Array(instances)
    const batch = new Batch(width, new Float64Array(instances), observer.admits === undefined)
    const expander = next.expander?.(batch, observer) ?? new PlainExpander(next, batch, observer)
    this.expansion = { batch, expander, representatives }
    this.#pages = new OwnPages(width)
    this.#writer = new PageWriter(width, this.#pages, (id, size) => this.#nextFrontier.add(id, size))
    this.#insert = makeInserter(seen, this.#writer, observer, this.distinctBy)
  }

  /** Successors by action instance, repeats and self-loops included. */
  get generatedBy(): Float64Array {
    return this.expansion.batch.generated
  }

  get generated(): number {
    return this.generatedBy.reduce((sum, count) => sum + count, this.begun)
  }

  get found(): number {
    return this.seen.size
  }

  pick(ticket: number): Int32Array {
    return this.seen.pick(ticket)
  }

  get index(): StateIndex {
    return this.seen
  }

  takeEmptySet(): StateSet {
    this.seen.clear()
    return this.seen
  }

  get isWithinLevel(): boolean {
    return this.#isContinued || this.#page > 0 || this.#at > 0
  }

  /** Whether this search has expanded no state of the level, though an earlier search may have. */
  get isAtStart(): boolean {
    return this.#page === 0 && this.#at === 0
  }

  get isNearlyFull(): boolean {
    return this.seen.isNearlyFull
  }

  settle(): void {
    this.#empty()
    this.#writer.end()
  }

  /** Ends the pages, for another search that goes on from here with the entries of the batch. */
  endPages(): void {
    this.#writer.end()
  }

  unexpanded(): Unexpanded {
    const { ids, sizes } = this.frontier
    const level = ids.slice(this.#page).map((id, index) => {
      return this.#pages.words(id).subarray(index === 0 ? this.#at : 0, sizes[this.#page + index])
    })
    return { level, next: this.#pagesOf(this.#nextFrontier, 0) }
  }

  takeFound(): Int32Array[] {
    const found = [...this.#pagesOf(this.frontier, this.#taken), ...this.#pagesOf(this.#nextFrontier, this.#nextTaken)]
    this.#taken = this.frontier.ids.length
    this.#nextTaken = this.#nextFrontier.ids.length
    return found
  }

  #pagesOf({ ids, sizes }: Frontier, from: number): Int32Array[] {
    return ids.slice(from).map((id, index) => this.#pages.words(id).subarray(0, sizes[from + index]))
  }

  /**
   * Goes on from where an earlier search stood. Call this instead of `begin`.
   *
   * @param seen - all states, in any order, perhaps some of them several times
   * @throws {OutOfMemory}
   */
  restore(record: SearchRecord, seen: Iterable<Int32Array>, { level, next }: RestoredStates): void {
    const { width } = this.seen
    for (const states of seen) {
      for (let offset = 0; offset < states.length; offset += width) this.seen.add(states, offset)
    }
    for (const states of level) this.#writer.append(states, states.length)
    this.#advance()
    for (const states of next) this.#writer.append(states, states.length)
    this.#writer.end()
    this.initial = record.initial
    this.begun = record.begun
    this.depth = record.depth
    this.#isContinued = record.isWithinLevel
    this.generatedBy.set(record.generatedBy)
    this.distinctBy.set(record.distinctBy)
  }

  /** The states of the next level so far. */
  copyNext(): Int32Array {
    return this.copy(this.#nextFrontier)
  }

  /** Memory of the seen set and both levels. */
  get bytes(): number {
    return this.seen.bytes + this.#pages.bytes
  }

  /** States found and not yet expanded. */
  get pending(): number {
    const { width } = this.seen
    const expanded = this.frontier.sizes.slice(0, this.#page).reduce((sum, size) => sum + size, this.#at)
    return (this.frontier.words - expanded + this.#nextFrontier.words + this.#writer.at) / width
  }

  /**
   * Processes the packed states `initial`, repeats allowed, until `pause` returns true.
   *
   * @param pause - called before every 64 states
   * @returns whether all are processed; then the first level is the current one
   * @throws {OutOfMemory}
   */
  begin(initial: Int32Array, pause: () => boolean = () => false): boolean {
    const { width } = this.seen
    const { representatives } = this.expansion
    const states = representatives === undefined ? initial : initial.slice()
    for (let offset = this.begun * width; offset < initial.length; offset += width) {
      if (this.begun % CLOCK_INTERVAL === 0 && pause()) return false
      this.begun++
      if (this.#observer.admits?.(initial, offset, UNKNOWN_STEP) === false) continue
      representatives?.represent(states, offset)
      if (!this.seen.add(states, offset)) continue
      this.#writer.push(states, offset)
      this.#observer.discovered(states, offset, UNKNOWN_STEP)
    }
    this.#advance()
    this.initial = this.frontier.words / width
    return true
  }

  /**
   * Expands states of the current level until it is done or `pause` returns true.
   *
   * @param pause - called before every 64 states
   * @returns whether the level is done; then the next one is the current one, and it is empty if the search is over
   * @throws {OutOfMemory}
   */
  expandLevel(pause: () => boolean = () => false): boolean {
    const { frontier: level } = this
    const { batch, expander } = this.expansion
    for (; this.#page < level.ids.length; this.#page++, this.#at = 0) {
      const id = level.ids[this.#page]!
      const size = level.sizes[this.#page]!
      const words = this.#pages.words(id)
      while (this.#at < size) {
        if (pause()) return false
        this.#at = expander.expand(words, this.#at, Math.min(size, this.#at + CLOCK_INTERVAL * this.seen.width))
        if (batch.size >= batch.enough) this.#empty()
      }
      if (!this.#keepsPages) this.#pages.give(id)
    }
    this.#empty()
    this.#advance()
    return true
  }

  /** Copies the states of a level. An expanded level is available only if the search keeps its pages. */
  copy(level: Frontier): Int32Array {
    const states = new Int32Array(level.words)
    let at = 0
    level.ids.forEach((id, index) => {
      states.set(this.#pages.words(id).subarray(0, level.sizes[index]), at)
      at += level.sizes[index]!
    })
    return states
  }

  /** Inserts the batch into the seen set, and new states into the next level. */
  #empty(): void {
    const { seen } = this
    const { batch, representatives } = this.expansion
    const observer = this.#observer
    if (!this.isReduced) {
      if (representatives !== undefined) reduce(batch, representatives)
      if (observer.admits !== undefined) batch.keep(observer.admits)
      this.isReduced = true
    }
    while (seen.room < batch.size / batch.stride) seen.grow()
    for (let from = 0; ; seen.grow()) {
      this.isWhole = false
      from = this.#insert(batch, from)
      this.isWhole = true
      if (from >= batch.size) break
    }
    batch.size = 0
    this.isReduced = false
  }

  #advance(): void {
    this.#writer.end()
    const done = this.frontier
    this.frontier = this.#nextFrontier
    this.#nextFrontier = this.#keepsPages ? new Frontier() : done
    this.#nextFrontier.clear()
    this.#page = 0
    this.#at = 0
    this.#isContinued = false
    this.#taken = this.#nextTaken
    this.#nextTaken = 0
    if (this.frontier.words > 0) this.depth++
  }
}
