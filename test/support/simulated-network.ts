/**
 * A network in memory, with a clock of its own. It loses, repeats, delays and reorders messages, and its processes end
 * at random. Everything depends on the seed alone.
 */
import type { Cluster, RunTransport } from '../../src/engine/cluster.ts'
import { decodeText } from '../../src/engine/explicit/cluster/messages.ts'
import { takePart } from '../../src/engine/explicit/cluster/node.ts'
import { COORDINATOR } from '../../src/engine/explicit/cluster/transport.ts'
import { isPure } from '../../src/spec/purity.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

export interface Faults {
  /** Shares of the messages. */
  readonly lost?: number
  readonly repeated?: number
  readonly damaged?: number
  /** The longest time that a message takes. */
  readonly delayMs?: number
  /** The time that a few messages take. */
  readonly lateMs?: number
  /** The longest time until a record of a journal is durable, if that is more than a message takes. */
  readonly journalMs?: number
  /** Times at which a node ends, and another begins. */
  readonly nodesEndMs?: readonly number[]
  /** Times at which another node begins. */
  readonly nodesBeginMs?: readonly number[]
  /** Times at which the coordinator ends. */
  readonly coordinatorEndsMs?: readonly number[]
  /** Times between which nothing arrives and nothing is durable, as if the server were restarted. */
  readonly outageMs?: readonly [from: number, to: number]
}

/** A generator of numbers from 0 to below 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A node that is silent for this long is lost. With half of it, a run whose messages take 40 ms may begin a level forever. */
const LOST_MS = 2500

/** The share of messages that come late. */
const LATE = 0.1

/** How much the clock moves whenever somebody reads it. So work takes time. */
const READ_MS = 2

/** A run takes much less time. */
const MAX_MS = 300_000

/** A network needs clocks and timers, which are forbidden while spec functions run. */
function requireClocks(): void {
  if (isPure()) throw new Error('a message is sent while spec functions run')
}

/** A process on the network. */
class Process {
  isAlive = true
  receive: (message: Uint8Array) => void = () => {}
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

export class SimulatedNetwork {
  readonly random: () => number
  readonly faults: Faults
  nowMs = 0
  readonly control: Uint8Array[] = []
  readonly journals = new Map<number, Uint8Array[]>()
  /** Messages sent. */
  messages = 0
  /** Whether the logs were removed. */
  isRemoved = false
  readonly #events: { readonly atMs: number; readonly order: number; readonly run: () => void }[] = []
  readonly #processes = new Map<string, Process>()
  readonly #spec: AnySpec
  /** The node of each machine; undefined if it waits for a run. */
  readonly #machines = new Map<string, string | undefined>()
  #order = 0
  #nodes = 0

