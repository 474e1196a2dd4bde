/**
 * Thrown if something else than its answer left a question that a function asked (`spec/questions.ts`). What Kripke
 * learned of the function may then be wrong, so the run must begin again without questions.
 */
export class Leaked extends Error {
  constructor(who: string) {
    super(`a predicate that ${who} calls does more than answer`)
    this.name = 'Leaked'
  }
}
