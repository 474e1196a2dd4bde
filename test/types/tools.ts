/** The types that the compiler infers for replays and graphs. Never run; see `inference.ts`. */
import { expectTypeOf } from 'vitest'
import {
  graph,
  model,
  range,
  replay,
  schema,
  spec,
  type Divergence,
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
