import { List, Map, Seq, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import { check, count, every, exists, forAll, members, model, range, schema, spec } from '../../src/index.ts'

const Item = members('item', 2)
const Bit = range(0, 1)

describe('exists, every and count', () => {
  it.each<[string, Iterable<number>]>([
    ['an array', [1, 2, 3]],
    ['a list', List([1, 2, 3])],
    ['a set', Set([1, 2, 3])],
    ['a sequence', Seq([1, 2, 3])],
    ['an iterable', [1, 2, 3].values()],
  ])('quantify over %s', (_, of) => {
    const all = [...of]
    const again = (): Iterable<number> => (Array.isArray(of) || 'some' in of ? of : all.values())
    expect(exists(again(), (n) => n === 2)).toBe(true)
    expect(exists(again(), (n) => n === 4)).toBe(false)
    expect(every(again(), (n) => n > 0)).toBe(true)
    expect(every(again(), (n) => n !== 2)).toBe(false)
    expect(count(again(), (n) => n !== 2)).toBe(2)
  })

  it('quantify over the entries of a map', () => {
    const map = Map([
      ['a', 1],
      ['b', 2],
    ])
    expect(exists(map, ([key, n]) => key === 'b' && n === 2)).toBe(true)
    expect(every(map, ([key, n]) => key === 'b' || n === 1)).toBe(true)
    expect(count(map, ([, n]) => n > 1)).toBe(1)
  })

  it('quantify over domains', () => {
    expect(exists(Item, (item) => item === 'item2')).toBe(true)
    expect(every(range(1, 3), (n) => n < 3)).toBe(false)
    expect(count(range(1, 3), (n) => n < 3)).toBe(2)
  })

  it('bind parameters like an action, and stop at the first answer that decides', () => {
    const bound: unknown[] = []
    const note = (bindings: unknown): boolean => bound.push(bindings) > 0
    expect(exists({ item: Item, bit: Bit }, (bindings) => note(bindings) && bindings.bit === 1)).toBe(true)
    const first = [
      { item: 'item1', bit: 0 },
      { item: 'item1', bit: 1 },
    ]
    expect(bound).toEqual(first)
    expect(every({ item: Item, bit: Bit }, (bindings) => note(bindings) && bindings.bit === 0)).toBe(false)
    expect(bound).toEqual([...first, ...first])
    expect(count({ item: Item, bit: Bit }, ({ bit }) => bit === 1)).toBe(2)
    expect(exists({}, () => true)).toBe(true)
  })

  it('are false, true and 0 of nothing', () => {
    expect([exists([], () => true), every([], () => false), count([], () => true)]).toEqual([false, true, 0])
  })

  it('refuse other arguments', () => {
    const wrong = (code: string): unknown => expect.objectContaining({ code })
    expect(() => exists(3 as never, () => true)).toThrow(wrong('KR206'))
    expect(() => exists({ item: 3 } as never, () => true)).toThrow(wrong('KR206'))
    expect(() => every(Item, true as never)).toThrow(wrong('KR206'))
    expect(() => count({ a: range(0, 999), b: range(0, 999) }, () => true)).toThrow(wrong('KR206'))
    expect(() => exists(range(0, 2 ** 20), () => true)).toThrow(wrong('KR206'))
    expect(() => exists(Item, () => undefined as never)).toThrow(wrong('KR506'))
  })

  it('refuse a predicate that assigns a variable outside', () => {
    let n = 0
    const wrong = expect.objectContaining({ code: 'KR516' }) as Error
    expect(() => exists(Item, () => n++ > 0)).toThrow(wrong)
    expect(() => every(Item, () => ++n > 0)).toThrow(wrong)
    expect(() =>
      count(Item, (item) => {
        n += item.length
        return true
      }),
    ).toThrow(wrong)
    expect(() =>
      count(Item, (item) => {
        n = item.length
        return true
      }),
    ).toThrow(wrong)
    expect(n).toBe(0)
  })

  it('allow variables of the predicate', () => {
    const isOdd = (item: string): boolean => {
      let found = 0
      for (let index = 0; index < item.length; index++) found += Number(item[index] === '1')
      found = found % 2
      return found === 1
    }
    expect(count(Item, isOdd)).toBe(1)
    expect(exists(Item, (item) => item.startsWith('x = 1; n++') || item.endsWith('; n = 1'))).toBe(false)
  })
})

it('forAll is an error inside a function of the model', async () => {
  const State = schema({ on: range(0, 1) })
  const it = spec({
    name: 'wrong',
    model: () =>
      model(State, {
        init: State(),
        actions: { turn: (s) => (forAll({ item: Item }, () => false) ? s : undefined) },
        deadlock: false,
      }),
  })
  await expect(check(it)).rejects.toMatchObject({ code: 'KR206' })
})
