import fc from 'fast-check'
import { is, List, Map, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import { listOf, mapOf, range, record, schema, setOf, value } from '../../src/index.ts'
import { rngFrom, probeOf } from '../../src/semantics/learned/probe.ts'
import { cardinality, valuesOf } from '../../src/spec/domain-values.ts'
import type { State } from '../../src/spec/model.ts'
import { decode, encode } from '../../src/state/codec.ts'
import { layOut, OCCUPIED, packInto, unpack, type Layout } from '../../src/state/layout.ts'
import { domainOf, domainPlan } from '../support/random-spec.ts'

const schemas = fc
  .array(domainPlan, { minLength: 1, maxLength: 4 })
  .map((plans) => schema(Object.fromEntries(plans.map((plan, index) => [`v${index}`, domainOf(plan)]))))

/** Arbitrary slots of a legal state: nothing was read, so all slots are random. */
function randomSlots(layout: Layout, seed: number): Int32Array {
  return probeOf(layout, new Int32Array(layout.slots.length), () => false, undefined, rngFrom(seed))
}

function slotsOf(layout: Layout, state: State): Int32Array {
  const slots = new Int32Array(layout.slots.length).fill(77)
  encode(layout, state, slots)
  return slots
}

describe('encode and decode', () => {
  it('are inverse to each other, for random domains', () => {
    fc.assert(
      fc.property(schemas, fc.nat(), (State, seed) => {
        const layout = layOut(State as never)
        const slots = randomSlots(layout, seed)
        const state = decode(layout, slots)
        expect([...slotsOf(layout, state)]).toEqual([...slots])
        expect(is(decode(layout, slotsOf(layout, state)), state)).toBe(true)
      }),
    )
  })

  it('map equal states to equal slots, however they were built', () => {
    const State = schema({ all: setOf(range(0, 20)), list: listOf(range(0, 3), 3) })
    const layout = layOut(State as never)
    const up = Array.from({ length: 21 }, (_, n) => n).reduce((s, n) => s.set('all', s.all.add(n)), State())
    const down = Array.from({ length: 21 }, (_, n) => 20 - n).reduce((s, n) => s.set('all', s.all.add(n)), State())
    const shrunk = up.set('list', up.list.push(3, 2, 1).pop().pop())
    const grown = down.set('list', down.list.push(3))
    expect([...slotsOf(layout, shrunk as never)]).toEqual([...slotsOf(layout, grown as never)])
  })

  it('map the default state to the first value of each domain', () => {
    fc.assert(
      fc.property(schemas, (State) => {
        const layout = layOut(State as never)
        const slots = slotsOf(layout, State() as never)
        layout.slots.forEach(({ open }, slot) => expect(open || slots[slot] === 0).toBe(true))
      }),
    )
  })

  it('number all values of a small domain differently', () => {
    const Pair = record({ left: range(0, 2), right: setOf(range(0, 1)) })
    const State = schema({ it: Pair, two: listOf(range(1, 2), 2) })
    const layout = layOut(State as never)
    const all = valuesOf(Pair).flatMap((it) =>
      valuesOf(listOf(range(1, 2), 2)).map((two) => State({ it, two } as never)),
    )
    expect(all.length).toBe(cardinality(Pair) * cardinality(listOf(range(1, 2), 2)))
    expect(Set(all.map((state) => slotsOf(layout, state as never).join())).size).toBe(all.length)
  })
})

describe('encode', () => {
  const State = schema({ all: setOf(range(1, 2)), by: mapOf(range(1, 2), range(1, 2)), list: listOf(range(1, 2), 2) })
  const layout = layOut(State as never)

  it.each([
    ['a set', { all: Set([undefined]) }],
    ['a map', { by: Map<unknown, unknown>([[1, 1], [2, 1], [undefined, 1]]) }], // prettier-ignore
    ['a list', { list: List([undefined]) }],
  ])('refuses undefined in %s (KR302)', (_, parts) => {
    expect(() => slotsOf(layout, State(parts as never) as never)).toThrow(expect.objectContaining({ code: 'KR302' }))
  })
})

describe('packInto and unpack', () => {
  it('are inverse to each other, and mark each state as occupied', () => {
    fc.assert(
      fc.property(schemas, fc.nat(), (State, seed) => {
        const layout = layOut(State as never)
        const slots = randomSlots(layout, seed)
        const words = new Int32Array(layout.width + 2)
        packInto(layout, slots, words, 1)
        expect(words[layout.width]! & OCCUPIED).toBe(OCCUPIED)
        expect([words[0], words[layout.width + 1]]).toEqual([0, 0])
        const unpacked = new Int32Array(slots.length)
        unpack(layout, words, 1, unpacked)
        expect([...unpacked]).toEqual([...slots])
      }),
    )
  })

  it('keep slots apart at each width from 0 to 31 bits', () => {
    const sizes = [0, 1, 2, 3, 7, 15, 31, 1023, 65_535, 2 ** 20, 2 ** 31 - 2, 2 ** 31 - 2, 1, 1]
    const State = schema(Object.fromEntries(sizes.map((high, index) => [`v${index}`, range(0, high)])))
    const layout = layOut(State as never)
    for (const pick of sizes.keys()) {
      const slots = Int32Array.from(sizes, (high, index) => (index === pick ? high : 0))
      const words = new Int32Array(layout.width)
      packInto(layout, slots, words, 0)
      const unpacked = new Int32Array(slots.length)
      unpack(layout, words, 0, unpacked)
      expect([...unpacked]).toEqual([...slots])
    }
  })

  it('take an extra word only if the occupied bit does not fit', () => {
    const bits = (count: number): Layout => layOut(schema({ it: setOf(range(1, count)) }) as never)
    expect([31, 32, 63, 64].map((count) => bits(count).width)).toEqual([1, 2, 2, 3])
    expect(bits(31).bits).toBe(31)
  })
})

describe('open values', () => {
  it('are numbered by value, not by identity', () => {
    const State = schema({ a: value<unknown>('x'), b: value<unknown>('x') })
    const layout = layOut(State as never)
    const slots = slotsOf(layout, State({ a: record({ n: range(0, 1) })(), b: 'x' } as never) as never)
    expect(slots[0]).not.toBe(slots[1])
    expect([...slotsOf(layout, decode(layout, slots))]).toEqual([...slots])
  })
})
