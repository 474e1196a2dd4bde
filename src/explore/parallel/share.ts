/**
 * One thread's share of a level: takes pages, expands their states, and inserts the successors into the table that all share.
 *
 * When the table has to grow, whoever notices closes the gate; everybody comes to it before inserting more, and parks; the last to
 * park grows the table. A thread that runs out of pages leaves, and looks once more whether those that remain are all parked. Nobody
 * else is inside an insertion then (specs/seen-set.ts checks that, and that nobody waits for ever).
 */
import { Batch } from '../../next/batch.ts'
import type { Expander, NextState } from '../../next/next-state.ts'
import { PlainExpander } from '../../next/plain-expander.ts'
import { makeInserter, type Insert } from '../inserter.ts'
import { OutOfMemory } from '../memory.ts'
import { PageWriter } from '../pages.ts'
import type { Observer } from '../search.ts'
import { StateSet } from '../state-set.ts'
import { countersPerThread, SharedPages, type Commons } from './commons.ts'
import {
  ABANDON,
  ACTIVE,
  CAPACITY,
  CLOSED,
  epochOf,
  EXHAUSTED,
  GATE,
  GO,
  HALT,
  insertedBy,
  LEVEL_PAGES,
  NEXT_PAGE,
  OPEN,
  ORDER,
  PARITY,
  PARKED,
  phaseOf,
  ROOM,
} from './control.ts'

/** Thrown where a thread would wait for one that is lost. */
export class Abandoned extends Error {}

/** Where a thread stands: done with the level, at a closed gate, or told to pause. */
export type Standing = 'done' | 'gate' | 'paused'

/** States expanded between two looks at the clock and the order of the day. */
const STRIDE = 64

/** States that a thread may insert at once without asking again. */
const QUOTA = 4096

/** How long to wait at the gate before looking whether somebody is lost. */
const PATIENCE_MS = 50

export class Share {
  /** Leads to the pages, for who is to put the first level there. */
  readonly pages: SharedPages
  readonly #commons: Commons
  readonly #thread: number
  readonly #set: StateSet
  readonly #batch: Batch
  readonly #observer: Observer
  readonly #expander: Expander
  readonly #insert: Insert
  readonly #writer: PageWriter
  /** How many states may be inserted before `ROOM` is to be asked. */
  #quota = 0
  /** Where in the batch insertion is to go on. */
  #from = 0
  /** The page being expanded; -1 if another is to be taken. */
  #page = -1
  #at = 0

  /** @param thread - from 0 up */
  constructor(
    commons: Commons,
    thread: number,
    next: NextState,
    instances: number,
    observer: Observer,
    maxBytes: number,
  ) {
    const { width, generated } = commons
    this.#commons = commons
    this.#thread = thread
    this.#observer = observer
    this.#set = StateSet.over(commons.table, width, commons.control[CAPACITY]!, maxBytes)
    this.#set.size = commons.control[insertedBy(thread)]!
    const counts = generated.subarray(thread * countersPerThread(instances)).subarray(0, instances)
    this.#batch = new Batch(width, counts, observer.admits === undefined)
    this.#expander = next.expander?.(this.#batch, observer) ?? new PlainExpander(next, this.#batch, observer)
    this.pages = new SharedPages(commons)
    this.#writer = new PageWriter(width, this.pages, (id, size) => this.pages.publish(id, size))
    const arrivals = {
      suspects: (words: Int32Array, offset: number, step: number) => observer.suspects(words, offset, step),
      discovered: (words: Int32Array, offset: number, step: number) => observer.discovered(words, offset, step),
      waiting: () => {
        if (Atomics.load(commons.control, ORDER) === ABANDON) throw new Abandoned()
      },
    }
    this.#insert = makeInserter(this.#set, this.#writer, arrivals, new Float64Array(instances), 'shared')
  }

