/** A bound on work that is counted in operations, so that what comes of it depends on no clock. */

/** More work was asked for than is allowed. */
export class OutOfWork extends Error {}

export class Work {
  #left: number

  constructor(operations: number) {
    this.#left = operations
  }

  /** @throws {OutOfWork} */
  spend(operations: number): void {
    this.#left -= operations
    if (this.#left < 0) throw new OutOfWork()
  }
}
