/**
 * Batches between nodes over a network that loses, repeats, delays and reorders messages.
 *
 * The sender numbers the batches to each receiver, keeps each until it is acknowledged, and sends it again after a while
 * (selective repeat). So few batches are under way at a time, and the memory of both sides is bounded. Both sides
 * begin anew with each command.
 */
import type { BatchMessage, Turn } from './messages.ts'

/** Words of states in a batch: 64 KiB. */
const BATCH_WORDS = 2 ** 14

/** Batches that one node may have under way to another. */
const WINDOW = 16

/** A batch is sent again if no acknowledgment came in this time. */
export const RESEND_MS = 500

interface Sent {
  readonly bytes: Uint8Array
  sentMs: number
}

/** The batches to one receiver. */
interface Outgoing {
  words: Int32Array
  at: number
  /** The number of the next batch. */
  next: number
  readonly underway: Map<number, Sent>
  /** Encoded batches that do not fit into the window yet. */
  readonly waiting: { readonly number: number; readonly bytes: Uint8Array }[]
}

/** The network, as the sender uses it. */
export interface Wire {
  now(): number
  send(to: string, message: Uint8Array): void
  encode(message: Pick<BatchMessage, 'number' | 'isLast' | 'states'>): Uint8Array
}

/** Sends the batches of one command. */
export class Sender {
  readonly #wire: Wire
  readonly #width: number
  readonly #batchWords: number
  readonly #outgoing = new Map<string, Outgoing>()
  /** By number of the receiver. */
  readonly #numbered: readonly (readonly [name: string, outgoing: Outgoing])[]

  constructor(wire: Wire, width: number, receivers: readonly string[], batchWords: number = BATCH_WORDS) {
    this.#wire = wire
    this.#width = width
    this.#batchWords = Math.max(1, Math.floor(batchWords / width)) * width
    for (const receiver of receivers) {
      const words = new Int32Array(this.#batchWords)
      this.#outgoing.set(receiver, { words, at: 0, next: 0, underway: new Map(), waiting: [] })
    }
    this.#numbered = [...this.#outgoing]
  }

  /** Whether the sender should wait for acknowledgments before it appends more. */
  get isCrowded(): boolean {
    for (const { waiting } of this.#outgoing.values()) if (waiting.length > 0) return true
    return false
  }

  /** @param to - the number of the receiver, from 0 up */
  append(to: number, words: Int32Array, offset: number): void {
    const [name, out] = this.#numbered[to]!
    for (let word = 0; word < this.#width; word++) out.words[out.at++] = words[offset + word]!
    if (out.at === this.#batchWords) this.#close(name, out, false)
  }

  /** Sends what is left, and tells each receiver that this was all. */
  end(): void {
    for (const [to, out] of this.#outgoing) this.#close(to, out, true)
  }

  acknowledged(from: string, number: number): void {
    const out = this.#outgoing.get(from)
    if (out === undefined) return
    out.underway.delete(number)
    this.#fill(from, out)
  }

  /** Sends batches again that were not acknowledged in time. */
  resend(): void {
    const now = this.#wire.now()
    for (const [to, { underway }] of this.#outgoing) {
      for (const sent of underway.values()) {
        if (now - sent.sentMs < RESEND_MS) continue
        sent.sentMs = now
        this.#wire.send(to, sent.bytes)
      }
    }
  }

  #close(to: string, out: Outgoing, isLast: boolean): void {
    const number = out.next++
    const bytes = this.#wire.encode({ number, isLast, states: out.words.subarray(0, out.at) })
    out.waiting.push({ number, bytes })
    out.at = 0
    this.#fill(to, out)
  }

  #fill(to: string, { underway, waiting }: Outgoing): void {
    while (waiting.length > 0 && underway.size < WINDOW) {
      const { number, bytes } = waiting.shift()!
      underway.set(number, { bytes, sentMs: this.#wire.now() })
      this.#wire.send(to, bytes)
    }
  }
}

/** The batches from one sender. */
interface Incoming {
  readonly numbers: Set<number>
  /** Undefined until the last batch arrives. */
  expected: number | undefined
}

/** Which batches of one command have arrived. */
export class Receiver {
  readonly #incoming = new Map<string, Incoming>()

  constructor(senders: Iterable<string>) {
    for (const sender of senders) this.#incoming.set(sender, { numbers: new Set(), expected: undefined })
  }

  /** Records a batch. @returns whether it is new, so that its states must be inserted */
  arrived({ from, number, isLast }: Pick<BatchMessage, 'from' | 'number' | 'isLast'>): boolean {
    const incoming = this.#incoming.get(from)
    if (incoming === undefined || incoming.numbers.has(number)) return false
    incoming.numbers.add(number)
    if (isLast) incoming.expected = number + 1
    return true
  }

  /** Whether all batches of all senders have arrived. */
  get isWhole(): boolean {
    for (const { numbers, expected } of this.#incoming.values()) if (numbers.size !== expected) return false
    return true
  }
}

/** Batches that may be for the present command or a later one. */
export type Held = BatchMessage & Turn
