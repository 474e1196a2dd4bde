/** Compares packed states word by word. */

/**
 * Compares packed states as sequences of unsigned words: an order, but not the one by which "the least" is meant.
 *
 * @returns negative, 0 or positive
 */
export function compareStates(a: Int32Array, from: number, b: Int32Array, at: number, width: number): number {
  for (let word = 0; word < width; word++) {
    const difference = (a[from + word]! >>> 0) - (b[at + word]! >>> 0)
    if (difference !== 0) return difference
  }
  return 0
}
