/**
 * Checks in the background: each runs in another thread, so that the page stays quick.
 *
 * A page asks now and then how far the check with its constants is. A result is kept until the spec changes.
 */
import { check } from '../../api/check.ts'
import type { Outcome } from '../../api/outcome.ts'
import { VariantControl } from '../../api/variants/control.ts'
import { VariantPool } from '../../api/variants/variant-pool.ts'
import { CheckerError } from '../../errors.ts'
import type { CheckOptions, Progress } from '../../api/options.ts'
import type { AnySpec } from '../../spec/spec.ts'
import type { Given } from '../commands/options.ts'

/** A check that runs or has ended. */
export interface BackgroundCheck {
  readonly progress: Pick<Progress, 'distinct' | 'depth' | 'elapsedMs'> | undefined
  readonly outcome: Outcome | undefined
  readonly error: CheckerError | undefined
}

/** Checks that are kept. The oldest ends if it still runs. */
const MAX_CHECKS = 8

export class Checks {
  readonly #spec: AnySpec
  readonly #module: string
  readonly #memoryBytes: number
  readonly #checks = new Map<string, RunningCheck>()

  /** @param module - the URL of the compiled spec */
  constructor(spec: AnySpec, module: string, memoryBytes: number) {
    this.#spec = spec
    this.#module = module
    this.#memoryBytes = memoryBytes
  }

  /** The check with these constants, which begins at the first call. */
  get(key: string, constants: Given): BackgroundCheck {
    const known = this.#checks.get(key)
    if (known !== undefined) return known
    const options = { constants, continue: true, memoryBytes: this.#memoryBytes, module: this.#module }
    const begun = new RunningCheck(this.#spec, options)
    this.#checks.set(key, begun)
    const [oldest] = this.#checks.keys()
    if (this.#checks.size > MAX_CHECKS) {
      void this.#checks.get(oldest!)!.close()
      this.#checks.delete(oldest!)
    }
    return begun
  }

  async close(): Promise<void> {
    await Promise.all([...this.#checks.values()].map((one) => one.close()))
  }
}

class RunningCheck implements BackgroundCheck {
  outcome: Outcome | undefined
  error: CheckerError | undefined
  #ownProgress: Progress | undefined
  readonly #control = VariantControl.for(1)
  readonly #stopped = new AbortController()
  readonly #done: Promise<void>

  constructor(spec: AnySpec, options: CheckOptions) {
    this.#done = this.#run(spec, options).catch((thrown: unknown) => {
      this.error = thrown instanceof CheckerError ? thrown : undefined
      if (!(thrown instanceof CheckerError) && !this.#stopped.signal.aborted) throw thrown
    })
  }

  get progress(): Progress | undefined {
    return this.#ownProgress ?? this.#control.first?.progress
  }

  async close(): Promise<void> {
    this.#stopped.abort()
    this.#control.stop()
    await this.#done
  }

  async #run(spec: AnySpec, options: CheckOptions): Promise<void> {
    const { constants, ...others } = options
    const pool = await VariantPool.start(spec, others, this.#control, 1).catch(() => undefined)
    try {
      this.outcome = await pool?.check(0, constants)
    } finally {
      await pool?.close()
    }
    if (this.outcome !== undefined || this.#stopped.signal.aborted) return
    // The spec failed, or the outcome cannot be sent.
    this.outcome = await check(spec, {
      ...options,
      signal: this.#stopped.signal,
      onProgress: (progress) => (this.#ownProgress = progress),
    })
  }
}
