/** A copy of `array` with room for `length` elements. */
export function grown(array: Int32Array, length: number): Int32Array {
  const bigger = new Int32Array(length)
  bigger.set(array)
  return bigger
}
