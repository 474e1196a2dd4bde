/** The median of samples, and their range. Benchmarks quote both, because a median alone hides drift. */

/** The median. For an even number of samples, the mean of the two middle ones. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** `2.310 (2.228 to 2.354)`: the median and the range. */
export function spread(numbers: readonly number[], digits = 3): string {
  const range = [Math.min(...numbers), Math.max(...numbers)].map((number) => number.toFixed(digits))
  return `${median(numbers).toFixed(digits)} (${range.join(' to ')})`
}
