/**
 * `messages(...)`: sets with slots only for the elements that occur. Everything that a user sees is the same as for
 * `setOf(...)`, which has a slot for each possible element.
 */
import { List, Set as ValueSet } from 'immutable'
import { describe, expect, it } from 'vitest'
import messageSets from '../../bench/cliffs/message-sets.ts'
import {
  action,
  check,
  graph,
  mapOf,
  members,
  messages,
  model,
  range,
  record,
  refines,
  replay,
  schema,
  simulate,
  spec,
  toItf,
} from '../../src/index.ts'
import type { CheckOptions, Outcome } from '../../src/index.ts'
import { positionIn, valueAt } from '../../src/spec/domain-index.ts'
import { layOut } from '../../src/state/layout.ts'
import { closedUnderSymmetry } from '../../src/state/symmetry/closure.ts'
import { prepareContext } from '../../src/engine/context.ts'
import { untilAllElementsAreKnown } from '../../src/engine/growth.ts'
import { explore } from '../../src/engine/explore.ts'
import { checkDocument } from '../../src/report/json/documents.ts'
import { instantiate, type AnySpec } from '../../src/spec/spec.ts'
import { bruteForce } from '../support/brute-force.ts'
import { first, itInAll } from '../support/amount.ts'
import { moduleOf } from '../support/module-of.ts'
import tokens from './tokens.ts'

type Constants = { readonly [name: string]: string | number | boolean }

const HIDDEN = new Set(
  'seconds bytesPerState peakMemoryBytes workers specCalls constants evaluation treeNodes slotsRead engine profile'.split(
    ' ',
  ),
)

/** What a user sees, without what measures work or names the shape of the sets. */
function visible(it: unknown): unknown {
  return JSON.parse(JSON.stringify(it, (key, part: unknown) => (HIDDEN.has(key) ? undefined : part)))
}

const told = (outcome: Outcome): unknown => visible(checkDocument(outcome, { peakMemoryBytes: 0 }))

const checked = async (spec: AnySpec, constants: Constants, options: CheckOptions = {}): Promise<unknown> =>
  told(await check(spec, { constants: constants as never, ...options }))

const CASES: readonly Constants[] = [{ hops: 1 }, { hops: 1, bug: true }, { hops: 2, bug: true }, { hops: 2 }]

describe('a model with messages', () => {
  it.each(first(2, CASES))(
    'has the results of the model with sets, in both engines and evaluators: %j',
    async (constants) => {
      const dense = await checked(tokens, { ...constants, sparse: false })
      const { model } = instantiate(tokens, { ...constants, sparse: false })
      const { initial, generated, distinct, depth } = bruteForce(model)!
      const isWhole = constants['bug'] !== true
      if (isWhole) expect(dense).toMatchObject({ states: { initial, generated, distinct, depth } })
      for (const options of [{}, { interpret: true }, { engine: 'symbolic' }] as const) {
        const own = options as CheckOptions
        const expected = 'engine' in options ? await checked(tokens, { ...constants, sparse: false }, own) : dense
        expect(await checked(tokens, { ...constants, sparse: true }, own)).toEqual(expected)
      }
    },
  )

  it('has the results of the model with sets under symmetry', async () => {
    for (const constants of first(1, [{ hops: 1 }, { hops: 2 }, { hops: 2, bug: true }])) {
      const [dense, sparse, all] = await Promise.all([
        checked(tokens, { ...constants, sparse: false, symmetric: true }),
        checked(tokens, { ...constants, sparse: true, symmetric: true }),
        checked(tokens, { ...constants, sparse: true, symmetric: true }, { symmetry: false }),
      ])
      expect(sparse).toEqual(dense)
      const count = (it: unknown): number => (it as Outcome).states.distinct
      expect(count(sparse)).toBeLessThan(count(all))
    }
  })

  it('begins again when it meets a message that discovery did not find', async () => {
    const constants = { late: 600 }
    let attempts = 0
    const layouts: number[] = []
    await untilAllElementsAreKnown({}, async (options) => {
      attempts++
      const { exploration } = await explore({ spec: tokens, options: { ...options, constants } })
      layouts.push(exploration.layout.bits)
    })
    expect(attempts).toBeGreaterThan(1)
    expect(layouts).toHaveLength(1)
    const sparse = await check(tokens, { constants })
    expect(sparse.states).toEqual({ initial: 1, generated: 1801, distinct: 1801, depth: 1801 })
    expect(sparse.property('far').result).toBe('reached')
    const { trace } = sparse.property('far')
    expect(trace?.steps).toHaveLength(1801)
    expect((trace!.steps.at(-1)!.state as any).late.toArray().sort((a: number, b: number) => a - b)).toEqual([
      11_980, 23_980, 35_980,
    ])
    const { states } = await check(tokens, { constants, interpret: true })
    expect(states).toEqual(sparse.states)
  })

  itInAll('begins again less often, because discovery goes on from the state that stopped an attempt', async () => {
    let attempts = 0
    await untilAllElementsAreKnown({}, async (options) => {
      attempts++
      const constants = { sent: 'messages', ballots: 3 }
      await explore({ spec: messageSets, options: { ...options, constants, maxStates: 20_000 } })
    })
    // 9 if it begins in initial states only.
    expect(attempts).toBeLessThan(6)
  })

  it('takes room only for messages that occur', async () => {
    let bits = 0
    await untilAllElementsAreKnown({}, async (options) => {
      bits = (await explore({ spec: messageSets, options: { ...options, constants: { sent: 'messages' } } }))
        .exploration.layout.bits
    })
    const dense = prepareContext(messageSets, { constants: { sent: 'together' } }).layout.bits
    // By brute force, 30 of 288 messages are sent.
    expect(dense - bits).toBe(288 - 30)
  })

  it('simulates, replays and draws like the model with sets', async () => {
    const both = [false, true].map((sparse) => ({ hops: 1, bug: true, sparse }))
    const [dense, sparse] = await Promise.all(
      both.map(async (constants) => {
        const simulated = await simulate(tokens, { constants, runs: 50, seed: 3 })
        const outcome = await check(tokens, { constants })
        const { trace } = outcome.property('off')
        const itf = toItf(trace!, outcome)
        const { divergence, trace: again } = replay(tokens, itf, {})
        expect(divergence).toBeUndefined()
        expect(again.steps).toHaveLength(trace!.steps.length)
        const drawn = graph(tokens, { constants: { ...constants, hops: 1 }, project: ['holder', 'last'] })
        return visible([simulated, drawn.nodes, drawn.edges, drawn.states])
      }),
    )
    expect(sparse).toEqual(dense)
  })
})

