/**
 * Breadth-first search by several threads, level by level. It takes over from a `Search` between two levels.
 *
 * The calling thread does its share of each level, and handles timers and signals meanwhile. It shares a level only if
 * the level is large enough. Other threads report their findings at the end of the level, so no race affects what a
 * user sees.
 */
import type { SearchInMemory, Search, Unexpanded } from '../search.ts'
import type { Observer } from '../../../semantics/contract.ts'
import { StateSet } from '../../../store/state-set.ts'
import { hash } from '../../../semantics/hash.ts'
import type { StateIndex } from '../../../store/state-index.ts'
import {
  countersPerThread,
  listAt,
  allocateSharedMemory,
  pageBytes,
  partitionOf,
  type SharedMemory,
} from './shared-memory.ts'
import {
  ABANDON,
  GO,
  halt,
  keptFrom,
  keptPageOf,
  PAUSE,
  wakeupOf,
  capacityOf,
  nextPagesOf,
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
import { ExpansionWorker } from './expansion-worker.ts'

/** Thrown when a thread is lost: it ended, or could not start. */
export class LostWorker extends Error {
  override readonly cause: unknown

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause))
    this.cause = cause
  }
}

export interface SharingOptions {
  readonly threads: number
  /** Minimal number of states of a shared level. */
  readonly from: number
  /** Maximal size of the table in bytes. */
  readonly maxBytes: number
}

/** How long to wait for others before checking the clock. */
const MOMENT_MS = 1

/** Minimal number of pages of a shared level. */
const MIN_PAGES = 8

/** The other threads. They receive a `Task` at the beginning of a level and return a `Report` at its end. */
export interface WorkerThreads<Task, Report> {
  readonly size: number
  /** Starts work on the level in each thread. @throws what a thread threw, or that it is lost */
  work(task: Task): Promise<Report>[]
}

/** Gives other tasks their turn. Rejects to end the work. */
export type Rest = () => Promise<void>

export class ParallelSearch implements SearchInMemory {
  readonly isOnDisk = false
  readonly initial: number
  depth: number
  isWithinLevel = false
  readonly distinctBy: Float64Array
  /** The next level. */
  readonly frontier = { words: 0 }
  readonly memory: SharedMemory
  readonly #instances: number
  readonly begun: number
  readonly #least: number
  readonly #share: ExpansionWorker
  readonly #maxBytes: number
  /** By thread: pages of the level, and of the next one, that `takeFound` has returned. */
  readonly #taken: number[]
  readonly #nextTaken: number[]
  /** Set when a thread is lost. Then no level can be finished. */
  #lost: LostWorker | undefined

  constructor(search: Search, observer: Observer, { threads, from, maxBytes }: SharingOptions) {
    const { seen } = search
    const { width } = seen
    this.initial = search.initial
    this.depth = search.depth
    this.distinctBy = search.distinctBy
    this.#maxBytes = maxBytes
    this.#instances = search.distinctBy.length
    this.begun = search.begun
    this.#least = from * width
    const memory = (this.memory = allocateSharedMemory({
      width,
      threads,
      instances: this.#instances,
      maxBytes,
      states: seen.size,
      pageStates: Math.max(1, Math.floor(from / MIN_PAGES)),
    }))
    memory.generated.set(search.generatedBy)
    this.#dealOut(seen)
    this.#share = new ExpansionWorker(memory, 0, search.expansion, observer)
    this.#taken = Array.from({ length: threads }, () => 0)
    this.#nextTaken = Array.from({ length: threads }, () => 0)
    const { isWithinLevel } = search
    this.#adopt(search.copy(search.frontier))
    this.#advance(search.depth)
    this.#adopt(search.copyNext())
    this.isWithinLevel = isWithinLevel
    // The caller has taken all of them.
    this.takeFound()
  }

