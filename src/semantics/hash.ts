/**
 * The hash of a packed state: a sum over its words, so that a step that changes one word costs one word's mixing.
 *
 *     sum  = mix(word 0, 0) + mix(word 1, 1) + ...        modulo 2^32, where mix(word, i) is
 *            x = word * A[i];  (x ^ x >>> 16) * B[i]
 *     hash = finish(sum)
 *
 * Each word has multipliers of its own, so equal words in different places count differently. The construction follows the sum
 * of multiply-shift hashes of Dietzfelbinger et al. ("A reliable randomized algorithm for the closest-pair problem", 1997); the
 * steps of `finish` are those of C. Wellons' lowbias32 (public domain). The table uses the high bits, the filter the low ones.
 */

/** The multipliers of the words: odd, and without pattern. */
const A: number[] = []
const B: number[] = []

/** A multiplier of the first and of the second multiplication for the word at `index`. */
export function multipliers(index: number): readonly [number, number] {
  while (A.length <= index) {
    A.push(scramble(2 * A.length + 1) | 1)
    B.push(scramble(2 * B.length + 2) | 1)
  }
  return [A[index]!, B[index]!]
}

/** What the word at `index` of a state adds to the sum. */
export function mix(word: number, index: number): number {
  if (index >= A.length) multipliers(index)
  const mixed = Math.imul(word, A[index]!)
  return Math.imul(mixed ^ (mixed >>> 16), B[index]!)
}

/** The hash whose sum this is: 32 bits. */
export function finish(sum: number): number {
  const mixed = Math.imul(sum ^ (sum >>> 16), 0x7feb352d)
  return mixed ^ (mixed >>> 15)
}

/** The hash of the state at `words[offset..]`. */
export function hash(words: Int32Array, offset: number, width: number): number {
  let sum = 0
  for (let word = 0; word < width; word++) sum = (sum + mix(words[offset + word]!, word)) | 0
  return finish(sum)
}

/** JavaScript that computes `mix` of an expression without side effects; `scratch` is a variable it may use. */
export function mixSource(word: string, index: number, scratch: string): string {
  const [first, second] = multipliers(index)
  return `(${scratch} = Math.imul(${word}, ${first}), Math.imul(${scratch} ^ (${scratch} >>> 16), ${second}))`
}

/** JavaScript that computes `finish` of an expression; `scratch` is a variable it may use. */
export function finishSource(sum: string, scratch: string): string {
  return `(${scratch} = ${sum}, ${scratch} = Math.imul(${scratch} ^ (${scratch} >>> 16), ${0x7feb352d}), ${scratch} ^ (${scratch} >>> 15))`
}

/** The finaliser of MurmurHash3 (A. Appleby, public domain): every bit of 32 depends on every bit. */
export function scramble(seed: number): number {
  let mixed = Math.imul(seed, 0x9e3779b9)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
