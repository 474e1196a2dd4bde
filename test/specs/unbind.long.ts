/**
 * `specs/unbind.ts` in the bench sizes of the design page "driver unbind with a mounted filesystem (MF_MEM_PRE_REMOVE)", and whole graphs
 * of two processes: learned against reference evaluation and brute force.
 */
import { describe, expect, it } from 'vitest'
import unbind from '../../specs/unbind.ts'
import { check } from '../../src/index.ts'
import { instantiate } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'
import { compareEvaluators } from '../support/evaluators.ts'

describe('unbind', () => {
  it.each([
    [{ design: 'base', processes: 3 }, 562_412],
    [{ design: 'v6', processes: 3 }, 1_116_132],
    [{ design: 'merged', processes: 3 }, 278_864],
    [{ design: 'sync-kill-walk', processes: 3 }, 206_509],
    [{ design: 'v6', kinds: 'DMDD' }, 1_931_808],
    [{ design: 'sync-kill-walk', kinds: 'DMDD' }, 241_917],
    [{ design: 'merged', kinds: 'DMDMD' }, 327_392],
  ])('has the states of the design page with %j', async (constants, distinct) => {
    const { states, complete } = await check(unbind, {
      ...{ constants, continue: true, symmetry: false, properties: ['allRecordsVisited'] },
    })
    expect(complete).toBe(true)
    expect(states.distinct).toBe(distinct)
  })

  it.each([{ design: 'merged', sb: 'umount' }, { design: 'sync-kill-walk' }, { design: 'devdax', install: 'inside' }])(
    'is the same learned, by reference and by brute force with %j',
    (constants) => {
      const { model } = instantiate(unbind, constants)
      expect(compareEvaluators(model, Infinity)).toBe(bruteForce(model)!.distinct)
    },
  )
})
