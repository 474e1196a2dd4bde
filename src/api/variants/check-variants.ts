/**
 * Checks variants of a spec: one thread takes one variant after another, in the order of the list, and several threads do so if
 * that pays.
 *
 * The results are those of one thread. What another thread cannot give is done again in this thread, in the order of the list: a
 * variant that fails, has a result that cannot be sent, or needs more than its share of the memory.
 */
import { Pace } from '../../engine/pace.ts'
import { now } from '../../engine/clock.ts'
import type { CheckOptions, Progress } from '../../engine/settings.ts'
import type { AnySpec } from '../../spec/spec.ts'
import type { Outcome } from '../outcome.ts'
import { VariantControl } from './control.ts'
import type { VariantPool } from './variant-pool.ts'

/** Other threads start after this time if variants are left. */
const BRIEF_MS = 250

/** The result of a variant; undefined for `again` and for one that nobody began. */
type Result<R> = { readonly kind: 'done'; readonly result: R } | { readonly kind: 'again' } | undefined

export interface VariantList<R> {
  readonly spec: AnySpec
  /** The constants of each variant. */
  readonly variants: readonly NonNullable<CheckOptions['constants']>[]
  /** For each check. */
  readonly options: CheckOptions
  /** Checks a variant in this thread. */
  checkHere(variant: number, options: CheckOptions): Promise<R>
  /** The result for the outcome of another thread. */
  resultOf(variant: number, outcome: Outcome): R
  isCutByMemory(result: R): boolean
  /** Called when a variant begins. */
  onBegin(variant: number): void
  onProgress(variant: number, progress: Progress): void
}

/** @returns the results, in the order of the variants; undefined for a variant that an interruption left out */
export async function checkVariants<R>(list: VariantList<R>): Promise<readonly (R | undefined)[]> {
  const queue = new VariantQueue(list)
  try {
    return await queue.results()
  } finally {
    await queue.close()
  }
}

class VariantQueue<R> {
  readonly #list: VariantList<R>
  readonly #results: Result<R>[]
  readonly #threads: number
  readonly #control: VariantControl
  readonly #startedMs = now()
  #next = 0
  #pool: Promise<VariantPool | undefined> | undefined
  #others: Promise<unknown> = Promise.resolve()
  #areOthersDone = true

  constructor(list: VariantList<R>) {
    const { options, variants } = list
    this.#list = list
    this.#results = variants.map(() => undefined)
    this.#threads = options.attribute === true ? 1 : Math.min(options.workers ?? 1, variants.length)
    this.#control = VariantControl.for(this.#threads - 1)
    this.#control.left = variants.length
    options.signal?.addEventListener('abort', () => this.#control.stop(), { once: true })
  }

  async results(): Promise<readonly (R | undefined)[]> {
    if (this.#list.options.tuning?.parallelFrom !== undefined) await this.#startThreads(true)
    let variant: number | undefined
    while ((variant = this.#take()) !== undefined) await this.#checkAlong(variant)
    await this.#waitForOthers()
    for (const [index, result] of this.#results.entries()) {
      if (result?.kind === 'again' && !this.#isStopped) this.#results[index] = await this.#checkAgain(index)
    }
    return this.#results.map((result) => (result?.kind === 'done' ? result.result : undefined))
  }

  async close(): Promise<void> {
    const pool = await this.#pool?.catch(() => undefined)
    await pool?.close()
  }

  get #isStopped(): boolean {
    return this.#list.options.signal?.aborted === true
  }

  /** Takes the next variant; undefined if there is none. */
  #take(): number | undefined {
    const { variants } = this.#list
    if (this.#isStopped || this.#next >= variants.length) return undefined
    const variant = this.#next++
    this.#control.left = variants.length - this.#next
    this.#list.onBegin(variant)
    return variant
  }

  /** Checks a variant in this thread, while others may check others. */
  async #checkAlong(variant: number): Promise<void> {
    const list = this.#list
    const control = this.#control
    const { memoryBytes, tuning } = list.options
    // The last variant has all memory for itself.
    const share = control.isLast && control.first === undefined ? 1 : this.#threads
    control.begin(0, variant)
    try {
      const result = await list.checkHere(variant, {
        ...list.options,
        ...(memoryBytes !== undefined && { memoryBytes: memoryBytes / share }),
        tuning: { ...tuning, mayStartThreads: () => control.isLast },
        onProgress: (progress) => {
          list.onProgress(variant, progress)
          if (now() - this.#startedMs >= BRIEF_MS) void this.#startThreads(false)
        },
      })
      const isCut = share > 1 && list.isCutByMemory(result)
      this.#results[variant] = isCut ? { kind: 'again' } : { kind: 'done', result }
    } catch (thrown) {
      // An earlier variant may throw as well. It comes first.
      this.#next = list.variants.length
      await this.#waitForOthers()
      for (const [index, result] of this.#results.slice(0, variant).entries()) {
        if (result?.kind === 'again') await this.#checkAgain(index)
      }
      throw thrown
    } finally {
      control.end(0)
    }
  }

  /** Checks a variant in this thread alone. */
  async #checkAgain(variant: number): Promise<Result<R>> {
    const { options, onBegin, onProgress, checkHere } = this.#list
    onBegin(variant)
    const result = await checkHere(variant, { ...options, onProgress: (progress) => onProgress(variant, progress) })
    return { kind: 'done', result }
  }

  /** Starts the other threads, unless they are started or have nothing to do. @param waits - whether to wait until they are ready */
  async #startThreads(waits: boolean): Promise<void> {
    const { spec, options, variants } = this.#list
    const size = Math.min(this.#threads - 1, variants.length - this.#next)
    if (this.#pool !== undefined || size < 1 || options.module === undefined) return
    const { onProgress: _, signal: __, constants: ___, memoryBytes, ...check } = options
    const bytes = memoryBytes === undefined ? {} : { memoryBytes: memoryBytes / this.#threads }
    this.#pool = import('./variant-pool.ts').then(({ VariantPool }) =>
      // Options that cannot be sent are as good as no threads.
      VariantPool.start(spec, { ...check, ...bytes }, this.#control, size).catch(() => undefined),
    )
    const pool = await this.#pool
    if (pool === undefined) return
    this.#areOthersDone = false
    this.#others = Promise.all(Array.from({ length: size }, () => this.#serve(pool))).finally(() => {
      this.#areOthersDone = true
    })
    if (!waits) return
    const pace = new Pace()
    while (!pool.isReady) await pace.turn()
  }

  /** Gives one thread variant after variant. */
  async #serve(pool: VariantPool): Promise<void> {
    const { variants, resultOf } = this.#list
    for (let variant: number | undefined; (variant = this.#take()) !== undefined;) {
      const outcome = await pool.check(variant, variants[variant]!)
      this.#results[variant] =
        outcome === undefined ? { kind: 'again' } : { kind: 'done', result: resultOf(variant, outcome) }
    }
  }

  /** Waits until the other threads have nothing left to do, and reports the progress of the first. */
  async #waitForOthers(): Promise<void> {
    while (!this.#areOthersDone) {
      await Promise.race([this.#others, soon()])
      const first = this.#control.first
      if (first !== undefined && !this.#areOthersDone) this.#list.onProgress(first.variant, first.progress)
    }
    await this.#others
  }
}

function soon(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, 100)
  })
}
