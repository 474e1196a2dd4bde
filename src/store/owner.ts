/**
 * To which thread's part of the seen set a state belongs: by its hash, scrambled once more (Knuth's multiplicative hashing). Taken from
 * single bits of the hash as it is, parts were found to crowd, with probes twice as long.
 */

const MULTIPLIER = 0x9e3779b1

export function ownerOf(hash: number, threads: number): number {
  return ((Math.imul(hash, MULTIPLIER) >>> 16) * threads) >>> 16
}

/** JavaScript that computes the same of an expression. */
export function ownerSource(hash: string, threads: number): string {
  return `(Math.imul(${hash}, ${MULTIPLIER}) >>> 16) * ${threads} >>> 16`
}
