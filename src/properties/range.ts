/** The least and the greatest value of a measure so far. */
export class MeasureRange {
  /** Infinity before the first value. */
  minimum: number = Infinity
  /** -Infinity before the first value. */
  maximum: number = -Infinity

  get isMeasured(): boolean {
    return this.minimum <= this.maximum
  }

  /** Records a value. */
  readonly note = (value: number): void => {
    if (value < this.minimum) this.minimum = value
    if (value > this.maximum) this.maximum = value
  }

  /** Merges the bounds of another range, which may be empty. */
  include([minimum, maximum]: RangeBounds): void {
    if (minimum > maximum) return
    this.note(minimum)
    this.note(maximum)
  }

  /** The bounds in a form that can be sent to another thread. */
  get bounds(): RangeBounds {
    return [this.minimum, this.maximum]
  }
}

/**
 * The least and the greatest value; `[Infinity, -Infinity]` without a value.
 *
 */
export type RangeBounds = readonly [minimum: number, maximum: number]
