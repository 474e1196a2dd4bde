/**
 * Successors on their way to the threads that own them, in messages.
 *
 * A thread has two boxes in shared memory that any thread puts messages into and only it empties: the inbox, and the box of its own
 * messages that come back with answers. A box is a list of messages that begins with the last one. Putting one in is a compare-and-swap of
 * the beginning (Treiber, "Systems programming: coping with parallelism", 1986); who empties it takes the whole list by one exchange.
 */
import { OutOfMemory } from '../../../store/memory.ts'
import type { SharedMemory } from './shared-memory.ts'
import { wakeupOf, inboxOf, PENDING, returnsOf, TAKEN_MESSAGES } from './control.ts'

/** Messages that a thread may have on their way before it waits for the others to unpack some; more for more threads. */
const MAX_OUT = 256

export class Mailbox {
  readonly #memory: SharedMemory
  readonly #thread: number
  /** Messages of this thread that are here and empty. */
  readonly #free: number[] = []
  /** How many it has in all. */
  #taken = 0
  readonly #views: Int32Array[] = []

  constructor(memory: SharedMemory, thread: number) {
    this.#memory = memory
    this.#thread = thread
  }

  /** Whether so many messages are on their way that it is better to wait for some to come back. */
  get isCrowded(): boolean {
    // One that is being filled for each of the others counts too.
    return this.#taken - this.#free.length >= MAX_OUT + this.#memory.threads
  }

  /** An empty message. @throws {OutOfMemory} */
  take(): number {
    const { control, links, senders } = this.#memory
    const known = this.#free.pop()
    if (known !== undefined) return known
    const message = Atomics.add(control, TAKEN_MESSAGES, 1)
    if (message >= links.length) throw new OutOfMemory()
    senders[message] = this.#thread
    this.#taken++
    return message
  }

  /** The words of a message. */
  words(message: number): Int32Array {
    const { messages, messageWords } = this.#memory
    return (this.#views[message] ??= messages.subarray(message * messageWords, (message + 1) * messageWords))
  }

  /** Sends a message of which `load` words are in use. */
  send(message: number, load: number, to: number): void {
    const { control, loads } = this.#memory
    loads[message] = load
    Atomics.add(control, PENDING, 1)
    this.#put(message, inboxOf(to))
    notify(control, to)
  }

  /**
   * Empties the inbox: hands every message to `unpack`, which leaves an answer in it, and returns it to its sender.
   *
   * @param unpack - is given the words of a message and how many are in use, and returns how many the answer has
   * @returns whether there was any
   */
  receive(unpack: (words: Int32Array, load: number) => number): boolean {
    const { control, loads, senders } = this.#memory
    return this.#each(inboxOf(this.#thread), (message) => {
      loads[message] = unpack(this.words(message), loads[message]!)
      const sender = senders[message]!
      this.#put(message, returnsOf(sender))
      notify(control, sender)
    })
  }

  /** Hands the answers that have come back to `accept`; returns whether there were any. */
  collect(accept: (words: Int32Array, load: number) => void): boolean {
    const { control, loads, threads } = this.#memory
    return this.#each(returnsOf(this.#thread), (message) => {
      accept(this.words(message), loads[message]!)
      this.#free.push(message)
      acknowledge(control, threads)
    })
  }

  /** Empties a box; returns whether anything was in it. */
  #each(box: number, act: (message: number) => void): boolean {
    const { control, links } = this.#memory
    if (Atomics.load(control, box) === 0) return false
    for (let message = Atomics.exchange(control, box, 0) - 1; message >= 0;) {
      // Read first: `act` may put the message into another box.
      const next = links[message]! - 1
      act(message)
      message = next
    }
    return true
  }

  #put(message: number, box: number): void {
    const { control, links } = this.#memory
    let last = Atomics.load(control, box)
    for (;;) {
      links[message] = last
      const found = Atomics.compareExchange(control, box, last, message + 1)
      if (found === last) return
      last = found
    }
  }
}

/** Has a thread that waits look again. */
export function notify(control: Int32Array, thread: number): void {
  Atomics.add(control, wakeupOf(thread), 1)
  Atomics.notify(control, wakeupOf(thread))
}

/** One thing less to be done on the level. */
export function acknowledge(control: Int32Array, threads: number): void {
  if (Atomics.sub(control, PENDING, 1) > 1) return
  for (let thread = 0; thread < threads; thread++) notify(control, thread)
}
