import { describe, expect, it } from 'vitest'
import {
  action,
  always,
  bool,
  CheckerError,
  check,
  constant,
  forAll,
  forEach,
  goto,
  implies,
  listOf,
  mapOf,
  members,
  model,
  ofStep,
  oneOf,
  optional,
  range,
  record,
  schema,
  setOf,
  spec,
  step,
  taken,
  thread,
  union,
  value,
  weak,
} from '../../src/index.ts'
import type { Model } from '../../src/spec/model.ts'
import { instantiate } from '../../src/spec/spec.ts'

const State = schema({ n: range(0, 3) })
const Ask = record({ type: oneOf('ask'), n: range(0, 1) })
const Tell = record({ type: oneOf('tell'), yes: bool() })
/** `union` without its types, which would reject these arguments. */
const unite = union as unknown as (...variants: unknown[]) => unknown
const stay = { stay: (s: ReturnType<typeof State>) => s }

/** A model with parts that the types would reject. */
const modelWith = (parts: object): Model => model(State, { init: State(), actions: stay, ...parts } as never)

/** The error of a refused definition. */
function refusal(define: () => unknown): CheckerError {
  try {
    define()
  } catch (thrown) {
    if (thrown instanceof CheckerError) return thrown
    throw thrown
  }
  throw new Error('nothing was refused')
}

