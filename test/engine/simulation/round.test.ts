/** Constructed races between walking threads: the tests decide which thread pauses where. */
import { describe, expect, it } from 'vitest'
import { RoundControl, RoundPart } from '../../../src/engine/simulation/round.ts'
import type { Walker } from '../../../src/engine/simulation/random-walk.ts'

/** A walker whose walks take a given number of turns. Walks with the given numbers find something. */
function walker(turns: (walk: number) => number, finds: readonly number[]): Walker & { readonly made: number[] } {
  const made: number[] = []
  let left = 0
  let isUnderWay = false
  const fake = {
    made,
    found: undefined as unknown,
    advance(walk: number, pause: () => boolean): boolean {
      if (!isUnderWay) left = turns(walk)
      isUnderWay = true
      while (left-- > 0) if (pause()) return false
      isUnderWay = false
      made.push(walk)
      if (finds.includes(walk)) fake.found = 'failure'
      return true
    },
  }
  return fake as unknown as Walker & { readonly made: number[] }
}

const always = (): boolean => true
const never = (): boolean => false

describe('a round', () => {
  it('gives each walk to one thread, and ends when all are done', () => {
    const board = new RoundControl()
    board.begin()
    const walkers = [walker(() => 1, []), walker(() => 1, [])] as const
    const [one, other] = walkers.map((it) => new RoundPart(it, board, { from: 10, count: 5 })) as [RoundPart, RoundPart]
    expect(one.work(always)).toBe(false)
    expect(other.work(never)).toBe(true)
    expect(one.work(never)).toBe(true)
    expect(walkers.map(({ made }) => made)).toEqual([[10], [11, 12, 13, 14]])
    expect(board.least).toBeUndefined()
  })

  it('completes the walks before the first finding, and begins no later ones', () => {
    const board = new RoundControl()
    board.begin()
    const slow = walker(() => 1, [20])
    const quick = walker(() => 0, [21])
    const one = new RoundPart(slow, board, { from: 20, count: 5 })
    const other = new RoundPart(quick, board, { from: 20, count: 5 })
    expect(one.work(always)).toBe(false)
    expect(other.work(never)).toBe(true)
    expect(board.least).toBe(1)
    // Walk 20 precedes 21, and finds something too.
    expect(one.work(never)).toBe(true)
    expect(board.least).toBe(0)
    expect([slow.made, quick.made]).toEqual([[20], [21]])
  })

  it('keeps the least report, in any order of reports', () => {
    const board = new RoundControl()
    board.begin()
    for (const walk of [7, 9, 3, 5]) board.report(walk)
    expect(board.least).toBe(3)
    board.begin()
    expect(board.least).toBeUndefined()
    expect(board.take()).toBe(0)
  })
})
