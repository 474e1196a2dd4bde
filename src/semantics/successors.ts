/** The successors of one state, and which slots the steps to them wrote. */
import type { Failure } from './failure.ts'
import { grown } from './grown.ts'

/** Says that nothing is known about which slots a step wrote. */
export const UNKNOWN_STEP = 0

/** The successors of one state, in order; reused from state to state. */
export class Successors {
  readonly width: number
  /** How many there are. */
  size = 0
  /** Their words: `width` for each. */
  words: Int32Array
  /** The action instance that gave each. */
  instance: Int32Array
  /** Which slots the step wrote, as a key for `Watch.check`; `UNKNOWN_STEP` if not known. */
  step: Int32Array
  /** What the first action instance that failed complained of; a failing instance gives no successor, others do. */
  failure: Failure | undefined

  constructor(width: number, capacity = 64) {
    this.width = width
    this.words = new Int32Array(capacity * width)
    this.instance = new Int32Array(capacity)
    this.step = new Int32Array(capacity)
  }

  /** Makes room for at least `more` further successors. */
  reserve(more: number): void {
    const needed = this.size + more
    if (needed <= this.instance.length) return
    const capacity = Math.max(needed, this.instance.length * 2)
    this.words = grown(this.words, capacity * this.width)
    this.instance = grown(this.instance, capacity)
    this.step = grown(this.step, capacity)
  }
}
