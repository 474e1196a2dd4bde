/** Values of the wrong kind: the error says how to write the intended value. */
import { List, Map as ImmutableMap, Set as ImmutableSet } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  bool,
  check,
  listOf,
  mapOf,
  model,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  value,
  type CheckerError,
  type CheckOptions,
} from '../../src/index.ts'

const Entry = record({ at: oneOf('x', 'y'), v: range(0, 1) })
const Twin = record({ at: oneOf('x', 'y'), v: range(0, 1) })
const State = schema({
  queue: listOf(Entry, 2),
  table: mapOf(oneOf('a', 'b'), Entry),
  bag: setOf(Entry),
  nested: record({ inner: Entry, flags: listOf(bool(), 2), names: setOf(oneOf('a', 'b')), maybe: optional(Entry) }),
  open: value<unknown>(0),
  n: range(0, 3),
  label: oneOf('1', '2', 'end'),
  holder: optional(oneOf('a', 'b')),
  counts: mapOf(range(1, 2), range(0, 1)),
})

const ENTRY = 'write Entry({ at: ..., v: ... }), with const Entry = record({ at, v }) in the schema'
const SPREAD = `change the record with set or merge, because spreading does not make a record; or ${ENTRY}`
const OTHER = `make it with the same record(...) that the schema uses: ${ENTRY}`
const write = (wanted: string, argument: string, change: string): string =>
  `write ${wanted}(${argument}), with ${wanted} from immutable, or change the existing ${wanted} with ${change}`
const PLAIN = { at: 'x', v: 1 }

/** A state is `any` here, as for authors who write JavaScript. */
type Any = any

const CASES: readonly (readonly [what: string, message: string, hint: string, next: (s: Any) => Any])[] = [
  [
    'a plain object in a list',
    '"queue[0]" must be in its domain, but is a plain object',
    ENTRY,
    (s) => s.update('queue', (it: Any) => it.push(PLAIN)),
  ],
  [
    'a plain object in a map',
    '"table[b]" must be in its domain, but is a plain object',
    ENTRY,
    (s) => s.setIn(['table', 'b'], PLAIN),
  ],
  [
    'one in a set',
    '"bag" must be in its domain, but is a set with the element a plain object',
    ENTRY,
    (s) => s.update('bag', (it: Any) => it.add(PLAIN)),
  ],
  [
    'one in a record',
    '"nested.inner" must be in its domain, but is a plain object',
    ENTRY,
    (s) => s.setIn(['nested', 'inner'], PLAIN),
  ],
  [
    'one in an optional place',
    '"nested.maybe" must be in its domain, but is a plain object',
    ENTRY,
    (s) => s.setIn(['nested', 'maybe'], PLAIN),
  ],
  [
    'a record that was spread',
    '"table[a]" must be in its domain, but is a plain object',
    SPREAD,
    (s) => s.updateIn(['table', 'a'], (it: Any) => ({ ...it, v: 1 })),
  ],
  [
    'a record of another domain',
    '"table[a]" must be in its domain, but is the record { at: x, v: 1 }',
    OTHER,
    (s) => s.setIn(['table', 'a'], Twin({ v: 1 })),
  ],
  [
    'a map for a record',
    '"table[a]" must be in its domain, but is the map { at: x, v: 1 }',
    ENTRY,
    (s) => s.setIn(['table', 'a'], ImmutableMap(PLAIN as Any)),
  ],
  [
    'an array for a list',
    '"nested.flags" must be in its domain, but is the array [true]',
    write('List', '[...]', 'push'),
    (s) => s.setIn(['nested', 'flags'], [true]),
  ],
  [
    'a set for a list',
    '"nested.flags" must be in its domain, but is the set {true}',
    'call .toList() on it',
    (s) => s.setIn(['nested', 'flags'], ImmutableSet([true])),
  ],
  [
    'an array for a set',
    '"nested.names" must be in its domain, but is the array [a]',
    write('Set', '[...]', 'add'),
    (s) => s.setIn(['nested', 'names'], ['a']),
  ],
  [
    'a JavaScript Set',
    '"nested.names" must be in its domain, but is a JavaScript Set',
    write('Set', '...', 'add'),
    (s) => s.setIn(['nested', 'names'], new Set(['a'])),
  ],
  [
    'a sequence for a set',
    '"nested.names" must be in its domain, but is Seq',
    'call .toSet() on it',
    (s) => s.setIn(['nested', 'names'], s.table.keySeq()),
  ],
  [
    'a plain object for a map',
    '"counts" must be in its domain, but is a plain object',
    write('Map', '{ ... }', 'set'),
    (s) => s.set('counts', { 1: 0, 2: 1 }),
  ],
  [
    'a JavaScript Map',
    '"counts" must be in its domain, but is a JavaScript Map',
    write('Map', '...', 'set'),
    (s) => s.set('counts', new Map([[1, 0]])),
  ],
  [
    'a key of another type',
    '"counts" must be in its domain, but is a map with the key "1"',
    'write 1: the domain contains the number, not the string',
    (s) => s.setIn(['counts', '1'], 0),
  ],
  [
    'an unknown key',
    '"table" must be in its domain, but is a map with the key "c"',
    'write only keys of the domain, or widen the domain',
    (s) => s.setIn(['table', 'c'], Entry()),
  ],
  [
    'a missing key',
    '"counts" must be in its domain, but is a map without the key 2',
    'change the existing map with set, and declare values that may be missing as optional(...)',
    (s) => s.update('counts', (it: Any) => it.delete(2)),
  ],
  [
    'a list too long',
    '"nested.flags" must be in its domain, but is a list of length 3',
    'guard the step that makes the list longer, or give listOf a greater length',
    (s) => s.setIn(['nested', 'flags'], List([true, true, true])),
  ],
  [
    'text for a number',
    '"n" must be in its domain, but is "3"',
    'write 3: the domain contains the number, not the string',
    (s) => s.set('n', '3'),
  ],
  [
    'a number for text',
    '"label" must be in its domain, but is 2',
    'write "2": the domain contains the string, not the number',
    (s) => s.set('label', 2),
  ],
  [
    'null',
    '"n" must be in its domain, but is null',
    'write a value of the domain, or declare optional(...) to allow null',
    (s) => s.set('n', null),
  ],
  [
    'undefined inside',
    '"table[a]" must be in its domain, but is undefined',
    'write a value of the domain; for a value that may be missing, declare optional(...) and write null',
    (s) => s.setIn(['table', 'a'], undefined),
  ],
  [
    'a number too large',
    '"n" must be in its domain, but is 4',
    'widen the domain, or guard the step that writes the value',
    (s) => s.set('n', 4),
  ],
  [
    'a plain object in an open place',
    'but holds a plain object',
    `write Map({ ... }), with Map from immutable, or a record: ${ENTRY}`,
    (s) => s.set('open', List([PLAIN])),
  ],
  ['an array in an open place', 'but holds the array [1]', write('List', '[...]', 'push'), (s) => s.set('open', [1])],
  [
    'a JavaScript Map in an open place',
    'but holds a JavaScript Map',
    write('Map', '...', 'set'),
    (s) => s.set('open', new Map()),
  ],
  [
    'a mutable list in an open place',
    'but holds a mutable',
    'call .asImmutable() on it',
    (s) => s.set('open', List([1]).asMutable()),
  ],
  [
    'a date in an open place',
    'but holds an object of class Broken',
    'use strings, numbers, booleans, or the immutable Map, Set, List and Record',
    (s) => s.set('open', new Broken()),
  ],
]

