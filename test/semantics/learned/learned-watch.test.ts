import { describe, expect, it } from 'vitest'
import { action, check, mapOf, model, oneOf, range, schema, spec } from '../../../src/index.ts'
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

describe('predicates that Kripke evaluates by reference', () => {
  const Counts = schema({ by: mapOf(oneOf('a', 'b', 'c'), range(0, 3)) })
  type Counting = ReturnType<typeof Counts>
  /** Always true, but a comparison of identities, which Kripke cannot learn: writing a present value gives the same map. */
  const isItself = ({ by }: Counting): boolean => by.set('a', by.get('a')) === by
  const several = spec({
    name: 'several',
    model: () =>
      model(Counts, {
        init: Counts(),
        actions: {
          count: action({ key: oneOf('a', 'b', 'c') }, (s, { key }) =>
            s.by.get(key) < 3 ? s.updateIn(['by', key], (count) => count + 1) : undefined,
          ),
        },
        invariants: {
          first: (s) => isItself(s) && (s.by.get('a') < 3 || s.by.get('b') < 2),
          second: (s) => isItself(s) && s.by.get('b') <= 3,
          third: (s) => isItself(s) && (s.by.get('c') < 2 || s.by.get('a') !== 1),
        },
        transitions: {
          fourth: ({ before, after }) => isItself(before) && before.by.get('a') <= after.by.get('a'),
          fifth: ({ before, after }) => isItself(before) && !(before.by.get('b') === 1 && after.by.get('b') === 2),
          sixth: ({ before, after }) => isItself(before) && (before.by.get('c') < 2 || after.by.get('b') < 3),
        },
        deadlock: false,
      }),
  })

  it('are evaluated on the state of this check and on the step of this check', async () => {
    const options = { continue: true, workers: 1 }
    const [learned, plain] = [await check(several, options), await check(several, { ...options, interpret: true })]
    expect(learned.warnings.filter(({ code }) => code === 'interpreted').length).toBe(6)
    expect(learned.states).toEqual(plain.states)
    const found = ({ traces }: typeof learned): unknown =>
      traces.map(({ property, steps }) => [property, steps.map(({ state }) => String(state))])
    expect(found(learned)).toEqual(found(plain))
    const violated = plain.properties.filter(({ result }) => result === 'violated').map(({ name }) => name)
    expect(violated).toEqual(['first', 'third', 'fifth', 'sixth'])
  })
})
