/**
 * Whole graphs of models that are too large for daily tests: learned evaluation against reference evaluation, and TLC's
 * counts.
 */
import { describe, expect, it } from 'vitest'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import daxLease from '../../specs/dax-lease.ts'
import kmemRemove from '../../specs/kmem-remove.ts'
import seenSet from '../../specs/seen-set.ts'
import truncateDma from '../../specs/truncate-dma.ts'
import { check } from '../../src/index.ts'
import { instantiate } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'
import { compareEvaluators } from '../support/evaluators.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

describe('truncate-dma', () => {
  it.each([
    { design: 'busy-page' },
    { design: 'busy-page', scanFirst: 'yes' },
    { design: 'busy-page', umount: 'no-drain' },
    { design: 'busy-page', race: 'check-then-free', users: 1 },
    { design: 'wait-allocated', gupFast: 'on' },
    { design: 'wait-allocated', pagesPerGup: 2, newPins: 'blocked', holdLock: 'yes' },
    { design: 'wait-allocated', race: 'check-then-free' },
    { design: 'sequester', blocks: 3, users: 3 },
  ])('is the same learned, by reference and by brute force with %j', (constants) => {
    const { model } = instantiate(truncateDma, constants)
    expect(compareEvaluators(model, Infinity)).toBe(bruteForce(model)!.distinct)
  })
})

describe('kmem-remove', () => {
  // The design page, as in `kmem-remove.test.ts`.
  it.each(['burn', 'mf-movable'])('has the counts of three devices with two pages each, %s', async (design) => {
    const { states, properties, traces } = await check(kmemRemove as AnySpec, {
      constants: { design, devices: 3, pages: 2 },
      continue: true,
      symmetry: false,
      properties: ['noKernelPageRipped', 'regionNeverBurnt', 'deadlock'],
    })
    // Transitions and depth: `kmem-enumeration.ts`, which takes a minute for them.
    expect(states).toEqual({ initial: 1, distinct: 525_773, generated: 4_761_118, depth: 19 })
    expect(properties.map(({ result }) => result)).toEqual(['holds', 'violated', 'holds'])
    expect(traces[0]!.steps.length - 1).toBe(2)
  })
})

describe('dax-lease', () => {
  it.each([{}, { design: 'no-reap-no-list-ref' }, { design: 'pin-first' }, { leaseFail: 'fixed', pages: 2 }])(
    'is the same learned, by reference and by brute force with %j',
    (constants) => {
      const { model } = instantiate(daxLease, constants)
      expect(compareEvaluators(model, Infinity)).toBe(bruteForce(model)!.distinct)
    },
  )

  // The design page "life cycle of one `dax_lease`".
  it.each([
    [1, 235_896],
    [2, 237_700],
    [3, 238_620],
  ])('holds with three leases, on %i pages', async (pages, distinct) => {
    const { states, verdict } = await check(daxLease, { constants: { leases: 3, pages }, symmetry: false })
    expect(verdict).toBe('holds')
    expect(states).toMatchObject({ distinct, depth: 41, ...(pages === 1 && { generated: 1_042_041 }) })
  })
})

describe('seen-set', () => {
  it('is the same learned, by reference and by brute force', () => {
    const { model } = instantiate(seenSet, {})
    expect(compareEvaluators(model, Infinity)).toBe(bruteForce(model)!.distinct)
  })

  it('holds with three workers, and every race occurs', async () => {
    const { states, properties } = await check(seenSet, { constants: { workers: 3 } })
    expect(states.distinct).toBe(1_097_610)
    expect(properties.filter(({ result }) => result !== 'holds' && result !== 'reached')).toEqual([])
  })
})

describe('two-phase-commit', () => {
  // docs/reference/formats.md.
  it.each([
    [8, 18_507_778, 1_745_408, 26],
    [9, 123_558_402, 10_340_352, 29],
  ])('has the published counts for %i resource managers', async (resourceManagers, generated, distinct, depth) => {
    const { states } = await check(twoPhaseCommit, {
      constants: { resourceManagers },
      deadlock: false,
      symmetry: false,
    })
    expect(states).toEqual({ initial: 1, generated, distinct, depth })
  })
})
