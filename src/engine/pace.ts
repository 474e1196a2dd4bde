/** Shares the thread: timers, signals and the caller get a turn ten times a second. */
import { now } from './clock.ts'

/** The usual length of a slice of work. */
const SLICE_MS = 100

export class Pace {
  readonly #sliceMs: number
  #sliceEndsMs: number
  #isFresh = true

  constructor(sliceMs: number = SLICE_MS) {
    this.#sliceMs = sliceMs
    this.#sliceEndsMs = now() + sliceMs
  }

  /** Whether other tasks are due for a turn. */
  readonly isDue = (): boolean => {
    // However short a slice is, some work is done in it.
    if (this.#isFresh) return (this.#isFresh = false)
    return now() >= this.#sliceEndsMs
  }

  /** Gives other tasks their turn. The next turn is due after a slice, or at `stopAtMs` if that is sooner. */
  async turn(stopAtMs: number = Infinity): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, 0)
    })
    this.#isFresh = true
    this.#sliceEndsMs = Math.min(now() + this.#sliceMs, stopAtMs)
  }
}
