/**
 * Breadth-first search, level by level. If you read one file, read this.
 *
 * A level is expanded into the next: every state's successors are generated, and those never seen before make up the next
 * level. What a state or a step means is the observer's affair. The search can be paused within a level, so that a caller
 * can report progress, heed a time limit or a signal.
 */
import { Failure, Successors, UNKNOWN_STEP, type NextState } from '../next/next-state.ts'
import { StateQueue } from './state-queue.ts'
import type { StateSet } from './state-set.ts'

/** What a search tells, as it happens. Words are borrowed for the call. */
export interface Observer {
  /** A state met for the first time. `step` is for `Watch.check`. */
  discovered(words: Int32Array, offset: number, step: number): void
  /** A state without successors. */
  dead(words: Int32Array, offset: number): void
  /** A spec function failed on a state. */
  failed(failure: Failure, words: Int32Array, offset: number): void
  /** A step that changes something; left out when nobody watches steps. */
  readonly stepped?: ((words: Int32Array, from: number, successors: Successors, index: number) => void) | undefined
  /** Whether to explore from a state that is not known to be new; left out when there are no constraints. */
  readonly admits?: ((words: Int32Array, offset: number, step: number) => boolean) | undefined
}

export class Search {
  /** Distinct initial states. */
  initial = 0
  /** Initial states and successors so far, repeats and self-loops included. */
  generated = 0
  /** Levels that have a state; the initial states are level 1. */
  depth = 0
  /** Successors by action instance: all, and those never seen before. */
  readonly generatedBy: Float64Array
  readonly distinctBy: Float64Array
  /** The level being expanded. */
  level: StateQueue
  readonly seen: StateSet
  readonly #next: NextState
  readonly #observer: Observer
  readonly #out: Successors
  #following: StateQueue
  /** How many states of the level have been expanded. */
  #expanded = 0

  constructor(next: NextState, instances: number, observer: Observer, seen: StateSet) {
    this.#next = next
    this.#observer = observer
    this.seen = seen
    this.level = new StateQueue(seen.width)
    this.#following = new StateQueue(seen.width)
    this.#out = new Successors(seen.width)
    this.generatedBy = new Float64Array(instances)
    this.distinctBy = new Float64Array(instances)
  }

  /** Bytes of the seen set and both levels. */
  get bytes(): number {
    return this.seen.bytes + this.level.bytes + this.#following.bytes
  }

  /** States found and not yet expanded. */
  get pending(): number {
    return this.level.size - this.#expanded + this.#following.size
  }

  /** Begins with the packed states `initial`, repeats allowed. @throws {OutOfMemory} */
  begin(initial: Int32Array): void {
    const { width } = this.seen
    for (let offset = 0; offset < initial.length; offset += width) {
      this.generated++
      this.#meet(initial, offset, UNKNOWN_STEP)
    }
    this.#advance()
    this.initial = this.level.size
  }

  /**
   * Expands states of the current level until it is done or `pause` says so.
   *
   * @param pause - asked before every 32 states
   * @returns whether the level is done; the next one is then current, and empty if the search is over
   * @throws {OutOfMemory}
   */
  expandLevel(pause: () => boolean = () => false): boolean {
    const { level } = this
    while (this.#expanded < level.size) {
      if (pause()) return false
      const end = Math.min(level.size, this.#expanded + 32)
      for (; this.#expanded < end; this.#expanded++) this.#expand(level.words, this.#expanded * level.width)
    }
    this.#advance()
    return true
  }

  #expand(words: Int32Array, offset: number): void {
    const out = this.#out
    const { width } = out
    try {
      this.#next.successors(words, offset, out)
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      return this.#observer.failed(thrown, words, offset)
    }
    if (out.size === 0) this.#observer.dead(words, offset)
    this.generated += out.size
    for (let index = 0, at = 0; index < out.size; index++, at += width) {
      this.generatedBy[out.instance[index]!]!++
      let word = 0
      while (word < width && out.words[at + word] === words[offset + word]) word++
      if (word === width) continue
      this.#observer.stepped?.(words, offset, out, index)
      if (this.#meet(out.words, at, out.step[index]!)) this.distinctBy[out.instance[index]!]!++
    }
  }

  /** Takes note of a state; returns whether it is new and will be expanded. */
  #meet(words: Int32Array, offset: number, step: number): boolean {
    if (this.#observer.admits?.(words, offset, step) === false) return false
    if (!this.seen.add(words, offset)) return false
    this.#following.push(words, offset)
    this.#observer.discovered(words, offset, step)
    return true
  }

  #advance(): void {
    const done = this.level
    this.level = this.#following
    this.#following = done
    this.#following.size = 0
    this.#expanded = 0
    if (this.level.size > 0) this.depth++
  }
}
