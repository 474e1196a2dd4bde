/** The types that the compiler infers for replays and graphs. Never run; see `inference.ts`. */
import { expectTypeOf } from 'vitest'
import {
  conform,
  graph,
  logMap,
  model,
  range,
  replay,
  schema,
  spec,
  type ConformResult,
  type Deviation,
  type Divergence,
  type FtraceEntry,
  type Graph,
  type GraphStep,
  type Replay,
  type Trace,
} from 'kripke'

const State = schema({ n: range(0, 3) })
const counter = spec({ name: 'counter', model: () => model(State, { init: State(), actions: { up: (s) => s } }) })

const replayed = replay(counter, '{}')
// @ts-expect-error the spec has no constants
replay(counter, '{}', { constants: { most: 2 } })
expectTypeOf(replayed).toEqualTypeOf<Replay>()
expectTypeOf(replayed.trace).toEqualTypeOf<Trace>()
expectTypeOf(replayed.divergence).toEqualTypeOf<Divergence | undefined>()
expectTypeOf(replay(counter, JSON.parse('{}') as object).divergence?.step).toEqualTypeOf<number | undefined>()
// @ts-expect-error a trace is text or parsed JSON
replay(counter, 3)
// @ts-expect-error a replay needs a spec
replay('{}')

const drawn = graph(counter, { project: ['n'], maxStates: 10 })
expectTypeOf(drawn).toEqualTypeOf<Graph>()
expectTypeOf(drawn.edges[0]!.by).toEqualTypeOf<readonly GraphStep[]>()
expectTypeOf(drawn.nodes[0]!.violated).toEqualTypeOf<ReadonlyMap<string, number>>()
// @ts-expect-error no such option
graph(counter, { projects: ['n'] })

const followed = conform(counter, [{ action: 'up', observes: { n: 1 } }])
expectTypeOf(followed).toEqualTypeOf<ConformResult>()
expectTypeOf(followed.deviation).toEqualTypeOf<Deviation | undefined>()
conform(counter, '{"action":"up"}', { hidden: ['*'], maxHidden: 3, format: 'ndjson' })
// @ts-expect-error the spec has no constants
conform(counter, [], { constants: { most: 2 } })
// @ts-expect-error no such option
conform(counter, [], { hide: ['up'] })

logMap({
  format: 'ftrace',
  memory: () => ({ pids: [] as number[] }),
  event: (entry, { pids }) => {
    expectTypeOf(entry).toEqualTypeOf<FtraceEntry>()
    expectTypeOf(pids).toEqualTypeOf<number[]>()
    return { action: entry.event, bindings: { task: entry.fields['task'] } }
  },
})
const map = logMap({ event: ({ n }: { readonly n: number }) => (n > 0 ? [{ action: 'up' }] : undefined) })
conform(counter, [{ n: 1 }], { map })
// @ts-expect-error an event has no such field
logMap({ event: () => ({ act: 'up' }) })
