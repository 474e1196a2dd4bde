import { describe, expect, it } from 'vitest'
import { action, check, model, range, schema, spec } from '../../../src/index.ts'
import { bruteForce } from '../../support/brute-force.ts'

const State = schema({ a: range(0, 3), b: range(0, 2) })

/** Two counters, moved by steps that each write one value wherever they are taken. */
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
  it('looks again at a step whose writes a predicate comes to read only later', async () => {
    // Until a is 3 the claim reads a alone, and both steps of b have been taken and are known not to matter.
    const it = counters(
      (s) => !(s.a === 3 && s.b === 2),
      (s) => s.b === 0,
    )
    const { traces } = await check(spec({ name: 'late', model: () => it }))
    expect(traces[0]?.steps.length).toBe(bruteForce(it)!.found['claim']! + 1)
  })

  it('does not take what it has not learned for what is expected', async () => {
    // After a step to a = 1 the claim depends on b, of which not every value has been seen when that is first asked.
    const it = counters(
      (s) => s.a === 0 || s.b !== 2,
      () => true,
    )
    const { traces } = await check(spec({ name: 'unseen', model: () => it }))
    expect(traces[0]?.steps.length).toBe(bruteForce(it)!.found['claim']! + 1)
  })
})
