/**
 * The types that the compiler infers for a spec, and the mistakes that it rejects. Never run: `types.test.ts` compiles
 * it, and a line marked `@ts-expect-error` without an error is an error.
 */
import { List, Map, Set } from 'immutable'
import { expectTypeOf } from 'vitest'
import {
  action,
  anyOf,
  anySubset,
  bool,
  check,
  constant,
  forAll,
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
  thread,
  unreachable,
  value,
  type ValueOf,
} from 'kripke'

const User = members('user', 2)
const Block = members('block', 3)
const Many = members('pfn', 64)
declare const counted: number
const File = members('file', counted)
const Size = record({ blocks: range(1, 3), owner: optional(User) })
const Gup = record({ pages: setOf(Block), want: range(0, 3), target: optional(User) })

expectTypeOf<(typeof User)[number]>().toEqualTypeOf<'user1' | 'user2'>()
expectTypeOf<(typeof Many)[number]>().toEqualTypeOf<`pfn${number}`>()
expectTypeOf<(typeof File)[number]>().toEqualTypeOf<`file${number}`>()
expectTypeOf<ValueOf<ReturnType<typeof bool>>>().toEqualTypeOf<boolean>()

const literals = oneOf('free', 3, true, ...User)
expectTypeOf<ValueOf<typeof literals>>().toEqualTypeOf<'free' | 3 | true | 'user1' | 'user2'>()

const State = schema({
  owner: mapOf(Block, oneOf('free', ...User)),
  table: mapOf(User, mapOf(Block, bool())),
  gup: mapOf(User, Gup),
  queue: listOf(Block, 4),
  holder: optional(User),
  log: value<List<string>>(List()),
  n: range(0, 3),
  truncate: thread({ user: User }, 'idle', 'locked'),
  main: thread('start', 'stop'),
})
const s = State()

// Reading: exact types, and never undefined for a total map.
expectTypeOf(s.owner.get('block1')).toEqualTypeOf<'free' | 'user1' | 'user2'>()
expectTypeOf(s.table.get('user1').get('block2')).toEqualTypeOf<boolean>()
expectTypeOf(s.gup.get('user2').pages).toEqualTypeOf<Set<'block1' | 'block2' | 'block3'>>()
expectTypeOf(s.gup.get('user2').target).toEqualTypeOf<'user1' | 'user2' | null>()
expectTypeOf(s.queue.get(0)).toEqualTypeOf<'block1' | 'block2' | 'block3' | undefined>()
expectTypeOf(s.holder).toEqualTypeOf<'user1' | 'user2' | null>()
expectTypeOf(s.log).toEqualTypeOf<List<string>>()
expectTypeOf(s.truncate.get('user1')).toEqualTypeOf<'idle' | 'locked'>()
expectTypeOf(s.main).toEqualTypeOf<'start' | 'stop'>()
expectTypeOf(s.get('n')).toEqualTypeOf<number>()
expectTypeOf(s.owner.map(() => 1).get('block1')).toEqualTypeOf<number>()
// They are immutable.js types, accepted like those.
expectTypeOf(s.owner).toExtend<Map<'block1' | 'block2' | 'block3', string>>()

// @ts-expect-error no such key
s.owner.get('block4')
// @ts-expect-error no such key, one level down
s.table.get('user1').get('user1')
// @ts-expect-error no such variable
s.owners
// @ts-expect-error no such field
s.gup.get('user1').size
// @ts-expect-error no such value
s.owner.get('block1') === 'fre'
// @ts-expect-error no such label
s.truncate.get('user1') === 'idel'

