/**
 * Compares `specs/stale-exposure.ts` with the sub-model of the design page "clearing radix dirty tags on fsync/sync of
 * DAX mappings". Its counts come from a brute-force enumeration that is independent of Kripke.
 */
import { describe, expect, it } from 'vitest'
import staleExposure from '../../specs/stale-exposure.ts'
import { check } from '../../src/index.ts'
import { compareVariants } from '../support/compare-variants.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

describe('stale-exposure', () => {
  it.each([
    { zeroing: 'nt', commitFlush: 'yes', states: 15, exposedBy: undefined },
    { zeroing: 'nt', commitFlush: 'no', states: 15, exposedBy: undefined },
    { zeroing: 'cached', commitFlush: 'yes', states: 19, exposedBy: undefined },
    { zeroing: 'cached', commitFlush: 'no', states: 23, exposedBy: ['allocZero', 'commit'] },
  ])('zeroing=$zeroing commitFlush=$commitFlush', async ({ zeroing, commitFlush, states: distinct, exposedBy }) => {
    const { states, properties, traces } = await check(staleExposure as AnySpec, {
      constants: { zeroing, commitFlush },
      continue: true,
    })
    expect(states.distinct).toBe(distinct)
    expect(properties).toMatchObject([
      { name: 'noStaleExposure', result: exposedBy === undefined ? 'holds' : 'violated' },
      { name: 'stepsInOrder', result: 'holds' },
      { name: 'allIsDurable', result: 'reached' },
      { name: 'deadlock', result: 'holds' },
    ])
    const exposure = traces.find(({ property }) => property === 'noStaleExposure')
    expect(exposure?.steps.slice(1).map(({ action }) => action)).toEqual(exposedBy)
  })
})

compareVariants('stale-exposure.ts')
