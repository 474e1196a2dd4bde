/**
 * One thread's share of the search: expands pages of the level, and looks up the states of its own partition of the
 * seen set.
 *
 * The hash of a state determines its owner. Only the owner looks the state up and inserts it, with plain reads and
 * writes, in a table that it grows itself. A successor that belongs to another thread travels in a message (Stern and
 * Dill, "Parallelizing the Murphi verifier", CAV 1997). New states go to pages of the next level, which any thread may
 * expand.
 *
 * The level is done when no thread has anything left to expand and no message is under way. `specs/seen-set.ts` checks
 * how threads detect this, and that none waits forever.
 */
import { TRAILER, type Batch } from '../../../semantics/successor-batch.ts'
import type { Expander } from '../../../semantics/contract.ts'
import { reduce, type Representatives } from '../../../semantics/reduction.ts'
import { makeInserter, type Insert, type Output } from '../../../store/inserter.ts'
import { PageWriter } from '../../../store/pages.ts'
import type { StateExpander } from '../search.ts'
import type { Observer } from '../../../semantics/contract.ts'
import type { StateSet } from '../../../store/state-set.ts'
import { countersPerThread, partitionOf, SharedPages, type SharedMemory } from './shared-memory.ts'
import {
  ABANDON,
  keptFrom,
  keptPageOf,
  wakeupOf,
  capacityOf,
  HALT,
  ORDER,
  PAUSE,
  PENDING,
  sizeOf,
  WORKING,
} from './control.ts'
import { Mailbox, acknowledge } from './mailbox.ts'
import { fromOthers, makeSort, type Sort } from './sorter.ts'

/** Thrown instead of waiting for a thread that is lost. */
export class Abandoned extends Error {}

/** The progress of a thread: done with the level, waiting for others, or told to pause. */
export type WorkerProgress = 'done' | 'waiting' | 'paused'

/** States expanded between two checks of the clock, of `ORDER` and of the inbox. */
const STRIDE = 64

/** How long to wait before checking for a lost thread. */
const WAIT_MS = 50

/** The contents of a missing message. */
const NOTHING = new Int32Array()

/** A partition of the seen set, and an inserter for received entries. */
interface Part {
  readonly set: StateSet
  /** Receives new states. It overwrites the message. */
  readonly answer: Output
  readonly insert: Insert
}

/** Received entries in the form that an inserter takes. */
interface Sent {
  entries: Int32Array
  size: number
}

export class ExpansionWorker {
  /** Public, because the creator of the search puts the first level on these pages. */
  readonly pages: SharedPages
  readonly #memory: SharedMemory
  readonly #thread: number
  readonly #set: StateSet
  readonly #batch: Batch
  readonly #observer: Observer
  readonly #expander: Expander
  readonly #representatives: Representatives | undefined
  /** Shared memory that publishes the counts of the batch. */
  readonly #generated: Float64Array
  readonly #insert: Insert
  readonly #writer: PageWriter
  readonly #mailbox: Mailbox
  /** By thread. The partitions of other threads are used only while this thread works alone. */
  readonly #parts: (Part | undefined)[]
  readonly #newBy: Float64Array
  /** By thread: the message being filled for it, or -1; its words; the number of words in use. */
  readonly #messages: number[]
  readonly #contents: Int32Array[]
  readonly #loads: Int32Array
  readonly #sort: Sort
  readonly #sent: Sent = { entries: new Int32Array(), size: 0 }
  /** Whether this thread has nothing left to expand on the level. */
  #hasExpanded = false
  /** Whether this thread has expanded states since `begin`. */
  #isUnderWay = false
  /** The page being expanded; -1 if the thread must take another one. */
  #page = -1
  #at = 0
  /** The value of the wakeup word when this thread last checked for messages. */
  #heard = 0

