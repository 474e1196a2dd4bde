/**
 * The hash of a packed state: a sum over its words, so that a step that changes one word needs one call of `mix`.
 *
 *     sum  = mix(word 0, 0) + mix(word 1, 1) + ...        modulo 2^32, where mix(word, i) is
 *            x = word * A[i];  (x ^ x >>> 16) * B[i]
 *     hash = finish(sum)
 *
 * Each word has its own multipliers, so equal words in different places contribute different amounts. The construction
 * follows the sum of multiply-shift hashes of Dietzfelbinger et al. ("A reliable randomized algorithm for the
 * closest-pair problem", 1997); the steps of `finish` are those of C. Wellons' lowbias32 (public domain). The table
 * uses the high bits, the filter the low ones.
 */

/** The multipliers of the words: odd, and without a pattern. */
const A: number[] = []
const B: number[] = []

/** The two multipliers for the word at `index`. */
export function multipliers(index: number): readonly [number, number] {
  while (A.length <= index) {
    A.push(scramble(2 * A.length + 1) | 1)
    B.push(scramble(2 * B.length + 2) | 1)
  }
  return [A[index]!, B[index]!]
}

/** The contribution of the word at `index` to the sum. */
export function mix(word: number, index: number): number {
  if (index >= A.length) multipliers(index)
  const mixed = Math.imul(word, A[index]!)
  return Math.imul(mixed ^ (mixed >>> 16), B[index]!)
}

/** The 32-bit hash for a sum. */
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

/** JavaScript that computes `mix` of an expression without side effects. It may use the variable `scratch`. */
export function mixSource(word: string, index: number, scratch: string): string {
  const [first, second] = multipliers(index)
  return `(${scratch} = Math.imul(${word}, ${first}), Math.imul(${scratch} ^ (${scratch} >>> 16), ${second}))`
}

/** JavaScript that computes `finish` of an expression. It may use the variable `scratch`. */
export function finishSource(sum: string, scratch: string): string {
  return `(${scratch} = ${sum}, ${scratch} = Math.imul(${scratch} ^ (${scratch} >>> 16), ${0x7feb352d}), ${scratch} ^ (${scratch} >>> 15))`
}

/**
 * The finalizer of MurmurHash3 (A. Appleby, public domain): each bit of the result depends on all 32 bits of the input.
 */
export function scramble(seed: number): number {
  let mixed = Math.imul(seed, 0x9e3779b9)
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