describe('a mistake in a definition', () => {
  it.each<[string, string, RegExp, () => unknown]>([
    ['an empty range', 'KR204', /range\(3, 2\)/, () => range(3, 2)],
    ['a range of fractions', 'KR204', /range\(0, 1\.5\)/, () => range(0, 1.5)],
    ['a range too wide', 'KR204', /2\^31/, () => range(0, 2 ** 31)],
    ['no literal', 'KR204', /oneOf\(\)/, () => oneOf()],
    ['a literal twice', 'KR204', /lists a twice/, () => oneOf('a', 'b', 'a')],
    ['a null among literals', 'KR204', /value 2 is null/, () => oneOf('a', null as never)],
    ['a domain among literals', 'KR204', /value 2 is the domain 0\.\.1/, () => oneOf('a', range(0, 1) as never)],
    ['a union of one', 'KR204', /only one/, () => unite(Ask)],
    ['a union of none', 'KR204', /no record/, () => unite()],
    ['a union with a range', 'KR204', /argument 2 is the domain 0\.\.1/, () => union(Ask, range(0, 1) as never)],
    ['a union with a value', 'KR204', /argument 2 is the record/, () => union(Ask, Tell() as never)],
    ['a union without a tag', 'KR204', /union\(\.\.\.\)/, () => union(Ask, record({ kind: oneOf('b') }))],
    [
      'a union by a field that is not of literals everywhere',
      'KR204',
      /union\(\.\.\.\)/,
      () => union(Ask, record({ type: optional(oneOf('b')) })),
    ],
    [
      'a union of records with a literal in common',
      'KR204',
      /"type".*records 1 and 3.*"ask"/,
      () => union(Ask, Tell, record({ type: oneOf('more', 'ask') })),
    ],
    [
      "a union of records with 1 and '1'",
      'KR204',
      /records 1 and 2 both have "1"/,
      () => union(record({ type: oneOf(1) }), record({ type: oneOf('1') })),
    ],
    ['no member', 'KR204', /members\('file', 0\)/, () => members('file', 0)],
    ['a set without a name', 'KR204', /members\('', 2\)/, () => members('', 2)],
    ['an optional optional', 'KR204', /null/, () => optional(optional(bool()))],
    ['a set of anything', 'KR204', /infinitely many/, () => setOf(value(0))],
    ['a map over too much', 'KR204', /mapOf\(0\.\.100000\)/, () => mapOf(range(0, 100_000), bool())],
    ['a list without bound', 'KR204', /listOf\(\.\.\., Infinity\)/, () => listOf(bool(), Infinity)],
    ['an empty record', 'KR204', /record\(\{\}\)/, () => record({})],
    ['an empty schema', 'KR206', /schema\(\{\}\)/, () => schema({})],
    ['a variable without a domain', 'KR206', /"n".* 3$/, () => schema({ n: 3 as never })],
    ['a variable named as a method', 'KR205', /"update"/, () => schema({ update: bool() })],
    ['a field named as a method', 'KR205', /"size"|"get"/, () => record({ get: bool() })],
    ['a thread without labels', 'KR204', /thread\(\)/, () => thread()],
    ['a thread with a label twice', 'KR204', /twice/, () => thread('a', 'a')],
    ['a thread with two instances', 'KR206', /thread\(\)/, () => thread({ a: bool(), b: bool() }, 'x')],
    [
      'a constant over maps',
      'KR206',
      /lists, sets or records/,
      () => constant(mapOf(bool(), bool()), undefined as never, ''),
    ],
    ['a default outside', 'KR206', / 9$/, () => constant(range(0, 3), 9, '')],
    [
      'a spec without a name',
      'KR206',
      /name/,
      () => spec({ name: '', model: () => model(State, { init: State(), actions: stay }) }),
    ],
    ['a spec without a model', 'KR206', /"x".*model/, () => spec({ name: 'x' } as never)],
    ['no initial state', 'KR206', /init/, () => model(State, { actions: stay } as never)],
    ['no action', 'KR206', /the model.*action/, () => model(State, { init: State() })],
    ['an unknown part', 'KR210', /"invariant"/, () => model(State, { init: State(), invariant: {} } as never)],
    [
      'parts that are no object',
      'KR206',
      /"invariants" of the model.*a function/,
      () => modelWith({ invariants: stay.stay }),
    ],
    ['parts in a map', 'KR206', /"actions" of the model/, () => modelWith({ actions: new Map() })],
    [
      'a goal in nested objects',
      'KR206',
      /"g" in goals \(a\) must be a predicate, but is an object$/,
      () => modelWith({ goals: { g: { a: { b: () => true } } } }),
    ],
    ['a claim without conjuncts', 'KR206', /"i" in invariants must have/, () => modelWith({ invariants: { i: {} } })],
    [
      'a conjunct that is none',
      'KR206',
      /"i" in invariants \(two\) must be a predicate, but is 5/,
      () => modelWith({ invariants: { i: { one: () => true, two: 5 } } }),
    ],
    [
      'an invariant that is a formula',
      'KR206',
      /"i" in invariants must be a predicate, but is a temporal formula/,
      () => modelWith({ invariants: { i: always(() => true) } }),
    ],
    [
      'a conjunct made by forEach',
      'KR206',
      /"i" in invariants \(c\) must be a predicate, but is made by forEach/,
      () => modelWith({ invariants: { i: { c: forEach({ k: bool() }, () => () => true) } } }),
    ],
    [
      'a temporal property that is a forAll of predicates',
      'KR206',
      /"t" in temporal must be given a formula, but was given a forAll of predicates/,
      () => modelWith({ temporal: { t: forAll({ k: bool() }, (_, { k }) => k) } }),
    ],
    [
      'a temporal property that is a forAll of conjuncts',
      'KR206',
      /"t" in temporal must be given a formula, but was given a forAll of predicates/,
      () => modelWith({ temporal: { t: forAll({ k: bool() }, { low: () => true }) } }),
    ],
    [
      'a forAll of what is not a formula',
      'KR206',
      /forAll\(\.\.\.\) must be given a formula, but was given true/,
      () => modelWith({ temporal: { t: forAll({ k: bool() }, () => true) } }),
    ],
    [
      'a forEach of what is not a formula',
      'KR206',
      /forEach\(\.\.\.\) must be given a formula, but was given true/,
      () => modelWith({ temporal: { t: forEach({ k: bool() }, () => true) } }),
    ],
    [
      'a forAll of a formula without a function',
      'KR206',
      /forAll\(\.\.\.\) must be given a function of its parameters, but was given a temporal formula/,
      () => forAll({ k: bool() }, always(() => true) as never),
    ],
    [
      'a forAll of a fairness constraint without a function',
      'KR206',
      /forAll\(\.\.\.\) must be given a function of its parameters, but was given a fairness constraint/,
      () => forAll({ k: bool() }, weak('stay') as never),
    ],
    [
      'a fairness constraint that is a forAll of predicates',
      'KR206',
      /"f" in fairness/,
      () => modelWith({ fairness: { f: forAll({ k: bool() }, (_, { k }) => k) } }),
    ],
    [
      'an implication between a forAll of predicates and a formula',
      'KR206',
      /implies\(\.\.\.\) must be given a formula, but was given a forAll of predicates/,
      () =>
        implies(
          forAll({ k: bool() }, (_, { k }) => k) as never,
          always(() => true),
        ),
    ],
    [
      'a parameter that is bound twice',
      'KR205',
      /parameter "k" of invariant "i" \(c\).*forAll/,
      () => modelWith({ invariants: { i: forAll({ k: bool() }, { c: forAll({ k: bool() }, () => true) }) } }),
    ],
    [
      'two conjuncts of one name',
      'KR205',
      /conjunct "a.b" of invariant "i".*twice/,
      () => modelWith({ invariants: { i: { 'a.b': () => true, a: forAll({ k: bool() }, { b: () => true }) } } }),
    ],
    [
      'a conjunct over too much',
      'KR206',
      /constraint "i" \(c\).*"k"/,
      () => modelWith({ constraints: { i: { c: forAll({ k: range(0, 1e6) }, () => true) } } }),
    ],
    ['a misspelt unless', 'KR206', /deadlock/, () => modelWith({ deadlock: { untill: stay.stay } })],
    ['a name with a comma', 'KR205', /"a, b"/, () => modelWith({ invariants: { 'a, b': () => true } })],
    [
      'an action without a function',
      'KR206',
      /a function after its parameters, but was given a plain object/,
      () => action({}, {} as never),
    ],
    ['an action with a domain first', 'KR206', /but was given a domain/, () => action(bool() as never, stay.stay)],
    [
      'an action whose parts are swapped',
      'KR206',
      /only the options fair, doc, note/,
      () => action((() => {}) as never, { k: bool() } as never),
    ],
    ['a step without a function', 'KR206', /step\(\.\.\.\)/, () => step({}, undefined as never)],
    [
      'a step with text for options',
      'KR206',
      /only the options fair, doc, note, but was given "weak"/,
      () => step({}, stay.stay, 'weak' as never),
    ],
    [
      'a claim for all without a predicate',
      'KR206',
      /claim of forAll\(\.\.\.\) \(a\) must be a predicate, but is 3/,
      () => forAll({}, { a: 3 as never }),
    ],
    [
      'half an implication',
      'KR206',
      /two predicates, but was given undefined/,
      () => implies(() => true, undefined as never),
    ],
    [
      'an implication around forAll',
      'KR206',
      /two predicates, but was given a forAll/,
      () => implies(() => true, forAll({ k: bool() }, (_, { k }) => k) as never),
    ],
    [
      'a constant that is none',
      'KR206',
      /constant "k"/,
      () => spec({ name: 'x', constants: { k: 3 as never }, model: () => modelWith({}) }),
    ],
    ['literals that read the same', 'KR204', /lists 1 twice/, () => oneOf(1, '1')],
    [
      'an action that is none',
      'KR206',
      /"a" must be a function, but is 3/,
      () => model(State, { init: State(), actions: { a: 3 as never } }),
    ],
    [
      'a claim that is none',
      'KR206',
      /"i" in invariants must be a predicate, but is 3/,
      () => model(State, { init: State(), actions: stay, invariants: { i: 3 as never } }),
    ],
    [
      'a property twice',
      'KR205',
      /"x".*twice/,
      () => model(State, { init: State(), actions: stay, invariants: { x: () => true }, goals: { x: () => true } }),
    ],
    [
      'a property named deadlock',
      'KR205',
      /deadlock check/,
      () => model(State, { init: State(), actions: stay, invariants: { deadlock: () => true } }),
    ],
    [
      'a parameter over too much',
      'KR206',
      /"k"/,
      () => model(State, { init: State(), actions: { a: action({ k: range(0, 1e6) }, (s) => s) } }),
    ],
    [
      'a parameter without a domain',
      'KR206',
      /must have a domain for its parameter "k", but has 3/,
      () => model(State, { init: State(), actions: stay, invariants: { i: forAll({ k: 3 as never }, () => true) } }),
    ],
    ['a write to an unknown variable', 'KR203', /"m" is not a variable/, () => State({ m: 1 } as never)],
    ['a write of undefined', 'KR301', /undefined/, () => State({ n: undefined as never })],
    [
      'a thread inside a record',
      'KR206',
      /thread/,
      () => {
        const Inner = schema({ r: record({ t: thread('a', 'b') }) })
        return model(Inner, { init: Inner(), actions: { stay: (s) => s } })
      },
    ],
    [
      'a member set in two sizes',
      'KR205',
      /2 members in one place and 3 in another/,
      () => {
        const Two = schema({ a: setOf(members('file', 2)), b: setOf(members('file', 3)) })
        return model(Two, { init: Two(), actions: { stay: (s) => s } })
      },
    ],
  ])('such as %s is refused with %s', (_, code, message, define) => {
    const error = refusal(define)
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)])
  })

  it("is reported at its place in the author's file", () => {
    expect(refusal(() => range(2, 1)).at).toMatch(/definitions\.test\.ts:\d+:\d+$/)
    expect(refusal(() => model(State, { init: State() })).at).toMatch(/definitions\.test\.ts:\d+:\d+$/)
  })

  it('is reported at the definition of the part, not of the model', () => {
    const lineOf = (error: CheckerError): number => Number(/definitions\.test\.ts:(\d+):\d+$/.exec(error.at ?? '')![1])
    const before = lineOf(refusal(() => range(2, 1)))
    const parts: object[] = [
      { invariants: { i: forAll({ k: range(0, 1e6) }, () => true) } },
      { invariants: { i: { c: forAll({ k: range(0, 1e6) }, () => true) } } },
      {
        invariants: {
          i: forAll(
            { k: bool() },
            forAll({ k: bool() }, () => true),
          ),
        },
      },
      { invariants: { i: { c: always(() => true) } } },
      { actions: { a: action({ k: range(0, 1e6) }, (s) => s) } },
      { actions: { a: action((s) => s, { fair: 'very' as never }) } },
      { temporal: { t: always(taken('fly')) } },
      { temporal: { t: forAll({}, () => true) } },
      { fairness: { f: weak('fly') } },
      { measures: { 'a,b': ofStep(() => 1) } },
    ]
    const lines = parts.map((part) => lineOf(refusal(() => modelWith(part))))
    const after = lineOf(refusal(() => range(2, 1)))
    // Each is on its own line, in the written order.
    expect(lines).toEqual([...new Set(lines)].toSorted((a, b) => a - b))
    expect([lines[0]! > before, lines.at(-1)! < after - 2]).toEqual([true, true])
    // The runner of a spec knows the place of a plain function.
    const predicate = () => true
    expect(refusal(() => modelWith({ invariants: { 'a,b': predicate } })).source).toBe(predicate)
    expect(refusal(() => modelWith({ actions: { 'a,b': stay.stay } })).source).toBe(stay.stay)
  })

  it('in a thread is refused by name', () => {
    const Worker = members('worker', 2)
    const Two = schema({ t: thread({ w: Worker }, 'a', 'b') })
    const define = (body: object) => () => model(Two, { init: Two(), threads: { t: body as never } })
    const refused = (body: object): unknown[] => {
      const { code, message } = refusal(define(body))
      return [code, message]
    }
    const at = { a: () => undefined, b: {} }
    expect(refused({ at, gaurd: () => true })).toEqual(['KR210', 'thread "t" has no part "gaurd"'])
    expect(refused({ at: { a: null, b: {} } })).toEqual(['KR206', expect.stringMatching(/thread "t" at "a".*null/)])
    expect(refused({ at: { a: { x: 5 }, b: {} } })).toEqual(['KR206', expect.stringMatching(/step "x".* 5$/)])
    const hiding = step({ w: Worker }, () => undefined)
    expect(refused({ at: { a: hiding, b: {} } })).toEqual([
      'KR205',
      expect.stringMatching(/parameter "w" of step "t.a"/),
    ])
  })

  it('in a thread is refused: missing or unknown labels, or clashing steps', () => {
    const Two = schema({ t: thread('a', 'b') })
    const define = (at: object) => () => model(Two, { init: Two(), threads: { t: { at } } as never })
    expect(refusal(define({ a: () => goto('b') }))).toMatchObject({
      code: 'KR206',
      message: expect.stringMatching(/"b"/),
    })
    expect(refusal(define({ a: {}, b: {}, c: {} })).code).toBe('KR210')
    expect(refusal(define({ a: { x: () => goto('b') }, b: { x: () => goto('a') } }))).toMatchObject({ code: 'KR205' })
    expect(refusal(() => model(Two, { init: Two(), threads: {} as never })).message).toMatch(/thread "t"/)
    expect(refusal(() => model(State, { init: State(), threads: { u: {} } as never })).code).toBe('KR210')
  })

  it('in an initial state is found before the search (KR207, KR208)', async () => {
    const make = (init: unknown) =>
      check(spec({ name: 'x', model: () => model(State, { init: init as never, actions: stay }) }))
    await expect(make([])).rejects.toMatchObject({ code: 'KR207' })
    await expect(make(State({ n: 7 }))).rejects.toMatchObject({
      code: 'KR208',
      message: expect.stringMatching(/initial state/),
    })
    await expect(make(5)).rejects.toMatchObject({ code: 'KR206' })
    await expect(
      make(() => {
        throw new Error('no')
      }),
    ).rejects.toMatchObject({ code: 'KR503' })
  })
})

