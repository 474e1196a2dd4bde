/**
 * The order of a state's steps: by action instance, then as the instance returned them. Generated code gives the steps
 * in an order that depends on what this thread has learned, but a lasso must not depend on that.
 */

/** Larger sets of entries are not sorted by insertion. */
const FEW = 64

export class StepOrder {
  /** Indexes of entries, in order. Replaced by a longer array if necessary. */
  indexes: Int32Array = new Int32Array(FEW)
  #instances = new Int32Array(FEW)

  /**
   * Sorts the entries from `begin` to below `end`. The entries of one instance are in order already.
   *
   * @param entries - `stride` numbers each; the number at `offset` is the instance
   */
  take(entries: Int32Array, offset: number, stride: number, begin: number, end: number): void {
    const count = end - begin
    if (count > this.indexes.length) {
      this.indexes = new Int32Array(2 * count)
      this.#instances = new Int32Array(2 * count)
    }
    if (count > FEW) return this.#takeMany(entries, offset, stride, begin, count)
    const { indexes } = this
    const instances = this.#instances
    for (let index = 0, entry = begin * stride + offset; index < count; index++, entry += stride) {
      const instance = entries[entry]!
      let place = index
      for (; place > 0 && instances[place - 1]! > instance; place--) {
        instances[place] = instances[place - 1]!
        indexes[place] = indexes[place - 1]!
      }
      instances[place] = instance
      indexes[place] = begin + index
    }
  }

  #takeMany(entries: Int32Array, offset: number, stride: number, begin: number, count: number): void {
    const keys = new Float64Array(count)
    for (let index = 0; index < count; index++) {
      keys[index] = entries[(begin + index) * stride + offset]! * count + index
    }
    keys.sort()
    for (let index = 0; index < count; index++) this.indexes[index] = begin + (keys[index]! % count)
  }
}
