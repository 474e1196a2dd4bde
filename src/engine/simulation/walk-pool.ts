/** The worker threads of a simulation. */
import { workerLost } from '../../errors.ts'
import { furtherRecords } from '../../spec/calls.ts'
import { startThreads, type ThreadPool } from '../threads/thread-pool.ts'
import { waitForCalls } from '../threads/call-records.ts'
import type { Elements } from '../../state/new-elements.ts'
import type { CheckOptions } from '../settings.ts'
import type { CheckContext } from '../context.ts'
import { deserializeError } from '../threads/serialized-error.ts'
import { RoundControl, type Round, type RoundReport } from './round.ts'
import type { WalkSettings } from './random-walk.ts'

const WORKER = new URL('./walk-worker.js', import.meta.url)

/** Options with which a worker prepares itself. */
export interface WalkWorkerOptions {
  /** URL of a module whose default export is the spec. */
  readonly module: string
  readonly options: CheckOptions
  /** The elements of sparse sets that have slots. */
  readonly elements: Elements
  readonly settings: WalkSettings
  /** Memory of the `RoundControl`. */
  readonly board: Int32Array
  /** Memory that records calls of spec functions; undefined if no thread reads it. */
  readonly calls: SharedArrayBuffer | undefined
}

export class WalkPool {
  readonly board: RoundControl
  readonly #pool: ThreadPool<Round, RoundReport>
  /** Calls of the spec's functions by the other threads, as last reported. */
  specCalls = 0

  readonly #calls: SharedArrayBuffer | undefined

  private constructor(board: RoundControl, calls: SharedArrayBuffer | undefined, pool: ThreadPool<Round, RoundReport>) {
    this.board = board
    this.#calls = calls
    this.#pool = pool
  }

  /** Starts the threads, which prepare themselves. */
  static async start({ constants, settings, elements }: CheckContext, walkSettings: WalkSettings): Promise<WalkPool> {
    const { workers, module, properties, interpret, seed, asks } = settings
    const board = new RoundControl()
    const calls = furtherRecords(workers - 1)
    const pool = await startThreads<WalkWorkerOptions, Round, RoundReport>(WORKER.href, workers - 1, {
      module: module!,
      options: { constants, properties: properties.map(({ name }) => name), interpret, seed, tuning: { asks } },
      elements,
      settings: walkSettings,
      board: board.memory,
      calls,
    })
    return new WalkPool(board, calls, pool)
  }

  /** The number of threads besides this one. */
  get size(): number {
    return this.#pool.size
  }

  /** @throws {CheckerError} KR902 if a thread was lost */
  get isReady(): boolean {
    const { failure } = this.#pool
    if (failure !== undefined) throw workerLost(textOf(failure))
    return this.#pool.isReady
  }

  /** Makes the threads take part in a round. @returns their reports at the end of the round; rejects if one fails */
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

  /** Ends the threads. First waits for a thread that is in a call of a spec function. */
  async close(): Promise<void> {
    this.board.halt()
    await waitForCalls(this.#calls)
    await this.#pool.close()
  }
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
