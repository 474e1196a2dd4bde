import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Diagrams, type Diagram } from '../../../src/engine/symbolic/diagram/diagrams.ts'
import { EMPTY } from '../../../src/engine/symbolic/diagram/node-table.ts'
import { Digits } from '../../../src/engine/symbolic/digits.ts'
import { Space } from '../../../src/engine/symbolic/space.ts'

const SIZES = [3, 70, 1, 260_000, 17]

/** Digits of slots with these sizes, some of them split. */
const splits = fc.record({
  split: fc.subarray([0, 1, 2, 3, 4]),
  bits: fc.integer({ min: 1, max: 5 }),
})
const state = fc.tuple(...SIZES.map((size) => fc.nat(size - 1)))

function digitsOf({ split, bits }: { split: number[]; bits: number }, most = Infinity): Digits {
  return new Digits(
    SIZES.map((size) => ({ size })),
    (slot) => split.includes(slot),
    most,
    bits,
  )
}

function spaceOf(digits: Digits, order: readonly number[]): { space: Space; diagrams: Diagrams } {
  const diagrams = new Diagrams()
  return { space: new Space(diagrams, digits, order), diagrams }
}

describe('digits', () => {
  it('make up the content of their slot', () => {
    fc.assert(
      fc.property(splits, state, (given, contents) => {
        const digits = digitsOf(given)
        contents.forEach((content, slot) => {
          const own = digits.of(slot)
          const values = own.map((digit) => digits.valueOf(digit, content))
          expect(own.reduce((sum, digit, index) => sum + digits.contentOf(digit, values[index]!), 0)).toBe(content)
          for (const digit of own) expect(digits.slotOf(digit)).toBe(slot)
          if (own.length > 1) for (const value of values) expect(value).toBeLessThan(2 ** given.bits)
        })
      }),
    )
  })

  it('are the slots themselves if none is split', () => {
    const digits = digitsOf({ split: [], bits: 4 })
    expect(digits.isAnySplit).toBe(false)
    expect(SIZES.map((_, slot) => digits.of(slot))).toEqual([[0], [1], [2], [3], [4]])
  })

  it('respect the limit, and the widest slot is split first', () => {
    const digits = digitsOf({ split: [1, 3, 4], bits: 4 }, 9)
    expect(SIZES.map((_, slot) => digits.of(slot).length)).toEqual([1, 1, 1, 5, 1])
    expect(digitsOf({ split: [1, 3, 4], bits: 4 }, 10).count).toBe(10)
  })

  it('occur once in each order', () => {
    fc.assert(
      fc.property(splits, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (given, slots) => {
        const digits = digitsOf(given)
        const all = Array.from({ length: digits.count }, (_, digit) => digit)
        for (const order of [digits.sideBySide(slots), digits.interleaved(digits.splitFirst(slots))]) {
          expect(order.toSorted((a, b) => a - b)).toEqual(all)
        }
      }),
    )
  })

  it('are sorted by weight if neighbors are interleaved', () => {
    const digits = digitsOf({ split: [1, 3], bits: 4 })
    const names = digits.interleaved([0, 1, 3, 4]).map((digit) => digits.slotOf(digit))
    expect(names).toEqual([0, 3, 3, 3, 1, 3, 1, 3, 4])
  })
})

describe('a space of digits', () => {
  it('contains the given states, and finds the states of a cube', () => {
    fc.assert(
      fc.property(splits, fc.array(state, { minLength: 1, maxLength: 12 }), fc.nat(4), (given, states, slot) => {
        const digits = digitsOf(given)
        const { space, diagrams } = spaceOf(digits, digits.interleaved([2, 0, 3, 1, 4]))
        const slots = states.map((it) => Int32Array.from(it))
        const set = slots.reduce<Diagram>((all, one) => diagrams.union(all, space.state(one)), EMPTY)
        expect(space.counter.count(set)).toBe(BigInt(new Set(states.map(String)).size))
        for (const one of slots) expect(space.has(set, one)).toBe(true)
        const texts = (all: readonly Int32Array[]): string[] => [...new Set(all.map(String))].toSorted()
        expect(texts(space.few(set, 12)!)).toEqual(texts(slots))
        expect(space.few(set, Number(space.counter.count(set)) - 1)).toBeUndefined()
        const content = states[0]![slot]!
        const guard = space.cube(new Map([[slot, content]]), new Map())
        const having = slots.filter((one) => one[slot] === content)
        expect(texts(space.few(space.relations.image(set, guard), 12)!)).toEqual(texts(having))
        const write = space.cube(new Map([[slot, content]]), new Map([[slot, 0]]))
        const written = having.map((one) => one.with(slot, 0))
        expect(texts(space.few(space.relations.image(set, write), 12)!)).toEqual(texts(written))
      }),
    )
  })

  it('gives the least state by the order of contents, not of digits', () => {
    fc.assert(
      fc.property(splits, fc.array(state, { minLength: 1, maxLength: 12 }), fc.boolean(), (given, states, isOdd) => {
        const digits = digitsOf(given)
        const { space, diagrams } = spaceOf(digits, digits.sideBySide([4, 1, 0, 3, 2]))
        const set = states.reduce<Diagram>((all, it) => diagrams.union(all, space.state(Int32Array.from(it))), EMPTY)
        // An order that no order of digits gives.
        const rank = (content: number): number => (isOdd ? (content * 7919) % 262_147 : content)
        const compare = (_: number, one: number, other: number): number => rank(one) - rank(other)
        const least = states.toSorted((a, b) => {
          const slot = a.findLastIndex((content, index) => content !== b[index])
          return slot < 0 ? 0 : compare(slot, a[slot]!, b[slot]!)
        })[0]!
        expect([...space.least(set, compare)]).toEqual(least)
      }),
    )
  })
})
