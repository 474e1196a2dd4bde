import { describe, expect, it } from 'vitest'
import { Fingerprint } from '../../../src/semantics/fingerprint.ts'
import { COUNTED_STATES, DistinctEstimate, STANDARD_ERROR } from '../../../src/engine/simulation/distinct-estimate.ts'
import { range, schema } from '../../../src/index.ts'
import { layOut } from '../../../src/state/layout.ts'
import type { Schema } from '../../../src/spec/schema.ts'

const layout = layOut(schema({ a: range(0, 2 ** 20), b: range(0, 2 ** 20) }) as unknown as Schema)

/** Adds the states numbered `from` to below `to`, which differ little, like those of a counter. */
function add(distinct: DistinctEstimate, from: number, to: number): DistinctEstimate {
  const fingerprint = new Fingerprint(layout)
  const words = new Int32Array(layout.width)
  for (let state = from; state < to; state++) {
    words[0] = state & 0xfffff
    words[1] = (state >>> 20) | 0x8000_0000
    fingerprint.take(words, 0)
    distinct.add(fingerprint)
  }
  return distinct
}

describe('distinct states', () => {
  it('are counted exactly while they are few', () => {
    const distinct = add(new DistinctEstimate(), 0, COUNTED_STATES)
    expect(add(distinct, 0, COUNTED_STATES)).toMatchObject({ isCounted: true, size: COUNTED_STATES })
    expect(add(distinct, 0, COUNTED_STATES + 1).isCounted).toBe(false)
  })

  it.each([10_001, 30_000, 100_000, 1_000_000, 3_000_000])(
    'are estimated within three standard errors: %i',
    (states) => {
      const { size, isCounted } = add(new DistinctEstimate(), 0, states)
      expect(isCounted).toBe(false)
      expect(Math.abs(size / states - 1)).toBeLessThan(3 * STANDARD_ERROR)
    },
  )

  it('have about the standard error on average', () => {
    const errors = Array.from({ length: 40 }, (_, sample) => {
      const from = sample * 50_000
      return add(new DistinctEstimate(), from, from + 50_000).size / 50_000 - 1
    })
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    expect(deviation).toBeGreaterThan(STANDARD_ERROR / 2)
    expect(deviation).toBeLessThan(STANDARD_ERROR * 1.5)
  })

  it.each([
    [4000, 9000],
    [9000, 200_000],
    [150_000, 200_000],
  ])('are the same for two threads as for one: %i of %i', (part, all) => {
    const one = add(new DistinctEstimate(), 0, all)
    const merged = add(new DistinctEstimate(), 0, part)
    merged.merge(add(new DistinctEstimate(), part - 1000, all))
    expect(merged).toMatchObject({ size: one.size, isCounted: one.isCounted })
  })
})
