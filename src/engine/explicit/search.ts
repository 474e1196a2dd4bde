/**
 * Breadth-first search, level by level. If you read one file, read this.
 *
 * A level is expanded into the next: every state's successors go into a batch, and those never seen before make up the next level.
 * What a state or a step means is the observer's affair. The search can be paused within a level, so that a caller can report
 * progress, heed a time limit or a signal.
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

/** What expands states, which becomes faster the longer it is used: it learns, and V8 warms up to it. */
export interface StateExpander {
  readonly batch: Batch
  readonly expander: Expander
  /** Replace states before they are looked up; undefined without symmetry. */
  readonly representatives: Representatives | undefined
}

/** States expanded between two looks at the clock. */
const CLOCK_INTERVAL = 64

/** How far a search has got, whoever does it. */
export interface SearchState {
  /** Distinct initial states. */
  readonly initial: number
  /** Initial states and successors so far, repeats and self-loops included. */
  readonly generated: number
  readonly generatedBy: Float64Array
  readonly distinctBy: Float64Array
  readonly depth: number
  readonly bytes: number
  readonly pending: number
  /** States in the seen set. */
  readonly found: number
  /** One of the states, between levels: which one goes by `ticket`, a number from 0 to 1. There must be some. */
  pick(ticket: number): Int32Array
  /** Where the states are, between levels. */
  readonly index: StateIndex
  /** An empty set to search again with; this search is over. */
  takeEmptySet(): StateSet
  readonly frontier: { readonly words: number }
}

export class Search implements SearchState {
  /** Distinct initial states. */
  initial = 0
  /** Initial states met, repeats included. */
  begun = 0
  /** Levels that have a state; the initial states are level 1. */
  depth = 0
  /** By action instance: successors never seen before. */
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
  /** The page of the level being expanded, and how far it is. */
  #page = 0
  #at = 0
  readonly #keepsPages: boolean

  /**
   * @param keepsPages - whether levels stay readable when they have been expanded
   * @param representatives - if given, states that symmetry makes the same are counted and expanded as one
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

  /** Initial states and successors so far, repeats and self-loops included. */
  get generated(): number {
    return this.generatedBy.reduce((sum, count) => sum + count, this.begun)
  }

  /** States in the seen set. */
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

  /** Whether some states of the level have been expanded, and some have not. */
  get isWithinLevel(): boolean {
    return this.#page > 0 || this.#at > 0
  }

  /** Bytes of the seen set and both levels. */
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
   * Begins with the packed states `initial`, repeats allowed, until it has met all or `pause` says so.
   *
   * @param pause - asked before every 64 states
   * @returns whether it has met all; the first level is then current
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
   * Expands states of the current level until it is done or `pause` says so.
   *
   * @param pause - asked before every 64 states
   * @returns whether the level is done; the next one is then current, and empty if the search is over
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

  /** The states of a level, copied. Of one that was expanded only if the search keeps its pages. */
  copy(level: Frontier): Int32Array {
    const states = new Int32Array(level.words)
    let at = 0
    level.ids.forEach((id, index) => {
      states.set(this.#pages.words(id).subarray(0, level.sizes[index]), at)
      at += level.sizes[index]!
    })
    return states
  }

  /** Puts the batch into the seen set, and what is new into the level that follows. */
  #empty(): void {
    const { seen } = this
    const { batch, representatives } = this.expansion
    const observer = this.#observer
    if (representatives !== undefined) reduce(batch, representatives)
    if (observer.admits !== undefined) batch.keep(observer.admits)
    while (seen.room < batch.size / batch.stride) seen.grow()
    for (let from = 0; (from = this.#insert(batch, from)) < batch.size;) seen.grow()
    batch.size = 0
  }

  #advance(): void {
    this.#writer.end()
    const done = this.frontier
    this.frontier = this.#nextFrontier
    this.#nextFrontier = this.#keepsPages ? new Frontier() : done
    this.#nextFrontier.clear()
    this.#page = 0
    this.#at = 0
    if (this.frontier.words > 0) this.depth++
  }
}
