import { describe, expect, it } from 'vitest'
import { Diversion } from '../../src/engine/auto.ts'

/** Levels of which a search finds one after another, and the work that is allowed to tries on the way, by states found. */
async function triesOf(levels: readonly number[], { from = 1000, isReduced = false, perState = 0 } = {}) {
  const tries: (readonly [found: number, work: number])[] = []
  let found = 0
  const diversion = new Diversion(from, isReduced, async (work) => {
    tries.push([found, work])
    return undefined
  })
  for (const level of levels) {
    found += level
    const standing = { found, level, generated: perState * found }
    // As often as somebody asks.
    while (diversion.isDue(standing)) await diversion.go()
  }
  return tries
}

describe('a diversion', () => {
  it('is tried when what was done has grown fourfold, with fourfold work', async () => {
    const tries = await triesOf(Array.from({ length: 20_000 }, () => 1))
    expect(tries.map(([found]) => found)).toEqual([999, 3999, 15_999])
    expect(tries.map(([, work]) => work / tries[0]![1])).toEqual([1, 4, 16])
  })

  it('is tried before a level that will be large, with the work that is fit for it', async () => {
    const [first, ...others] = await triesOf([1, 20, 400, 8000], { from: 2000 })
    expect(first![0]).toBe(421)
    expect(others).toHaveLength(1)
    expect(others[0]![1] / first![1]).toBe(16)
  })

  it('counts successors in, more so where states are counted up to symmetry', async () => {
    const levels = Array.from({ length: 1000 }, () => 1)
    const at = async (options: Parameters<typeof triesOf>[1]) => (await triesOf(levels, options))[0]
    expect((await at({ perState: 32 }))![0]).toBe(499)
    const [found, work] = (await at({ perState: 3, isReduced: true }))!
    expect(found).toBe(249)
    expect(work / (await at({}))![1]).toBe(8)
  })
})