describe('oneOf with something else than literals', () => {
  const File = members('file', 2)
  const Only = record({ n: range(0, 1) })
  it.each<[string, readonly unknown[], RegExp, RegExp]>([
    [
      'records that a field tells apart',
      [Ask, Tell],
      /value 1 is the domain \{ type: ask, n: 0\.\.1 \}/,
      /write union\(A, B\).*"type"/,
    ],
    ['three of them', [Ask, Tell, record({ type: oneOf('no') })], /value 1/, /write union\(A, B, \.\.\.\)/],
    [
      'records that no field tells apart',
      [Ask, Only],
      /value 1/,
      /give each record a literal field .* and write union\(A, B\)/,
    ],
    [
      'a record and another domain',
      [Ask, bool()],
      /value 1/,
      /put each domain into a record .* and write union\(A, B\)/,
    ],
    ['a domain beside literals', ['free', range(0, 1)], /value 2 is the domain 0\.\.1/, /list only literals/],
    ['one domain', [range(0, 1)], /value 1/, /use the domain without oneOf/],
    ['a member set', ['free', File], /value 2 is the member set "file"/, /spread it: oneOf\(\.\.\.values\)/],
    ['an array', [['a', 'b']], /value 1 is the array \[a, b\]/, /spread it/],
    ['null', ['a', null], /value 2 is null/, /write optional\(oneOf\(\.\.\.\)\)/],
    ['undefined', [undefined, 'a'], /value 1 is undefined/, /optional/],
    ['an object', [{ a: 1 }], /value 1 is a plain object/, /use value\(\)/],
    ['a record with a field named kind', [record({ kind: oneOf('a') })()], /value 1 is the record/, /use value\(\)/],
  ])('gives a hint: %s', (_, values, message, hint) => {
    const error = refusal(() => oneOf(...(values as string[])))
    expect(error).toMatchObject({
      code: 'KR204',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
    })
    expect(error.at).toMatch(/definitions\.test\.ts:\d+:\d+$/)
  })
})

