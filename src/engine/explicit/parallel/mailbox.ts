/**
 * Messages with successors for the threads that own them.
 *
 * A thread has two boxes in shared memory. Any thread puts messages in, and only the owner empties them. One is the
 * inbox; the other receives the thread's own messages back, with answers. A box is a linked list that begins with the
 * last message. Adding a message is a compare-and-swap of the head (Treiber, "Systems programming: coping with
 * parallelism", 1986). The owner takes the whole list by one exchange.
 */
import { OutOfMemory } from '../../../store/memory.ts'
import type { SharedMemory } from './shared-memory.ts'
import { wakeupOf, inboxOf, PENDING, returnsOf, TAKEN_MESSAGES } from './control.ts'

/**
 * A thread with this many messages under way waits until others unpack some. The limit grows with the number of
 * threads.
 */
const MAX_OUT = 256

export class Mailbox {
  readonly #memory: SharedMemory
  readonly #thread: number
  /** Empty messages that this thread holds. */
  readonly #free: number[] = []
  /** Messages that this thread allocated. */
  #taken = 0
  readonly #views: Int32Array[] = []

  constructor(memory: SharedMemory, thread: number) {
    this.#memory = memory
    this.#thread = thread
  }

  /** Whether so many messages are under way that the thread should wait for some to come back. */
  get isCrowded(): boolean {
    // This includes the messages being filled: one for each other thread.
    return this.#taken - this.#free.length >= MAX_OUT + this.#memory.threads
  }

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

  words(message: number): Int32Array {
    const { messages, messageWords } = this.#memory
    return (this.#views[message] ??= messages.subarray(message * messageWords, (message + 1) * messageWords))
  }

  /** Sends a message. `load` words of it are in use. */
  send(message: number, load: number, to: number): void {
    const { control, loads } = this.#memory
    loads[message] = load
    Atomics.add(control, PENDING, 1)
    this.#put(message, inboxOf(to))
    notify(control, to)
  }

  /**
   * Empties the inbox. Passes each message to `unpack`, which overwrites it with an answer, and returns it to its
   * sender.
   *
   * @param unpack - receives the words of a message and the number in use; returns the number of words of the answer
   * @returns whether there was any message
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

  /** Passes the returned answers to `accept`. Returns whether there were any. */
  collect(accept: (words: Int32Array, load: number) => void): boolean {
    const { control, loads, threads } = this.#memory
    return this.#each(returnsOf(this.#thread), (message) => {
      accept(this.words(message), loads[message]!)
      this.#free.push(message)
      acknowledge(control, threads)
    })
  }

  /** Empties a box. Returns whether it contained anything. */
  #each(box: number, act: (message: number) => void): boolean {
    const { control, links } = this.#memory
    if (Atomics.load(control, box) === 0) return false
    for (let message = Atomics.exchange(control, box, 0) - 1; message >= 0;) {
      // Read the link first: `act` may put the message into another box.
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

/** Wakes a waiting thread, so that it checks for work. */
export function notify(control: Int32Array, thread: number): void {
  Atomics.add(control, wakeupOf(thread), 1)
  Atomics.notify(control, wakeupOf(thread))
}

/** Decrements `PENDING`. The last decrement of the level wakes all threads. */
export function acknowledge(control: Int32Array, threads: number): void {
  if (Atomics.sub(control, PENDING, 1) > 1) return
  for (let thread = 0; thread < threads; thread++) notify(control, thread)
}
