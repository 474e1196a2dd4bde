/** Constants that are lists, sets and records: on the command line and in TypeScript. */
import { List, Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  bench,
  bool,
  check,
  compare,
  constant,
  formatResult,
  listOf,
  model,
  oneOf,
  optional,
  range,
  record,
  replay,
  schema,
  setOf,
  spec,
  toItf,
  type CheckerError,
} from '../../src/index.ts'
import { spellingOf, splitAtCommas } from '../../src/spec/constant-text.ts'
import { resolveConstants } from '../../src/spec/constant.ts'
import unbind from '../../specs/unbind.ts'

const Size = record({ blocks: range(1, 9), files: range(0, 3) })
const State = schema({ at: range(0, 8), left: range(0, 9) })
const walk = spec({
  name: 'walk',
  constants: {
    order: constant(listOf(oneOf('a', 'b c', 'd:e'), 4), ['a', 'b c'], 'what comes when'),
    size: constant(Size, { blocks: 2, files: 1 }, 'how much'),
    some: constant(setOf(range(0, 9)), [1, 2]),
    rest: constant(optional(listOf(record({ on: bool(), name: oneOf('null', 'x') }), 2)), null),
    letters: constant(listOf(oneOf('D', 'M'), 8), ['D']),
  },
  model: ({ order, size, some, rest, letters }) =>
    model(State, {
      init: State({ left: size.blocks }),
      actions: {
        go: (s) => (s.at < order.length ? s.set('at', s.at + 1) : undefined),
        free: (s) => (s.left > size.files ? s.set('left', s.left - 1) : undefined),
      },
      goals: { end: (s) => s.at === order.length && !some.includes(9) && rest === null && letters.length > 0 },
      deadlock: false,
    }),
})

const valueOf = (name: string, given: unknown): unknown =>
  (resolveConstants('walk', walk.constants, { [name]: given }) as { [name: string]: unknown })[name]

function errorOf(name: string, given: unknown): CheckerError {
  try {
    valueOf(name, given)
  } catch (thrown) {
    return thrown as CheckerError
  }
  throw new Error(`${name}=${String(given)} is accepted`)
}

describe('the text of a constant', () => {
  it.each([
    ['order', '[]', []],
    ['order', '[a]', ['a']],
    ['order', ' [ a , "b c" , "d:e" ] ', ['a', 'b c', 'd:e']],
    ['order', '[b c,a]', ['b c', 'a']],
    ['order', String.raw`["\u0061"]`, ['a']],
    ['size', '{blocks:3,files:0}', { blocks: 3, files: 0 }],
    ['size', '{ "files": 0, blocks: 3 }', { blocks: 3, files: 0 }],
    ['some', '[3,1,3]', [1, 3]],
    ['some', '[4..7, 2]', [2, 4, 5, 6, 7]],
    ['rest', 'null', null],
    [
      'rest',
      '[{on:true,name:x},{on:false,name:null}]',
      [
        { on: true, name: 'x' },
        { on: false, name: 'null' },
      ],
    ],
    ['letters', 'DMD', ['D', 'M', 'D']],
    ['letters', '[D,M]', ['D', 'M']],
  ])('%s=%s', (name, text, expected) => {
    const value = valueOf(name, text)
    expect(value).toEqual(expected)
    expect(Object.isFrozen(value) || value === null).toBe(true)
    // What is printed can be given again.
    expect(valueOf(name, spellingOf(value))).toEqual(value)
    expect(valueOf(name, value)).toEqual(value)
  })

  it.each([
    ['order', '[a,c]', /"c" at character 4 is not one of a \| "b c" \| "d:e"/],
    ['order', '[a', /must have "," or "]" at character 3, but ends/],
    ['order', '[a}', /must have "," or "]" at character 3, but has "}"/],
    ['order', '[a,,a]', /must have a value at character 4, but has ","/],
    ['order', '[a]]', /must end at character 4, but has "]"/],
    ['order', '["a]', /must close the quote at character 2/],
    ['order', String.raw`["\x"]`, /must have a JSON string at character 2/],
    ['order', '', /must have a value at character 1, but ends/],
    ['order', 'a', /"a" at character 1 is not a list/],
    ['order', '[a,a,a,a,a]', /the list at character 1 has 5 elements, but may have 4/],
    ['size', '{blocks:3}', /the record at character 1 does not have the field "files"/],
    ['size', '{blocks:3,files:0,x:1}', /the record at character 1 has the field "x", but may have blocks, files/],
    ['size', '{blocks:3,files:0,files:0}', /the record at character 1 has the field "files" twice/],
    ['size', '{blocks:99,files:0}', /"99" at character 9 is not one of 1\.\.9/],
    ['size', '{blocks 3}', /must have ":" at character 10, but has "}"/],
    ['size', '[3,1]', /the list at character 1 is not a record/],
    ['some', '["1"]', /"1" at character 2 is not one of 0\.\.9/],
    ['some', '[7..4]', /"7\.\.4" at character 2 is not one of/],
    ['letters', 'DXD', /"X" at character 2 is not one of D \| M/],
  ])('%s=%s is refused', (name, text, message) => {
    const { code, message: said } = errorOf(name, text)
    expect(code).toBe('KR103')
    expect(said).toMatch(message)
  })

  it('splits lists of values at commas outside brackets', () => {
    expect(splitAtCommas('[a,b],[],{x:1,y:[2,3]}')).toEqual(['[a,b]', '[]', '{x:1,y:[2,3]}'])
    expect(splitAtCommas('["a]",b],c')).toEqual(['["a]",b]', 'c'])
    expect(splitAtCommas('a,b"c,d')).toEqual(['a', 'b"c', 'd'])
  })
})