// Writing: paths and values are checked completely.
s.set('n', 1).set('holder', null).set('owner', s.owner.set('block1', 'user1'))
s.setIn(['owner', 'block1'], 'free').setIn(['gup', 'user1', 'want'], 2).setIn(['table', 'user1', 'block3'], true)
s.updateIn(['gup', 'user1', 'pages'], (pages) => pages.add('block2'))
s.update('gup', (gup) => gup.update('user1', (one) => one.set('target', 'user2')))
s.merge({ n: 2, owner: s.owner.map(() => 'free' as const) })
s.set('owner', mapOf(Block, oneOf('free', ...User)).fill('free'))
s.set('owner', Map<'block1' | 'block2' | 'block3', 'free'>())
State({ n: 1, gup: s.gup.set('user1', Gup({ want: 1 })) })
Gup({ pages: Set(['block1'] as const) })

// @ts-expect-error no such value
s.set('n', 'one')
// @ts-expect-error no such variable
s.set('m', 1)
// @ts-expect-error no such value at the end of the path
s.setIn(['owner', 'block1'], 'user3')
// @ts-expect-error no such path
s.setIn(['owner', 'user1'], 'free')
// @ts-expect-error no such field on the path
s.setIn(['gup', 'user1', 'wants'], 2)
// @ts-expect-error no such element
s.updateIn(['gup', 'user1', 'pages'], (pages) => pages.add('block9'))
// @ts-expect-error no such variable
State({ m: 1 })
// @ts-expect-error no such field
Gup({ page: 1 })

const isTaken = (state: typeof s, { block }: { block: (typeof Block)[number] }): boolean =>
  state.owner.get(block) !== 'free'

