/**
 * Compares both engines with an oracle that shares no code with either, on random machines whose properties depend on
 * fairness.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../support/amount.ts'
import { agreeOnMachine } from '../../support/agree-on-temporal.ts'
import { machines, problemOf } from '../../support/random-fairness.ts'
import { violates, type Demand } from '../../support/temporal-oracle.ts'

/**
 * Always the same machines, because these are known to detect mistakes. Of 34 faults that were planted in the decision
 * on sets, one at a time, they detect 31. Two of the others only reach the same hull in another way (trimming once a
 * round, and examining hopeless automaton states). One omits stuttering from the way back to a goal, and no formula was
 * found that shows it.
 */
const SAME = { seed: 4, numRuns: 400 }

const all = (fairness: Demand['fairness']) => (demand: Demand) => ({ ...demand, fairness })

/** Ways to misunderstand fairness constraints. */
const MISUNDERSTANDINGS: { readonly [what: string]: (demands: readonly Demand[]) => readonly Demand[] } = {
  'if nothing is demanded': () => [],
  'if strong demands are weak': (demands) => demands.map(all('weak')),
  'if weak demands are strong': (demands) => demands.map(all('strong')),
  'of the first demand alone': ([first]) => [first!],
  'of the first instance of each demand alone': (demands) =>
    demands.map((demand) => ({ ...demand, actions: demand.actions.slice(0, 1) })),
}

describe('random machines', () => {
  const sample = fc.sample(machines, SAME).map((machine) => {
    const problem = problemOf(machine)
    return { problem, isViolated: violates(problem) }
  })
  type Sampled = (typeof sample)[number]
  const percent = (isMeant: (one: Sampled) => boolean): number =>
    Math.round((100 * sample.filter(isMeant).length) / sample.length)

  it('are violated in about half of the cases', () => {
    expect(percent(({ isViolated }) => isViolated)).toBe(56)
  })

  it.each([
    ['if nothing is demanded', 44],
    ['if strong demands are weak', 26],
    ['if weak demands are strong', 24],
    ['of the first demand alone', 30],
    ['of the first instance of each demand alone', 13],
  ])('often get another verdict %s', (what, expected) => {
    const differs = ({ problem, isViolated }: Sampled): boolean =>
      isViolated !== violates({ ...problem, fairness: MISUNDERSTANDINGS[what]!(problem.fairness) })
    expect(percent(differs)).toBe(expected)
  })

  it('are decided by both engines like the oracle, and each lasso is a fair counterexample', async () => {
    await fc.assert(
      fc.asyncProperty(machines, async (machine) => {
        await agreeOnMachine(machine)
      }),
      { ...SAME, numRuns: runs(SAME.numRuns) },
    )
  }, 120_000)
})
