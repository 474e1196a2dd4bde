import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hash } from '../../src/semantics/hash.ts'
import { OCCUPIED } from '../../src/state/layout.ts'
import { Candidates } from '../../src/store/candidates.ts'

/** A packed state. Its last word has the occupied bit. */
function packed(width: number, word: number): Int32Array {
  const state = new Int32Array(width).fill(word)
  state[width - 1]! |= OCCUPIED
  return state
}

describe('Candidates', () => {
  it('gives each state once that was inserted and not marked', () => {
    const some = fc.array(fc.nat(300), { maxLength: 300 })
    fc.assert(
      fc.property(some, some, fc.integer({ min: 1, max: 9 }), fc.nat(63), (inserted, marked, width, slot) => {
        const low = slot * 2 ** 26
        const candidates = new Candidates(width, 0, 1)
        candidates.low = low
        for (let round = 0; round < 2; round++) {
          const states = inserted.map((word) => packed(width, word + round))
          const admitted = states.filter((state) => hash(state, 0, width) >>> 0 >= low)
          const stride = width + 3
          const entries = new Int32Array(admitted.length * stride)
          admitted.forEach((state, index) => {
            entries.set([...state, (hash(state, 0, width) >>> 0) - low, 0, 0], index * stride)
          })
          expect(candidates.room).toBeGreaterThanOrEqual(admitted.length)
          expect(candidates.insert({ entries, size: entries.length }, 0)).toBe(entries.length)
          const known = new Set(marked.map((word) => packed(width, word).join()))
          // A slot below `low` is not read.
          const read = marked.map((word) => packed(width, word)).filter((it) => hash(it, 0, width) >>> 0 >= low)
          candidates.mark(Int32Array.from(read.flatMap((state) => [...state])))
          const expected = new Set(admitted.map((state) => state.join()).filter((key) => !known.has(key)))
          expect(candidates.size).toBe(new Set(admitted.map((state) => state.join())).size)
          const found: string[] = []
          candidates.drain((words, offset) => found.push(words.slice(offset, offset + width).join()))
          expect(found.sort()).toEqual([...expected].sort())
          expect(candidates.size).toBe(0)
        }
      }),
    )
  })
})
