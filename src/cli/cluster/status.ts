/** `kripke cluster status` and `kripke cluster cancel`. */
import { clusterFailed } from '../../errors.ts'
import {
  announcementOf,
  cancelSubject,
  controlStream,
  RUNS,
  WORKERS,
  type Announcement,
  type WorkerAnnouncement,
} from './names.ts'
import { connectNats, messageOf, type NatsOptions } from './nats.ts'
import { NatsTransport } from './nats-transport.ts'

/** How long to listen. Everybody announces itself more often. */
const LISTEN_MS = 1200

/** How long a coordinator may take to answer. */
const ANSWER_MS = 3000

export interface ClusterStatus {
  readonly runs: readonly Announcement[]
  readonly workers: readonly WorkerAnnouncement[]
  /** Runs without a coordinator whose streams are still there. */
  readonly left: readonly string[]
}

export async function statusOfCluster(url: string, options: NatsOptions): Promise<ClusterStatus> {
  const { connection, manager } = await connectNats(url, options)
  try {
    const runs = new Map<string, Announcement>()
    const workers = new Map<string, WorkerAnnouncement>()
    connection.subscribe(RUNS, {
      callback: (_, message) => {
        const run = announcementOf<Announcement>(message.data)
        if (run !== undefined) runs.set(run.run, run)
      },
    })
    connection.subscribe(WORKERS, {
      callback: (_, message) => {
        const worker = announcementOf<WorkerAnnouncement>(message.data)
        if (worker !== undefined) workers.set(worker.worker, worker)
      },
    })
    await new Promise((resolve) => {
      setTimeout(resolve, LISTEN_MS)
    })
    const left: string[] = []
    for await (const { config } of manager.streams.list()) {
      const [, run] = /^kripke-(.*)-control$/.exec(config.name) ?? []
      if (run !== undefined && !runs.has(run)) left.push(run)
    }
    const byName = (a: string, b: string): number => (a < b ? -1 : 1)
    return {
      runs: [...runs.values()].sort((a, b) => byName(a.run, b.run)),
      workers: [...workers.values()].sort((a, b) => byName(a.worker, b.worker)),
      left: left.sort(byName),
    }
  } finally {
    await connection.close()
  }
}

/** Whether nobody listens to a request. */
function isUnheard(thrown: unknown): boolean {
  const { isNoResponders } = thrown as { isNoResponders?: () => boolean }
  return isNoResponders?.call(thrown) === true
}

/**
 * Cancels a run. If it has no coordinator any more, removes its streams.
 *
 * @returns what happened
 * @throws {CheckerError} KR113 if there is no such run
 */
export async function cancelRun(url: string, run: string, options: NatsOptions): Promise<'cancelled' | 'removed'> {
  const nats = await connectNats(url, options)
  try {
    const answered = await nats.connection.request(cancelSubject(run), '', { timeout: ANSWER_MS }).then(
      () => true,
      (thrown: unknown) => {
        if (isUnheard(thrown)) return false
        // A coordinator that is slow keeps its run.
        throw clusterFailed(`run ${run}`, `its check must answer, but ${messageOf(thrown)}`, 'try again')
      },
    )
    if (answered) return 'cancelled'
    const exists = await nats.manager.streams.info(controlStream(run)).then(
      () => true,
      () => false,
    )
    if (!exists) {
      throw clusterFailed(`run ${run}`, 'it must be on the cluster, but is not', 'run kripke cluster status')
    }
    await new NatsTransport(nats, run, '').remove()
    return 'removed'
  } catch (thrown) {
    throw thrown instanceof Error && 'code' in thrown ? thrown : clusterFailed(`run ${run}`, messageOf(thrown))
  } finally {
    await nats.connection.close()
  }
}