// A spec needs no annotations inside.
const whole = spec({
  name: 'typed',
  constants: {
    files: constant(range(1, 3), 2, 'how many'),
    mode: constant(oneOf('a', 'b'), 'a', 'which'),
    undocumented: constant(oneOf('x', 'y'), 'x'),
    order: constant(listOf(oneOf('x', 'y'), 3), ['x', 'y']),
    size: constant(Size, { blocks: 1, owner: null }),
    inline: constant(record({ n: range(0, 3), at: oneOf('x', 'y'), inner: record({ on: bool() }) }), {
      n: 1,
      at: 'x',
      inner: { on: true },
    }),
    inLists: constant(listOf(record({ n: range(0, 3), who: setOf(record({ user: optional(User) })) }), 2), [
      { n: 1, who: [{ user: null }] },
    ]),
    inOptional: constant(optional(record({ n: range(0, 3) })), null),
    // @ts-expect-error no such literal in a field
    wrongInline: constant(record({ at: oneOf('x', 'y') }), { at: 'z' }),
    // @ts-expect-error a missing field of an inline record
    missingInline: constant(record({ n: range(0, 3), on: bool() }), { n: 1 }),
    // @ts-expect-error an unknown field of an inline record
    unknownInline: constant(record({ n: range(0, 3) }), { n: 1, on: true }),
    // @ts-expect-error a wrong value inside a list
    wrongInList: constant(listOf(record({ n: range(0, 3) }), 2), [{ n: 'one' }]),
    // @ts-expect-error no such element
    wrongList: constant(listOf(oneOf('x', 'y'), 3), ['z']),
    // @ts-expect-error a missing field
    wrongRecord: constant(Size, { blocks: 1 }),
  },
  assumptions: { 'few in b': ({ files, mode }) => mode === 'a' || files < 2 },
  model: ({ files, mode, undocumented, order, size, inline, inLists, inOptional }) => {
    expectTypeOf(inline).toEqualTypeOf<{
      readonly n: number
      readonly at: 'x' | 'y'
      readonly inner: { readonly on: boolean }
    }>()
    expectTypeOf(inLists).toEqualTypeOf<
      readonly { readonly n: number; readonly who: readonly { readonly user: 'user1' | 'user2' | null }[] }[]
    >()
    expectTypeOf(inOptional).toEqualTypeOf<{ readonly n: number } | null>()
    expectTypeOf(order).toEqualTypeOf<readonly ('x' | 'y')[]>()
    expectTypeOf(size.owner).toEqualTypeOf<'user1' | 'user2' | null>()
    expectTypeOf(files).toEqualTypeOf<number>()
    expectTypeOf(undocumented).toEqualTypeOf<'x' | 'y'>()
    expectTypeOf(mode).toEqualTypeOf<'a' | 'b'>()
    return model(State, {
      init: [State(), State({ n: 1 })],
      actions: {
        plain: (s) => s.n < 3 && s.set('n', s.n + 1),
        take: action({ user: User, block: Block }, (s, { user, block }) => {
          expectTypeOf(user).toEqualTypeOf<'user1' | 'user2'>()
          return s.owner.get(block) === 'free' ? s.setIn(['owner', block], user) : undefined
        }),
        *many(s) {
          yield s.set('n', 0)
          yield s.set('n', 1)
        },
        several: (s) => [s, s.n === 0 && s.set('n', 1)],
        fairly: action((s) => s.n < 3 && s.set('n', s.n + 1), { fair: 'weak' }),
        bare: action((s) => s.set('n', 0)),
        any: (s) => anyOf(s.queue, (block) => (s.owner.get(block) === 'free' ? s.set('n', 0) : undefined)),
        ofDomain: (s) =>
          anyOf(Block, (block) => anyOf(range(0, 3), (n) => s.setIn(['owner', block], 'free').set('n', n))),
        subset: action({ user: User }, (s, { user }) =>
          anySubset(s.gup.get(user).pages, (kept) => {
            expectTypeOf(kept).toEqualTypeOf<Set<'block1' | 'block2' | 'block3'>>()
            return s.setIn(['gup', user, 'pages'], kept)
          }),
        ),
        noted: action({ user: User }, (s, { user }) => s.set('holder', user), {
          doc: 'takes the lock',
          note: ({ before, after, bindings }) => {
            expectTypeOf(bindings.user).toEqualTypeOf<'user1' | 'user2'>()
            return `${before.holder} -> ${after.holder}`
          },
        }),
        fairlyBound: action({ user: User }, (s, { user }) => s.set('holder', user), { fair: 'strong' }),
        ...(mode === 'a' && {
          maybe: (s) => s.set('n', 0),
          also: action({ user: User }, (s, { user }) => s.set('holder', user)),
        }),
      },
      threads: {
        main: { at: { start: (s) => s.set('n', 1), stop: {} } },
        truncate: {
          fair: 'weak',
          guard: (s, { user }) => s.holder === user,
          at: {
            idle: {
              lock: (s, { user }) => (s.holder === user ? goto('locked', s) : undefined),
              pick: step({ block: Block }, (s, { user, block }) => {
                expectTypeOf(user).toEqualTypeOf<'user1' | 'user2'>()
                return s.owner.get(block) === user ? goto('locked', s.setIn(['owner', block], 'free')) : undefined
              }),
              fairly: step((s, { user }) => (s.holder === user ? goto('locked', s) : undefined), { fair: 'weak' }),
            },
            locked: (s, { user }) => goto('idle', s.set('holder', user)),
          },
        },
      },
      invariants: {
        plain: (s) => s.n < 4,
        conjuncts: { low: (s) => s.n < 4, high: (s) => s.n >= 0 },
        bound: forAll({ user: User }, (s, { user }) => s.gup.get(user).want < 4),
        boundConjuncts: forAll(
          { block: Block },
          { one: (s, { block }) => s.owner.get(block) !== 'user1', two: (s) => s.n < 4 },
        ),
        implied: implies(
          (s) => s.n === 0,
          (s) => s.holder === null,
        ),
        impliedBound: forAll(
          { user: User },
          implies(
            (s, { user }) => s.holder === user,
            (s) => s.n > 0,
          ),
        ),
        mixedConjuncts: {
          plain: (s) => s.n < 4,
          each: forAll({ user: User }, (s, { user }) => {
            expectTypeOf(user).toEqualTypeOf<'user1' | 'user2'>()
            return s.gup.get(user).want < 4
          }),
          several: forAll(
            { block: Block },
            { named: (s, { block }) => s.owner.get(block) !== 'user1', other: (s) => s.n < 4 },
          ),
          implied: implies(
            (s) => s.n === 0,
            (s) => s.holder === null,
          ),
          impliedEach: forAll(
            { user: User },
            implies(
              (s, { user }) => s.holder === user,
              (s) => s.n > 0,
            ),
          ),
        },
        nested: forAll(
          { user: User },
          forAll({ block: Block }, (s, { user, block }) => {
            expectTypeOf(user).toEqualTypeOf<'user1' | 'user2'>()
            expectTypeOf(block).toEqualTypeOf<'block1' | 'block2' | 'block3'>()
            return s.table.get(user).get(block)
          }),
        ),
        nestedConjuncts: forAll(
          { user: User },
          {
            own: (s, { user }) => s.holder === user,
            inner: forAll({ block: Block }, (s, { user, block }) => {
              expectTypeOf(user).toEqualTypeOf<'user1' | 'user2'>()
              return s.table.get(user).get(block)
            }),
            deep: forAll(
              { block: Block },
              {
                a: forAll({ n: range(0, 3) }, (s, { user, block, n }) => {
                  expectTypeOf(block).toEqualTypeOf<'block1' | 'block2' | 'block3'>()
                  expectTypeOf(n).toEqualTypeOf<number>()
                  return s.table.get(user).get(block) && s.n < n
                }),
                b: (s, { user, block }) => s.table.get(user).get(block),
              },
            ),
          },
        ),
        ready: forAll({ block: Block }, implies(isTaken, isTaken)),
        readyConjunct: {
          each: forAll({ block: Block }, implies(isTaken, isTaken)),
          each2: forAll({ block: Block }, isTaken),
        },
      },
      transitions: {
        plain: ({ action, before, after }) => action !== 'take' || before.n === after.n,
        bound: forAll({ user: User }, ({ before }, { user }) => before.gup.get(user).want < 4),
        mixedConjuncts: {
          plain: ({ action, before, after }) => action !== 'take' || before.n === after.n,
          each: forAll({ user: User }, ({ before }, { user }) => before.gup.get(user).want < 4),
        },
      },
      goals: {
        done: (s) => s.main === 'stop',
        all: forAll({ user: User }, (s, { user }) => s.gup.get(user).want < 4),
        mixedConjuncts: { low: (s) => s.n < 4, each: forAll({ user: User }, (s, { user }) => s.holder === user) },
        never: unreachable((s) => s.main === 'stop' && s.n === 3),
        neverAll: unreachable(forAll({ user: User }, (s, { user }) => s.gup.get(user).want === 4)),
        neverBoth: unreachable({
          low: (s) => s.n < 4,
          each: forAll({ user: User }, (s, { user }) => s.holder === user),
        }),
      },
      deadlock: { unless: (s) => s.n === 3 },
      constraints: {
        small: (s) => s.queue.size < 3,
        each: forAll({ user: User }, (s, { user }) => s.gup.get(user).want < 4),
        mixedConjuncts: { low: (s) => s.n < 4, each: forAll({ user: User }, (s, { user }) => s.holder === user) },
        implied: implies(
          (s) => s.n === 0,
          (s) => s.holder === null,
        ),
      },
      measures: {
        queued: (s) => s.queue.size,
        taken: ofStep(({ action, bindings, before, after }) => {
          expectTypeOf(before.holder).toEqualTypeOf<'user1' | 'user2' | null>()
          expectTypeOf(action).toEqualTypeOf<string>()
          return after.n - before.n + Object.keys(bindings).length
        }),
        ...(mode === 'a' && { maybe: (s) => s.n }),
      },
    })
  },
})
const outcome = await check(whole, { constants: { files: 2 } })
expectTypeOf(outcome.verdict).toEqualTypeOf<'holds' | 'violated' | 'incomplete'>()

