/** The shared memory of a search: the partitions of the seen set, the pages of the levels, messages, and counters. */
import { allocate, OutOfMemory, reserve } from '../../../store/memory.ts'
import { pageWords, type PageSource } from '../../../store/pages.ts'
import { StateSet } from '../../../store/state-set.ts'
import { TRAILER } from '../../../semantics/successor-batch.ts'
import {
  capacityOf,
  controlWords,
  nextPagesOf,
  pagesOf,
  PARITY,
  sizeOf,
  takenOf,
  TAKEN_PAGES,
  TAKEN_MESSAGES,
} from './control.ts'

/** Address space for pages and messages. The system commits only the parts that are written. */
const MAX_PAGE_BYTES = 2 ** 33
const MAX_MESSAGE_BYTES = 2 ** 30

/** Maximal number of pages, and of messages. */
const MOST = 2 ** 20

/**
 * Successors in a message, in total and for each state of a page. The second limit lets threads share a level of few
 * states.
 */
const MESSAGE_ENTRIES = 512
const ENTRIES_PER_STATE = 8

/** Minimal initial capacity of a partition, and its initial capacity for each expected state. */
const FIRST_CAPACITY = 1024
const FIRST_SPACE = 1.6

const BYTES = Int32Array.BYTES_PER_ELEMENT

/** Distance between the counters of two threads. No two threads write to one cache line. */
export function countersPerThread(instances: number): number {
  return Math.ceil(instances / 16) * 16 + 16
}

export interface SharedMemory {
  readonly width: number
  readonly threads: number
  /** Words of a page: a multiple of the width. */
  readonly pageWords: number
  /** Words of a message: a multiple of the stride of a batch. */
  readonly messageWords: number
  /** Maximal size of a partition's table in bytes. */
  readonly partitionBytes: number
  /** The tables of the partitions, by thread. */
  readonly tables: readonly Int32Array[]
  readonly arena: Int32Array
  readonly messages: Int32Array
  /** By message: the number of the next message in the same box, plus 1; the number of its words in use; its owner. */
  readonly links: Int32Array
  readonly loads: Int32Array
  readonly senders: Int32Array
  readonly control: Int32Array
  /** Page numbers. For each thread two lists, of the current and of the next level; see `listAt`. */
  readonly lists: Int32Array
  /** Words in use, by page. */
  readonly sizes: Int32Array
  /** Successors by action instance, for one thread after another. */
  readonly generated: Float64Array
}

export interface Dimensions {
  readonly width: number
  readonly threads: number
  readonly instances: number
  readonly maxBytes: number
  /**
   * States that the partitions hold at first. A smaller table would get crowded, because the states arrive in the order
   * of their hashes.
   */
  readonly states: number
  /** Maximal number of states of a page. */
  readonly pageStates: number
}

/** @throws {OutOfMemory} */
export function allocateSharedMemory({
  width,
  threads,
  instances,
  maxBytes,
  states,
  pageStates,
}: Dimensions): SharedMemory {
  const length = Math.min(pageWords(width), pageStates * width)
  const arena = reserve(length, Math.min(MAX_PAGE_BYTES, MOST * length * BYTES, maxBytes), 'shared')
  const pages = Math.floor(arena.length / length)
  const messageWords = Math.min(MESSAGE_ENTRIES, ENTRIES_PER_STATE * pageStates) * (width + TRAILER)
  const messages = reserve(messageWords, Math.min(MAX_MESSAGE_BYTES, MOST * messageWords * BYTES, maxBytes), 'shared')
  const most = Math.floor(messages.length / messageWords)
  const control = allocate(controlWords(threads), 'shared')
  const partBytes = Math.floor(maxBytes / threads)
  const capacity = Math.max(FIRST_CAPACITY, Math.ceil((states / threads) * FIRST_SPACE))
  const parts = Array.from({ length: threads }, () => new StateSet(width, partBytes, capacity, 'shared'))
  for (let thread = 0; thread < threads; thread++) control[capacityOf(thread)] = capacity
  return {
    width,
    threads,
    pageWords: length,
    messageWords,
    partitionBytes: partBytes,
    tables: parts.map(({ table }) => table),
    arena,
    messages: messages,
    links: allocate(most, 'shared'),
    loads: allocate(most, 'shared'),
    senders: allocate(most, 'shared'),
    control,
    lists: allocate(2 * threads * pages, 'shared'),
    sizes: allocate(pages, 'shared'),
    generated: new Float64Array(new SharedArrayBuffer(threads * countersPerThread(instances) * 8)),
  }
}

