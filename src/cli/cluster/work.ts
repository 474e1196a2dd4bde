/** `kripke cluster work`: takes part in every run that is announced. */
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { takePart } from '../../api/cluster.ts'
import { VERSION } from '../../report/version.ts'
import { CheckerError } from '../../errors.ts'
import { errorText } from '../../report/text/error.ts'
import { listenForInterrupt } from '../supervisor/interrupt.ts'
import { styleOf } from '../output.ts'
import { stderr, tryWrite } from '../streams.ts'
import { announcementOf, asToken, RUNS, WORKERS, type Announcement, type WorkerAnnouncement } from './names.ts'
import { connectNats, type Nats, type NatsOptions } from './nats.ts'
import { isNoStream, NatsTransport } from './nats-transport.ts'
import { specOf } from './spec-pieces.ts'

/** Time between two announcements of this worker. */
const ANNOUNCE_MS = 500

/** How long a worker that is told to stop may take to leave its runs. */
const LEAVE_MS = 2000

/** After this time without an announcement, a run has lost its coordinator for good. */
const ORPHAN_MS = 120_000

export interface WorkOptions extends NatsOptions {
  readonly nats: string
  readonly memory: number
}

/** A run that is still announced this long after this worker left it goes on. After an error, the worker waits longer. */
const AGAIN_MS = 1500
const AGAIN_AFTER_ERROR_MS = 30_000

/** A run in which this worker takes part, or took part. */
interface Part {
  readonly coordinator: string
  heardMs: number
  isOver: boolean
  /** From when on the worker may take part again. */
  againMs: number
}

/** Works until a signal arrives. */
export async function work(options: WorkOptions): Promise<void> {
  const nats = await connectNats(options.nats, options)
  const interrupt = listenForInterrupt()
  const worker = asToken(`${hostname()}-${process.pid}-${randomBytes(3).toString('hex')}`)
  tryWrite(`${worker} runs the code of every spec that ${options.nats} announces on ${RUNS}\n`)
  const parts = new Map<string, Part>()
  const runs = new Set<Promise<void>>()
  nats.connection.subscribe(RUNS, {
    callback: (error, { data }) => {
      if (error !== null || interrupt.signal.aborted) return
      const announced = announcementOf<Announcement>(data)
      if (announced === undefined) return
      const known = parts.get(announced.run)
      const isNew = known === undefined || known.coordinator !== announced.coordinator || Date.now() >= known.againMs
      if (known !== undefined && (!known.isOver || !isNew)) {
        known.heardMs = Date.now()
        return
      }
      const part = { coordinator: announced.coordinator, heardMs: Date.now(), isOver: false, againMs: 0 }
      parts.set(announced.run, part)
      const taken = join(nats, worker, announced, part, options.memory, () => interrupt.signal.aborted)
      const settled = taken.finally(() => {
        part.isOver = true
        part.againMs = Math.max(part.againMs, Date.now() + AGAIN_MS)
        runs.delete(settled)
      })
      runs.add(settled)
    },
  })
  const announce = (): void => {
    const open = [...parts].flatMap(([run, { isOver }]) => (isOver ? [] : [run]))
    const own: WorkerAnnouncement = { worker, version: VERSION, runs: open }
    nats.connection.publish(WORKERS, JSON.stringify(own))
  }
  announce()
  const timer = setInterval(announce, ANNOUNCE_MS)
  await new Promise<void>((resolve) => {
    if (interrupt.signal.aborted) resolve()
    interrupt.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  clearInterval(timer)
  // The server may be gone, and then nobody can be told.
  const told = Promise.all(runs).then(async () => await nats.connection.flush())
  await Promise.race([told.catch(() => {}), setTimeout(LEAVE_MS, undefined, { ref: false })])
  await nats.connection.close()
}

/** Takes part in a run until it is over. */
async function join(
  nats: Nats,
  worker: string,
  { run, version, hash, spec: name }: Announcement,
  part: Part,
  memoryBytes: number,
  isInterrupted: () => boolean,
): Promise<void> {
  if (version !== VERSION) {
    part.againMs = Infinity
    return tryWrite(`${run}: this worker has version ${VERSION} of Kripke, but the run needs version ${version}\n`)
  }
  const node = `${worker}-${randomBytes(2).toString('hex')}`
  const transport = new NatsTransport(nats, run, node)
  tryWrite(`${run}: takes part in a check of ${name}\n`)
  try {
    const spec = await specOf(await transport.getSpec(), hash)
    const isStopped = (): boolean => isInterrupted() || transport.isGone || Date.now() - part.heardMs > ORPHAN_MS
    await takePart(transport, { name: node, spec, memoryBytes, isStopped })
    tryWrite(`${run}: over\n`)
  } catch (thrown) {
    if (isNoStream(thrown)) return tryWrite(`${run}: over\n`)
    part.againMs = Date.now() + AGAIN_AFTER_ERROR_MS
    tryWrite(`${run}: left, because of an error\n`)
    const lines = thrown instanceof CheckerError ? errorText(thrown, styleOf(stderr)) : [String(thrown)]
    tryWrite(`${lines.join('\n')}\n`)
  } finally {
    transport.leave()
  }
}
