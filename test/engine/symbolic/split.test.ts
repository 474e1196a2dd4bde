/** Both engines on random models with each slot split into bits. Otherwise these slots are too narrow to be split. */
import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { spec } from '../../../src/index.ts'
import type * as Original from '../../../src/engine/symbolic/digits.ts'
import { runs } from '../../support/amount.ts'
import { bruteForce } from '../../support/brute-force.ts'
import { modelOf, plan } from '../../support/random-spec.ts'
import { modelOf as temporalModelOf, problems } from '../../support/random-temporal.ts'
import { compareEngines } from '../../support/twins.ts'

const seen = vi.hoisted(() => ({ split: 0 }))
vi.mock('../../../src/engine/symbolic/digits.ts', async (importOriginal) => {
  const { Digits } = await importOriginal<typeof Original>()
  return {
    MAX_WHOLE: 0,
    Digits: class extends Digits {
      constructor(...[slots, , most]: ConstructorParameters<typeof Digits>) {
        super(slots, () => true, most, 1)
        if (this.isAnySplit) seen.split++
      }
    },
  }
})

/** Larger models are skipped, because there are many. */
const MAX_STATES = 400

it('agrees with the explicit engine on random models', async () => {
  const options = fc.record({ continue: fc.boolean(), deadlock: fc.boolean() })
  const maxDepth = fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined })
  let symbolic = 0
  const property = fc.asyncProperty(plan, options, maxDepth, async (it, given, depth) => {
    const model = modelOf({ ...it, order: false, faults: false })
    fc.pre(bruteForce(model, MAX_STATES) !== undefined)
    const random = spec({ name: 'random', model: () => model })
    if ((await compareEngines(random, { ...given, maxDepth: depth })) === 'symbolic') symbolic++
  })
  await fc.assert(property, { numRuns: runs(200) })
  expect(symbolic).toBeGreaterThan(runs(80))
  expect(seen.split).toBeGreaterThan(runs(80))
})

it('agrees with the explicit engine on random formulas', async () => {
  const property = fc.asyncProperty(problems(8), async (problem) => {
    const random = spec({ name: 'random', model: () => temporalModelOf(problem) })
    expect(await compareEngines(random, {})).toBe('symbolic')
  })
  await fc.assert(property, { numRuns: runs(150) })
})
