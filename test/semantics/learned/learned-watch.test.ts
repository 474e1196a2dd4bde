import { describe, expect, it } from 'vitest'
import { action, check, model, range, schema, spec } from '../../../src/index.ts'
import { bruteForce } from '../../support/brute-force.ts'

const State = schema({ a: range(0, 3), b: range(0, 2) })

/** Two counters. Each step writes one value, wherever it is taken. */
function counters(
  invariant: (s: ReturnType<typeof State>) => boolean,
  isAllowed: (s: ReturnType<typeof State>) => boolean,
) {
  return model(State, {
    init: State(),
    actions: {
      setA: action({ value: range(1, 3) }, (s, { value }) =>
        s.a === value - 1 && isAllowed(s) ? s.set('a', value) : undefined,
      ),
      setB: action({ value: range(1, 2) }, (s, { value }) => (s.b === value - 1 ? s.set('b', value) : undefined)),
    },
    invariants: { claim: invariant },
    deadlock: false,
  })
}

describe('LearnedWatch', () => {
  it('checks a step again after a predicate has read a slot that the step writes', async () => {
    // Until a is 3, the claim reads only a. Both steps of b have been taken and are known not to matter.
    const it = counters(
      (s) => !(s.a === 3 && s.b === 2),
      (s) => s.b === 0,
    )
    const { traces } = await check(spec({ name: 'late', model: () => it }))
    expect(traces[0]?.steps.length).toBe(bruteForce(it)!.found['claim']! + 1)
  })

  it('does not assume the expected value for unlearned paths', async () => {
    // After a step to a = 1 the claim depends on b. Not all values of b have been seen at the first check.
    const it = counters(
      (s) => s.a === 0 || s.b !== 2,
      () => true,
    )
    const { traces } = await check(spec({ name: 'unseen', model: () => it }))
    expect(traces[0]?.steps.length).toBe(bruteForce(it)!.found['claim']! + 1)
  })
})
