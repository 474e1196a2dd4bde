/** The cost of types for the compiler, by its own counts, which are the same on each machine. */
import { describe, expect, it } from 'vitest'
import { costOf } from '../../bench/types/cost.ts'

describe('checking the types of a spec', () => {
  // Measured: 72,000. It was 2,994,000 when the compiler compared immutable.js's types method by method.
  it('takes the compiler at most 150,000 instantiations', () => {
    const { instantiations } = costOf(['specs/truncate-dma.ts'])
    expect(instantiations).toBeGreaterThan(10_000)
    expect(instantiations).toBeLessThan(150_000)
  })
})
