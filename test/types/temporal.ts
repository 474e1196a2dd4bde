/** What the compiler knows of temporal formulas. Never run, as `inference.ts` is not. */
import { expectTypeOf } from 'vitest'
import {
  always,
  alwaysEventually,
  and,
  enabled,
  eventually,
  eventuallyAlways,
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
    // The state is known in every combinator, at every depth.
    plain: (s) => s.n === 0,
    ends: forEach({ file: File }, ({ file }) => {
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
      forEach(
        { file: File },
        ({ file }) =>
          (s) =>
            s.owner.get(file) === 'free',
      ),
    ),
    absent: undefined,
    // @ts-expect-error no such variable
    wrong: eventually((s) => s.m === 0),
    // @ts-expect-error no such label
    wrongLabel: forEach({ file: File }, ({ file }) => eventually((s) => s.truncate.get(file) === 'gone')),
  },
  fairness: {
    any: weak('idle'),
    each: forEach({ file: File }, ({ file }) => strong(steps('truncate', { file }))),
  },
})

model(State, {
  init: State(),
  // @ts-expect-error no such label
  threads: { truncate: { unfair: ['gone'], at: { idle: (s) => s, locked: (s) => s } } },
})
