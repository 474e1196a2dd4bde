/** The counts of a check by closed formulas. Each spec of this folder exports `counts`, a function of its constants. */

/** As in the JSON document of a check. */
export interface Counts {
  readonly initial: number
  readonly generated: number
  readonly distinct: number
  readonly depth: number
}

/** The binomial coefficient. Exact while every partial product is below 2^53. */
export function choose(n: number, k: number): number {
  let ways = 1
  for (let taken = 1; taken <= k; taken++) ways = (ways * (n - k + taken)) / taken
  return ways
}
