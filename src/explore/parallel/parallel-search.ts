/**
 * Breadth-first search by several threads, level by level; takes over from a `Search` between two levels.
 *
 * The calling thread does its share of every level, and goes on hearing timers and signals meanwhile. A level is handed to the others
 * only if it is worth their waking; what they find they report at its end, so that what a user sees depends on no race.
 */
import type { NextState } from '../../next/next-state.ts'
import { OutOfMemory } from '../memory.ts'
import type { Explored, Observer, Search } from '../search.ts'
import type { StateSet } from '../state-set.ts'
import { countersPerThread, makeCommons, pageBytes, type Commons } from './commons.ts'
import {
  ABANDON,
  ACTIVE,
  CAPACITY,
  EXHAUSTED,
  FOLLOWING_PAGES,
  GATE,
  HALT,
  insertedBy,
  LEVEL_PAGES,
  NEXT_PAGE,
  ORDER,
  PARITY,
  READY,
} from './control.ts'
import { Share } from './share.ts'

/** Thrown when a thread is lost: it ended, or could not begin. */
export class Lost extends Error {
  override readonly cause: unknown

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause))
    this.cause = cause
  }
}

/** How to share out a search. */
export interface Sharing {
  readonly threads: number
  /** States that a level must have to be shared. */
  readonly from: number
  /** Bytes that the table may take. */
  readonly maxBytes: number
}

/** A level that is worth sharing has at least so many pages. */
const LEAST_PAGES = 8

/** The other threads. `Task` and `Report` are what is told them at the beginning of a level, and what they tell at its end. */
export interface Crew<Task, Report> {
  /** How many there are. */
  readonly size: number
  /** Has every one work on the level. @throws what a thread threw, or that it is lost */
  work(task: Task): Promise<Report>[]
}

/** Has others have their turn; rejects to end the work. */
export type Rest = () => Promise<void>

export class ParallelSearch implements Explored {
  readonly initial: number
  depth: number
  readonly seen: StateSet
  readonly distinctBy: Float64Array
  /** The level that comes next. */
  readonly level = { words: 0 }
  readonly commons: Commons
  readonly #instances: number
  readonly #begun: number
  readonly #least: number
  readonly #share: Share
  /** Why no level can be finished any more. */
  #lost: Lost | undefined

  /** Takes over `search`, whose seen set must be shared, between two levels. @throws {OutOfMemory} */
  constructor(search: Search, next: NextState, observer: Observer, { threads, from, maxBytes }: Sharing) {
    const { seen } = search
    this.initial = search.initial
    this.depth = search.depth
    this.seen = seen
    this.distinctBy = search.distinctBy
    this.#instances = search.distinctBy.length
    this.#begun = search.begun
    this.#least = from * seen.width
    const commons = (this.commons = makeCommons(seen, {
      threads,
      instances: this.#instances,
      maxBytes,
      pageStates: Math.max(1, Math.floor(from / LEAST_PAGES)),
    }))
    commons.generated.set(search.generatedBy)
    commons.control[insertedBy(0)] = seen.size
    this.#share = new Share(commons, 0, next, this.#instances, observer, maxBytes)
    this.#adopt(search.copy(search.level))
    this.#advance(search.depth)
  }

