/** Tells pages that the spec was saved. A page asks with the version that it knows, and the answer waits up to 20 s for a newer one. */
import type { CheckerError } from '../../errors.ts'

/** How long an answer waits. Then the page asks again. */
const WAIT_MS = 20_000

/** A version of the spec. */
export interface Version {
  /** Grows with each save. */
  readonly number: number
  /** Why the latest save could not be loaded; undefined if it was. */
  readonly error: CheckerError | undefined
}

export class Changes {
  /** Another number in each run of the command, so that pages notice that it was started again. */
  #version: Version = { number: Date.now(), error: undefined }
  readonly #waiting = new Set<() => void>()

  get version(): Version {
    return this.#version
  }

  /** Begins a new version. */
  report(error: CheckerError | undefined): void {
    this.#version = { number: this.#version.number + 1, error }
    this.#wake()
  }

  /** Waits up to 20 s for a version other than `number`. */
  async after(number: number): Promise<Version> {
    if (this.#version.number === number) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(wake, WAIT_MS)
        const waiting = this.#waiting
        waiting.add(wake)
        function wake(): void {
          clearTimeout(timer)
          waiting.delete(wake)
          resolve()
        }
      })
    }
    return this.#version
  }

  /** Ends all waiting. */
  close(): void {
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
  }
}
