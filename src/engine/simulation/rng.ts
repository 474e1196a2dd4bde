/**
 * The random numbers of one walk. They follow from the seed and the walk's number alone, so any thread can make the
 * walk.
 *
 * The generator is sfc32 of PractRand (C. Doty-Humphrey, public domain). Its state has 128 bits, because with 32 bits
 * many of a million walks would begin alike. The seed and the number fill the state, and the first twelve numbers are
 * discarded, as its author advises.
 */
import type { Rng } from '../../semantics/learned/probe.ts'

const WORD = 2 ** 32

/** Random numbers from 0 to below a bound, for walk number `walk`. */
export function walkRng(seed: number, walk: number): Rng {
  let a = seed | 0
  let b = Math.floor(seed / WORD) | 0
  let c = walk | 0
  let counter = (Math.floor(walk / WORD) + 1) | 0
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return sum >>> 0
  }
  for (let thrown = 0; thrown < 12; thrown++) next()
  return (bound) => Math.floor((next() / WORD) * bound)
}
