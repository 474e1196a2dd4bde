/** The types that the compiler infers for temporal formulas. Never run; see `inference.ts`. */
import { expectTypeOf } from 'vitest'
import {
  always,
  alwaysEventually,
  and,
  enabled,
  eventually,
  eventuallyAlways,
  forAll,
  forEach,
  implies,
  leadsTo,
  mapOf,
  members,
  model,
  not,
  oneOf,
  or,
  range,
  schema,
  steps,
  strong,
  taken,
  thread,
  until,
  weak,
} from 'kripke'

const File = members('file', 2)
const State = schema({
  n: range(0, 3),
  owner: mapOf(File, oneOf('free', 'taken')),
  truncate: thread({ file: File }, 'idle', 'locked'),
})

model(State, {
  init: State(),
  threads: {
    truncate: {
      fair: 'weak',
      unfair: ['idle'],
      at: { idle: (s) => s, locked: (s) => s },
    },
  },
  temporal: {
    // The state type is known in each combinator, at each depth.
    plain: (s) => s.n === 0,
    ends: forAll({ file: File }, ({ file }) => {
      expectTypeOf(file).toEqualTypeOf<'file1' | 'file2'>()
      return leadsTo(
        (s) => {
          expectTypeOf(s.truncate.get(file)).toEqualTypeOf<'idle' | 'locked'>()
          return s.truncate.get(file) !== 'idle'
        },
        (s) => s.truncate.get(file) === 'idle',
      )
    }),
    nested: always(or(not(eventually((s) => s.n > 1)), alwaysEventually(and((s) => s.n > 0, enabled('idle'))))),
    conditional: implies(
      always((s) => s.n === 0),
      (s) => s.n < 3,
    ),
    plainImplies: implies(
      (s) => s.n === 0,
      (s) => s.n < 3,
    ),
    mixed: always(
      implies(
        (s) => s.n === 0,
        eventually((s) => s.owner.get('file1') === 'free'),
      ),
    ),
    steps: until(not(taken(steps('truncate', { file: 'file1' }, { except: ['idle'] }))), (s) => s.n === 1),
    stable: eventuallyAlways(
      forAll(
        { file: File },
        ({ file }) =>
          (s) =>
            s.owner.get(file) === 'free',
      ),
    ),
    nestedForAll: forAll({ file: File }, ({ file }) =>
      forAll({ n: range(0, 1) }, ({ n }) => {
        expectTypeOf(file).toEqualTypeOf<'file1' | 'file2'>()
        expectTypeOf(n).toEqualTypeOf<number>()
        return eventually((s) => s.n > n && s.owner.get(file) === 'free')
      }),
    ),
    implied: implies(
      forAll({ file: File }, ({ file }) => eventually((s) => s.owner.get(file) === 'free')),
      forAll({ file: File }, ({ file }) => eventually((s) => s.owner.get(file) === 'taken')),
    ),
    byOldName: forEach({ file: File }, ({ file }) => {
      expectTypeOf(file).toEqualTypeOf<'file1' | 'file2'>()
      return eventually((s) => s.owner.get(file) === 'free')
    }),
    absent: undefined,
    // @ts-expect-error no such variable
    wrong: eventually((s) => s.m === 0),
    // @ts-expect-error a predicate of the state is not a formula for each binding
    predicate: forAll({ file: File }, (s, { file }) => s.owner.get(file) === 'free'),
    // @ts-expect-error no such parameter is bound
    wrongParameter: forAll({ file: File }, ({ user }) => eventually((s) => s.owner.get(user) === 'free')),
    // @ts-expect-error no such label
    wrongLabel: forAll({ file: File }, ({ file }) => eventually((s) => s.truncate.get(file) === 'gone')),
  },
  fairness: {
    any: weak('idle'),
    each: forAll({ file: File }, ({ file }) => strong(steps('truncate', { file }))),
    under: weak('idle', { when: (s) => s.n > 0 }),
    several: strong('idle', steps('truncate'), { when: (s) => s.owner.get('file1') === 'free' }),
    eachUnder: forAll({ file: File }, ({ file }) =>
      strong(steps('truncate', { file }), { when: (s) => s.owner.get(file) === 'free' }),
    ),
    // @ts-expect-error no such variable
    wrongVariable: weak('idle', { when: (s) => s.m > 0 }),
    // @ts-expect-error a condition is a boolean
    notBoolean: weak('idle', { when: (s) => s.n }),
    // @ts-expect-error no such option
    noOption: weak('idle', { unless: (s) => s.n > 0 }),
    // @ts-expect-error options come last
    notLast: weak({ when: () => true }, 'idle'),
    byOldName: forEach({ file: File }, ({ file }) => strong(steps('truncate', { file }))),
    // @ts-expect-error a formula is not a fairness constraint
    formula: forAll({ file: File }, ({ file }) => eventually((s) => s.owner.get(file) === 'free')),
  },
  invariants: {
    // A predicate, whether or not it uses the bindings.
    one: forAll({ file: File }, (s, { file }) => s.owner.get(file) !== 'free' || s.n < 4),
    unbound: forAll({ file: File }, (s) => s.n < 4),
    nothing: forAll({ file: File }, () => true),
    // @ts-expect-error a formula is not a predicate
    formula: forAll({ file: File }, ({ file }) => eventually((s) => s.owner.get(file) === 'free')),
  },
})

/** The types of bindings are known outside a model too. */
const everyFree = forAll({ file: File }, ({ file }) => {
  expectTypeOf(file).toEqualTypeOf<'file1' | 'file2'>()
  return eventually((s: ReturnType<typeof State>) => s.owner.get(file) === 'free')
})
const everyFair = forAll({ file: File }, ({ file }) => weak(steps('truncate', { file })))
const everyLow = forAll({ file: File }, (s: ReturnType<typeof State>, { file }) => s.owner.get(file) === 'free')
model(State, {
  init: State(),
  threads: { truncate: { at: { idle: (s) => s, locked: (s) => s } } },
  temporal: { everyFree, inside: always(everyFree) },
  fairness: { everyFair },
  invariants: { everyLow },
})

model(State, {
  init: State(),
  // @ts-expect-error no such label
  threads: { truncate: { unfair: ['gone'], at: { idle: (s) => s, locked: (s) => s } } },
})
