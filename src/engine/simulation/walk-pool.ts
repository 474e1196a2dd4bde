/** Several threads for a simulation. */
import { workerLost } from '../../errors.ts'
import { startThreads, type ThreadPool } from '../threads/thread-pool.ts'
import { waitForCalls, workerCallRecords } from '../threads/call-records.ts'
import type { CheckOptions } from '../settings.ts'
import type { CheckContext } from '../context.ts'
import { deserializeError } from '../threads/serialized-error.ts'
import { RoundControl, type Round, type RoundReport } from './round.ts'
import type { WalkSettings } from './random-walk.ts'

/** Where the module of the threads is, beside this one. */
const WORKER = new URL('./walk-worker.js', import.meta.url)

/** How a thread makes itself ready. */
export interface WalkWorkerOptions {
  /** URL of a module whose default export is the spec. */
  readonly module: string
  readonly options: CheckOptions
  readonly settings: WalkSettings
  /** Memory of the board. */
  readonly board: Int32Array
  /** The memory in which to record calls of spec functions; undefined if no thread reads it. */
  readonly calls: SharedArrayBuffer | undefined
}

export class WalkPool {
  readonly board: RoundControl
  readonly #pool: ThreadPool<Round, RoundReport>
  /** Calls of the spec's functions by the other threads, as last told. */
  specCalls = 0

  readonly #calls: SharedArrayBuffer | undefined

  private constructor(board: RoundControl, calls: SharedArrayBuffer | undefined, pool: ThreadPool<Round, RoundReport>) {
    this.board = board
    this.#calls = calls
    this.#pool = pool
  }

  /** Calls up the threads, which make themselves ready. */
  static async start({ constants, settings }: CheckContext, walkSettings: WalkSettings): Promise<WalkPool> {
    const { workers, module, properties, interpret, seed } = settings
    const board = new RoundControl()
    const calls = workerCallRecords(workers - 1)
    const pool = await startThreads<WalkWorkerOptions, Round, RoundReport>(WORKER.href, workers - 1, {
      module: module!,
      options: { constants, properties: properties.map(({ name }) => name), interpret, seed },
      settings: walkSettings,
      board: board.memory,
      calls,
    })
    return new WalkPool(board, calls, pool)
  }

  /** Threads beside this one. */
  get size(): number {
    return this.#pool.size
  }

  /** Whether the threads are ready. @throws {CheckerError} KR902 if one was lost */
  get isReady(): boolean {
    const { failure } = this.#pool
    if (failure !== undefined) throw workerLost(textOf(failure))
    return this.#pool.isReady
  }

  /** Has the threads take part in a round. @returns their reports, once all have come; rejects as they may */
  work(round: Round): Promise<RoundReport[]> {
    return Promise.all(this.#pool.work(round)).then(
      (reports) => {
        const error = reports.map((report) => report.error).find((it) => it !== undefined)
        if (error !== undefined) throw deserializeError(error)
        this.specCalls = reports.reduce((sum, { specCalls }) => sum + specCalls, 0)
        return reports
      },
      (thrown: unknown) => {
        throw workerLost(textOf(thrown))
      },
    )
  }

  /** Dismisses the threads. If one of them is in a call of a spec function, waits for that call first. */
  async close(): Promise<void> {
    this.board.halt()
    await waitForCalls(this.#calls)
    await this.#pool.close()
  }
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
