/** Shares the thread: timers, signals and the caller get a turn ten times a second. */
import { now } from './clock.ts'

/** Length of a slice of work. */
const SLICE_MS = 100

export class Pace {
  #sliceEndsMs = now() + SLICE_MS

  /** Whether other tasks are due for a turn. */
  readonly isDue = (): boolean => now() >= this.#sliceEndsMs

  /** Gives other tasks their turn. The next turn is due in a tenth of a second, or at `stopAtMs` if that is sooner. */
  async turn(stopAtMs: number = Infinity): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, 0)
    })
    this.#sliceEndsMs = Math.min(now() + SLICE_MS, stopAtMs)
  }
}