  get generatedBy(): Float64Array {
    const { generated, threads } = this.commons
    return new Float64Array(this.#instances).map((_, instance) => {
      let sum = 0
      for (let thread = 0; thread < threads; thread++)
        sum += generated[thread * countersPerThread(this.#instances) + instance]!
      return sum
    })
  }

  get generated(): number {
    return this.commons.generated.reduce((sum, count) => sum + count, this.#begun)
  }

  get bytes(): number {
    const { control, width } = this.commons
    return Math.max(this.seen.bytes, Atomics.load(control, CAPACITY) * width * 4) + pageBytes(this.commons)
  }

  /** States found and not yet expanded, about: whole pages. */
  get pending(): number {
    const { control, width } = this.commons
    const left = Math.max(0, control[LEVEL_PAGES]! - control[NEXT_PAGE]!)
    return (left + control[FOLLOWING_PAGES]!) * (this.commons.pageWords / width)
  }

  /** Whether all threads are ready to take part. */
  get isManned(): boolean {
    const { control, threads } = this.commons
    return Atomics.load(control, READY) === threads - 1
  }

  /** States in the seen set, while a level is worked on. */
  get found(): number {
    const { control, threads } = this.commons
    let sum = 0
    for (let thread = 0; thread < threads; thread++) sum += control[insertedBy(thread)]!
    return sum
  }

  /**
   * Expands the level.
   *
   * @param pause - asked by this thread every 64 states
   * @param rest - called when it says so; may reject
   * @returns what the others report, after the level's end
   * @throws {OutOfMemory}, what `rest` rejects with, and what a thread threw
   */
  async expandLevel<Task, Report>(
    crew: Crew<Task, Report> | undefined,
    task: Task,
    pause: () => boolean,
    rest: Rest,
    work: (share: () => void) => void,
  ): Promise<Report[]> {
    const { control } = this.commons
    const isShared = crew !== undefined && this.level.words >= this.#least && control[READY] === crew.size
    Atomics.store(control, ACTIVE, isShared ? crew.size + 1 : 1)
    const reports = isShared ? crew.work(task).map((report) => this.#watch(report)) : []
    try {
      await this.#ownShare(pause, rest, work)
      while (await isPending(reports)) if (pause()) await rest()
    } catch (thrown) {
      Atomics.compareExchange(control, ORDER, 0, HALT)
      // Nobody may still be at work in memory that the caller goes on to use.
      await Promise.allSettled(reports)
      throw this.#lost ?? thrown
    } finally {
      this.#catchUp()
    }
    const told = await Promise.all(reports)
    if (this.#lost !== undefined) throw this.#lost
    if (control[EXHAUSTED] === 1) throw new OutOfMemory()
    this.#advance(this.depth + 1)
    return told
  }

  /** This thread's share, in slices. */
  async #ownShare(pause: () => boolean, rest: Rest, work: (share: () => void) => void): Promise<void> {
    const share = this.#share
    for (;;) {
      let standing = 'paused'
      work(() => (standing = share.work(pause)))
      if (standing === 'done') break
      if (Atomics.load(this.commons.control, ORDER) !== 0) break
      if (standing === 'paused') {
        await rest()
        continue
      }
      for (let epoch = share.park(); !share.hasPassed(epoch);) await (pause() ? rest() : soon())
    }
    share.leave()
  }

  /** Sees to it that nobody waits for a thread that is lost. */
  async #watch<Report>(report: Promise<Report>): Promise<Report> {
    try {
      return await report
    } catch (thrown) {
      this.#lost ??= new Lost(thrown)
      const { control } = this.commons
      Atomics.store(control, ORDER, ABANDON)
      Atomics.notify(control, GATE)
      throw thrown
    }
  }

  /** Puts the states of the first level on pages. */
  #adopt(states: Int32Array): void {
    const { pages } = this.#share
    const length = this.commons.pageWords
    for (let from = 0; from < states.length; from += length) {
      const part = states.subarray(from, from + length)
      const { id, words } = pages.take()
      words.set(part)
      pages.publish(id, part.length)
    }
  }

  /** Has the seen set know what became of it while several threads worked on it. */
  #catchUp(): void {
    this.seen.adopt(this.commons.control[CAPACITY]!)
    this.seen.size = this.found
  }

  /** Makes the level that follows the level. */
  #advance(depth: number): void {
    const { control, lists, sizes } = this.commons
    const pages = control[FOLLOWING_PAGES]!
    control[PARITY] = 1 - control[PARITY]!
    control[LEVEL_PAGES] = pages
    control[NEXT_PAGE] = 0
    control[FOLLOWING_PAGES] = 0
    this.#catchUp()
    const first = control[PARITY]! * (lists.length / 2)
    this.level.words = 0
    for (let page = 0; page < pages; page++) this.level.words += sizes[lists[first + page]!]!
    if (this.level.words > 0) this.depth = depth
  }
}

/** Whether some promise is not settled yet. Rejects with what one of them rejected with. */
async function isPending(promises: readonly Promise<unknown>[]): Promise<boolean> {
  if (promises.length === 0) return false
  const pending = Symbol('pending')
  return (await Promise.race([Promise.all(promises), soon().then(() => pending)])) === pending
}

/** After a millisecond: what other threads do takes longer. */
function soon(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1)
  })
}
