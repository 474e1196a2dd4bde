/** Shares the thread: ten times a second timers, signals and the caller have their turn. */
import { now } from './clock.ts'

/** How long work goes on before others have their turn. */
const SLICE_MS = 100

export class Pace {
  #sliceEndsMs = now() + SLICE_MS

  /** Whether others are due for their turn. */
  readonly isDue = (): boolean => now() >= this.#sliceEndsMs

  /** Gives others their turn; the next one is due in a tenth of a second, or at `stopAtMs` if that is sooner. */
  async turn(stopAtMs: number = Infinity): Promise<void> {
    await new Promise((resolve) => {
      setTimeout(resolve, 0)
    })
    this.#sliceEndsMs = Math.min(now() + SLICE_MS, stopAtMs)
  }
}
