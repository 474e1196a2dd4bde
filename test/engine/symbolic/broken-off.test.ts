/**
 * The symbolic engine with a clock that runs very fast and constant collections. Work is aborted and rerun again and
 * again, and no node number may be used after its collection.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import twoPhaseCommit from '../../../specs/classic/two-phase-commit.ts'
import { check, spec } from '../../../src/index.ts'
import { Diagrams } from '../../../src/engine/symbolic/diagram/diagrams.ts'
import { OperationCache } from '../../../src/engine/symbolic/diagram/operation-cache.ts'
import { runs } from '../../support/amount.ts'
import { bruteForce } from '../../support/brute-force.ts'
import { modelOf, plan } from '../../support/random-spec.ts'
import { modelOf as temporalModelOf, problems } from '../../support/random-temporal.ts'
import { compareEngines } from '../../support/twins.ts'

/** A fifth of the first slice of work. With more, the explicit engine would only pause. */
const TICK_MS = 20

const MAX_STATES = 400

const clock = vi.hoisted(() => ({ ms: 0 }))
vi.mock('../../../src/engine/clock.ts', () => ({ now: () => (clock.ms += TICK_MS) }))

const { set } = OperationCache.prototype
const { tidy, recover } = Diagrams.prototype

describe('the symbolic engine, aborted again and again,', () => {
  let recoveries = 0

  // No spies, because they would store millions of calls.
  beforeAll(() => {
    OperationCache.prototype.set = function (...operation) {
      const result = set.apply(this, operation)
      this.onWork()
      return result
    }
    Diagrams.prototype.tidy = function (roots) {
      this.collect(roots())
      tidy.call(this, roots)
    }
    Diagrams.prototype.recover = function () {
      recoveries++
      recover.call(this)
    }
  })

  afterAll(() => {
    OperationCache.prototype.set = set
    Object.assign(Diagrams.prototype, { tidy, recover })
  })

  it('agrees with the explicit engine on random models', async () => {
    const options = fc.record({ continue: fc.boolean(), isBounded: fc.boolean() })
    const property = fc.asyncProperty(plan, options, async (it, { isBounded, ...rest }) => {
      const model = modelOf({ ...it, order: false, faults: false })
      fc.pre(bruteForce(model, MAX_STATES) !== undefined)
      const maxStates = isBounded ? MAX_STATES + 1 : undefined
      await compareEngines(spec({ name: 'random', model: () => model }), { ...rest, maxStates })
    })
    recoveries = 0
    await fc.assert(property, { seed: 1, numRuns: runs(200) })
    expect(recoveries).toBeGreaterThan(runs(2000))
  }, 60_000)

  it('agrees with the explicit engine on random formulas and fairness constraints', async () => {
    const property = fc.asyncProperty(problems(8), async (problem) => {
      const random = spec({ name: 'random', model: () => temporalModelOf(problem) })
      expect(await compareEngines(random, {})).toBe('symbolic')
    })
    recoveries = 0
    await fc.assert(property, { seed: 1, numRuns: runs(200) })
    expect(recoveries).toBeGreaterThan(runs(2000))
  }, 60_000)

  it('ends in order at any time limit', async () => {
    const endings = new Set<string>()
    for (let timeoutMs = 100; timeoutMs < 500_000; timeoutMs *= 1.1) {
      const { ending, verdict } = await check(twoPhaseCommit, {
        engine: 'symbolic',
        properties: ['consistent', 'deadlock'],
        timeoutMs,
      })
      endings.add(`${ending}: ${verdict}`)
    }
    expect(endings).toEqual(new Set(['time: incomplete', 'exhausted: holds']))
  }, 60_000)
})
