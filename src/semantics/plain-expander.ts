/** Expands states one after another, successor by successor. The reference implementation for faster expanders. */
import type { Batch } from './successor-batch.ts'
import { type Expander, type Expansion, type NextState } from './contract.ts'
import { Successors } from './successors.ts'

export class PlainExpander implements Expander {
  readonly #next: NextState
  readonly #batch: Batch
  readonly #expansion: Expansion
  readonly #out: Successors

  constructor(next: NextState, batch: Batch, expansion: Expansion) {
    this.#next = next
    this.#batch = batch
    this.#expansion = expansion
    this.#out = new Successors(batch.width)
  }

  expand(words: Int32Array, from: number, to: number): number {
    const batch = this.#batch
    const { ends } = batch
    let at = from
    let state = 0
    for (; at < to && batch.size < batch.enough; at += batch.width) {
      this.#expandOne(words, at)
      if (ends !== undefined) ends[state++] = batch.size
    }
    return at
  }

  #expandOne(words: Int32Array, at: number): void {
    const out = this.#out
    const batch = this.#batch
    const expansion = this.#expansion
    const { width } = out
    this.#next.successors(words, at, out)
    if (out.failure !== undefined) expansion.failed(out.failure, words, at)
    else if (out.size === 0) expansion.dead(words, at)
    batch.reserve(out.size)
    for (let index = 0, offset = 0; index < out.size; index++, offset += width) {
      const instance = out.instance[index]!
      batch.generated[instance]!++
      let word = 0
      while (word < width && out.words[offset + word] === words[at + word]) word++
      if (word === width) continue
      expansion.stepped?.(words, at, out.words, offset, instance)
      batch.append(out.words, offset, out.step[index]!, instance)
    }
  }
}