  /**
   * @param thread - from 0 up
   * @param engine - the expander to continue with; its batch must be empty
   */
  constructor(
    memory: SharedMemory,
    thread: number,
    { batch, expander, representatives }: StateExpander,
    observer: Observer,
  ) {
    const { width, threads, generated } = memory
    const instances = batch.generated.length
    this.#memory = memory
    this.#thread = thread
    this.#observer = observer
    this.#batch = batch
    this.#expander = expander
    this.#representatives = representatives
    this.#generated = generated.subarray(thread * countersPerThread(instances)).subarray(0, instances)
    this.pages = new SharedPages(memory, thread)
    this.#writer = new PageWriter(width, this.pages, (id, size) => this.pages.publish(id, size))
    this.#mailbox = new Mailbox(memory, thread)
    this.#newBy = new Float64Array(instances)
    this.#set = partitionOf(memory, thread)
    this.#insert = makeInserter(this.#set, this.#writer, observer, this.#newBy)
    this.#parts = Array.from({ length: threads }, () => undefined)
    this.#parts[thread] = this.#partOver(this.#set)
    this.#messages = Array.from({ length: threads }, () => -1)
    this.#contents = Array.from({ length: threads }, () => NOTHING)
    this.#loads = new Int32Array(threads)
    const outgoing = { contents: this.#contents, loads: this.#loads, turn: (to: number) => this.#turn(to) }
    this.#sort = makeSort(width, thread, threads, outgoing, observer)
  }

  /** See `control.ts`. */
  get control(): Int32Array {
    return this.#memory.control
  }

  /** Begins a level. Call this before `work`. */
  begin(): void {
    this.#hasExpanded = false
    this.#isUnderWay = false
    const { control } = this.#memory
    this.#parts.forEach((part, thread) => {
      part?.set.adopt(control[capacityOf(thread)]!)
      if (part !== undefined) part.set.size = control[sizeOf(thread)]!
    })
  }

  /**
   * Works on the level until it is done, must wait, or is told to pause.
   *
   * @throws {OutOfMemory}; {Abandoned} if another thread is lost
   */
  work(pause: () => boolean): WorkerProgress {
    const { control, threads } = this.#memory
    while (!this.#hasExpanded) {
      if (!this.#mayGoOn() || pause()) return 'paused'
      const isNews = this.#unpack()
      if (this.#mailbox.isCrowded) {
        if (!isNews) return 'waiting'
      } else if (!this.#mustPause() && (this.#page >= 0 || this.#takePage())) {
        this.#expand()
      } else {
        control[keptPageOf(this.#thread)] = this.#page + 1
        control[keptFrom(this.#thread)] = this.#at
        this.#generated.set(this.#batch.generated)
        this.#empty()
        for (let thread = 0; thread < threads; thread++) this.#send(thread)
        this.#hasExpanded = true
        acknowledge(control, threads)
      }
    }
    for (;;) {
      if (!this.#mayGoOn() || pause()) return 'paused'
      const isNews = this.#unpack()
      if (Atomics.load(control, PENDING) === 0) break
      if (!isNews) return 'waiting'
    }
    this.#writer.end()
    return 'done'
  }

  /** Works until the level is done or halted. Blocks the thread. */
  workBlocking(): void {
    while (this.work(() => false) === 'waiting') this.wait(WAIT_MS)
  }

  /** Waits until there may be more to do than at the last `waiting`, or until the time is over. Blocks the thread. */
  wait(milliseconds: number): void {
    Atomics.wait(this.#memory.control, wakeupOf(this.#thread), this.#heard, milliseconds)
  }

  /** Empties the inbox. Returns whether it contained anything. A later message changes the wakeup word. */
  #unpack(): boolean {
    this.#heard = Atomics.load(this.#memory.control, wakeupOf(this.#thread))
    const isReturned = this.#mailbox.collect(this.#accepted)
    return this.#mailbox.receive(this.#received) || isReturned
  }

  #mayGoOn(): boolean {
    const order = Atomics.load(this.#memory.control, ORDER)
    if (order === ABANDON) throw new Abandoned()
    return order !== HALT
  }

  /** Whether to leave the rest of the level for later. However often a level pauses, some of it is expanded in between. */
  #mustPause(): boolean {
    return this.#isUnderWay && Atomics.load(this.#memory.control, ORDER) === PAUSE
  }

  /** Takes another page of the level. Returns whether there was one. */
  #takePage(): boolean {
    this.#page = this.pages.next()
    this.#at = 0
    return this.#page >= 0
  }

  /** Expands some states of the page. */
  #expand(): void {
    this.#isUnderWay = true
    const { width, sizes } = this.#memory
    const size = sizes[this.#page]!
    const end = Math.min(size, this.#at + STRIDE * width)
    const words = this.pages.words(this.#page)
    while (this.#at < end) {
      this.#at = this.#expander.expand(words, this.#at, end)
      if (this.#batch.size >= this.#batch.enough) this.#empty()
    }
    if (this.#at < size) return
    this.pages.give(this.#page)
    this.#page = -1
    this.#generated.set(this.#batch.generated)
  }

  /** Inserts the successors that belong to this thread, and sends the others. */
  #empty(): void {
    const batch = this.#batch
    const observer = this.#observer
    if (this.#representatives !== undefined) reduce(batch, this.#representatives)
    if (observer.admits !== undefined) batch.keep(observer.admits)
    this.#sort(batch)
    this.#insertAll(this.#thread, this.#set, this.#insert, batch)
    batch.size = 0
  }

  /** Makes room for an entry to a thread. */
  #turn(to: number): void {
    if (this.#messages[to]! >= 0) this.#send(to)
    if (this.#messages[to]! >= 0) return
    const message = this.#mailbox.take()
    this.#messages[to] = message
    this.#contents[to] = this.#mailbox.words(message)
  }

  /** Sends the message for a thread. If no other thread works on the level, this thread unpacks it at once. */
  #send(to: number): void {
    const load = this.#loads[to]!
    if (load === 0) return
    this.#loads[to] = 0
    if (this.#memory.control[WORKING] === 1) {
      const contents = this.#contents[to]!
      this.#writer.append(contents, this.#answer(to, contents, load))
      return
    }
    this.#mailbox.send(this.#messages[to]!, load, to)
    this.#messages[to] = -1
    this.#contents[to] = NOTHING
  }

  readonly #received = (words: Int32Array, load: number): number => this.#answer(this.#thread, words, load)

  readonly #accepted = (words: Int32Array, load: number): void => this.#writer.append(words, load)

  /**
   * Inserts received entries, and overwrites them with the states that were new.
   *
   * @returns the number of words of these states
   */
  #answer(owner: number, words: Int32Array, load: number): number {
    const sent = this.#sent
    sent.entries = words
    sent.size = load
    const { set, insert, answer } = (this.#parts[owner] ??= this.#partOver(partitionOf(this.#memory, owner)))
    answer.words = words
    answer.at = 0
    this.#insertAll(owner, set, insert, sent)
    return answer.at
  }

  #insertAll(owner: number, set: StateSet, insert: Insert, batch: Sent): void {
    const { control, width } = this.#memory
    while (set.room < batch.size / (width + TRAILER)) set.grow()
    for (let from = 0; (from = insert(batch, from)) < batch.size;) set.grow()
    control[sizeOf(owner)] = set.size
    control[capacityOf(owner)] = set.capacity
  }

  #partOver(set: StateSet): Part {
    const arrivals = fromOthers(this.#observer)
    // An answer is never longer than the message.
    const answer: Output = { words: NOTHING, at: 0, turn() {} }
    return { set, answer, insert: makeInserter(set, answer, arrivals, this.#newBy) }
  }
}
