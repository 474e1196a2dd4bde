/** Whole graphs of models too large for every day: learned against reference evaluation, and TLC's counts. */
import { describe, expect, it } from 'vitest'
import twoPhaseCommit from '../../specs/classic/two-phase-commit.ts'
import kmemRemove from '../../specs/kmem-remove.ts'
import seenSet from '../../specs/seen-set.ts'
import truncateDma from '../../specs/truncate-dma.ts'
import { check } from '../../src/index.ts'
import { instantiate } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'
import { compareEvaluators } from '../support/evaluators.ts'

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
    const { states, properties, traces } = await check(kmemRemove, {
      constants: { design, devices: 3, pages: 2 },
      continue: true,
      symmetry: false,
      properties: ['noKernelPageRipped', 'regionNeverBurnt', 'deadlock'],
    })
    expect(states.distinct).toBe(525_773)
    expect(properties.map(({ result }) => result)).toEqual(['holds', 'violated', 'holds'])
    expect(traces[0]!.steps.length - 1).toBe(2)
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
  // docs/reference.md.
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