const Plain = schema({ n: range(0, 3) })
model(Plain, {
  init: Plain(),
  actions: { up: (s) => s.set('n', 1) },
  // @ts-expect-error no such action
  transitions: { never: ({ action }) => action !== 'upp' },
})
model(Plain, {
  init: Plain(),
  // @ts-expect-error an action must return states
  actions: { up: (s) => s.n },
})
model(Plain, {
  init: Plain(),
  // @ts-expect-error no such variable
  goals: { never: unreachable((s) => s.m === 3) },
})
model(Plain, {
  init: Plain(),
  // @ts-expect-error only goals can be unreachable
  invariants: { never: unreachable((s: ReturnType<typeof Plain>) => s.n === 3) },
})
model(Plain, {
  init: Plain(),
  // @ts-expect-error a choice must give states
  actions: { up: (s) => anyOf([1, 2], (n) => s.n + n) },
})
model(Plain, {
  init: Plain(),
  // @ts-expect-error nothing to choose from
  actions: { up: (s) => anySubset(s.n, () => s) },
})
model(Plain, {
  init: Plain(),
  // @ts-expect-error a note is a text
  actions: { up: action((s) => s.set('n', 1), { note: ({ after }) => after.n }) },
})
model(Plain, {
  init: Plain(),
  // @ts-expect-error no such variable
  actions: { up: action((s) => s.set('n', 1), { note: ({ after }) => `${after.m}` }) },
})
model(Plain, {
  init: Plain(),
  actions: { up: (s) => s },
  // @ts-expect-error an invariant must return a boolean
  invariants: { i: (s) => s.n },
})
model(Plain, {
  init: Plain(),
  actions: { up: (s) => s },
  // @ts-expect-error a measure must return a number
  measures: { m: (s) => s.n > 0 },
})
model(Plain, {
  init: Plain(),
  actions: { up: (s) => s },
  // @ts-expect-error no such variable
  measures: { m: ofStep(({ after }) => after.m) },
})
// @ts-expect-error an initial state must be one of the schema's
model(Plain, { init: State(), actions: { up: (s) => s } })
const Threaded = schema({ t: thread('a', 'b') })
// @ts-expect-error a thread of the schema needs a body
model(Threaded, { init: Threaded() })
model(Threaded, {
  init: Threaded(),
  // @ts-expect-error every label needs its steps
  threads: { t: { at: { a: (s) => s } } },
})
model(Threaded, {
  init: Threaded(),
  // @ts-expect-error no such label
  threads: { t: { at: { a: () => goto('c'), b: {} } } },
})
// @ts-expect-error a default must be in the domain
constant(oneOf('a', 'b'), 'c', '')
model(Plain, {
  init: Plain(),
  actions: { up: (s) => s },
  // @ts-expect-error a conjunct of a forAll must return a boolean
  invariants: { i: { each: forAll({ user: User }, (s) => s.n) } },
})
model(Plain, {
  init: Plain(),
  actions: { up: (s) => s },
  invariants: {
    // @ts-expect-error no parameter of that name is bound
    i: forAll({ user: User }, { each: forAll({ block: Block }, (s, { file }) => s.n > file) }),
  },
})
const needsUser = forAll(
  { block: Block },
  (_: ReturnType<typeof Plain>, bound: { block: string }) => bound.block !== '',
)
model(Plain, { init: Plain(), actions: { up: (s) => s }, invariants: { i: needsUser } })
// @ts-expect-error no such fairness
model(Plain, { init: Plain(), actions: { up: action((s) => s, { fair: 'very' }) } })
// @ts-expect-error no such variable
model(Plain, { init: Plain(), actions: { up: action((s) => s.set('m', 1)) } })
// @ts-expect-error no such parameter
action({ user: User }, (s: ReturnType<typeof State>, { file }) => s.set('holder', file))