class Broken {
  readonly part = 1
}

const errorOf = async (parts: object, options: CheckOptions): Promise<CheckerError> => {
  const broken = spec({ name: 'broken', model: () => model(State, { deadlock: false, ...parts } as never) })
  return await check(broken, options).then(
    () => expect.fail('nothing was wrong'),
    (thrown: CheckerError) => thrown,
  )
}

describe('a value of the wrong kind', () => {
  it.each(CASES)('such as %s is reported with a correct replacement', async (_, message, hint, next) => {
    for (const options of [{}, { interpret: true }, { engine: 'symbolic' }] as const) {
      const error = await errorOf({ init: State(), actions: { next } }, options)
      expect([error.code.slice(0, 3), error.message, error.hint]).toEqual([
        'KR3',
        expect.stringContaining(message),
        hint,
      ])
    }
    const initial = await errorOf({ init: () => next(State()), actions: { stay: (s: Any) => s } }, {})
    const isDefault = hint.includes('the step')
    expect([initial.code, initial.hint]).toEqual([
      'KR208',
      isDefault ? 'widen the domain, or choose another initial value' : hint,
    ])
  })

  it('is reported in place of a state, too', async () => {
    const spread = await errorOf({ init: State(), actions: { next: (s: Any) => ({ ...s, n: 1 }) } }, {})
    expect([spread.code, spread.hint]).toEqual([
      'KR504',
      "return s.set('name', value) or s.merge({ ... }): spreading a state does not make a state",
    ])
    const promised = await errorOf({ init: State(), actions: { next: async (s: Any) => s } }, {})
    expect([promised.message, promised.hint]).toEqual([
      'action "next" must return states, but returned a promise',
      'return the value itself: a spec function must not be async',
    ])
    const initial = await errorOf({ init: { n: 1 }, actions: { next: (s: Any) => s } }, {})
    expect([initial.code, initial.message]).toEqual([
      'KR206',
      'init must give states of the schema, but gave a plain object',
    ])
  })
})
