import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, spec } from '../../../src/index.ts'
import type { Model } from '../../../src/spec/model.ts'
import { runs } from '../../support/amount.ts'
import { bruteForce } from '../../support/brute-force.ts'
import { modelOf, plan } from '../../support/random-spec.ts'
import { modelOf as temporalModelOf, problems } from '../../support/random-temporal.ts'
import { compareEngines } from '../../support/twins.ts'

/** Larger models are skipped, because there are many. */
const MAX_STATES = 400

/** The model constrained by its first invariant. */
function withConstraint(model: Model): Model {
  const [first, ...others] = model.properties
  if (first?.kind !== 'invariant') return model
  return { ...model, properties: others, constraints: [{ ...first, kind: 'constraint' }] }
}

/** The model without one value of its variable. */
function without(model: Model, value: number): Model {
  const holds = (state: never): boolean => (state as { n: number }).n !== value
  const conjuncts = [{ name: '', holds }]
  return {
    ...model,
    constraints: [{ name: 'kept', kind: 'constraint', parameters: {}, conjuncts, origin: undefined } as never],
  }
}

describe('the symbolic engine', () => {
  it('agrees with the explicit engine on random models', { timeout: 120_000 }, async () => {
    const engines = { explicit: 0, symbolic: 0, refused: 0 }
    const property = fc.asyncProperty(
      plan,
      fc.record({ continue: fc.boolean(), deadlock: fc.boolean() }),
      fc.option(fc.integer({ min: 1, max: 6 }), { freq: 4, nil: undefined }),
      fc.boolean(),
      async (it, options, maxDepth, constrained) => {
        const whole = modelOf({ ...it, order: false })
        const model = constrained ? withConstraint(whole) : whole
        fc.pre(it.faults || bruteForce(model, MAX_STATES) !== undefined)
        const random = spec({ name: 'random', model: () => model })
        engines[(await compareEngines(random, { ...options, maxDepth, maxStates: MAX_STATES + 1 })) ?? 'refused']++
        if (!it.faults) engines[(await compareEngines(random, { ...options })) ?? 'refused']++
      },
    )
    await fc.assert(property, { numRuns: runs(300) })
    expect(engines.symbolic).toBeGreaterThan(runs(100))
  })

  it('agrees with the explicit engine on random formulas and fairness constraints', async () => {
    const verdicts = { holds: 0, violated: 0, incomplete: 0 }
    const property = fc.asyncProperty(problems(8), fc.nat(20), async (problem, beyond) => {
      const random = spec({ name: 'random', model: () => without(temporalModelOf(problem), beyond) })
      expect(await compareEngines(random, {})).toBe('symbolic')
      verdicts[(await check(random)).verdict]++
    })
    await fc.assert(property, { numRuns: runs(400) })
    expect(verdicts.holds).toBeGreaterThan(runs(100))
    expect(verdicts.violated).toBeGreaterThan(runs(100))
    expect(verdicts.incomplete).toBeGreaterThan(runs(10))
  })
})
