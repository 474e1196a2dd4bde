import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hash } from '../../src/semantics/hash.ts'
import { OutOfMemory } from '../../src/store/memory.ts'
import { StateSet } from '../../src/store/state-set.ts'
import { OCCUPIED } from '../../src/state/layout.ts'

/** A packed state. Its last word has the occupied bit. */
function packed(width: number, words: readonly number[]): Int32Array {
  const state = Int32Array.from({ length: width }, (_, index) => words[index] ?? 0)
  state[width - 1]! |= OCCUPIED
  return state
}

describe('StateSet', () => {
  it('stores each state once, at each width and during growth', () => {
    const states = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        all: fc.array(fc.array(fc.nat(6), { minLength: width, maxLength: width }), { maxLength: 400 }),
      }),
    )
    fc.assert(
      fc.property(states, ({ width, all }) => {
        const set = new StateSet(width, Infinity, 2)
        const known = new Set<string>()
        for (const words of all) {
          const state = packed(width, words)
          expect(set.has(state, 0)).toBe(known.has(state.join()))
          expect(set.add(state, 0)).toBe(!known.has(state.join()))
          known.add(state.join())
          expect(set.has(state, 0)).toBe(true)
        }
        expect(set.size).toBe(known.size)
      }),
    )
  })

  it('loses no state while it grows in place', () => {
    const set = new StateSet(2, Infinity, 4)
    const count = 700_000
    for (let index = 0; index < count; index++) set.add(packed(2, [index * 977, index >> 3]), 0)
    expect(set.size).toBe(count)
    for (let index = 0; index < count; index++) {
      if (!set.has(packed(2, [index * 977, index >> 3]), 0)) throw new Error(`state ${index} is lost`)
    }
    expect(set.has(packed(2, [1, 1]), 0)).toBe(false)
  })

  it('grows when a run of full places reaches the end of the overflow', () => {
    const set = new StateSet(1, Infinity, 4096)
    const colliding: Int32Array[] = []
    for (let index = 0; colliding.length < 1100; index++) {
      const state = packed(1, [index])
      if (Math.floor(((hash(state, 0, 1) >>> 0) / 2 ** 32) * 4096) === 4095) colliding.push(state)
    }
    for (const state of colliding) expect(set.add(state, 0)).toBe(true)
    for (const state of colliding) expect(set.has(state, 0)).toBe(true)
    expect(set.bytes).toBeGreaterThan(8192 * 4)
  })

  it('picks stored states, and each of them eventually', () => {
    const set = new StateSet(1, Infinity, 8)
    for (let index = 0; index < 20; index++) set.add(packed(1, [index]), 0)
    const picked = new Set(Array.from({ length: 2000 }, (_, index) => set.pick(index / 2000)[0]))
    expect(picked.size).toBe(20)
  })

  it('refuses to grow beyond its budget, and keeps its states', () => {
    const set = new StateSet(1, 16_384, 1024)
    const fill = (): void => {
      for (let index = 0; index < 1_000_000; index++) set.add(packed(1, [index]), 0)
    }
    expect(fill).toThrow(OutOfMemory)
    expect(set.bytes).toBeLessThanOrEqual(16_384)
    expect(set.size).toBeGreaterThan(1000)
    expect(set.has(packed(1, [7]), 0)).toBe(true)
  })

  it('keeps the states below a hash, and has room for more of them, after it is narrowed', () => {
    const words = fc.array(fc.nat(2 ** 20), { minLength: 1, maxLength: 900 })
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.nat(64), { maxLength: 4 }),
        (all, width, ranges) => {
          const set = new StateSet(width, 40_000)
          const known = new Map<string, Int32Array>()
          let range = 64
          const below = (state: Int32Array): boolean => hash(state, 0, width) >>> 0 < range * 2 ** 26
          for (const next of [64, ...ranges.sort((a, b) => b - a)]) {
            if (next < 64) {
              range = next
              const gone = [...known].filter(([, state]) => !below(state))
              for (const [key] of gone) known.delete(key)
              expect(set.narrow(range * 2 ** 26)).toBe(gone.length)
            }
            for (const word of all) {
              const state = packed(width, [word, word >> 3])
              if (!below(state)) continue
              expect(set.add(state, 0)).toBe(!known.has(state.join()))
              known.set(state.join(), state)
            }
            expect(set.size).toBe(known.size)
            for (const state of known.values()) expect(set.has(state, 0)).toBe(true)
          }
        },
      ),
    )
  })
})