describe('the elements of sparse sets', () => {
  it('are closed under exchanges of symmetric members, in the elements and in the places', () => {
    const Node = members('n', 3, { symmetric: true })
    const Ask = record({ by: Node, to: Node })
    const { shape } = layOut(schema({ inbox: mapOf(Node, messages(Ask)) }) as never)
    const sets = [{ label: 'n', names: [...Node] }]
    const elements = [[positionIn(Ask, Ask({ by: 'n2', to: 'n1' }))], [], []]
    const asks = closedUnderSymmetry(shape, sets, elements).map((positions) =>
      positions.map((position) => valueAt(Ask, position)),
    )
    // In the inbox of a node: questions by each other node.
    const expected = Node.map((to) => Node.filter((by) => by !== to).map((by) => Ask({ by, to })))
    expect(asks.map(List)).toEqual(expected.map(List))
    expect(closedUnderSymmetry(shape, [], elements)).toEqual(elements)
  })
})

describe('several workers', () => {
  it.each<[string, Constants]>(
    first(1, [
      ['tokens', { hops: 1 }],
      ['tokens', { hops: 2, symmetric: true }],
      ['tokens', { hops: 2, bug: true }],
      ['tokens', { late: 500 }],
    ]),
  )('find the same messages: %s %j', async (name, constants) => {
    const module = await moduleOf(`export { default } from './engine/${name}.ts'`)
    const built = (await import(new URL('../../dist/index.js', import.meta.url).href)) as { check: typeof check }
    const { default: spec } = (await import(module)) as { default: AnySpec }
    const run = async (options: CheckOptions): Promise<unknown> =>
      told(await built.check(spec, { module, constants: constants as never, ...options }))
    const alone = await run({})
    for (const workers of [2, 3]) expect(await run({ workers, tuning: { parallelFrom: 1 } })).toEqual(alone)
  })

  itInAll('find all messages of consensus', async () => {
    const module = await moduleOf(`export { default } from '../bench/cliffs/message-sets.ts'`)
    const built = (await import(new URL('../../dist/index.js', import.meta.url).href)) as { check: typeof check }
    const { default: spec } = (await import(module)) as { default: AnySpec }
    const { states } = await built.check(spec, { module, workers: 2, tuning: { parallelFrom: 16 } })
    expect(states.distinct).toBe(3921)
  })
})

describe('a spec that refines a spec with messages', () => {
  it('is compared with it over all possible messages', async () => {
    const Value = range(0, 3)
    const Abstract = schema({ sent: messages(Value) })
    const abstract = spec({
      name: 'abstract',
      model: () =>
        model(Abstract, {
          init: Abstract(),
          actions: { send: action({ n: Value }, (s, { n }) => s.update('sent', (sent) => sent.add(n))) },
          deadlock: false,
        }),
    })
    const Concrete = schema({ n: range(0, 3) })
    const concrete = spec({
      name: 'concrete',
      model: () =>
        model(Concrete, {
          init: Concrete(),
          actions: { up: (s) => (s.n < 3 ? s.set('n', s.n + 1) : undefined) },
          deadlock: false,
          refinements: {
            sends: refines(abstract, (s) => Abstract({ sent: ValueSet(Array.from({ length: s.n }, (_, n) => n)) })),
          },
        }),
    })
    expect((await check(concrete)).verdict).toBe('holds')
  })
})
