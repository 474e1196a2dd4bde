import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forecast, type Forecast, type Sample } from '../../src/api/bench/forecast.ts'
import { fitGrowth, isWithheld, type Law, type Point } from '../../src/api/bench/growth.ts'

/** Points with counts at sizes from `first` on. */
function points(counts: readonly number[], first = 1): Point[] {
  return counts.map((distinct, index) => ({ size: first + index, distinct }))
}

function lawOf(counts: readonly number[], first?: number): Law {
  const law = fitGrowth(points(counts, first))
  if (isWithheld(law)) throw new Error(law.withheld)
  return law
}

function whyNot(counts: readonly number[], first?: number): string {
  const law = fitGrowth(points(counts, first))
  return isWithheld(law) ? law.withheld : `${law.kind} ${law.rate}`
}

/** Two-phase commit with 3 to 10 resource managers, as published (tlaplus/Examples, and docs/reference/formats.md). */
const TWO_PHASE = [288, 1568, 8832, 50816, 296448, 1745408, 10340352]
const TWO_PHASE_WITH_TEN = 61515776

describe('fitGrowth', () => {
  it('recognizes an exponential with any base and start', () => {
    fc.assert(
      fc.property(fc.double({ min: 1.2, max: 20, noNaN: true }), fc.integer({ min: 4, max: 8 }), (base, length) => {
        const counts = Array.from({ length }, (_, index) => 7 * base ** index)
        const law = lawOf(counts)
        expect(law.kind).toBe('exponential')
        expect(law.rate).toBeCloseTo(base, 6)
        expect(law.at(length + 1)).toBeCloseTo(7 * base ** length, -Math.log10(base ** length) + 6)
      }),
    )
  })

  it('recognizes a polynomial', () => {
    const law = lawOf([3, 24, 81, 192, 375])
    expect(law.kind).toBe('polynomial')
    expect(law.rate).toBeCloseTo(3, 9)
    expect(law.at(6)).toBeCloseTo(648, 6)
  })

  it('predicts two-phase commit with ten resource managers from three to nine', () => {
    const law = lawOf(TWO_PHASE, 3)
    expect([law.kind, law.checkedOn]).toEqual(['exponential', 9])
    expect(law.rate).toBeCloseTo(5.88, 2)
    expect(law.error).toBeLessThan(0.03)
    const ratio = (law.at(10) as number) / TWO_PHASE_WITH_TEN
    expect(ratio).toBeGreaterThan(0.97)
    expect(ratio).toBeLessThan(1.03)
  })

  it('follows the last points, because small sizes are seldom typical', () => {
    expect(lawOf([9000, 20, 10, 30, 90, 270, 810, 2430]).rate).toBeCloseTo(3, 9)
  })

  it('gives no law for fewer than four points, or for empty state spaces', () => {
    expect(whyNot([1, 2, 4])).toMatch(/\b3\b/)
    expect(whyNot([])).toMatch(/there are 0$/)
    expect(whyNot([0, 1, 2, 4])).toMatch(/there are 3$/)
  })

  it('gives no law for noise', () => {
    expect(whyNot([100, 5000, 37, 90000, 12])).toMatch(/size 5 by a factor of 1,154$/)
    expect(whyNot([10, 20, 30, 31, 31])).toMatch(/size 5 by \d\d %$/)
    // The prediction of the last size is right by accident: the points before it are not on a line.
    expect(whyNot([100, 900, 100, 275])).toBe('the fit misses size 3 by 148 %')
  })

  it('recognizes constant counts', () => {
    expect(lawOf([5, 5, 5, 5]).rate).toBe(1)
  })

  it('omits the polynomial if there is a size zero', () => {
    expect(lawOf([1, 2, 4, 8], 0).kind).toBe('exponential')
  })

  it('accepts points in any order, but does not predict far beyond them', () => {
    const law = fitGrowth(points([2, 4, 8, 16]).toReversed()) as Law
    expect(law.at(5)).toBeCloseTo(32, 9)
    expect(law.at(6)).toEqual({ withheld: '6 is too far beyond 4, the largest size explored' })
  })
})

describe('forecast', () => {
  const samples = (seconds: readonly number[]): Sample[] =>
    seconds.map((it, index) => ({ size: index + 1, distinct: 1000 * 4 ** index, seconds: it, bytesPerState: 20 }))
  const next = (seconds: readonly number[]): Forecast =>
    forecast(fitGrowth(samples(seconds)), samples(seconds), 5) as Forecast

  it('takes time and memory per state from the largest size', () => {
    const { distinct, seconds, memoryBytes } = next([0.1, 0.3, 1.1, 4])
    expect(distinct).toBe(256_000)
    expect(seconds).toBeCloseTo(16, 6)
    expect(memoryBytes).toBe(256_000 * 20)
  })

  it('gives no time if runs were too short or the time per state changed too much', () => {
    expect(next([0.01, 0.02, 0.03, 0.09]).seconds).toBeUndefined()
    expect(next([0.1, 0.1, 0.4, 4]).seconds).toBeUndefined()
    expect(next([0.1, 0.1, 2, 3]).seconds).toBeUndefined()
  })

  it('is withheld together with the law', () => {
    expect(forecast({ withheld: 'too few' }, samples([1]), 2)).toEqual({ withheld: 'too few' })
  })
})
