import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { range, schema } from '../../../src/index.ts'
import type { Schema } from '../../../src/spec/schema.ts'
import { layOut, packInto } from '../../../src/state/layout.ts'
import { Diagrams, type Diagram } from '../../../src/engine/symbolic/diagram/diagrams.ts'
import { EMPTY } from '../../../src/engine/symbolic/diagram/node-table.ts'
import { Digits } from '../../../src/engine/symbolic/digits.ts'
import { initialSet } from '../../../src/engine/symbolic/initial-set.ts'
import { Space } from '../../../src/engine/symbolic/space.ts'

// Several words, slots that share a word, and a slot without bits.
const layout = layOut(
  schema({
    a: range(0, 3),
    b: range(0, 2 ** 14),
    c: range(5, 5),
    d: range(0, 2 ** 14),
    e: range(0, 200),
  }) as unknown as Schema,
)
const MOST = layout.slots.map(({ size }) => size - 1)

const state = fc.tuple(...MOST.map((most) => fc.oneof(fc.nat(Math.min(most, 3)), fc.nat(most))))
const order = fc.shuffledSubarray([...layout.slots.keys()], { minLength: layout.slots.length })

function packed(states: readonly (readonly number[])[]): Int32Array {
  const words = new Int32Array(states.length * layout.width)
  states.forEach((slots, index) => packInto(layout, Int32Array.from(slots), words, index * layout.width))
  return words
}

describe('a set of packed states', () => {
  it('is the union of its states', () => {
    expect(layout.width).toBeGreaterThan(1)
    fc.assert(
      fc.property(fc.array(state, { maxLength: 60 }), order, (states, slots) => {
        const diagrams = new Diagrams()
        const space = new Space(diagrams, new Digits(layout.slots), slots)
        const oneByOne = states.reduce<Diagram>(
          (set, it) => diagrams.union(set, space.state(Int32Array.from(it))),
          EMPTY,
        )
        expect(initialSet(diagrams, slots, layout, packed(states))).toBe(oneByOne)
      }),
    )
  })

  it('is the union of its states with split slots', () => {
    const split = fc.subarray([...layout.slots.keys()])
    fc.assert(
      fc.property(fc.array(state, { maxLength: 60 }), order, split, (states, slots, own) => {
        const diagrams = new Diagrams()
        const digits = new Digits(layout.slots, (slot) => own.includes(slot))
        const space = new Space(diagrams, digits, digits.interleaved(slots))
        const oneByOne = states.reduce<Diagram>(
          (set, it) => diagrams.union(set, space.state(Int32Array.from(it))),
          EMPTY,
        )
        expect(initialSet(diagrams, space.order, digits.packed(layout), packed(states))).toBe(oneByOne)
      }),
    )
  })

  it('can be aborted and rerun', () => {
    const states = Array.from({ length: 20_000 }, (_, n) => [n % 4, n % 7001, 0, n, n % 201])
    const slots = [...layout.slots.keys()].reverse()
    const diagrams = new Diagrams()
    let looks = 0
    diagrams.cache.onWork = () => {
      if (looks++ === 2) throw new Error('broken off')
    }
    const make = (): Diagram => initialSet(diagrams, slots, layout, packed(states))
    expect(make).toThrow('broken off')
    diagrams.recover()
    const whole = make()
    const space = new Space(diagrams, new Digits(layout.slots), slots)
    expect(space.counter.count(whole)).toBe(20_000n)
    expect(states.every((it) => space.has(whole, Int32Array.from(it)))).toBe(true)
  })
})
