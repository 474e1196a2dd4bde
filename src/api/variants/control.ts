/** What the threads of a comparison tell each other while they work. */
import type { Progress } from '../../engine/settings.ts'

const STOP = 0
const RUNNING = 1
const LEFT = 2
const WORDS = 3

/** Numbers of a thread: its variant, counted from 1, or 0; then its progress. */
const NUMBERS = 6

export interface ControlMemory {
  readonly words: Int32Array
  readonly progress: Float64Array
}

export class VariantControl {
  readonly memory: ControlMemory

  constructor(memory: ControlMemory) {
    this.memory = memory
  }

  /** @param threads - besides the thread that compares, which is number 0 */
  static for(threads: number): VariantControl {
    return new VariantControl({
      words: new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)),
      progress: new Float64Array(new SharedArrayBuffer((threads + 1) * NUMBERS * Float64Array.BYTES_PER_ELEMENT)),
    })
  }

  /** Ends the variants of all threads. */
  stop(): void {
    Atomics.store(this.memory.words, STOP, 1)
  }

  get isStopped(): boolean {
    return Atomics.load(this.memory.words, STOP) === 1
  }

  /** The number of variants that no thread has taken. */
  set left(variants: number) {
    Atomics.store(this.memory.words, LEFT, variants)
  }

  /** Begins a variant in a thread. */
  begin(thread: number, variant: number): void {
    Atomics.add(this.memory.words, RUNNING, 1)
    this.memory.progress.set([variant + 1, 0, 0, 0, 0, 0], thread * NUMBERS)
  }

  end(thread: number): void {
    Atomics.sub(this.memory.words, RUNNING, 1)
    this.memory.progress[thread * NUMBERS] = 0
  }

  /** Whether one variant is left, so that it may have all threads. */
  get isLast(): boolean {
    return Atomics.load(this.memory.words, LEFT) === 0 && Atomics.load(this.memory.words, RUNNING) <= 1
  }

  report(thread: number, { generated, distinct, depth, pending, elapsedMs }: Progress): void {
    this.memory.progress.set([generated, distinct, depth, pending, elapsedMs], thread * NUMBERS + 1)
  }

  /** The first variant that another thread works on, and its progress; undefined if none does. */
  get first(): { readonly variant: number; readonly progress: Progress } | undefined {
    const { progress } = this.memory
    let first: { variant: number; progress: Progress } | undefined
    for (let at = NUMBERS; at < progress.length; at += NUMBERS) {
      const [number, generated, distinct, depth, pending, elapsedMs] = progress.subarray(at, at + NUMBERS)
      const variant = number! - 1
      if (variant < 0 || (first !== undefined && first.variant < variant)) continue
      first = {
        variant,
        progress: {
          generated: generated!,
          distinct: distinct!,
          depth: depth!,
          pending: pending!,
          elapsedMs: elapsedMs!,
        },
      }
    }
    return first
  }
}
