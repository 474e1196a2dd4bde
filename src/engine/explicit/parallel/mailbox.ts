/**
 * Successors on their way to the threads that own them, in parcels.
 *
 * A thread has two boxes in shared memory that any thread puts parcels into and only it empties: the inbox, and the box of its own
 * parcels that come back with answers. A box is a list of parcels that begins with the last one. Putting one in is a compare-and-swap of
 * the beginning (Treiber, "Systems programming: coping with parallelism", 1986); who empties it takes the whole list by one exchange.
 */
import { OutOfMemory } from '../../../store/memory.ts'
import type { Commons } from './shared-memory.ts'
import { bellOf, inboxOf, PENDING, returnsOf, TAKEN_PARCELS } from './control.ts'

/** Parcels that a thread may have on their way before it waits for the others to unpack some; more for more threads. */
const MOST_OUT = 256

export class Post {
  readonly #commons: Commons
  readonly #thread: number
  /** Parcels of this thread that are here and empty. */
  readonly #free: number[] = []
  /** How many it has in all. */
  #taken = 0
  readonly #views: Int32Array[] = []

  constructor(commons: Commons, thread: number) {
    this.#commons = commons
    this.#thread = thread
  }

  /** Whether so many parcels are on their way that it is better to wait for some to come back. */
  get isCrowded(): boolean {
    // One that is being filled for each of the others counts too.
    return this.#taken - this.#free.length >= MOST_OUT + this.#commons.threads
  }

  /** An empty parcel. @throws {OutOfMemory} */
  take(): number {
    const { control, links, senders } = this.#commons
    const known = this.#free.pop()
    if (known !== undefined) return known
    const parcel = Atomics.add(control, TAKEN_PARCELS, 1)
    if (parcel >= links.length) throw new OutOfMemory()
    senders[parcel] = this.#thread
    this.#taken++
    return parcel
  }

  /** The words of a parcel. */
  words(parcel: number): Int32Array {
    const { parcels, parcelWords } = this.#commons
    return (this.#views[parcel] ??= parcels.subarray(parcel * parcelWords, (parcel + 1) * parcelWords))
  }

  /** Sends a parcel of which `load` words are in use. */
  send(parcel: number, load: number, to: number): void {
    const { control, loads } = this.#commons
    loads[parcel] = load
    Atomics.add(control, PENDING, 1)
    this.#put(parcel, inboxOf(to))
    ring(control, to)
  }

  /**
   * Empties the inbox: hands every parcel to `unpack`, which leaves an answer in it, and returns it to its sender.
   *
   * @param unpack - is given the words of a parcel and how many are in use, and returns how many the answer has
   * @returns whether there was any
   */
  receive(unpack: (words: Int32Array, load: number) => number): boolean {
    const { control, loads, senders } = this.#commons
    return this.#each(inboxOf(this.#thread), (parcel) => {
      loads[parcel] = unpack(this.words(parcel), loads[parcel]!)
      const sender = senders[parcel]!
      this.#put(parcel, returnsOf(sender))
      ring(control, sender)
    })
  }

  /** Hands the answers that have come back to `accept`; returns whether there were any. */
  collect(accept: (words: Int32Array, load: number) => void): boolean {
    const { control, loads, threads } = this.#commons
    return this.#each(returnsOf(this.#thread), (parcel) => {
      accept(this.words(parcel), loads[parcel]!)
      this.#free.push(parcel)
      settle(control, threads)
    })
  }

  /** Empties a box; returns whether anything was in it. */
  #each(box: number, act: (parcel: number) => void): boolean {
    const { control, links } = this.#commons
    if (Atomics.load(control, box) === 0) return false
    for (let parcel = Atomics.exchange(control, box, 0) - 1; parcel >= 0;) {
      // Read first: `act` may put the parcel into another box.
      const next = links[parcel]! - 1
      act(parcel)
      parcel = next
    }
    return true
  }

  #put(parcel: number, box: number): void {
    const { control, links } = this.#commons
    let last = Atomics.load(control, box)
    for (;;) {
      links[parcel] = last
      const found = Atomics.compareExchange(control, box, last, parcel + 1)
      if (found === last) return
      last = found
    }
  }
}

/** Has a thread that waits look again. */
export function ring(control: Int32Array, thread: number): void {
  Atomics.add(control, bellOf(thread), 1)
  Atomics.notify(control, bellOf(thread))
}

/** One thing less to be done on the level. */
export function settle(control: Int32Array, threads: number): void {
  if (Atomics.sub(control, PENDING, 1) > 1) return
  for (let thread = 0; thread < threads; thread++) ring(control, thread)
}
