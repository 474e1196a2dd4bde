/**
 * The network of a run on NATS.
 *
 * Messages travel over core NATS, which may lose them when the server restarts. The control log and the journals are
 * JetStream streams with files. While the server is away, everything durable is tried again until it is back.
 */
import { randomUUID } from 'node:crypto'
import { clusterFailed } from '../../errors.ts'
import type { Transport } from '../../api/cluster.ts'
import { messageOf, type Nats } from './nats.ts'
import {
  controlStream,
  controlSubject,
  inboxSubject,
  journalStream,
  journalSubject,
  newsSubject,
  specSubject,
} from './names.ts'

/** How often to look for another record of the control log if nobody tells of one. */
const POLL_MS = 500

/** How long to wait before another try. */
const RETRY_MS = 200

/** Error codes of JetStream. */
const NO_MESSAGE = 10037
const NO_STREAM = 10059
const WRONG_SEQUENCE = 10071

/** Bound here, because the clock is forbidden while spec functions run. */
const now = performance.now.bind(performance)

export class NatsTransport implements Transport {
  bytesSent = 0
  readonly #nats: Nats
  readonly #run: string
  readonly #name: string
  #isClosed = false
  #wake: () => void = () => {}

  constructor(nats: Nats, run: string, name: string) {
    this.#nats = nats
    this.#run = run
    this.#name = name
  }

  now(): number {
    return now()
  }

  async sleep(milliseconds: number): Promise<void> {
    await new Promise((resolve) => {
      if (milliseconds === 0) setImmediate(resolve)
      else setTimeout(resolve, milliseconds)
    })
  }