describe('a refused union', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['one record', () => unite(Ask), /use the record without union/],
    ['an optional record', () => union(Ask, optional(Tell) as never), /optional\(union\(\.\.\.\)\)/],
    ['a range', () => union(Ask, range(0, 1) as never), /put it into a record/],
    ['a value', () => union(Ask, Tell() as never), /record\(\{ \.\.\. \}\)/],
    ['no tag', () => union(Ask, record({ n: oneOf(3) })), /give each record a literal field/],
    ['the same record twice', () => union(Ask, Ask), /give each record its own literals in "type"/],
  ])('gives a hint and a place: %s', (_, define, hint) => {
    const error = refusal(define)
    expect(error).toMatchObject({ code: 'KR204', hint: expect.stringMatching(hint) })
    expect(error.at).toMatch(/definitions\.test\.ts:\d+:\d+$/)
  })
})

describe('constants', () => {
  const it_ = spec({
    name: 'sized',
    constants: {
      size: constant(range(1, 5), 2, 'how many'),
      mode: constant(oneOf('fast', 'slow'), 'fast', 'how'),
      on: constant(bool(), false, 'whether'),
    },
    assumptions: { 'slow is small': (c) => c.mode === 'fast' || c.size < 3 },
    model: () => model(State, { init: State(), actions: stay }),
  })

  it('take defaults, values, or text', () => {
    expect(instantiate(it_).constants).toEqual({ size: 2, mode: 'fast', on: false })
    expect(instantiate(it_, { size: '4', on: 'true' }).constants).toEqual({ size: 4, mode: 'fast', on: true })
    expect(instantiate(it_, { size: 1, mode: 'slow' }).constants).toEqual({ size: 1, mode: 'slow', on: false })
  })

  it('are refused outside their domain (KR103) and if unknown (KR102), with the valid ones', () => {
    expect(refusal(() => instantiate(it_, { size: '9' }))).toMatchObject({
      code: 'KR103',
      details: [['values', '1..5']],
    })
    expect(refusal(() => instantiate(it_, { size: '2.5' })).code).toBe('KR103')
    expect(refusal(() => instantiate(it_, { mode: 'fats' })).code).toBe('KR103')
    expect(refusal(() => instantiate(it_, { sizes: '3' }))).toMatchObject({
      code: 'KR102',
      hint: 'did you mean "size"?',
    })
  })

  it('must satisfy the assumptions (KR104)', () => {
    expect(refusal(() => instantiate(it_, { size: 4, mode: 'slow' }))).toMatchObject({
      code: 'KR104',
      message: expect.stringContaining('"slow is small"'),
    })
  })
})

describe('records', () => {
  const Lease = record({ on: bool(), holder: optional(members('user', 2)) })

  it('take defaults, refuse unknown fields and undefined', () => {
    expect(Lease().toJS()).toEqual({ on: false, holder: null })
    expect(Lease({ on: true }).set('holder', 'user2').toJS()).toEqual({ on: true, holder: 'user2' })
    expect(Lease({ on: true }).delete('on').on).toBe(false)
    expect(refusal(() => Lease().set('off' as 'on', true)).code).toBe('KR203')
    expect(refusal(() => Lease().get('off' as 'on')).code).toBe('KR203')
    expect(refusal(() => Lease().setIn(['off' as 'on'], true)).code).toBe('KR203')
    expect(refusal(() => Lease().set('on', undefined as never)).code).toBe('KR301')
    expect(Lease().get('off' as 'on', 'none')).toBe('none')
  })
})
