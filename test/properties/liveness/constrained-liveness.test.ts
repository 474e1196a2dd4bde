/**
 * Temporal properties of models that constraints cut: why they are unknown, and the meaning of the option that decides
 * them.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alwaysEventually,
  check,
  compare,
  constant,
  eventually,
  model,
  oneOf,
  range,
  schema,
  spec,
  weak,
  type CheckOptions,
  type Outcome,
} from '../../../src/index.ts'
import { checkText, verdictLine } from '../../../src/report/text/check.ts'
import { compareText } from '../../../src/report/text/compare.ts'
import { checkDocument } from '../../../src/report/json/documents.ts'
import { PLAIN } from '../../../src/report/text/style.ts'
import { runs } from '../../support/amount.ts'
import { modelOf, problems } from '../../support/random-temporal.ts'
import { isCounterexample, violates, type Problem } from '../../support/temporal-oracle.ts'

const State = schema({ n: range(0, 9) })

/** Counts upwards and may fall back from 2. States above 4 are cut. */
const counter = spec({
  name: 'counter',
  constants: {
    fair: constant(oneOf('yes', 'no'), 'yes', 'whether up is fair'),
    cut: constant(oneOf('yes', 'no'), 'yes', 'whether there is a constraint'),
  },
  model: ({ fair, cut }) =>
    model(State, {
      init: State(),
      actions: {
        up: (s) => s.n < 9 && s.set('n', s.n + 1),
        back: (s) => s.n === 2 && s.set('n', 0),
      },
      fairness: fair === 'yes' ? { up: weak('up') } : {},
      temporal: { returns: alwaysEventually((s) => s.n === 0) },
      ...(cut === 'yes' && { constraints: { small: (s) => s.n < 5 } }),
      deadlock: false,
    }),
})

const UNDER = { livenessUnderConstraints: true }

const REASON =
  'the constraints (small) cut the state graph, so infinite behaviors may be missing; ' +
  'use --liveness-under-constraints to decide within the constraints'
const CAVEAT =
  'this may be wrong, because --liveness-under-constraints ignores behaviors that leave the constraints (small)'

describe('a temporal property of a model that a constraint cuts', () => {
  it('is unknown, with the reason', async () => {
    const outcome = await check(counter)
    expect(outcome.properties).toEqual([{ name: 'returns', kind: 'temporal', result: 'unknown', reason: REASON }])
    expect(checkText(outcome, PLAIN)).toContain(`  ? returns  temporal  unknown: ${REASON}`)
    expect(checkDocument(outcome, { peakMemoryBytes: null })['properties']).toEqual(outcome.properties)
    const comparison = await compare(counter, { vary: [{ constant: 'fair', values: ['yes'] }] })
    expect(compareText(comparison, PLAIN)).toContain(`returns is unknown: ${REASON}`)
  })

  it('holds with a caveat under the option, although a behavior outside violates it', async () => {
    // 0 1 ... 9 and then nothing: at 9 no action is enabled, so this is fair, and 0 does not return.
    const whole = await check(counter, { constants: { cut: 'no' } })
    expect(whole.properties[0]!.result).toBe('violated')
    const outcome = await check(counter, UNDER)
    expect(outcome).toMatchObject({ verdict: 'holds', complete: false })
    expect(outcome.properties).toEqual([{ name: 'returns', kind: 'temporal', result: 'holds', caveat: CAVEAT }])
    expect(checkText(outcome, PLAIN)).toContain(`  ✓ returns  temporal  holds within the constraints; ${CAVEAT}`)
    expect(verdictLine(outcome, PLAIN)).toBe('counter holds within the constraints')
    const comparison = await compare(counter, { ...UNDER, vary: [{ constant: 'fair', values: ['yes'] }] })
    const lines = compareText(comparison, PLAIN)
    expect(lines.join('\n')).toContain('yes   holds (within constraints)')
    expect(lines).toContain(`returns holds within the constraints; ${CAVEAT}`)
  })

  it('is decided with stuttering at the border, which fairness of an outward step forbids', async () => {
    // Without fairness it may stop anywhere. With fairness it may not stop at 4, where only an outward step is enabled.
    expect((await check(counter, { ...UNDER, constants: { fair: 'no' } })).properties[0]!.result).toBe('violated')
    expect((await check(counter, UNDER)).properties[0]!.result).toBe('holds')
  })

  it('has no caveat if nothing lies outside', async () => {
    const loose = spec({
      name: 'loose',
      model: () =>
        model(State, {
          init: State(),
          actions: { up: (s) => s.n < 4 && s.set('n', s.n + 1) },
          fairness: { up: weak('up') },
          temporal: { ends: eventually((s) => s.n === 4) },
          constraints: { small: (s) => s.n < 5 },
          deadlock: false,
        }),
    })
    expect((await check(loose, UNDER)).properties).toEqual([{ name: 'ends', kind: 'temporal', result: 'holds' }])
  })
})

describe('random graphs with a constraint', () => {
  const told = ({ properties, traces }: Outcome) => {
    const { result } = properties[0]!
    const lasso = traces[0] && { states: traces[0].steps.map(({ state }) => state.get('n')), loop: traces[0].loop }
    return { result, lasso }
  }

  it('are decided by both engines like the oracle inside, and by default only if nothing is outside', async () => {
    const seen = { violated: 0, unknown: 0, holds: 0, differing: 0 }
    const cut: fc.Arbitrary<Problem> = problems(5).chain((problem) =>
      fc
        .uniqueArray(fc.nat(problem.size - 1), { minLength: 1, maxLength: 2 })
        .map((outside) => ({ ...problem, outside })),
    )
    const property = fc.asyncProperty(cut, async (problem) => {
      const random = spec({ name: 'random', model: () => modelOf(problem) })
      const run = (options: CheckOptions) => check(random, options)
      const expected = violates(problem) ? 'violated' : 'holds'
      const under = told(await run(UNDER))
      expect(under.result).toBe(expected)
      expect(told(await run({ ...UNDER, engine: 'symbolic' }))).toEqual(under)
      expect(told(await run({ ...UNDER, engine: 'symbolic', tuning: { explicitUpTo: 0 } })).result).toBe(expected)
      if (under.lasso) expect(isCounterexample(problem, under.lasso.states as number[], under.lasso.loop!)).toBe(true)
      const byDefault = await run({})
      const isCut = byDefault.warnings.some(({ code }) => code === 'constrained')
      expect(byDefault.properties[0]!.result).toBe(expected === 'holds' && isCut ? 'unknown' : expected)
      seen[byDefault.properties[0]!.result as 'violated']++
      if (expected === 'holds' && violates({ ...problem, outside: [] })) seen.differing++
    })
    await fc.assert(property, { numRuns: runs(200) })
    // The meaning under the option often differs from the meaning without a constraint.
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(runs(10))
  })
})
