/**
 * The symbolic engine under a clock that runs away and a collector that never rests: whatever is driven is broken off again and again, and
 * done again, and no number of a diagram outlives what it was kept for.
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

/** A fifth of the first slice of work. Of more the explicit engine would do nothing but rest. */
const TICK_MS = 20

const MAX_STATES = 400

const clock = vi.hoisted(() => ({ ms: 0 }))
vi.mock('../../../src/engine/clock.ts', () => ({ now: () => (clock.ms += TICK_MS) }))

const { set } = OperationCache.prototype
const { tidy, recover } = Diagrams.prototype

describe('the symbolic engine, broken off all the time', () => {
  let recoveries = 0

  // No spies: they would remember millions of calls.
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

  it('says what the explicit one does of random models', async () => {
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

  it('says what the explicit one does of random formulas and fairness constraints', async () => {
    const property = fc.asyncProperty(problems(8), async (problem) => {
      const random = spec({ name: 'random', model: () => temporalModelOf(problem) })
      expect(await compareEngines(random, {})).toBe('symbolic')
    })
    recoveries = 0
    await fc.assert(property, { seed: 1, numRuns: runs(200) })
    expect(recoveries).toBeGreaterThan(runs(2000))
  }, 60_000)

  it('ends in order whenever time is up', async () => {
    const endings = new Set<string>()
    for (let timeoutMs = 100; timeoutMs < 500_000; timeoutMs *= 1.1) {
      const { ending, verdict } = await check(twoPhaseCommit, { engine: 'symbolic', timeoutMs })
      endings.add(`${ending}: ${verdict}`)
    }
    expect(endings).toEqual(new Set(['time: incomplete', 'exhausted: holds']))
  }, 60_000)
})
