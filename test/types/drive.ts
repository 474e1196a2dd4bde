/** The types that the compiler infers for tests of systems. Never run; see `inference.ts`. */
import fc from 'fast-check'
import { action, constant, mapOf, members, model, range, schema, spec, thread, type AnySpec } from 'kripke'
import { drive, driveConcurrently, refused, type Driven, type DrivenConcurrently } from 'kripke/drive'
import { commands } from 'kripke/fast-check'
import { expectTypeOf } from 'vitest'

const Key = members('key', 2)
const State = schema({ values: mapOf(Key, range(0, 3)), writes: range(0, 9) })
const store = spec({
  name: 'store',
  constants: { most: constant(range(1, 9), 3) },
  model: () =>
    model(State, {
      init: State(),
      actions: {
        put: action({ key: Key }, (s, { key }) => s.setIn(['values', key], 1)),
        flush: (s) => s,
      },
    }),
})

class Store {
  readonly values: { [key: string]: number } = {}
}

const driver = {
  setup: () => new Store(),
  actions: { put: (it: Store) => void it, flush: () => {} },
}

expectTypeOf(await drive(store, driver)).toEqualTypeOf<Driven>()
expectTypeOf(await driveConcurrently(store, driver)).toEqualTypeOf<DrivenConcurrently>()

// The system is what setup gives, and states are those of the spec.
await drive(store, {
  setup: async () => await Promise.resolve(new Store()),
  constants: { most: 4 },
  actions: {
    put: (it, { key }) => {
      expectTypeOf(it).toEqualTypeOf<Store>()
      it.values[key as string] = 1
      return refused
    },
  },
  hidden: ['flush'],
  observe: (it) => ({ values: it.values }),
  results: {
    put: (before, _, after) => {
      expectTypeOf(before.writes).toEqualTypeOf<number>()
      return before.values.get('key1') === after.values.get('key2')
    },
  },
})

// @ts-expect-error no such action
await drive(store, { ...driver, actions: { ...driver.actions, get: () => {} } })
// @ts-expect-error no such action
await drive(store, { ...driver, hidden: ['flsh'] })
// @ts-expect-error no such action
await drive(store, { ...driver, skip: ['get'] })
// @ts-expect-error no such action
await drive(store, { ...driver, results: { get: () => 1 } })
// @ts-expect-error no such variable
await drive(store, { ...driver, observe: () => ({ value: 1 }) })
// @ts-expect-error no such constant
await drive(store, { ...driver, constants: { least: 1 } })
// @ts-expect-error random walks need a seed
await drive(store, { ...driver, paths: { walks: 1, steps: 2 } })
// @ts-expect-error a system is set up
await drive(store, { actions: {} })
// @ts-expect-error the actions take another system
await drive(store, { ...driver, setup: () => 'store' })
// @ts-expect-error the test makes no choices in a concurrent run
await driveConcurrently(store, { setup: () => new Store(), actions: {}, chosenByTest: ['put'] })
// @ts-expect-error no such action
await driveConcurrently(store, { ...driver, actions: { get: () => {} } })

const { arbitraries, run } = commands(store, driver)
await fc.assert(fc.asyncProperty(fc.commands(arbitraries), run))
// @ts-expect-error no such action
commands(store, { ...driver, hidden: ['flsh'] })

// Threads add names, so any name may be one.
const Threads = schema({ task: thread('start', 'end') })
const threads = spec({
  name: 'threads',
  model: () => model(Threads, { init: Threads(), threads: { task: { at: { start: (s) => s, end: {} } } } }),
})
await drive(threads, { setup: () => ({}), actions: { 'task.start': () => {} } })

/** A function that takes any spec gives it to drive. */
async function driveAny(given: AnySpec): Promise<Driven> {
  return await drive(given, { setup: () => ({}), actions: { any: () => {} }, observe: () => ({ all: 1 }) })
}
await driveAny(store)
