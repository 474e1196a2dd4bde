/** Compares the generated inserters with the plain set. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeInserter, type NewStates, type Output } from '../../src/store/inserter.ts'
import { OwnPages, PageWriter } from '../../src/store/pages.ts'
import { StateSet } from '../../src/store/state-set.ts'
import { Batch } from '../../src/semantics/successor-batch.ts'
import { OCCUPIED } from '../../src/state/layout.ts'

function packed(width: number, words: readonly number[]): Int32Array {
  const state = Int32Array.from({ length: width }, (_, index) => words[index] ?? 0)
  state[width - 1]! |= OCCUPIED
  return state
}

interface Rig {
  readonly set: StateSet
  /** Inserts states and returns the new ones. */
  insert(...states: readonly Int32Array[]): string[]
}

function rig(width: number): Rig {
  const set = new StateSet(width)
  const fresh: string[] = []
  const arrivals: NewStates = {
    suspects: () => true,
    discovered: (words, offset) => void fresh.push(words.slice(offset, offset + width).join()),
  }
  const batch = new Batch(width, new Float64Array(1), false)
  const writer = new PageWriter(width, new OwnPages(width), () => {})
  const run = makeInserter(set, writer, arrivals, new Float64Array(1))
  return {
    set,
    insert: (...states) => {
      fresh.length = 0
      batch.size = 0
      batch.reserve(states.length)
      for (const state of states) batch.append(state, 0, 0, 0)
      while (set.room < states.length) set.grow()
      expect(run(batch, 0)).toBe(batch.size)
      return [...fresh]
    },
  }
}

describe('an inserter', () => {
  it('adds the same states as the set, in the same order, at each width', () => {
    const states = fc.integer({ min: 1, max: 12 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        all: fc.array(fc.array(fc.nat(3), { minLength: width, maxLength: width }), { maxLength: 300 }),
      }),
    )
    fc.assert(
      fc.property(states, ({ width, all }) => {
        const plain = new StateSet(width)
        const { set, insert } = rig(width)
        const some = all.map((words) => packed(width, words))
        const expected = some.filter((state) => plain.add(state, 0)).map((state) => state.join())
        expect(insert(...some)).toEqual(expected)
        expect(insert(...some)).toEqual([])
        expect(set.size).toBe(plain.size)
        for (const state of some) expect(set.has(state, 0)).toBe(true)
      }),
    )
  })

  it('can overwrite the entries with new states', () => {
    const states = fc.integer({ min: 1, max: 12 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        all: fc.array(fc.array(fc.nat(2), { maxLength: 3 }), { maxLength: 40 }),
      }),
    )
    fc.assert(
      fc.property(states, ({ width, all }) => {
        const some = all.map((words) => packed(width, words))
        const plain = new StateSet(width)
        const expected = some.filter((state) => plain.add(state, 0)).flatMap((state) => [...state])
        const set = new StateSet(width)
        const batch = new Batch(width, new Float64Array(1), false)
        batch.reserve(some.length)
        for (const state of some) batch.append(state, 0, 0, 0)
        const output: Output = { words: batch.entries, at: 0, turn: () => expect.fail('there is room') }
        const met: number[] = []
        const arrivals: NewStates = {
          suspects: () => true,
          discovered: (words, offset) => void met.push(...words.subarray(offset, offset + width)),
        }
        expect(makeInserter(set, output, arrivals, new Float64Array(1))(batch, 0)).toBe(batch.size)
        expect([...batch.entries.subarray(0, output.at)]).toEqual(expected)
        expect(met).toEqual(expected)
      }),
    )
  })
})
