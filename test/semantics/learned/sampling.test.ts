import { describe, expect, it } from 'vitest'
import { MAX_RATE, Sampling } from '../../../src/semantics/learned/sampling.ts'

/** Contents of two slots, each below `size`, in a fixed order. */
function contents(size: number): Int32Array[] {
  return Array.from({ length: size * size }, (_, index) => Int32Array.of(index % size, Math.floor(index / size)))
}

/** A sampling that has judged a function all of whose paths were new. */
function hopeless(): Sampling {
  const sampling = new Sampling()
  for (let evaluations = 200, paths = 200; sampling.sample?.rate !== MAX_RATE; evaluations += 200 * MAX_RATE) {
    sampling.judge(evaluations, paths, () => [0])
    paths = evaluations + 200 * MAX_RATE
  }
  return sampling
}

describe('Sampling', () => {
  it('learns everything at first', () => {
    const sampling = new Sampling()
    expect(sampling.sample).toBeUndefined()
    expect(contents(8).every((slots) => sampling.includes(slots))).toBe(true)
  })

  it('takes about one of `rate` paths, by the contents of the slots read', () => {
    const sampling = hopeless()
    const taken = contents(256).filter((slots) => sampling.includes(slots))
    expect(taken.length).toBeGreaterThan(0)
    // Only the first slot counts, so each content of the second gives the same answer.
    expect(taken.length % 256).toBe(0)
    expect(taken.length / 256).toBeLessThan(16)
  })

  it('keeps on learning where ten evaluations or more share a path', () => {
    const sampling = new Sampling()
    expect(sampling.judge(1000, 90, () => [0])).toBe(false)
    expect(sampling.sample).toBeUndefined()
  })

  it('waits longer where fewer paths are new', () => {
    const sampling = new Sampling()
    expect(sampling.judge(200, 100, () => [0])).toBe(false)
    expect(sampling.judge(300, 150, () => [0])).toBe(true)
    expect(sampling.sample?.rate).toBeLessThan(MAX_RATE)
  })

  it('does not judge from few evaluations', () => {
    const sampling = new Sampling()
    expect(sampling.judge(10, 10, () => [0])).toBe(false)
    expect(sampling.judge(200, 200, () => [0])).toBe(true)
  })

  it('judges by what was learned since the last judgement, and learns everything again once paths repeat', () => {
    const sampling = hopeless()
    const [evaluations, paths] = [1_000_000, 500_000]
    sampling.judge(evaluations, paths, () => [0])
    sampling.judge(evaluations + 100 * MAX_RATE, paths + 1, () => [0])
    expect(sampling.sample).toBeUndefined()
  })
})
