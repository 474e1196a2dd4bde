/**
 * `specs/unbind.ts` at the bench sizes of the design page "driver unbind with a mounted filesystem
 * (MF_MEM_PRE_REMOVE)". Also whole graphs with two processes: learned evaluation against reference evaluation and brute
 * force, and against the enumeration of the page.
 */
import { describe, expect, it } from 'vitest'
import unbind from '../../specs/unbind.ts'
import { check } from '../../src/index.ts'
import { instantiate } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'
import { compareEvaluators } from '../support/evaluators.ts'
import { enumerate } from './unbind-enumeration.ts'
import type { AnySpec } from '../../src/spec/spec.ts'

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
    const { states, complete } = await check(unbind as AnySpec, {
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

  it.each([
    ...['base', 'base-return0', 'v5', 'v6', 'fix61', 'v6+fix', 'kill-first'].map((design) => ({ design })),
    ...['v6', 'fix61', 'merged'].map((design) => ({ design, agf: 'yes' })),
    ...['v6', 'merged', 'sync-kill-walk'].map((design) => ({ design, collect: 'current-only' })),
  ])('has the counts and the counterexamples of the enumeration with %j', async (constants) => {
    const { states, transitions, depth, found, ends } = enumerate(constants)
    const outcome = await check(unbind as AnySpec, { constants, continue: true, symmetry: false })
    expect(outcome.states).toEqual({ initial: 2, distinct: states, generated: transitions + 2, depth: depth + 1 })
    const violated = outcome.properties.filter(({ result }) => result === 'violated')
    const steps = violated.map(({ name, trace }) => [name, outcome.traces[trace!]!.steps.length - 1] as const)
    expect(Object.fromEntries(steps.filter(([name]) => name !== 'unbindEnds'))).toEqual(found)
    expect(violated.some(({ name }) => name === 'unbindEnds')).toBe(!ends)
  })
})
