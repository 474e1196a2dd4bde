/** `specs/radix-sync.ts` at the sizes of the design page that are too large for daily tests. */
import { describe, expect, it } from 'vitest'
import radixSync from '../../specs/radix-sync.ts'
import { check } from '../../src/index.ts'

describe('radix-sync', () => {
  it.each([
    [168_335, { pages: 2, stores: 1 }],
    [362_215, { pages: 2, mappers: 2, rounds: 1, stores: 1 }],
    [1_218_442, { mappers: 2, callers: 3 }],
  ])('has %i states with the lock bit, TOWRITE cleared late and %j, and holds', async (distinct, constants) => {
    const { states, verdict } = await check(radixSync, {
      constants: { design: 'sol2-late', ...constants },
      continue: true,
      symmetry: false,
    })
    expect([states.distinct, verdict]).toEqual([distinct, 'holds'])
  })
})
