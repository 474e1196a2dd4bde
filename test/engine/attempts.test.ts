import { describe, expect, it } from 'vitest'
import { Attempts } from '../../src/engine/attempts.ts'

/** The tries during a search that finds one level after another, by states found. */
function triesOf(levels: readonly number[], { from = 1000, isReduced = false, perState = 0 } = {}) {
  const tries: (readonly [found: number, operations: number])[] = []
  let distinct = 0
  const attempts = new Attempts(from)
  for (const frontier of levels) {
    distinct += frontier
    const counts = { distinct, frontier, generated: perState * distinct, isReduced }
    const progress = { ...counts, depth: 0, pending: 0, elapsedMs: 0, bytes: 0 }
    // Repeat while a try is due.
    while (attempts.isDue(progress)) tries.push([distinct, attempts.next()])
  }
  return tries
}

describe('attempts with another engine', () => {
  it('are due when the search has grown fourfold, with fourfold work', () => {
    const tries = triesOf(Array.from({ length: 20_000 }, () => 1))
    expect(tries.map(([found]) => found)).toEqual([999, 3999, 15_999])
    expect(tries.map(([, operations]) => operations / tries[0]![1])).toEqual([1, 4, 16])
  })

  it('are due before a large level, with work that suits its size', () => {
    const [first, ...others] = triesOf([1, 20, 400, 8000], { from: 2000 })
    expect(first![0]).toBe(421)
    expect(others).toHaveLength(1)
    expect(others[0]![1] / first![1]).toBe(16)
  })

  it('include successors, with more weight if states are counted up to symmetry', () => {
    const levels = Array.from({ length: 1000 }, () => 1)
    const at = (options: Parameters<typeof triesOf>[1]) => triesOf(levels, options)[0]!
    expect(at({ perState: 32 })[0]).toBe(499)
    const [found, operations] = at({ perState: 3, isReduced: true })
    expect(found).toBe(249)
    expect(operations / at({})[1]).toBe(8)
  })
})