  /**
   * Works on the level as far as it gets.
   *
   * @throws {OutOfMemory}; {Abandoned} if another thread is lost
   */
  work(pause: () => boolean): Standing {
    const { control } = this.#commons
    for (;;) {
      const order = Atomics.load(control, ORDER)
      if (order === ABANDON) throw new Abandoned()
      if (order === HALT) return 'paused'
      if (this.#page < 0 && !this.#takePage()) {
        if (!this.#empty()) return 'gate'
        this.#writer.end()
        return 'done'
      }
      const words = this.pages.words(this.#page)
      const size = this.#commons.sizes[this.#page]!
      while (this.#at < size) {
        if (Atomics.load(control, ORDER) !== GO || pause()) return 'paused'
        if (this.#batch.size >= this.#batch.enough && !this.#empty()) return 'gate'
        const end = Math.min(size, this.#at + STRIDE * this.#commons.width)
        this.#at = this.#expander.expand(words, this.#at, end)
      }
      this.pages.give(this.#page)
      this.#page = -1
    }
  }

  /** Works until the level is done or to be left, waiting at the gate as often as it takes. Blocks the thread. */
  workBlocking(): void {
    for (;;) {
      const standing = this.work(() => false)
      if (standing === 'paused' && Atomics.load(this.#commons.control, ORDER) === ABANDON) throw new Abandoned()
      if (standing !== 'gate') return
      for (let epoch = this.park(); !this.hasPassed(epoch);) {
        const { control } = this.#commons
        Atomics.wait(control, GATE, Atomics.load(control, GATE), PATIENCE_MS)
      }
    }
  }

  /** Waits at the gate from now on; returns the epoch that has to pass. */
  park(): number {
    const { control } = this.#commons
    // It is closed, and cannot open before this thread has parked too.
    const gate = Atomics.load(control, GATE)
    this.#quota = 0
    Atomics.add(control, PARKED, 1)
    this.#growIfAllParked(gate)
    return epochOf(gate)
  }

  /** Whether the gate has opened since `park`. @throws {Abandoned} */
  hasPassed(epoch: number): boolean {
    const { control } = this.#commons
    if (Atomics.load(control, ORDER) === ABANDON) throw new Abandoned()
    return epochOf(Atomics.load(control, GATE)) !== epoch
  }

  /** Has no part in the level any more. */
  leave(): void {
    const { control } = this.#commons
    if (this.#quota > 0) Atomics.add(control, ROOM, this.#quota)
    this.#quota = 0
    Atomics.sub(control, ACTIVE, 1)
    this.#growIfAllParked(Atomics.load(control, GATE))
  }

  /** The next page of the level, if there is one. */
  #takePage(): boolean {
    const { control, lists } = this.#commons
    const next = Atomics.add(control, NEXT_PAGE, 1)
    if (next >= Atomics.load(control, LEVEL_PAGES)) return false
    this.#page = lists[control[PARITY]! * (lists.length / 2) + next]!
    this.#at = 0
    return true
  }

  /** Inserts what is in the batch; returns whether that succeeded, or the table has to grow first. */
  #empty(): boolean {
    const batch = this.#batch
    const { control } = this.#commons
    if (this.#from === 0 && this.#observer.admits !== undefined) batch.keep(this.#observer.admits)
    if (phaseOf(Atomics.load(control, GATE)) !== OPEN) return false
    const needed = (batch.size - this.#from) / batch.stride
    if (this.#quota < needed && !this.#draw(needed)) return this.#close()
    this.#set.adopt(Atomics.load(control, CAPACITY))
    const before = this.#set.size
    this.#from = this.#insert(batch, this.#from)
    this.#quota -= this.#set.size - before
    control[insertedBy(this.#thread)] = this.#set.size
    if (this.#from < batch.size) return this.#close()
    this.#from = 0
    batch.size = 0
    return true
  }

  /** Draws room for at least `needed` states. */
  #draw(needed: number): boolean {
    const { control } = this.#commons
    const wanted = Math.max(QUOTA, needed) - this.#quota
    for (const amount of [wanted, needed - this.#quota]) {
      if (Atomics.sub(control, ROOM, amount) >= amount) {
        this.#quota += amount
        return true
      }
      Atomics.add(control, ROOM, amount)
    }
    return false
  }

  /** Closes the gate; false, for convenience. */
  #close(): false {
    const { control } = this.#commons
    const gate = Atomics.load(control, GATE)
    if (phaseOf(gate) === OPEN) Atomics.compareExchange(control, GATE, gate, gate + CLOSED)
    return false
  }

  /** Grows the table if everybody who is active is parked. `gate` is the gate as this thread saw it before it looked at that. */
  #growIfAllParked(gate: number): void {
    const { control } = this.#commons
    if (phaseOf(gate) !== CLOSED) return
    const parked = Atomics.load(control, PARKED)
    if (parked === 0 || parked !== Atomics.load(control, ACTIVE)) return
    if (Atomics.compareExchange(control, GATE, gate, gate + 1) !== gate) return
    this.#grow()
    Atomics.store(control, PARKED, 0)
    Atomics.store(control, GATE, 4 * (epochOf(gate) + 1))
    Atomics.notify(control, GATE)
  }

  /** Grows the table, while everybody else is parked or gone. */
  #grow(): void {
    const { control, threads } = this.#commons
    const set = this.#set
    const own = set.size
    try {
      set.adopt(Atomics.load(control, CAPACITY))
      set.size = 0
      for (let thread = 0; thread < threads; thread++) set.size += Atomics.load(control, insertedBy(thread))
      do set.grow()
      while (set.room < threads * QUOTA && set.room * 2 < set.size)
      Atomics.store(control, CAPACITY, set.capacity)
      Atomics.store(control, ROOM, set.room)
    } catch (thrown) {
      if (!(thrown instanceof OutOfMemory)) throw thrown
      Atomics.store(control, EXHAUSTED, 1)
      Atomics.compareExchange(control, ORDER, GO, HALT)
    } finally {
      set.size = own
    }
  }
}
