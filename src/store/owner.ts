/**
 * The thread that owns a state, by its hash after another scramble (Knuth's multiplicative hashing). Single bits of the
 * unscrambled hash crowded the partitions: probes were twice as long.
 */

const MULTIPLIER = 0x9e3779b1

export function ownerOf(hash: number, threads: number): number {
  return ((Math.imul(hash, MULTIPLIER) >>> 16) * threads) >>> 16
}

/** JavaScript that computes `ownerOf` of an expression. */
export function ownerSource(hash: string, threads: number): string {
  return `(Math.imul(${hash}, ${MULTIPLIER}) >>> 16) * ${threads} >>> 16`
}
