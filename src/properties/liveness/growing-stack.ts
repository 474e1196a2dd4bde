/** A stack of 32-bit integers that grows. */
export class GrowingStack {
  values: Int32Array = new Int32Array(1024)
  length = 0

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Int32Array(2 * this.length)
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = value
  }

  /** The stack must not be empty. */
  pop(): number {
    return this.values[--this.length]!
  }

  at(index: number): number {
    return this.values[index]!
  }

  get top(): number {
    return this.values[this.length - 1]!
  }

  set top(value: number) {
    this.values[this.length - 1] = value
  }
}
