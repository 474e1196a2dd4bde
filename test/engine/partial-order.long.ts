/**
 * Compares reduced searches with searches without reduction on very many random models.
 *
 * The first models are made for this: their threads take independent steps. The others have every domain, but few of
 * them can be reduced, so a tenth of the number is enough.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { spec } from '../../src/index.ts'
import type { AnySpec } from '../../src/spec/spec.ts'
import { runs } from '../support/amount.ts'
import { compareReduced } from '../support/compare-reduced.ts'
import { modelOf, plan } from '../support/random-spec.ts'
import { limits, threadsPlan, threadsSpec } from '../support/random-threads.ts'
import { SPECS, VARIANTS } from '../support/variants.ts'

const MODELS = runs(20_000)

const variants = Object.entries(VARIANTS).flatMap(([path, all]) => all.map((constants) => [path, constants] as const))

it.each(variants)('finds what the search without reduction finds, on %s with %o', async (path, constants) => {
  const { default: given } = (await import(new URL(path, SPECS).href)) as { default: AnySpec }
  // Undefined if the spec cannot be reduced.
  const states = compareReduced(given, constants)
  if (states !== undefined) expect(states.reduced).toBeLessThanOrEqual(states.full)
})

it(
  `finds what the search without reduction finds, on ${MODELS} random models of threads`,
  { timeout: 7_200_000 },
  () => {
    let reduced = 0
    fc.assert(
      fc.property(threadsPlan, limits, (given, bounds) => {
        const states = compareReduced(threadsSpec(given), {}, bounds)!
        if (states.reduced < states.full) reduced++
      }),
      { numRuns: MODELS },
    )
    expect(reduced).toBeGreaterThan(MODELS * 0.25)
  },
)

const OTHERS = Math.ceil(MODELS / 10)

it(`finds what the search without reduction finds, on ${OTHERS} other random models`, { timeout: 7_200_000 }, () => {
  let compared = 0
  fc.assert(
    fc.property(plan, fc.constantFrom(50, 500, 2000), (given, calls) => {
      const states = compareReduced(spec({ name: 'random', model: () => modelOf(given) }) as AnySpec, {}, { calls })
      if (states !== undefined) compared++
    }),
    { numRuns: OTHERS },
  )
  expect(compared).toBeGreaterThan(OTHERS / 3)
})