  send(to: string, message: Uint8Array): void {
    const { connection } = this.#nats
    if (this.#isClosed || connection.isClosed()) return
    this.bytesSent += message.length
    connection.publish(inboxSubject(this.#run, to), message)
  }

  listen(receive: (message: Uint8Array) => void): void {
    this.#subscribe(inboxSubject(this.#run, this.#name), receive)
  }

  /** Stops following the run. */
  leave(): void {
    this.#isClosed = true
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    this.#wake()
  }

  /** Makes the streams of the run unless they are there. */
  async create(): Promise<void> {
    const run = this.#run
    const streams: readonly (readonly [name: string, subjects: readonly string[]])[] = [
      [controlStream(run), [controlSubject(run)]],
      [journalStream(run), [journalSubject(run, '*'), specSubject(run)]],
    ]
    for (const [name, subjects] of streams) {
      await this.#persistently(async () => {
        const { streams: api } = this.#nats.manager
        const exists = await api.info(name).then(
          () => true,
          (thrown: unknown) => {
            if (codeOf(thrown) === NO_STREAM) return false
            throw thrown
          },
        )
        if (!exists) await api.add({ name, subjects: [...subjects], storage: 'file', num_replicas: 1 })
      })
    }
  }

  /** Removes the streams of the run. */
  async remove(): Promise<void> {
    for (const name of [controlStream(this.#run), journalStream(this.#run)]) {
      await this.#nats.manager.streams.delete(name).catch((thrown: unknown) => {
        if (codeOf(thrown) !== NO_STREAM) throw clusterFailed(`the stream ${name}`, messageOf(thrown))
      })
    }
  }

  /** Keeps the compiled spec, in pieces that fit into messages, beginning with piece `from`. */
  async putSpec(pieces: readonly Uint8Array[], from: number): Promise<void> {
    for (let piece = from; piece < pieces.length; piece++) {
      // A piece that is sent again because the server did not answer must not be there twice.
      await this.#publish(specSubject(this.#run), pieces[piece]!, { msgID: `spec-${piece}` })
    }
  }

  async getSpec(): Promise<Uint8Array[]> {
    const pieces: Uint8Array[] = []
    for await (const piece of this.#records(specSubject(this.#run))) pieces.push(piece)
    return pieces
  }

  readonly control: Transport['control'] = {
    read: async () => {
      const records: Uint8Array[] = []
      for (let at = 1; ; at++) {
        const record = await this.#get(controlStream(this.#run), { seq: at })
        if (record === undefined) return records
        records.push(record.data)
      }
    },
    append: async (record, length) => {
      const msgID = randomUUID()
      try {
        await this.#publish(controlSubject(this.#run), record, { msgID, expect: { lastSequence: length } })
      } catch (thrown) {
        if (codeOf(thrown) === WRONG_SEQUENCE) return false
        throw thrown
      }
      this.#nats.connection.publish(newsSubject(this.#run))
      return true
    },
    follow: (receive) => {
      this.#subscribe(newsSubject(this.#run), () => this.#wake())
      void this.#follow(receive)
    },
  }

  readonly journals: Transport['journals'] = {
    append: async (slot, record) => {
      try {
        await this.#publish(journalSubject(this.#run, slot), record)
      } catch (thrown) {
        const hint = 'give the server more room for JetStream, or end other runs'
        throw clusterFailed(`the server of run ${this.#run}`, `it must keep the states, but ${messageOf(thrown)}`, hint)
      }
    },
    read: (slot) => this.#records(journalSubject(this.#run, slot)),
  }

  async #follow(receive: (record: Uint8Array) => void): Promise<void> {
    let at = 1
    while (!this.#isClosed) {
      // News that arrive during the look at the log cause another look.
      const news = new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      try {
        for (;;) {
          const record = await this.#get(controlStream(this.#run), { seq: at })
          if (record === undefined || this.#isClosed) break
          at++
          receive(record.data)
        }
      } catch (thrown) {
        // The run is over, and its streams are gone.
        if (isNoStream(thrown)) this.#isGone = true
      }
      await Promise.race([news, this.sleep(POLL_MS)])
    }
  }

  /** Whether the streams of the run were removed. */
  get isGone(): boolean {
    return this.#isGone
  }

  #isGone = false
  readonly #subscriptions: { unsubscribe(): void }[] = []

  #subscribe(subject: string, receive: (message: Uint8Array) => void): void {
    const callback = (error: Error | null, message: { readonly data: Uint8Array }): void => {
      if (error === null && !this.#isClosed) receive(message.data)
    }
    this.#subscriptions.push(this.#nats.connection.subscribe(subject, { callback }))
  }

  /** The records of a subject that are there now. */
  async *#records(subject: string): AsyncGenerator<Uint8Array> {
    for (let at = 1; ;) {
      const record = await this.#get(journalStream(this.#run), { seq: at, next_by_subj: subject })
      if (record === undefined) return
      yield record.data
      at = record.seq + 1
    }
  }

  async #get(
    stream: string,
    query: { readonly seq: number; readonly next_by_subj?: string },
  ): Promise<{ readonly data: Uint8Array; readonly seq: number } | undefined> {
    return await this.#persistently(async () => {
      try {
        return (await this.#nats.manager.streams.getMessage(stream, query as never)) ?? undefined
      } catch (thrown) {
        if (codeOf(thrown) === NO_MESSAGE) return undefined
        throw thrown
      }
    })
  }

  async #publish(subject: string, data: Uint8Array, options: object = {}): Promise<void> {
    this.bytesSent += data.length
    await this.#persistently(async () => await this.#nats.jetstream.publish(subject, data, options))
  }

  /** Tries again while the server does not answer. @throws what the server says */
  async #persistently<T>(request: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await request()
      } catch (thrown) {
        if (codeOf(thrown) !== undefined || this.#isClosed || this.#nats.connection.isClosed()) throw thrown
        await this.sleep(RETRY_MS)
      }
    }
  }
}

/** Whether an error says that the streams of the run are not there. */
export function isNoStream(thrown: unknown): boolean {
  return codeOf(thrown) === NO_STREAM
}

/** The code of an error of JetStream that another try would not change; undefined for other errors. */
function codeOf(thrown: unknown): number | undefined {
  const { code, status } = thrown as { readonly code?: unknown; readonly status?: unknown }
  if (typeof code !== 'number' || code < 10_000) return undefined
  // The server is there, but JetStream is not ready yet.
  return status === 503 || code === 10_008 ? undefined : code
}
