/** The types that the compiler infers for aliases. Never run; see `inference.ts`. */
import { expectTypeOf } from 'vitest'
import { model, oneOf, range, schema } from 'kripke'

const State = schema({ n: range(0, 3), phase: oneOf('idle', 'busy') })

model(State, {
  init: State(),
  actions: { up: (s) => s },
  alias: (s, { action, bindings, before, index }) => {
    expectTypeOf(s.phase).toEqualTypeOf<'idle' | 'busy'>()
    expectTypeOf(before.n).toEqualTypeOf<number>()
    expectTypeOf(action).toEqualTypeOf<string>()
    expectTypeOf(bindings).toEqualTypeOf<{ readonly [name: string]: unknown }>()
    return { n: s.n, index, last: s.n === 3 ? 'yes' : undefined }
  },
})
model(State, { init: State(), actions: { up: (s) => s }, alias: ({ n }) => ({ n }) })

// @ts-expect-error no such variable
model(State, { init: State(), actions: { up: (s) => s }, alias: (s) => ({ n: s.m }) })
// @ts-expect-error a value without a name
model(State, { init: State(), actions: { up: (s) => s }, alias: (s) => s.n })
// @ts-expect-error the first argument is the state
model(State, { init: State(), actions: { up: (s) => s }, alias: ({ before }) => ({ n: before.n }) })
