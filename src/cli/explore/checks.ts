/**
 * Checks in the background: each runs in another thread, so that the page stays quick.
 *
 * A page asks now and then how far the check with its constants is, and how far a comparison is. A result is kept until the spec
 * changes, so a variant of a comparison is checked once for both.
 */
import { check } from '../../api/check.ts'
import type { Outcome } from '../../api/outcome.ts'
import { VariantControl } from '../../api/variants/control.ts'
import { VariantPool } from '../../api/variants/variant-pool.ts'
import { CheckerError } from '../../errors.ts'
import type { CheckOptions, Progress } from '../../api/options.ts'
import { resolveConstants } from '../../spec/constant.ts'
import type { AnySpec } from '../../spec/spec.ts'
import type { Given } from '../commands/options.ts'

/** A check that runs or has ended. */
export interface BackgroundCheck {
  readonly progress: Pick<Progress, 'distinct' | 'depth' | 'elapsedMs'> | undefined
  readonly outcome: Outcome | undefined
  readonly error: CheckerError | undefined
}

/** Variants of one comparison. */
export const MAX_VARIANTS = 64
/** Checks that are kept: those of a comparison, and some of the page. */
const MAX_KEPT = MAX_VARIANTS + 8
/** Checks of the page that run at once. The oldest ends for a new one. */
const MAX_RUNNING = 4
/** How long nobody may ask for a comparison before its checks end. Pages ask more often, and several may ask for different ones. */
const PATIENCE_MS = 5000

export class Checks {
  readonly #spec: AnySpec
  readonly #module: string
  readonly #memoryBytes: number
  /** By the values of all constants, the oldest first. */
  readonly #checks = new Map<string, RunningCheck>()
  /** Comparisons that pages asked for, by their variants. */
  readonly #comparisons = new Map<string, { readonly variants: readonly Given[]; readonly askedMs: number }>()
  #compared: RunningCheck | undefined

  /** @param module - the URL of the compiled spec */
  constructor(spec: AnySpec, module: string, memoryBytes: number) {
    this.#spec = spec
    this.#module = module
    this.#memoryBytes = memoryBytes
  }

  /** The check with these constants, which begins at the first call. @throws {CheckerError} for a mistake in the constants */
  get(constants: Given): BackgroundCheck {
    const key = this.keyOf(constants)
    const known = this.#checks.get(key)
    // From now on it is a check of the page, which another comparison does not end.
    if (known === this.#compared) this.#compared = undefined
    if (known !== undefined) return known
    const running = [...this.#checks].filter(([, one]) => one.isRunning && one !== this.#compared)
    if (running.length >= MAX_RUNNING) this.#drop(running[0]![0])
    return this.#begin(key, constants)
  }

  /**
   * The checks of a comparison, one for each variant; undefined for a variant that waits. They run one after another, beside the
   * check of the page, as long as a page asks.
   */
  compare(variants: readonly Given[]): readonly (BackgroundCheck | undefined)[] {
    const keys = variants.map((constants) => this.keyOf(constants))
    this.#comparisons.set(keys.join('\n'), { variants, askedMs: performance.now() })
    this.#compareNext()
    return keys.map((key) => this.#checks.get(key))
  }

  /** What two ways to give the same constants have in common. @throws {CheckerError} for a mistake in the constants */
  keyOf(constants: Given): string {
    return JSON.stringify(resolveConstants(this.#spec.name, this.#spec.constants, constants))
  }

  async close(): Promise<void> {
    this.#comparisons.clear()
    await Promise.all([...this.#checks.values()].map((one) => one.close()))
  }

  #compareNext(): void {
    for (const [key, { askedMs }] of this.#comparisons) {
      if (performance.now() - askedMs > PATIENCE_MS) this.#comparisons.delete(key)
    }
    const variants = [...this.#comparisons.values()].flatMap((it) => it.variants)
    // A comparison does not wait for a check that nobody needs any longer.
    const keys = new Set(variants.map((constants) => this.keyOf(constants)))
    for (const [key, check] of this.#checks) if (check === this.#compared && !keys.has(key)) this.#drop(key)
    if (this.#compared?.isRunning === true) return
    const next = variants.find((constants) => !this.#checks.has(this.keyOf(constants)))
    if (next === undefined) return
    const check = this.#begin(this.keyOf(next), next)
    this.#compared = check
    void check.done.then(() => this.#compareNext())
  }

  #begin(key: string, constants: Given): RunningCheck {
    const options = { constants, continue: true, memoryBytes: this.#memoryBytes, module: this.#module }
    const begun = new RunningCheck(this.#spec, options)
    this.#checks.set(key, begun)
    if (this.#checks.size > MAX_KEPT) this.#drop(this.#checks.keys().next().value!)
    return begun
  }

  #drop(key: string): void {
    const check = this.#checks.get(key)
    this.#checks.delete(key)
    if (check === this.#compared) this.#compared = undefined
    void check?.close()
  }
}

class RunningCheck implements BackgroundCheck {
  outcome: Outcome | undefined
  error: CheckerError | undefined
  #ownProgress: Progress | undefined
  readonly #control = VariantControl.for(1)
  readonly #stopped = new AbortController()
  readonly done: Promise<void>

  constructor(spec: AnySpec, options: CheckOptions) {
    this.done = this.#run(spec, options).catch((thrown: unknown) => {
      this.error = thrown instanceof CheckerError ? thrown : undefined
      if (!(thrown instanceof CheckerError) && !this.#stopped.signal.aborted) throw thrown
    })
  }

  get isRunning(): boolean {
    return this.outcome === undefined && this.error === undefined && !this.#stopped.signal.aborted
  }

  get progress(): Progress | undefined {
    return this.#ownProgress ?? this.#control.first?.progress
  }

  async close(): Promise<void> {
    this.#stopped.abort()
    this.#control.stop()
    await this.done
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
