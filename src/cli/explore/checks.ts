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
import { crashError } from '../supervisor/errors.ts'

/** A check that runs or has ended. */
export interface BackgroundCheck {
  readonly progress: Pick<Progress, 'distinct' | 'depth' | 'elapsedMs'> | undefined
  readonly outcome: Outcome | undefined
  readonly error: CheckerError | undefined
}

/** The greatest number of variants of a comparison. */
export const MAX_VARIANTS = 64
/** Ended checks that are kept. */
const MAX_KEPT = 4 * MAX_VARIANTS
/** Checks of pages that run at once. Others wait. */
const MAX_RUNNING = 4
/** A check ends if no page has asked for it in this time. Browsers let a hidden page ask once a minute. */
const PATIENCE_MS = 90_000
/** A comparison gives way to another one if no page has asked for it in this time. */
const RECENT_MS = 5000
const SWEEP_MS = 5000
/** How long a check that was stopped may take to end. */
const GRACE_MS = 1000

/** Variants that a page compares. */
interface Compared {
  readonly variants: readonly Given[]
  readonly askedMs: number
}

/** A check that has not begun. */
const WAITING: BackgroundCheck = { progress: undefined, outcome: undefined, error: undefined }

export class Checks {
  readonly #spec: AnySpec
  readonly #module: string
  readonly #memoryBytes: number
  /** By the values of all constants, those asked for last at the end. */
  readonly #checks = new Map<string, RunningCheck>()
  /** By the keys of the variants. */
  readonly #comparisons = new Map<string, Compared>()
  readonly #sweep: NodeJS.Timeout
  #compared: RunningCheck | undefined

  /** @param module - the URL of the compiled spec */
  constructor(spec: AnySpec, module: string, memoryBytes: number) {
    this.#spec = spec
    this.#module = module
    this.#memoryBytes = memoryBytes
    this.#sweep = setInterval(() => this.#endForgotten(), SWEEP_MS).unref()
  }

  /** The check with these constants, which begins once few others run. @throws {CheckerError} for a mistake in the constants */
  get(constants: Given): BackgroundCheck {
    const key = this.keyOf(constants)
    const known = this.#asked(key)
    // From now on it is a check of the page, which another comparison does not end.
    if (known === this.#compared) this.#compared = undefined
    if (known !== undefined) return known
    const running = [...this.#checks.values()].filter((one) => one.isRunning && one !== this.#compared)
    return running.length < MAX_RUNNING ? this.#begin(key, constants) : WAITING
  }

  /**
   * The checks of a comparison, one for each variant; undefined for a variant that waits. They run one after another, beside the
   * checks of pages.
   */
  compare(variants: readonly Given[]): readonly (BackgroundCheck | undefined)[] {
    const keys = variants.map((constants) => this.keyOf(constants))
    const name = keys.join('\n')
    this.#comparisons.delete(name)
    this.#comparisons.set(name, { variants, askedMs: performance.now() })
    this.#compareNext()
    return keys.map((key) => this.#asked(key))
  }

  /** What two ways to give the same constants have in common. @throws {CheckerError} for a mistake in the constants */
  keyOf(constants: Given): string {
    return JSON.stringify(resolveConstants(this.#spec.name, this.#spec.constants, constants))
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep)
    this.#comparisons.clear()
    await Promise.all([...this.#checks.values()].map((one) => one.close()))
  }

  /** A check, which a page asks for now. */
  #asked(key: string): RunningCheck | undefined {
    const check = this.#checks.get(key)
    if (check === undefined) return undefined
    check.askedMs = performance.now()
    this.#checks.delete(key)
    this.#checks.set(key, check)
    return check
  }

  /** Begins the next check of the comparison that was asked for last. */
  #compareNext(): void {
    const recent = [...this.#comparisons.values()].filter(({ askedMs }) => performance.now() - askedMs < RECENT_MS)
    const keys = new Set(recent.flatMap(({ variants }) => variants.map((constants) => this.keyOf(constants))))
    for (const [key, check] of this.#checks) {
      if (keys.size > 0 && check === this.#compared && !keys.has(key)) this.#drop(key)
    }
    if (this.#compared?.isRunning === true) return
    const variants = [...this.#comparisons.values()].reverse().flatMap((it) => it.variants)
    const next = variants.find((constants) => !this.#checks.has(this.keyOf(constants)))
    if (next === undefined) return
    const check = this.#begin(this.keyOf(next), next)
    this.#compared = check
    void check.done.then(() => this.#compareNext())
  }

  /** Ends what no page asks for any longer. */
  #endForgotten(): void {
    const isForgotten = ({ askedMs }: { readonly askedMs: number }): boolean =>
      performance.now() - askedMs > PATIENCE_MS
    for (const [name, comparison] of this.#comparisons) if (isForgotten(comparison)) this.#comparisons.delete(name)
    for (const [key, check] of this.#checks) if (check.isRunning && isForgotten(check)) this.#drop(key)
    this.#compareNext()
  }

  #begin(key: string, constants: Given): RunningCheck {
    const options = { constants, continue: true, memoryBytes: this.#memoryBytes, module: this.#module }
    const begun = new RunningCheck(this.#spec, options)
    this.#checks.set(key, begun)
    const ended = [...this.#checks].filter(([, one]) => !one.isRunning)
    if (ended.length > MAX_KEPT) this.#drop(ended[0]![0])
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
  /** When a page asked for it last. */
  askedMs: number = performance.now()
  #ownProgress: Progress | undefined
  #pool: VariantPool | undefined
  readonly #control = VariantControl.for(1)
  readonly #stopped = new AbortController()
  readonly done: Promise<void>

  constructor(spec: AnySpec, options: CheckOptions) {
    this.done = this.#run(spec, options).catch((thrown: unknown) => {
      if (!this.#stopped.signal.aborted) this.error = thrown instanceof CheckerError ? thrown : crashError(thrown)
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
    // A spec function that does not return keeps its thread until somebody ends it.
    const timer = setTimeout(() => void this.#pool?.close(), GRACE_MS).unref()
    await this.done
    clearTimeout(timer)
  }

  async #run(spec: AnySpec, options: CheckOptions): Promise<void> {
    const { constants, ...others } = options
    this.#pool = await VariantPool.start(spec, others, this.#control, 1).catch(() => undefined)
    try {
      this.outcome = await this.#pool?.check(0, constants)
    } finally {
      await this.#pool?.close()
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
