import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, spec } from '../../../src/index.ts'
import { runs } from '../../support/amount.ts'
import { bruteForce } from '../../support/brute-force.ts'
import { modelOf, plan } from '../../support/random-spec.ts'

/** Larger models are skipped, because the other explorer is slow. */
const MAX_STATES = 400

describe('check', () => {
  it('counts, decides, measures and finds shortest traces like a brute-force explorer, on random models', async () => {
    let compared = 0
    let varying = 0
    const property = fc.asyncProperty(plan, fc.boolean(), async (it, interpret) => {
      const model = modelOf({ ...it, faults: false, order: false })
      const expected = bruteForce(model, MAX_STATES)
      fc.pre(expected !== undefined)
      compared++
      const { states, properties, traces, measures, complete } = await check(
        spec({ name: 'random', model: () => model }),
        {
          continue: true,
          interpret,
        },
      )
      const { initial, generated, distinct, depth, found, measured } = expected
      expect(states).toEqual({ initial, generated, distinct, depth })
      expect(complete).toBe(true)
      for (const { name, kind, result, trace } of properties) {
        const steps = trace === undefined ? undefined : traces[trace]!.steps.length - 1
        expect([name, steps]).toEqual([name, found[name]])
        const [yes, no] = kind === 'goal' ? ['reached', 'unreached'] : ['violated', 'holds']
        expect(result).toBe(found[name] === undefined ? no : yes)
      }
      for (const { name, minimum, maximum } of measures) {
        expect([name, minimum, maximum]).toEqual([name, ...(measured[name] ?? [undefined, undefined])])
        if (minimum !== maximum) varying++
      }
    })
    await fc.assert(property, { numRuns: runs(300) })
    expect(compared).toBeGreaterThan(runs(100))
    expect(varying).toBeGreaterThan(runs(30))
  })
})
