/** Remembers states that were sent last, so that a node does not send them again. */

/** Places: with fewer, a node sends more states twice (two-phase commit: 28 MB with 2^18, 40 MB with 2^14). */
const PLACES = 2 ** 18

export class SentFilter {
  readonly #width: number
  readonly #states: Int32Array

  constructor(width: number) {
    this.#width = width
    this.#states = new Int32Array(PLACES * width)
  }

  clear(): void {
    this.#states.fill(0)
  }

  /** Whether the state with this hash is not among the last ones. Remembers it. */
  isNew(words: Int32Array, offset: number, hash: number): boolean {
    const width = this.#width
    const states = this.#states
    const place = (hash & (PLACES - 1)) * width
    let word = 0
    while (word < width && states[place + word] === words[offset + word]) word++
    if (word === width) return false
    for (word = 0; word < width; word++) states[place + word] = words[offset + word]!
    return true
  }
}
