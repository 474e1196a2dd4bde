/** The memory that the threads of a search share: the table, the pages of the levels, and the counters. */
import { allocate, OutOfMemory, reserve } from '../memory.ts'
import { pageWords, type PageSource } from '../pages.ts'
import type { StateSet } from '../state-set.ts'
import { CAPACITY, controlWords, FOLLOWING_PAGES, PARITY, ROOM, TAKEN_PAGES } from './control.ts'

/** Address space for pages. They take memory only as far as they are written. */
const MOST_PAGE_BYTES = 2 ** 33

const BYTES = Int32Array.BYTES_PER_ELEMENT

/** Numbers from one thread's counters of action instances to the next's: no two threads write to one cache line. */
export function countersPerThread(instances: number): number {
  return Math.ceil(instances / 16) * 16 + 16
}

/** What all threads see. */
export interface Commons {
  readonly width: number
  readonly threads: number
  /** Words of a page, a multiple of the width. */
  readonly pageWords: number
  readonly table: Int32Array
  readonly arena: Int32Array
  readonly control: Int32Array
  /** The numbers of the pages of the level and of the following one: one after the other, each as long as there can be pages. */
  readonly lists: Int32Array
  /** Words in use, by page. */
  readonly sizes: Int32Array
  /** Successors by action instance, for one thread after another. */
  readonly generated: Float64Array
}

/** For how much to have memory. */
export interface Dimensions {
  readonly threads: number
  readonly instances: number
  readonly maxBytes: number
  /** The most states of a page. */
  readonly pageStates: number
}

/** Memory for several threads around a table that is shared already. @throws {OutOfMemory} */
export function makeCommons(seen: StateSet, { threads, instances, maxBytes, pageStates }: Dimensions): Commons {
  const { width } = seen
  const length = Math.min(pageWords(width), pageStates * width)
  const arena = reserve(length, Math.min(MOST_PAGE_BYTES, maxBytes), 'shared')
  const pages = Math.floor(arena.length / length)
  const control = allocate(controlWords(threads), 'shared')
  control[CAPACITY] = seen.capacity
  control[ROOM] = seen.room
  return {
    width,
    threads,
    pageWords: length,
    table: seen.table,
    arena,
    control,
    lists: allocate(2 * pages, 'shared'),
    sizes: allocate(pages, 'shared'),
    generated: new Float64Array(new SharedArrayBuffer(threads * countersPerThread(instances) * 8)),
  }
}

/** The same as what is sent to a thread: buffers, since a view of more than 4 GiB does not arrive whole (Node 20). */
export type SentCommons = {
  readonly [name in keyof Commons]: Commons[name] extends number ? number : SharedArrayBuffer
}

/** What to send to a thread. Nothing in it is copied. */
export function sendable(commons: Commons): SentCommons {
  const entries = Object.entries(commons).map(([name, value]) => [
    name,
    typeof value === 'number' ? value : value.buffer,
  ])
  return Object.fromEntries(entries) as SentCommons
}

/** What was sent. */
export function received({ generated, ...sent }: SentCommons): Commons {
  const entries = Object.entries(sent).map(([name, value]) => [
    name,
    typeof value === 'number' ? value : new Int32Array(value),
  ])
  return { ...Object.fromEntries(entries), generated: new Float64Array(generated) } as Commons
}

/** Bytes of the pages that were ever taken. */
export function pageBytes({ pageWords: length, control }: Commons): number {
  return Atomics.load(control, TAKEN_PAGES) * length * BYTES
}

/** One thread's share of the pages: those it has read are written again by the same thread. */
export class SharedPages implements PageSource {
  readonly #commons: Commons
  readonly #length: number
  readonly #free: number[] = []
  readonly #views: Int32Array[] = []

  constructor(commons: Commons) {
    this.#commons = commons
    this.#length = commons.pageWords
  }

  take(): { id: number; words: Int32Array } {
    const id = this.#free.pop() ?? Atomics.add(this.#commons.control, TAKEN_PAGES, 1)
    if (id >= this.#commons.sizes.length) throw new OutOfMemory()
    return { id, words: this.words(id) }
  }

  words(id: number): Int32Array {
    const { arena } = this.#commons
    return (this.#views[id] ??= arena.subarray(id * this.#length, (id + 1) * this.#length))
  }

  give(id: number): void {
    this.#free.push(id)
  }

  /** Adds a page to the level that follows. */
  publish(id: number, size: number): void {
    const { control, lists, sizes } = this.#commons
    sizes[id] = size
    const half = lists.length / 2
    const place = Atomics.add(control, FOLLOWING_PAGES, 1)
    lists[(1 - control[PARITY]!) * half + place] = id
  }
}