  constructor(spec: AnySpec, seed: number, faults: Faults = {}) {
    this.#spec = spec
    this.random = randomFrom(seed)
    this.faults = faults
    for (const atMs of faults.nodesEndMs ?? []) {
      this.at(atMs, () => {
        const nodes = [...this.#processes.values()].filter(({ name }) => name !== COORDINATOR)
        if (nodes.length > 0) this.kill(nodes[Math.floor(this.random() * nodes.length)]!.name)
        this.startNode()
      })
    }
    for (const atMs of faults.nodesBeginMs ?? []) this.at(atMs, () => this.startNode())
  }

  /** Runs `body` until its promise is settled. */
  async run<T>(body: () => Promise<T>): Promise<T> {
    let isSettled = false
    const result = body().finally(() => {
      isSettled = true
    })
    result.catch(() => {})
    for (;;) {
      await new Promise((resolve) => {
        setImmediate(resolve)
      })
      if (isSettled) return await result
      if (this.nowMs > MAX_MS) throw new Error(`the run does not end: ${this.#standing()}`)
      this.#step()
    }
  }

  at(atMs: number, run: () => void): void {
    this.#events.push({ atMs, order: this.#order++, run })
    this.#events.sort((a, b) => b.atMs - a.atMs || b.order - a.order)
  }

  kill(name: string): void {
    const process = this.#processes.get(name)
    if (process !== undefined) process.isAlive = false
    this.#processes.delete(name)
    for (const [machine, node] of this.#machines) if (node === name) this.#machines.delete(machine)
  }

  startNode(): void {
    const machine = `machine ${++this.#nodes}`
    this.#machines.set(machine, undefined)
    this.#takePart(machine)
  }

  /** Takes part in the run until it is over. A machine takes part again if somebody goes on with the run. */
  #takePart(machine: string): void {
    const name = `${machine}, node ${++this.#nodes}`
    this.#machines.set(machine, name)
    const options = { name, spec: this.#spec, memoryBytes: 2 ** 28, batchWords: 16, recordWords: 24 }
    takePart(this.transport(name), options).then(
      () => {
        this.#processes.delete(name)
        if (this.#machines.get(machine) !== name) return
        this.#machines.set(machine, undefined)
        // The coordinator announces its run again and again.
        this.at(this.nowMs + 500, () => {
          const isWaiting = this.#machines.has(machine) && this.#machines.get(machine) === undefined
          if (isWaiting && !this.isRemoved) this.#takePart(machine)
        })
      },
      (thrown: unknown) => {
        throw thrown
      },
    )
  }

  cluster(nodes: number): Cluster {
    return {
      nodes,
      lostMs: LOST_MS,
      open: async () => {
        if (this.isRemoved) {
          this.control.length = 0
          this.journals.clear()
          this.isRemoved = false
        }
        for (const [machine, node] of this.#machines) if (node === undefined) this.#takePart(machine)
        return await Promise.resolve(this.transport(COORDINATOR))
      },
    }
  }

  transport(name: string): RunTransport {
    const process = new Process(name)
    this.#processes.set(name, process)
    const { random, faults } = this
    const delay = (): number => random() * (faults.delayMs ?? 5)
    const later = (run: () => void, atMs: number = this.nowMs + delay()): void => {
      const [from, to] = faults.outageMs ?? [Infinity, Infinity]
      const isOut = atMs >= from && atMs < to
      this.at(isOut ? to + delay() : atMs, () => {
        if (process.isAlive) run()
      })
    }
    const step = async (): Promise<void> => await new Promise((resolve) => later(() => resolve()))
    let bytesSent = 0
    return {
      now: () => (this.nowMs += READ_MS),
      sleep: async (ms) => await new Promise((resolve) => later(() => resolve(), this.nowMs + ms)),
      send: (to, message) => {
        requireClocks()
        bytesSent += message.length
        this.messages++
        const copies = random() < (faults.repeated ?? 0) ? 2 : 1
        const [from, until] = faults.outageMs ?? [Infinity, Infinity]
        for (let copy = 0; copy < copies; copy++) {
          const atMs = this.nowMs + (random() < LATE ? (faults.lateMs ?? 0) : 0) + delay()
          if (random() < (faults.lost ?? 0) || (atMs >= from && atMs < until)) continue
          const delivered = message.slice()
          if (random() < (faults.damaged ?? 0)) delivered[Math.floor(random() * delivered.length)]! ^= 1
          this.at(atMs, () => this.#processes.get(to)?.receive(delivered))
        }
      },
      listen: (receive) => (process.receive = receive),
      get bytesSent() {
        return bytesSent
      },
      control: {
        read: async () => {
          await step()
          return [...this.control]
        },
        append: async (record, length) => {
          await step()
          if (this.control.length !== length) return false
          this.control.push(record.slice())
          await step()
          return true
        },
        follow: (receive) => {
          let at = 0
          const next = (): void => {
            if (at < this.control.length) receive(this.control[at++]!.slice())
            later(next, this.nowMs + 1 + delay())
          }
          later(next)
        },
      },
      journals: {
        append: async (slot, record) => {
          requireClocks()
          const records = this.journals.get(slot) ?? []
          this.journals.set(slot, records)
          const copy = record.slice()
          const copies = random() < (faults.repeated ?? 0) ? 2 : 1
          // A record may arrive after its sender has ended.
          for (let at = 1; at < copies; at++) this.at(this.nowMs + delay(), () => records.push(copy))
          await new Promise<void>((resolve) => {
            later(
              () => {
                records.push(copy)
                later(() => resolve())
              },
              this.nowMs + random() * (faults.journalMs ?? 0) + delay(),
            )
          })
        },
        read: (slot) => {
          const records = [...(this.journals.get(slot) ?? [])]
          return (async function* () {
            for (const record of records) {
              await step()
              yield record.slice()
            }
          })()
        },
      },
      close: async (end) => {
        this.isRemoved = end === 'over'
        await Promise.resolve()
      },
    }
  }

  #standing(): string {
    const last = this.control.at(-1)
    const command = last === undefined ? '' : JSON.stringify(decodeText(last)).slice(0, 300)
    return `${[...this.#processes.keys()].join(', ')}; ${this.control.length} commands, ${command}`
  }

  #step(): void {
    const event = this.#events.pop()
    if (event === undefined) return
    this.nowMs = Math.max(this.nowMs, event.atMs)
    event.run()
  }
}
