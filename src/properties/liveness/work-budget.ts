/** A bound on work, counted in operations, so that results do not depend on a clock. */

export class WorkExceeded extends Error {}

export class WorkBudget {
  #left: number

  constructor(operations: number) {
    this.#left = operations
  }

  /** @throws {WorkExceeded} */
  spend(operations: number): void {
    this.#left -= operations
    if (this.#left < 0) throw new WorkExceeded()
  }
}
