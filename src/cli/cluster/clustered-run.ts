/** `kripke check --cluster`: announces a run, and gives the engine its network. */
import { randomBytes } from 'node:crypto'
import { COORDINATOR, type Cluster, type RunEnd, type RunTransport } from '../../api/cluster.ts'
import { anotherRun } from '../../errors.ts'
import type { Progress } from '../../api/options.ts'
import { VERSION } from '../../report/version.ts'
import { asToken, cancelSubject, RUNS, type Announcement } from './names.ts'
import { connectNats, type Nats } from './nats.ts'
import type { ClusterOptions } from './options.ts'
import { NatsTransport } from './nats-transport.ts'
import { piecesOf } from './spec-pieces.ts'
import { tryWrite } from '../streams.ts'

const NOTHING = new Uint8Array(0)

/** Time between two announcements. */
const ANNOUNCE_MS = 300

/** A check on a cluster. */
export class ClusteredRun implements Cluster {
  readonly name: string
  readonly nodes: number | undefined
  readonly lostMs: number | undefined
  readonly #nats: Nats
  readonly #spec: string
  readonly #pieces: readonly Uint8Array[]
  readonly #hash: string
  readonly #keeps: boolean
  readonly #cancel: () => void
  readonly #startedMs = Date.now()
  #attempts = 0
  #progress: Pick<Progress, 'distinct' | 'depth' | 'cluster'> = { distinct: 0, depth: 0 }

  private constructor(
    nats: Nats,
    spec: string,
    module: string,
    { run, nodes, keep = false, lostAfter }: ClusterOptions,
    cancel: () => void,
  ) {
    this.#nats = nats
    this.#spec = spec
    this.name = asToken(run ?? `${spec}-${randomBytes(4).toString('hex')}`)
    this.nodes = nodes
    this.lostMs = lostAfter
    this.#keeps = keep
    this.#cancel = cancel
    const { pieces, hash } = piecesOf(module)
    this.#pieces = pieces
    this.#hash = hash
  }

  /** @throws {CheckerError} KR101, KR105, KR107, KR113 */
  static async start(spec: string, module: string, options: ClusterOptions, cancel: () => void): Promise<ClusteredRun> {
    return new ClusteredRun(await connectNats(options.cluster!, options), spec, module, options, cancel)
  }

  /** Takes note of the progress, for announcements. */
  show(progress: Progress): void {
    this.#progress = progress
  }

  /** A check may need several runs, for example because it found another element of a sparse set. */
  async open(): Promise<RunTransport> {
    const attempt = ++this.#attempts
    const run = attempt === 1 ? this.name : `${this.name}-${attempt}`
    const transport = new NatsTransport(this.#nats, run, COORDINATOR)
    await transport.create()
    const kept = await transport.getSpec()
    // An earlier check may have been killed before it sent all pieces.
    if (kept.some((piece, index) => !Buffer.from(piece).equals(this.#pieces[index] ?? NOTHING))) throw anotherRun()
    await transport.putSpec(this.#pieces, kept.length)
    const coordinator = randomBytes(8).toString('hex')
    const { connection } = this.#nats
    const announce = (): void => {
      const { distinct, depth, cluster } = this.#progress
      const announcement: Announcement = {
        run,
        coordinator,
        version: VERSION,
        spec: this.#spec,
        pieces: this.#pieces.length,
        hash: this.#hash,
        nodes: cluster?.nodes ?? 0,
        distinct,
        depth,
        seconds: (Date.now() - this.#startedMs) / 1000,
      }
      if (!connection.isClosed()) connection.publish(RUNS, JSON.stringify(announcement))
    }
    announce()
    const timer = setInterval(announce, ANNOUNCE_MS)
    const cancelled = connection.subscribe(cancelSubject(run), {
      callback: (_, message) => {
        message.respond('cancelled')
        this.#cancel()
      },
    })
    return Object.assign(transport, {
      close: async (end: RunEnd): Promise<void> => {
        clearInterval(timer)
        cancelled.unsubscribe()
        if (end === 'unanswered') {
          tryWrite(`the server does not answer; if it keeps the run, remove it with: kripke cluster cancel ${run}\n`)
        }
        if (end === 'over' && !this.#keeps) await transport.remove()
        transport.leave()
      },
    })
  }

  async close(): Promise<void> {
    await this.#nats.connection.close()
  }
}