/** Shared memory as sent to a worker: as buffers, because a view of more than 4 GiB does not arrive whole (Node 20). */
export type SentMemory = {
  readonly [name in keyof SharedMemory]: SharedMemory[name] extends number
    ? number
    : SharedMemory[name] extends readonly Int32Array[]
      ? readonly SharedArrayBuffer[]
      : SharedArrayBuffer
}

/** Does not copy any memory. */
export function toMessage(memory: SharedMemory): SentMemory {
  const entries = Object.entries(memory).map(([name, value]: [string, unknown]) => [
    name,
    typeof value === 'number' ? value : Array.isArray(value) ? value.map(bufferOf) : bufferOf(value as Int32Array),
  ])
  return Object.fromEntries(entries) as SentMemory
}

function bufferOf(array: Int32Array): unknown {
  return array.buffer
}

export function fromMessage({ generated, tables, ...sent }: SentMemory): SharedMemory {
  const entries = Object.entries(sent).map(([name, value]) => [
    name,
    typeof value === 'number' ? value : new Int32Array(value),
  ])
  return {
    ...Object.fromEntries(entries),
    tables: tables.map((buffer) => new Int32Array(buffer)),
    generated: new Float64Array(generated),
  } as SharedMemory
}

/** The current partition of a thread. */
export function partitionOf(
  { tables, width, control, partitionBytes: partBytes }: SharedMemory,
  thread: number,
): StateSet {
  const part = StateSet.over(tables[thread]!, width, control[capacityOf(thread)]!, partBytes)
  part.size = control[sizeOf(thread)]!
  return part
}

/** The start of a thread's list in `lists`. */
export function listAt({ lists, threads }: SharedMemory, thread: number, parity: number): number {
  return (2 * thread + parity) * (lists.length / (2 * threads))
}

/** Bytes of all allocated pages and messages. */
export function pageBytes({ pageWords: length, messageWords, control }: SharedMemory): number {
  return (Atomics.load(control, TAKEN_PAGES) * length + Atomics.load(control, TAKEN_MESSAGES) * messageWords) * BYTES
}

/** One thread's access to the pages. A thread reuses the pages that it has read. */
export class SharedPages implements PageSource {
  readonly #memory: SharedMemory
  readonly #thread: number
  readonly #length: number
  readonly #free: number[] = []
  readonly #views: Int32Array[] = []

  constructor(memory: SharedMemory, thread: number) {
    this.#memory = memory
    this.#thread = thread
    this.#length = memory.pageWords
  }

  take(): { id: number; words: Int32Array } {
    const id = this.#free.pop() ?? Atomics.add(this.#memory.control, TAKEN_PAGES, 1)
    if (id >= this.#memory.sizes.length) throw new OutOfMemory()
    return { id, words: this.words(id) }
  }

  words(id: number): Int32Array {
    const { arena } = this.#memory
    return (this.#views[id] ??= arena.subarray(id * this.#length, (id + 1) * this.#length))
  }

  give(id: number): void {
    this.#free.push(id)
  }

  /** Adds a page to a thread's list of the next level. The thread must be this one, unless all others are idle. */
  publish(id: number, size: number, thread: number = this.#thread): void {
    const { control, lists, sizes } = this.#memory
    sizes[id] = size
    lists[listAt(this.#memory, thread, 1 - control[PARITY]!) + control[nextPagesOf(thread)]!++] = id
  }

  /**
   * Takes a page of the level; -1 if there is none left. It prefers the thread's own list: states found together have
   * common successors, which the filter of this thread knows.
   */
  next(): number {
    const { control, lists, threads } = this.#memory
    for (let turn = 0; turn < threads; turn++) {
      const thread = (this.#thread + turn) % threads
      if (control[takenOf(thread)]! >= control[pagesOf(thread)]!) continue
      const place = Atomics.add(control, takenOf(thread), 1)
      if (place < control[pagesOf(thread)]!) return lists[listAt(this.#memory, thread, control[PARITY]!) + place]!
    }
    return -1
  }
}
