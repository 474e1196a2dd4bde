/* oxlint-disable vitest/no-standalone-expect -- only compiled, never run */
/** What the compiler knows of a spec's constants, properties and states when a program checks it. Never run. */
import type { Set } from 'immutable'
import 'kripke/vitest'
import { expect, expectTypeOf } from 'vitest'
import {
  always,
  assertHolds,
  assertReaches,
  assertViolates,
  bench,
  bool,
  check,
  compare,
  constant,
  eventually,
  formatResult,
  formatTrace,
  graph,
  model,
  oneOf,
  range,
  replay,
  schema,
  setOf,
  simulate,
  spec,
  toHtml,
  toItf,
  toMermaid,
  type AnySpec,
  type CheckOptions,
  type CheckResult,
  type PropertyReport,
  type Trace,
} from 'kripke'

const lookup = spec({
  name: 'lookup',
  constants: {
    get: constant(oneOf('plain', 'unless-zero'), 'plain', 'how a lookup takes its reference'),
    tasks: constant(range(1, 4), 2, 'how many'),
    late: constant(bool(), false, 'whether'),
  },
  model: ({ get }) => {
    const State = schema({ refs: range(0, 3), held: setOf(oneOf('a', 'b')) })
    return model(State, {
      init: State(),
      actions: { up: (s) => s.set('refs', s.refs + 1) },
      invariants: {
        few: (s) => s.refs < 3,
        ...(get === 'plain' && { none: (s: ReturnType<typeof State>) => s.held.isEmpty() }),
      },
      transitions: { grows: ({ before, after }) => before.refs < after.refs },
      goals: { three: (s) => s.refs === 3 },
      temporal: { ends: eventually((s) => s.refs === 3), small: always((s) => s.refs < 4) },
    })
  },
})
type Names = 'few' | 'none' | 'grows' | 'three' | 'ends' | 'small' | 'deadlock'

const result = await check(lookup, { constants: { get: 'unless-zero', tasks: 3 }, properties: ['few', 'deadlock'] })
expectTypeOf(result.properties[0]!.name).toEqualTypeOf<Names>()
expectTypeOf(result.traces[0]!.steps[0]!.state.refs).toEqualTypeOf<number>()
expectTypeOf(result.traces[0]!.steps[0]!.state.held).toEqualTypeOf<Set<'a' | 'b'>>()
expectTypeOf(result.property('none').result).toEqualTypeOf<PropertyReport['result']>()
expectTypeOf(result.property('few').trace!.steps[0]!.state.refs).toEqualTypeOf<number>()
expectTypeOf(result).toExtend<CheckResult>()
expectTypeOf(formatResult(result)).toEqualTypeOf<string>()
expectTypeOf(formatTrace(result.traces[0]!, { color: true })).toEqualTypeOf<string>()
expectTypeOf(toMermaid(result.traces[0]!, result)).toEqualTypeOf<string>()
expectTypeOf(toHtml(result.traces, result)).toEqualTypeOf<string>()
expectTypeOf(toItf(result.traces[0]!, result)).toEqualTypeOf<object>()
expectTypeOf(result.states.generated).toEqualTypeOf<number | undefined>()
expectTypeOf(result.traces[0]!.loop).toEqualTypeOf<number | undefined>()

// @ts-expect-error no such constant
await check(lookup, { constants: { gett: 'unless-zero' } })
// @ts-expect-error no such value
await check(lookup, { constants: { get: 'unles-zero' } })
// @ts-expect-error a number, not its text
await check(lookup, { constants: { tasks: '3' } })
// @ts-expect-error no such property
await check(lookup, { properties: ['fewer'] })
// @ts-expect-error no such property
result.property('fewer')
// @ts-expect-error no such variable
void result.traces[0]!.steps[0]!.state.reffs
// @ts-expect-error an option of how engines work, which belongs in tuning
await check(lookup, { parallelFrom: 1 })
await check(lookup, { tuning: { parallelFrom: 1 } })

const { variants, vary } = await compare(lookup, {
  vary: [{ constant: 'get', values: ['plain'] }, { constant: 'late' }],
})
expectTypeOf(vary).toEqualTypeOf<readonly ('get' | 'tasks' | 'late')[]>()
expectTypeOf(variants[0]!.varied.get).toEqualTypeOf<'plain' | 'unless-zero' | undefined>()
expectTypeOf(variants[0]!.outcome!.property('few').trace).toExtend<Trace | undefined>()
// @ts-expect-error no such constant
await compare(lookup, { vary: [{ constant: 'gett' }] })
// @ts-expect-error a value of another constant
await compare(lookup, { vary: [{ constant: 'tasks', values: ['plain'] }] })

await bench(lookup, { sweeps: [{ constant: 'tasks', values: [1, 2, 3] }] })
// @ts-expect-error no such constant
await bench(lookup, { sweeps: [{ constant: 'task', values: [1, 2, 3] }] })
// @ts-expect-error a value of another constant
await bench(lookup, { sweeps: [{ constant: 'get', values: [1, 2, 3] }] })

const walked = await simulate(lookup, { constants: { late: true }, runs: 10 })
expectTypeOf(walked.property('few').trace!.steps[0]!.state.refs).toEqualTypeOf<number>()
// @ts-expect-error no such constant
await simulate(lookup, { constants: { latest: true } })
// @ts-expect-error no such constant
replay(lookup, '{}', { constants: { latest: true } })
// @ts-expect-error no such property
graph(lookup, { properties: ['fewer'] })

const bare = spec({
  name: 'bare',
  model: () => model(schema({ n: range(0, 1) }), { init: schema({ n: range(0, 1) })() }),
})
// @ts-expect-error the spec has no constants
await check(bare, { constants: { n: 1 } })
// @ts-expect-error the spec has no property but deadlock
await check(bare, { properties: ['safe'] })

/** A function that takes any spec takes a typed one, with options that name anything. */
async function anyOf(given: AnySpec, options: CheckOptions = { constants: { what: 3 }, properties: ['ever'] }) {
  return (await check(given, options)).property('ever').trace
}
await anyOf(lookup)

await expect(lookup).toHold({ constants: { get: 'unless-zero' } })
await expect(lookup).toViolate('few', { steps: 4, constants: { tasks: 3 } })
await expect(lookup).toReach('three')
await assertHolds(lookup, { constants: { late: true } })
expectTypeOf((await assertViolates(lookup, 'few')).traces[0]!.steps[0]!.state.refs).toEqualTypeOf<number>()
// @ts-expect-error no such value
await expect(lookup).toHold({ constants: { get: 'unles-zero' } })
// @ts-expect-error no such property
await expect(lookup).toViolate('fewer')
// @ts-expect-error no such option
await expect(lookup).toReach('three', { stps: 4 })
// @ts-expect-error no such property
await assertReaches(lookup, 'four')