describe('a structured constant', () => {
  it('may be plain data or an immutable value in TypeScript', () => {
    expect(valueOf('order', List(['a']))).toEqual(['a'])
    expect(valueOf('some', Set([3, 1]))).toEqual([1, 3])
    expect(valueOf('size', Size({ blocks: 3 }))).toEqual({ blocks: 3, files: 0 })
    expect(errorOf('order', ['a', 1]).message).toMatch(/order.*: "?\[1\]"? is 1, which is not one of/)
    expect(errorOf('size', { blocks: '3', files: 0 }).message).toMatch(/blocks is "3", which is not one of 1\.\.9/)
    expect(() => constant(listOf(bool(), 1), [true, false])).toThrow(/must have a default in its domain/)
  })

  it('may have its record inside constant(...), also in a list', async () => {
    const inline = spec({
      name: 'inline',
      constants: {
        size: constant(record({ blocks: range(0, 3), mode: oneOf('up', 'none') }), { blocks: 2, mode: 'up' }),
        each: constant(listOf(record({ at: range(0, 3) }), 2), [{ at: 1 }]),
      },
      model: ({ size, each }) =>
        model(State, {
          init: State(),
          actions: {
            up: (s) => size.mode === 'up' && s.at < size.blocks && s.set('at', s.at + 1),
            fill: (s) => each.some(({ at }) => at === s.at) && s.set('left', s.at),
          },
          deadlock: false,
        }),
    })
    expect((await check(inline)).states.distinct).toBe(5)
    const constants = { size: { blocks: 1, mode: 'none' }, each: [{ at: 0 }, { at: 2 }] } as const
    expect((await check(inline, { constants })).states.distinct).toBe(1)
    await expect(check(inline, { constants: { each: [{ at: 4 }] } })).rejects.toThrow(/"\[0\]\.at" is 4, which is not/)
  })

  it('appears in checks, reports, comparisons, benches and replays', async () => {
    const constants = { order: ['a', 'a', 'a'], size: { blocks: 4, files: 2 } } as const
    const result = await check(walk, { constants, continue: true })
    expect(result.states.distinct).toBe(4 * 3)
    expect(formatResult(result)).toContain('order=[a, a, a]')
    expect(formatResult(result)).toContain('size={ blocks: 4, files: 2 }')
    const { variants } = await compare(walk, { vary: [{ constant: 'order', values: [['a'], ['a', 'b c']] }] })
    expect(variants.map(({ outcome }) => outcome!.states.distinct)).toEqual([4, 6])
    await expect(compare(walk, { vary: [{ constant: 'order', values: ['[a]', ['a']] as never }] })).rejects.toThrow(
      /\[a\] twice/,
    )
    const { series } = await bench(walk, { sweeps: [{ constant: 'order', values: ['[a]', '[a,a]'] as never }] })
    expect(series.flatMap(({ rows }) => rows.map((row) => row.constants['order']))).toEqual([['a'], ['a', 'a']])
    const file = JSON.stringify(toItf(result.property('end').trace!, result))
    const replayed = replay(walk, file)
    expect([replayed.divergence, replayed.constants['size']]).toEqual([undefined, constants.size])
  })
})

describe('the layouts of unbind', () => {
  it('may be any, and need file data', async () => {
    const { verdict } = await check(unbind, { constants: { kinds: ['M', 'M', 'D'], processes: 1, design: 'merged' } })
    expect(verdict).not.toBe('incomplete')
    await expect(check(unbind, { constants: { kinds: ['M'] } })).rejects.toMatchObject({ code: 'KR104' })
  })
})
