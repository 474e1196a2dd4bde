/** Positions in a domain, against the list of all its values. */
import fc from 'fast-check'
import { List, Map, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  bag,
  bool,
  listOf,
  mapOf,
  members,
  messages,
  oneOf,
  optional,
  range,
  record,
  setOf,
  union,
} from '../../src/index.ts'
import type { Domain } from '../../src/index.ts'
import { positionIn, valueAt } from '../../src/spec/domain-index.ts'
import { cardinality, valuesOf } from '../../src/spec/domain-values.ts'

const A = members('a', 3)
const Small = record({ tag: oneOf('small'), it: optional(A) })
const Large = record({ tag: oneOf('large', 'huge'), at: range(-1, 1), on: bool() })
const DOMAINS: { readonly [name: string]: Domain<unknown> } = {
  bool: bool(),
  range: range(-2, 2),
  oneOf: oneOf('x', 1, true),
  members: A,
  optional: optional(range(1, 2)),
  map: mapOf(A, bool()),
  set: setOf(A),
  list: listOf(bool(), 3),
  bag: bag(A, 3),
  'a bag of bags': bag(bag(bool(), 2), 2),
  record: Large,
  union: union(Small, Large),
  'a record of all': record({ some: setOf(bool()), row: listOf(union(Small, Large), 1), by: mapOf(bool(), A) }),
}

describe.each(Object.entries(DOMAINS))('positions in the domain %s', (_, domain) => {
  it('are those in the list of its values', () => {
    const values = valuesOf(domain)
    expect(values).toHaveLength(cardinality(domain))
    values.forEach((value, position) => {
      expect(positionIn(domain, value)).toBe(position)
      expect(positionIn(domain, valueAt(domain, position))).toBe(position)
    })
  })

  it('are absent for other values', () => {
    const others = [
      ...[undefined, null, 7, 'y', '1', 0.5, List([1]), Set(['z']), Map({ a1: true }), Map({ x: 1 }), {}],
      ...Object.values(DOMAINS).flatMap(valuesOf).slice(0, 200),
    ]
    for (const other of others) {
      const isInside = valuesOf(domain).some((value) => Object.is(value, other) || (value as any)?.equals?.(other))
      expect(positionIn(domain, other) >= 0).toBe(isInside)
    }
  })
})

describe('a domain that nobody can list', () => {
  const Big = record({ from: range(0, 2 ** 20 - 1), to: range(1, 2 ** 20), n: range(0, 4095) })

  it('has positions up to 2^53', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 20 - 1), fc.integer({ min: 1, max: 2 ** 20 }), fc.nat(4095), (from, to, n) => {
        const it = Big({ from, to, n })
        const position = positionIn(Big, it)
        expect(position).toBe((from * 2 ** 20 + (to - 1)) * 4096 + n)
        expect(valueAt(Big, position)).toEqual(it)
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('may be the domain of messages, unless it is larger or open', () => {
    expect(() => messages(Big)).not.toThrow()
    expect(() => setOf(Big)).toThrow(expect.objectContaining({ code: 'KR204' }))
    expect(() => messages(record({ ...Big.fields, more: range(0, 1) }))).toThrow(
      expect.objectContaining({ code: 'KR204' }),
    )
  })
})
