/** The generated inserters: against the plain set, and through races constructed on purpose. */
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LOCKED, makeInserter, type Arrivals } from '../../src/explore/inserter.ts'
import { allocate } from '../../src/explore/memory.ts'
import { OwnPages, PageWriter } from '../../src/explore/pages.ts'
import { StateSet } from '../../src/explore/state-set.ts'
import { Batch } from '../../src/next/batch.ts'
import { hash } from '../../src/next/hash.ts'
import { OCCUPIED } from '../../src/state/layout.ts'

/** As far as the inserter uses them. */
const atomics = Atomics as unknown as {
  compareExchange(array: Int32Array, index: number, expected: number, replacement: number): number
  load(array: Int32Array, index: number): number
}

function packed(width: number, words: readonly number[]): Int32Array {
  const state = Int32Array.from({ length: width }, (_, index) => words[index] ?? 0)
  state[width - 1]! |= OCCUPIED
  return state
}

interface Rig {
  readonly set: StateSet
  /** Inserts states; returns those that were new. */
  insert(...states: readonly Int32Array[]): string[]
}

function rig(width: number, sharing: 'plain' | 'shared', waiting: () => void = () => {}): Rig {
  const set =
    sharing === 'plain'
      ? new StateSet(width)
      : StateSet.over(allocate(2 * 2048 * width, 'shared'), width, 1024, Infinity)
  const fresh: string[] = []
  const arrivals: Arrivals = {
    suspects: () => true,
    discovered: (words, offset) => void fresh.push(words.slice(offset, offset + width).join()),
    waiting,
  }
  const batch = new Batch(width, new Float64Array(1), false)
  const writer = new PageWriter(width, new OwnPages(width), () => {})
  const run = makeInserter(set, writer, arrivals, new Float64Array(1), sharing)
  return {
    set,
    insert: (...states) => {
      fresh.length = 0
      batch.size = 0
      batch.reserve(states.length)
      for (const state of states) batch.append(state, 0, 0, 0)
      if (sharing === 'plain') while (set.room < states.length) set.grow()
      expect(run(batch, 0)).toBe(batch.size)
      return [...fresh]
    },
  }
}

/** Where a state of this set has its home. */
function homeOf(set: StateSet, state: Int32Array): number {
  return Math.floor((hash(state, 0, set.width) >>> 0) * set.scale) * set.width
}

describe.each(['plain', 'shared'] as const)('the %s inserter', (sharing) => {
  it('adds what the set would, in the same order, at every width', () => {
    const states = fc.integer({ min: 1, max: 12 }).chain((width) =>
      fc.record({
        width: fc.constant(width),
        all: fc.array(fc.array(fc.nat(3), { minLength: width, maxLength: width }), { maxLength: 300 }),
      }),
    )
    fc.assert(
      fc.property(states, ({ width, all }) => {
        const plain = new StateSet(width)
        const { set, insert } = rig(width, sharing)
        const some = all.map((words) => packed(width, words))
        const expected = some.filter((state) => plain.add(state, 0)).map((state) => state.join())
        expect(insert(...some)).toEqual(expected)
        expect(insert(...some)).toEqual([])
        expect(set.size).toBe(plain.size)
        for (const state of some) expect(set.has(state, 0)).toBe(true)
      }),
    )
  })
})

describe('the shared inserter, in a race', () => {
  const mine = packed(2, [7, 5])
  afterEach(() => vi.restoreAllMocks())

  /** The other thread claims the place of `mine`, and publishes `theirs` only while this one waits. */
  function half(theirs: Int32Array): { rig: Rig; waits: () => number } {
    let waits = 0
    const it = rig(2, 'shared', () => {
      if (++waits < 3) return
      const place = homeOf(it.set, mine)
      it.set.table[place] = theirs[0]!
      Atomics.store(it.set.table, place + 1, theirs[1]!)
    })
    it.set.table[homeOf(it.set, mine) + 1] = LOCKED
    return { rig: it, waits: () => waits }
  }

  it('waits for a half-written entry, and finds that it is the same state', () => {
    const { rig: it, waits } = half(mine)
    expect(it.insert(mine)).toEqual([])
    expect(waits()).toBe(3)
  })

  it('waits for a half-written entry, and goes on when it is another with the same last word', () => {
    const { rig: it } = half(packed(2, [8, 5]))
    expect(it.insert(mine)).toEqual([mine.join()])
    expect(it.set.table[homeOf(it.set, mine) + 2]).toBe(7)
  })

  it('loses a claim to a thread that inserts the same state', () => {
    const genuine = atomics.compareExchange
    const it = rig(2, 'shared')
    vi.spyOn(atomics, 'compareExchange').mockImplementationOnce((array, index, expected, replacement) => {
      it.set.table[index - 1] = mine[0]!
      Atomics.store(it.set.table, index, mine[1]!)
      return genuine(array, index, expected, replacement)
    })
    expect(it.insert(mine)).toEqual([])
  })

  it('loses a claim to a thread that inserts another state, and takes the next place', () => {
    const genuine = atomics.compareExchange
    const theirs = packed(2, [9, 9])
    const it = rig(2, 'shared')
    vi.spyOn(atomics, 'compareExchange').mockImplementationOnce((array, index, expected, replacement) => {
      it.set.table[index - 1] = theirs[0]!
      Atomics.store(it.set.table, index, theirs[1]!)
      return genuine(array, index, expected, replacement)
    })
    expect(it.insert(mine)).toEqual([mine.join()])
    expect(it.set.table[homeOf(it.set, mine) + 2]).toBe(mine[0])
  })

  it('does not take a word that is not written yet for 0', () => {
    const theirs = packed(2, [3, 5])
    const zero = packed(2, [0, 5])
    const genuine = atomics.load
    const it = rig(2, 'shared')
    const place = homeOf(it.set, zero)
    // Published, but the read of the first word is stale until something orders it.
    it.set.table[place + 1] = theirs[1]!
    vi.spyOn(atomics, 'load').mockImplementation((array, index) => {
      if (index === place + 1) it.set.table[place] = theirs[0]!
      return genuine(array, index)
    })
    expect(it.insert(zero)).toEqual([zero.join()])
  })
})
