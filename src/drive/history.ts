/**
 * Runs concurrent clients, and records when their calls start and return.
 *
 * A seed decides what happens next: a client starts a call, or one that waits in `pause` goes on. The next decision falls when every
 * call in flight waits in `pause`, so it does not depend on time. For a system that never pauses, several clients start at once.
 * Which of their calls is served first is then up to the system.
 */
import { rngFrom } from '../semantics/learned/probe.ts'
import type { Bindings } from '../spec/bindings.ts'
import { inTime, LATE, type AnyDriver, type Observation } from './driver.ts'
import type { HistoryCall } from './linearize.ts'

/** A call that a client may make. */
export interface ClientCall {
  readonly name: string
  readonly action: string
  readonly bindings: Bindings
}

/** The calls that each client may make, by the name of the client. */
export type Clients = ReadonlyMap<string, readonly ClientCall[]>

export interface History {
  /** Ordered by start. */
  readonly calls: readonly HistoryCall[]
  /** What was observed after the last call; undefined if nothing was. */
  readonly observed: Observation | undefined
  /** A call that threw an error. */
  readonly threw: { readonly call: HistoryCall; readonly error: unknown } | undefined
  /** Whether calls in flight did not return in time. */
  readonly isLate: boolean
}

/** @throws what `setup`, `observe` or `teardown` throws */
export async function recordHistory(
  driver: AnyDriver,
  clients: Clients,
  callsPerClient: number,
  seed: number,
): Promise<History> {
  const recording = new Recording(driver, clients, callsPerClient, seed)
  return await recording.record()
}

class Recording {
  readonly #driver: AnyDriver
  readonly #clients: Clients
  readonly #random: ReturnType<typeof rngFrom>
  readonly #calls: { -readonly [K in keyof HistoryCall]: HistoryCall[K] }[] = []
  /** The calls that each client still makes. */
  readonly #left: Map<string, number>
  readonly #idle: Set<string>
  /** Ends the waits in `pause`, in order. */
  readonly #paused: (() => void)[] = []
  #inFlight = 0
  #clock = 0
  #isRunning = false
  #hasPaused = false
  #threw: History['threw']
  #notify: () => void = () => {}

  constructor(driver: AnyDriver, clients: Clients, callsPerClient: number, seed: number) {
    this.#driver = driver
    this.#clients = clients
    this.#random = rngFrom(seed)
    this.#left = new Map([...clients.keys()].map((client) => [client, callsPerClient]))
    this.#idle = new Set(clients.keys())
  }

  async record(): Promise<History> {
    const system = await this.#driver.setup({ pause: async () => await this.#pause() })
    try {
      this.#isRunning = true
      const isLate = !(await this.#run(system))
      this.#isRunning = false
      const isWhole = !isLate && this.#threw === undefined
      const observed = isWhole ? await this.#driver.observe?.(system) : undefined
      return { calls: this.#calls, observed, threw: this.#threw, isLate }
    } finally {
      this.#isRunning = false
      for (const goOn of this.#paused.splice(0)) goOn()
      await this.#driver.teardown?.(system)
    }
  }

  async #pause(): Promise<void> {
    if (!this.#isRunning) return
    this.#hasPaused = true
    await new Promise<void>((resolve) => {
      this.#paused.push(resolve)
      this.#notify()
    })
  }

  /** Makes all calls. @returns false if some did not return in time */
  async #run(system: unknown): Promise<boolean> {
    for (;;) {
      const event = new Promise<void>((resolve) => {
        this.#notify = resolve
      })
      if (this.#paused.length >= this.#inFlight) {
        if (this.#threw !== undefined || !this.#decide(system)) return true
      }
      if ((await inTime(this.#driver, async () => await event)) === LATE) return false
    }
  }

  /** Starts a call, or lets one go on. @returns false if nothing is left to do */
  #decide(system: unknown): boolean {
    const ready = [...this.#idle].filter((client) => this.#left.get(client)! > 0)
    const choice = this.#random(ready.length + this.#paused.length)
    if (ready.length + this.#paused.length === 0) return false
    if (choice >= ready.length) {
      this.#paused.splice(choice - ready.length, 1)[0]!()
      return true
    }
    const isFirst = this.#calls.length === 0
    const [client] = ready.splice(choice, 1)
    this.#start(system, client!)
    // If the system pauses, that decides who overlaps.
    if (isFirst) return true
    while (!this.#hasPaused && ready.length > 0 && this.#random(2) === 0) {
      this.#start(system, ready.splice(this.#random(ready.length), 1)[0]!)
    }
    return true
  }

  #start(system: unknown, client: string): void {
    const possible = this.#clients.get(client)!
    const call = possible[this.#random(possible.length)]!
    const record = { ...call, client, returned: undefined as unknown, start: this.#clock++, end: Infinity }
    this.#calls.push(record)
    this.#idle.delete(client)
    this.#left.set(client, this.#left.get(client)! - 1)
    this.#inFlight++
    void this.#call(system, record)
  }

  async #call(system: unknown, record: { -readonly [K in keyof HistoryCall]: HistoryCall[K] }): Promise<void> {
    try {
      record.returned = await this.#driver.actions[record.action]!(system, record.bindings)
      record.end = this.#clock++
    } catch (error) {
      this.#threw ??= { call: record, error }
    }
    this.#inFlight--
    this.#idle.add(record.client)
    this.#notify()
  }
}
