/**
 * Breadth-first search by several threads, level by level; takes over from a `Search` between two levels.
 *
 * The calling thread does its share of every level, and goes on hearing timers and signals meanwhile. A level is handed to the others
 * only if it is worth their waking; what they find they report at its end, so that what a user sees depends on no race.
 */
import type { Explored, Observer, Search } from '../search.ts'
import { StateSet } from '../../../store/state-set.ts'
import { hash } from '../../../semantics/hash.ts'
import type { Places } from '../../../store/state-index.ts'
import { countersPerThread, listAt, makeCommons, pageBytes, partOf, type Commons } from './shared-memory.ts'
import {
  ABANDON,
  bellOf,
  capacityOf,
  followingOf,
  HALT,
  ORDER,
  pagesOf,
  PARITY,
  PENDING,
  sizeOf,
  takenOf,
  WORKING,
} from './control.ts'
import { ownerOf } from '../../../store/owner.ts'
import { Share } from './expansion-worker.ts'

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

/** How long to wait for others before looking at the clock. */
const MOMENT_MS = 1

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
  readonly distinctBy: Float64Array
  /** The level that comes next. */
  readonly level = { words: 0 }
  readonly commons: Commons
  readonly #instances: number
  readonly #begun: number
  readonly #least: number
  readonly #share: Share
  readonly #maxBytes: number
  /** Why no level can be finished any more. */
  #lost: Lost | undefined

  /** Takes over `search` between two levels. @throws {OutOfMemory} */
  constructor(search: Search, observer: Observer, { threads, from, maxBytes }: Sharing) {
    const { seen } = search
    const { width } = seen
    this.initial = search.initial
    this.depth = search.depth
    this.distinctBy = search.distinctBy
    this.#maxBytes = maxBytes
    this.#instances = search.distinctBy.length
    this.#begun = search.begun
    this.#least = from * width
    const commons = (this.commons = makeCommons({
      width,
      threads,
      instances: this.#instances,
      maxBytes,
      states: seen.size,
      pageStates: Math.max(1, Math.floor(from / LEAST_PAGES)),
    }))
    commons.generated.set(search.generatedBy)
    this.#dealOut(seen)
    this.#share = new Share(commons, 0, search.engine, observer)
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
    const { control, width, threads } = this.commons
    let homes = 0
    for (let thread = 0; thread < threads; thread++) homes += Atomics.load(control, capacityOf(thread))
    return homes * width * Int32Array.BYTES_PER_ELEMENT + pageBytes(this.commons)
  }

  /** States found and not yet expanded, about: whole pages. */
  get pending(): number {
    const { control, width, threads, pageWords } = this.commons
    let pages = 0
    for (let thread = 0; thread < threads; thread++) {
      const left = control[pagesOf(thread)]! - Math.min(control[takenOf(thread)]!, control[pagesOf(thread)]!)
      pages += left + control[followingOf(thread)]!
    }
    return pages * (pageWords / width)
  }

  /** States in the seen set, while a level is worked on. */
  get found(): number {
    const { control, threads } = this.commons
    let sum = 0
    for (let thread = 0; thread < threads; thread++) sum += control[sizeOf(thread)]!
    return sum
  }

  pick(ticket: number): Int32Array {
    const parts = Array.from({ length: this.commons.threads }, (_, thread) => partOf(this.commons, thread))
    let rank = ticket * this.found
    // A small level can leave a part without any state.
    const [first, ...others] = parts.filter(({ size }) => size > 0)
    let part = first!
    for (const next of others) {
      if (rank < part.size) break
      rank -= part.size
      part = next
    }
    return part.pick(Math.min(1, rank / part.size))
  }

  get index(): Places {
    const { threads } = this.commons
    const parts = Array.from({ length: threads }, (_, thread) => partOf(this.commons, thread))
    const largest = Math.max(...parts.map(({ places }) => places))
    return {
      places: threads * largest,
      parts,
      placeOf: (words, offset, hashed) => {
        const owner = ownerOf(hashed, threads)
        const place = parts[owner]!.placeOf(words, offset, hashed)
        return place < 0 ? -1 : owner * largest + place
      },
      readPlace: (place, into, at) => {
        parts[Math.floor(place / largest)]!.readPlace(place % largest, into, at)
      },
    }
  }

  emptied(): StateSet {
    return new StateSet(this.commons.width, this.#maxBytes)
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
    const isShared = crew !== undefined && this.level.words >= this.#least
    const working = isShared ? crew.size + 1 : 1
    Atomics.store(control, WORKING, working)
    Atomics.store(control, PENDING, working)
    const reports = isShared ? crew.work(task).map((report) => this.#watch(report)) : []
    // They are looked at only when this thread has done its share.
    for (const report of reports) report.catch(() => {})
    try {
      await this.#ownShare(pause, rest, work)
      while (await isPending(reports)) if (pause()) await rest()
    } catch (thrown) {
      Atomics.compareExchange(control, ORDER, 0, HALT)
      // Nobody may still be at work in memory that the caller goes on to use.
      await Promise.allSettled(reports)
      throw this.#lost ?? thrown
    }
    const told = await Promise.all(reports)
    if (this.#lost !== undefined) throw this.#lost
    this.#advance(this.depth + 1)
    return told
  }

  /** This thread's share, in slices. */
  async #ownShare(pause: () => boolean, rest: Rest, work: (share: () => void) => void): Promise<void> {
    const share = this.#share
    share.begin()
    for (;;) {
      let standing = 'paused'
      work(() => (standing = share.work(pause)))
      if (standing === 'done' || Atomics.load(this.commons.control, ORDER) !== 0) return
      if (standing === 'waiting') share.wait(MOMENT_MS)
      else await rest()
    }
  }

  /** Sees to it that nobody waits for a thread that is lost. */
  async #watch<Report>(report: Promise<Report>): Promise<Report> {
    try {
      return await report
    } catch (thrown) {
      this.#lost ??= new Lost(thrown)
      const { control } = this.commons
      Atomics.store(control, ORDER, ABANDON)
      for (let thread = 0; thread < this.commons.threads; thread++) Atomics.notify(control, bellOf(thread))
      throw thrown
    }
  }

  /** Puts the states of the first level on pages, and gives every thread as many of them, one after the other. */
  #adopt(states: Int32Array): void {
    const { pages } = this.#share
    const { pageWords: length, threads } = this.commons
    for (let from = 0; from < states.length; from += length) {
      const part = states.subarray(from, from + length)
      const { id, words } = pages.take()
      words.set(part)
      pages.publish(id, part.length, Math.floor((from / states.length) * threads))
    }
  }

  /** Gives the states of one set to the threads that they belong to. */
  #dealOut({ table, lastPlace, width }: StateSet): void {
    const { threads, control } = this.commons
    const parts = Array.from({ length: threads }, (_, thread) => partOf(this.commons, thread))
    for (let base = 0; base < lastPlace; base += width) {
      if (table[base + width - 1] === 0) continue
      parts[ownerOf(hash(table, base, width), threads)]!.add(table, base)
    }
    parts.forEach(({ size, capacity }, thread) => {
      control[sizeOf(thread)] = size
      control[capacityOf(thread)] = capacity
    })
  }

  /** Makes the level that follows the level. */
  #advance(depth: number): void {
    const { commons } = this
    const { control, lists, sizes, threads } = commons
    const parity = (control[PARITY] = 1 - control[PARITY]!)
    this.level.words = 0
    for (let thread = 0; thread < threads; thread++) {
      const pages = (control[pagesOf(thread)] = control[followingOf(thread)]!)
      control[takenOf(thread)] = 0
      control[followingOf(thread)] = 0
      const list = listAt(commons, thread, parity)
      for (let place = 0; place < pages; place++) this.level.words += sizes[lists[list + place]!]!
    }
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
