/**
 * The length of a shortest counterexample of a tiny problem, by trying all lassos. It shares no code with src.
 *
 * Stuttering is not a step. It tries at most one stutter in a row: formulas have no `next`, so they do not distinguish
 * one from two.
 */
import { isCounterexample, type Problem } from './temporal-oracle.ts'

/** The steps of a lasso, stem and cycle, that change something. */
export function stepsOf(states: readonly number[]): number {
  return states.filter((state, index) => index > 0 && state !== states[index - 1]).length
}

/**
 * The least number of steps of a counterexample; undefined if it is not less than `limit`.
 *
 * @param most - maximal number of lassos to try; if there are more, the result is `null`
 */
export function shortestLength(problem: Problem, limit: number, most: number): number | undefined | null {
  const next = Array.from({ length: problem.size }, (_, from) =>
    Array.from({ length: problem.size }, (_, to) => to).filter(
      (to) =>
        to !== from && Object.values(problem.actions).some((edges) => edges.some(([a, b]) => a === from && b === to)),
    ),
  )
  let tried = 0
  const isFound = (states: readonly number[], length: number): boolean => {
    const last = states.at(-1)!
    if (length === 0) {
      for (let loop = 0; loop < states.length - 1; loop++) {
        if (states[loop] !== last) continue
        tried++
        if (isCounterexample(problem, states, loop)) return true
      }
    }
    if (tried > most) return false
    const stutters = states.length > 1 && last === states.at(-2)
    if (!stutters && isFound([...states, last], length)) return true
    return length > 0 && next[last]!.some((state) => isFound([...states, state], length - 1))
  }
  for (let length = 0; length < limit; length++) {
    if (problem.initial.some((state) => isFound([state], length))) return length
    if (tried > most) return null
  }
  return undefined
}
