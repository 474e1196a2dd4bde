/**
 * The promise audit: functions that rely on the promise of `exists`, `every` and `count` are evaluated by reference in
 * many more states than others, because no text shows that their predicates only answer.
 */
import type { Evaluator } from '../semantics/contract.ts'
import type { FoundStates } from './audit-context.ts'

/** Approximate number of spec calls of an audit. */
const CALLS = 4096

/**
 * If the states are few, the audit visits all of them. Then the found states are exactly the reachable ones: each has
 * the successors that reference evaluation gives.
 *
 * @param width - words of a state
 * @throws {Leaked} if reference evaluation disagrees with learned evaluation
 */
export function auditPromises(evaluator: Evaluator, states: FoundStates, width: number): void {
  const { promised = 0 } = evaluator
  if (promised === 0) return
  const most = Math.ceil(CALLS / promised)
  const { found, index } = states
  if (found > most || index === undefined) {
    const count = Math.min(found, most)
    for (let at = 0; at < count; at++) evaluator.confirm!(states.pick((at + 0.5) / count))
    return
  }
  const words = new Int32Array(width)
  for (let place = 0; place < index.places; place++) {
    index.readPlace(place, words, 0)
    // An empty place; see `StateSet`.
    if (words[width - 1] !== 0) evaluator.confirm!(words)
  }
}
