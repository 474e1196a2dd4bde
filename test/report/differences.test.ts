/** What a step changed, place by place. */
import { List, Map as ImmutableMap, OrderedMap, Record, Set as ImmutableSet } from 'immutable'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { differencesOf, differenceText } from '../../src/report/differences.ts'

const text = (from: unknown, to: unknown): string =>
  differencesOf([{ path: 'x', from, to }])
    .map((difference) => differenceText(difference))
    .join(' · ')

const Job = Record({ file: 'none', pages: ImmutableSet<string>() })

describe('a change', () => {
  it.each<[string, unknown, unknown, string]>([
    ['of a scalar', 'free', 'a b', 'x free → "a b"'],
    ['of a set', ImmutableSet(['b2', 'b3']), ImmutableSet(['b10', 'b3', 'b1']), 'x +b1 +b10 -b2'],
    ['of a set whose elements have signs', ImmutableSet([1, '+']), ImmutableSet([-1, '-2']), 'x +(-1) +"-2" -"+" -1'],
    [
      'of a map',
      OrderedMap([
        ['a', 1],
        ['b', 2],
      ]),
      OrderedMap([
        ['a', 1],
        ['b', 3],
      ]),
      'x[b] 2 → 3',
    ],
    ['of the keys of a map', ImmutableMap({ a: 1 }), ImmutableMap({ b: 2 }), 'x[a] -1 · x[b] +2'],
    ['of a set in a record', Job(), Job({ pages: ImmutableSet(['b1']) }), 'x.pages +b1'],
    ['of a record', null, Job(), 'x null → { file: none, pages: {} }'],
    ['that appends to a list', List(['a']), List(['a', 'b', 'c']), 'x[1] +b +c'],
    ['that takes from a list', List(['a', 'b', 'c']), List(['b', 'c']), 'x[0] -a'],
    ['that moves a queue on', List(['a', 'b', 'c']), List(['b', 'c', 'a']), 'x[0] -a · x[2] +a'],
    ['inside a list', List([Job(), Job()]), List([Job(), Job({ file: 'f1' })]), 'x[1].file none → f1'],
    ['of one place and the length', List([1, 2]), List([3]), 'x[0] 1 → 3 · x[1] -2'],
    [
      'of a long list everywhere',
      List([1, 2, 3, 4, 5, 6, 7]),
      List([8, 8, 8, 8, 8, 8, 8]),
      'x now [8, 8, 8, 8, 8, 8, 8]',
    ],
  ])('%s', (_, from, to, expected) => expect(text(from, to)).toBe(expected))

  it('of a list says enough to make the new list of the old one', () => {
    const lists = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 })
    fc.assert(
      fc.property(lists, lists, (from, to) => {
        const made: string[] = [...from]
        const found = differencesOf([{ path: 'x', from: List(from), to: List(to) }])
        const placeOf = ({ path }: { path: string }): number => Number(/\[(\d+)\]/.exec(path)![1])
        for (const it of found) if ('from' in it) made[placeOf(it)] = it.to as string
        // From the end, since places of what is removed are the old ones.
        for (const it of found.toReversed()) {
          if ('removed' in it && it.removed.length > 0) made.splice(placeOf(it), it.removed.length)
        }
        for (const it of found) if ('added' in it) made.splice(placeOf(it), 0, ...(it.added as string[]))
        const last = found.at(-1)
        expect(last && 'now' in last ? (last.now as List<string>).toArray() : made).toEqual(to)
      }),
    )
  })
})
