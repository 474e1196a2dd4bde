/** The other threads of a comparison. */
import type { CheckOptions } from '../../engine/settings.ts'
import { waitForCalls } from '../../engine/threads/call-records.ts'
import { startThreads, type ThreadPool } from '../../engine/threads/thread-pool.ts'
import { furtherRecords } from '../../spec/calls.ts'
import { instantiate, type AnySpec } from '../../spec/spec.ts'
import type { Outcome } from '../outcome.ts'
import type { VariantControl } from './control.ts'
import type { VariantOptions, VariantReport, VariantTask } from './protocol.ts'
import { fromMessage, recordFactories, toMessage } from './value-message.ts'

const WORKER = new URL('./variant-worker.js', import.meta.url)

export class VariantPool {
  readonly control: VariantControl
  readonly #spec: AnySpec
  readonly #calls: SharedArrayBuffer | undefined
  readonly #pool: ThreadPool<VariantTask, VariantReport>

  private constructor(
    spec: AnySpec,
    pool: ThreadPool<VariantTask, VariantReport>,
    { control, calls }: { control: VariantControl; calls: SharedArrayBuffer | undefined },
  ) {
    this.#spec = spec
    this.#pool = pool
    this.control = control
    this.#calls = calls
  }

  /**
   * Starts threads, which prepare themselves.
   *
   * @param options - of each check, without functions
   * @throws {Unshareable} if the options cannot be sent
   */
  static async start(
    spec: AnySpec,
    options: CheckOptions,
    control: VariantControl,
    size: number,
  ): Promise<VariantPool> {
    // The last variant may start as many threads again.
    const calls = furtherRecords(2 * size)
    const check = toMessage(options, []) as VariantOptions['check']
    const pool = await startThreads<VariantOptions, VariantTask, VariantReport>(WORKER.href, size, {
      module: options.module!,
      check,
      control: control.memory,
      calls,
    })
    return new VariantPool(spec, pool, { control, calls })
  }

  get size(): number {
    return this.#pool.size
  }

  get isReady(): boolean {
    return this.#pool.isReady
  }

  /** Checks a variant in one of the threads. @returns undefined if the caller has to check it itself */
  async check(variant: number, constants: CheckOptions['constants']): Promise<Outcome | undefined> {
    try {
      const { outcome } = await this.#pool.run({ variant, constants: toMessage(constants, []) })
      if (outcome === undefined) return undefined
      return fromMessage(outcome, recordFactories(instantiate(this.#spec, constants).model)) as Outcome
    } catch {
      // The thread ended, perhaps because it had no memory left.
      return undefined
    }
  }

  /** Ends the threads. First waits for a thread that is in a call of a spec function. */
  async close(): Promise<void> {
    this.control.stop()
    await waitForCalls(this.#calls)
    await this.#pool.close()
  }
}
