/** The successors of one state, and which slots the steps to them wrote. */
import type { Failure } from './failure.ts'
import { grown } from './grown.ts'

/** The slots written by the step are unknown. */
export const UNKNOWN_STEP = 0

/** The successors of one state, in order. The object is reused for many states. */
export class Successors {
  readonly width: number
  /** The number of successors. */
  size = 0
  /** Their words: `width` for each. */
  words: Int32Array
  /** The action instance of each successor. */
  instance: Int32Array
  /** Which slots the step wrote, as a key for `Watch.check`, or `UNKNOWN_STEP`. */
  step: Int32Array
  /**
   * The failure of the first action instance that failed. A failing instance gives no successor; the others still do.
   */
  failure: Failure | undefined

  constructor(width: number, capacity = 64) {
    this.width = width
    this.words = new Int32Array(capacity * width)
    this.instance = new Int32Array(capacity)
    this.step = new Int32Array(capacity)
  }

  /** Makes room for at least `more` successors. */
  reserve(more: number): void {
    const needed = this.size + more
    if (needed <= this.instance.length) return
    const capacity = Math.max(needed, this.instance.length * 2)
    this.words = grown(this.words, capacity * this.width)
    this.instance = grown(this.instance, capacity)
    this.step = grown(this.step, capacity)
  }
}