  get generatedBy(): Float64Array {
    const { generated, threads } = this.memory
    return new Float64Array(this.#instances).map((_, instance) => {
      let sum = 0
      for (let thread = 0; thread < threads; thread++)
        sum += generated[thread * countersPerThread(this.#instances) + instance]!
      return sum
    })
  }

  get generated(): number {
    return this.memory.generated.reduce((sum, count) => sum + count, this.begun)
  }

  get bytes(): number {
    const { control, width, threads } = this.memory
    let homes = 0
    for (let thread = 0; thread < threads; thread++) homes += Atomics.load(control, capacityOf(thread))
    return homes * width * Int32Array.BYTES_PER_ELEMENT + pageBytes(this.memory)
  }

  /** States found and not yet expanded, rounded up to whole pages. */
  get pending(): number {
    const { control, width, threads, pageWords } = this.memory
    let pages = 0
    for (let thread = 0; thread < threads; thread++) {
      const left = control[pagesOf(thread)]! - Math.min(control[takenOf(thread)]!, control[pagesOf(thread)]!)
      pages += left + control[nextPagesOf(thread)]!
    }
    return pages * (pageWords / width)
  }

  /** States in the seen set. Available during a level too. */
  get found(): number {
    const { control, threads } = this.memory
    let sum = 0
    for (let thread = 0; thread < threads; thread++) sum += control[sizeOf(thread)]!
    return sum
  }

  pick(ticket: number): Int32Array {
    const parts = Array.from({ length: this.memory.threads }, (_, thread) => partitionOf(this.memory, thread))
    let rank = ticket * this.found
    // A small level can leave a partition empty.
    const [first, ...others] = parts.filter(({ size }) => size > 0)
    let part = first!
    for (const next of others) {
      if (rank < part.size) break
      rank -= part.size
      part = next
    }
    return part.pick(Math.min(1, rank / part.size))
  }

  get index(): StateIndex {
    const { threads } = this.memory
    const parts = Array.from({ length: threads }, (_, thread) => partitionOf(this.memory, thread))
    const largest = Math.max(...parts.map(({ places }) => places))
    return {
      places: threads * largest,
      partitions: parts,
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

  takeEmptySet(): StateSet {
    return new StateSet(this.memory.width, this.#maxBytes)
  }

  get isNearlyFull(): boolean {
    const { threads } = this.memory
    return Array.from({ length: threads }, (_, thread) => partitionOf(this.memory, thread).isNearlyFull).includes(true)
  }

  /** A thread that leaves a level has no state under way. */
  settle(): void {}

  unexpanded(): Unexpanded {
    const { control, sizes, threads } = this.memory
    const kept: Int32Array[] = []
    for (let thread = 0; thread < threads; thread++) {
      const page = control[keptPageOf(thread)]! - 1
      if (page >= 0) kept.push(this.#share.pages.words(page).subarray(control[keptFrom(thread)]!, sizes[page]))
    }
    const untaken = (thread: number): readonly [number, number] => {
      const pages = control[pagesOf(thread)]!
      return [Math.min(control[takenOf(thread)]!, pages), pages]
    }
    return {
      level: [...kept, ...this.#pagesOf(control[PARITY]!, untaken)],
      next: this.#pagesOf(1 - control[PARITY]!, (thread) => [0, control[nextPagesOf(thread)]!]),
    }
  }

  takeFound(): Int32Array[] {
    const { control } = this.memory
    const taken = this.#taken
    const nextTaken = this.#nextTaken
    const found = [
      ...this.#pagesOf(control[PARITY]!, (thread) => [taken[thread]!, control[pagesOf(thread)]!]),
      ...this.#pagesOf(1 - control[PARITY]!, (thread) => [nextTaken[thread]!, control[nextPagesOf(thread)]!]),
    ]
    for (let thread = 0; thread < taken.length; thread++) {
      taken[thread] = control[pagesOf(thread)]!
      nextTaken[thread] = control[nextPagesOf(thread)]!
    }
    return found
  }

  /** The pages of a level: of each thread those at these places of its list. */
  #pagesOf(parity: number, places: (thread: number) => readonly [from: number, to: number]): Int32Array[] {
    const { memory } = this
    const pages: Int32Array[] = []
    for (let thread = 0; thread < memory.threads; thread++) {
      const list = listAt(memory, thread, parity)
      const [from, to] = places(thread)
      for (let place = from; place < to; place++) {
        const id = memory.lists[list + place]!
        pages.push(this.#share.pages.words(id).subarray(0, memory.sizes[id]))
      }
    }
    return pages
  }

  /** Asks all threads to leave the level as soon as nothing is under way. It can be continued. */
  pauseLevel(): void {
    Atomics.compareExchange(this.memory.control, ORDER, GO, PAUSE)
  }

  /**
   * Expands the level, or its rest. If `pauseLevel` was called, `isWithinLevel` may be true afterwards.
   *
   * @param pause - this thread calls it every 64 states
   * @param rest - called when `pause` returns true; may reject
   * @returns the reports of the other threads
   * @throws {OutOfMemory}; the errors of `rest`; the errors of threads
   */
  async expandLevel<Task, Report>(
    workerPool: WorkerThreads<Task, Report> | undefined,
    task: Task,
    pause: () => boolean,
    rest: Rest,
    work: (share: () => void) => void,
  ): Promise<Report[]> {
    const { control } = this.memory
    const isShared = workerPool !== undefined && this.frontier.words >= this.#least
    const working = isShared ? workerPool.size + 1 : 1
    Atomics.store(control, WORKING, working)
    Atomics.store(control, PENDING, working)
    const reports = isShared ? workerPool.work(task).map((report) => this.#watch(report)) : []
    // Prevent unhandled rejections: the reports are awaited only after this thread's share.
    for (const report of reports) report.catch(() => {})
    try {
      await this.#ownShare(pause, rest, work)
      while (await isPending(reports)) if (pause()) await rest()
    } catch (thrown) {
      halt(control)
      // Wait for all threads, because the caller continues to use their memory.
      await Promise.allSettled(reports)
      throw this.#lost ?? thrown
    }
    const told = await Promise.all(reports)
    if (this.#lost !== undefined) throw this.#lost
    this.isWithinLevel = this.unexpanded().level.length > 0
    Atomics.store(control, ORDER, GO)
    if (!this.isWithinLevel) this.#advance(this.depth + 1)
    return told
  }

  /** This thread's share, in slices. */
  async #ownShare(pause: () => boolean, rest: Rest, work: (share: () => void) => void): Promise<void> {
    const share = this.#share
    share.begin()
    for (;;) {
      let progress = 'paused'
      work(() => (progress = share.work(pause)))
      const order = Atomics.load(this.memory.control, ORDER)
      if (progress === 'done' || order === HALT || order === ABANDON) return
      if (progress === 'waiting') share.wait(MOMENT_MS)
      else await rest()
    }
  }

  /** Marks a thread as lost if its report fails, so that no thread waits for it. */
  async #watch<Report>(report: Promise<Report>): Promise<Report> {
    try {
      return await report
    } catch (thrown) {
      this.#lost ??= new LostWorker(thrown)
      const { control } = this.memory
      Atomics.store(control, ORDER, ABANDON)
      for (let thread = 0; thread < this.memory.threads; thread++) Atomics.notify(control, wakeupOf(thread))
      throw thrown
    }
  }

  /** Distributes the states of the first level on pages, in equal shares for all threads. */
  #adopt(states: Int32Array): void {
    const { pages } = this.#share
    const { pageWords: length, threads } = this.memory
    for (let from = 0; from < states.length; from += length) {
      const part = states.subarray(from, from + length)
      const { id, words } = pages.take()
      words.set(part)
      pages.publish(id, part.length, Math.floor((from / states.length) * threads))
    }
  }

  /** Distributes a seen set to the threads that own the states. */
  #dealOut({ table, lastPlace, width }: StateSet): void {
    const { threads, control } = this.memory
    const parts = Array.from({ length: threads }, (_, thread) => partitionOf(this.memory, thread))
    for (let base = 0; base < lastPlace; base += width) {
      if (table[base + width - 1] === 0) continue
      parts[ownerOf(hash(table, base, width), threads)]!.add(table, base)
    }
    parts.forEach(({ size, capacity }, thread) => {
      control[sizeOf(thread)] = size
      control[capacityOf(thread)] = capacity
    })
  }

  /** Makes the next level the current one. */
  #advance(depth: number): void {
    const { memory } = this
    const { control, lists, sizes, threads } = memory
    const parity = (control[PARITY] = 1 - control[PARITY]!)
    this.frontier.words = 0
    for (let thread = 0; thread < threads; thread++) {
      this.#taken[thread] = this.#nextTaken[thread]!
      this.#nextTaken[thread] = 0
      const pages = (control[pagesOf(thread)] = control[nextPagesOf(thread)]!)
      control[takenOf(thread)] = 0
      control[nextPagesOf(thread)] = 0
      const list = listAt(memory, thread, parity)
      for (let place = 0; place < pages; place++) this.frontier.words += sizes[lists[list + place]!]!
    }
    if (this.frontier.words > 0) this.depth = depth
  }
}

/** Whether some promise is still pending. Rejects if one of them rejected. */
async function isPending(promises: readonly Promise<unknown>[]): Promise<boolean> {
  if (promises.length === 0) return false
  const pending = Symbol('pending')
  return (await Promise.race([Promise.all(promises), soon().then(() => pending)])) === pending
}

/** Resolves after a millisecond. The work of other threads takes longer. */
function soon(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 1)
  })
}
