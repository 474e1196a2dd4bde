/** The least and the greatest value that a measure has been seen to have. */
export class MeasureRange {
  /** Infinity if there has been none. */
  minimum: number = Infinity
  /** -Infinity if there has been none. */
  maximum: number = -Infinity

  /** Whether there has been a value. */
  get isMeasured(): boolean {
    return this.minimum <= this.maximum
  }

  /** Takes note of a value. */
  readonly note = (value: number): void => {
    if (value < this.minimum) this.minimum = value
    if (value > this.maximum) this.maximum = value
  }

  /** Takes note of what others have seen: of these bounds, or of nothing if there are none. */
  include([minimum, maximum]: RangeBounds): void {
    if (minimum > maximum) return
    this.note(minimum)
    this.note(maximum)
  }

  /** What has been seen, as can be sent to another thread. */
  get bounds(): RangeBounds {
    return [this.minimum, this.maximum]
  }
}

/** The least and the greatest value; `[Infinity, -Infinity]` if there has been none. */
export type RangeBounds = readonly [minimum: number, maximum: number]
