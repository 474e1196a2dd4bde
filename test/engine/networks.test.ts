/** `bag(...)` and `channel(...)` as networks of messages. */
import { Set } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  Bag,
  bag,
  bool,
  channel,
  check,
  formatTrace,
  mapOf,
  model,
  range,
  record,
  replay,
  schema,
  spec,
  toItf,
  value,
} from '../../src/index.ts'
import type { CheckerError, CheckOptions, Outcome } from '../../src/index.ts'
import { infoOf } from '../../src/api/info.ts'
import { prepareContext } from '../../src/engine/context.ts'
import { traceDocument } from '../../src/report/json/documents.ts'
import { instantiate } from '../../src/spec/spec.ts'
import { ALL, first } from '../support/amount.ts'
import { bruteForce } from '../support/brute-force.ts'
import { moduleOf } from '../support/module-of.ts'
import pingPong from './ping-pong.ts'

interface Constants {
  readonly network: 'duplicating' | 'reordering' | 'ordered' | 'counts'
  readonly lossy?: boolean
  readonly max: number
  readonly copies?: number
  readonly room?: number
  readonly sparse?: boolean
  readonly symmetric?: boolean
}

const countsOf = async (constants: Constants, options: CheckOptions = {}): Promise<Outcome['states']> =>
  (await check(pingPong, { constants, ...options })).states

const WAYS: readonly CheckOptions[] = [{}, { interpret: true }, { engine: 'symbolic' }]

describe('a network', () => {
  it.each<[Constants, number]>(
    [
      // Stateright, src/actor/model.rs: visits_expected_states, eventually_reaches_max_on_perfect_delivery_network,
      // can_reach_max, maintains_fixed_delta_despite_lossy_duplicating_network.
      [{ network: 'duplicating', lossy: true, max: 1 }, 14],
      [{ network: 'reordering', lossy: false, max: 5 }, 11],
      [{ network: 'duplicating', lossy: false, max: 5 }, 11],
      [{ network: 'ordered', lossy: false, max: 5 }, 11],
      [{ network: 'duplicating', lossy: true, max: 5 }, 4094],
    ].slice(0, ALL ? 5 : 4) as [Constants, number][],
  )('has the published number of states: %j', async (constants, distinct) => {
    for (const options of WAYS) expect((await countsOf(constants, options)).distinct).toBe(distinct)
  })

  it.each<Constants>([
    { network: 'reordering', max: 2, copies: 2, room: 6 },
    { network: 'reordering', max: 2, copies: 3, room: 7, lossy: false },
    { network: 'ordered', max: 3, copies: 2, room: 4 },
  ])('has the states that brute force finds: %j', async (constants) => {
    const { initial, generated, distinct, depth } = bruteForce(instantiate(pingPong, { ...constants }).model)!
    for (const options of WAYS) {
      expect(await countsOf(constants, options)).toEqual({ initial, generated, distinct, depth })
    }
    if (constants.network !== 'reordering') return
    // A map of counts is the same network. So is a bag with slots only for messages that occur.
    expect(await countsOf({ ...constants, network: 'counts' })).toEqual({ initial, generated, distinct, depth })
    expect(await countsOf({ ...constants, sparse: true })).toEqual({ initial, generated, distinct, depth })
  })

  it.each(
    first(2, [{ network: 'reordering' }, { network: 'reordering', sparse: true }, { network: 'ordered' }] as const),
  )('has one state for each orbit: %j', async (network) => {
    const constants = { ...network, max: 2, copies: 2, room: 4, symmetric: true }
    const all = await countsOf(constants, { symmetry: false })
    const orbits = await countsOf(constants)
    // In each state one of the nodes has sent the first message, so no state is its own image.
    expect(orbits).toMatchObject({ initial: 1, distinct: all.distinct / 2, depth: all.depth })
    expect(all.distinct).toBe(2 * (await countsOf({ ...constants, symmetric: false })).distinct)
  })

  it('has a slot for its size and one for each possible message', () => {
    const { layout } = prepareContext(pingPong, { constants: { network: 'reordering', max: 1, room: 3 } })
    const names = layout.slots.map(({ name }) => name).filter((name) => name.startsWith('bag'))
    expect(names).toEqual([
      'bag.size',
      'bag.count({ to: node1, n: 0 })',
      'bag.count({ to: node1, n: 1 })',
      'bag.count({ to: node2, n: 0 })',
      'bag.count({ to: node2, n: 1 })',
    ])
  })

  it('has slots for the messages that random walks find, if they are too many to list', () => {
    const slots = (sparse: boolean) =>
      infoOf(pingPong, { network: 'reordering', lossy: false, max: 2, sparse }).variables.find(
        ({ name }) => name === 'bag',
      )
    expect(slots(false)).toMatchObject({ slots: 7, grows: false })
    // Without loss each of four messages is sent, and one more that has no receiver.
    expect(slots(true)).toMatchObject({ slots: 6, grows: true })
  })

  it('shows, saves and replays bags in traces', async () => {
    const constants = { network: 'reordering', max: 2, copies: 2, room: 4 } as const
    const result = await check(pingPong, { constants })
    const { trace } = result.property('end')
    const { steps } = JSON.parse(JSON.stringify(traceDocument(trace!))) as { steps: { state: { bag: unknown } }[] }
    const ask = { to: 'node2', n: 0 }
    expect(steps[0]!.state.bag).toEqual([ask, ask])
    const itf = toItf(trace!, result) as { states: { bag: unknown }[] }
    expect(itf.states[0]!.bag).toEqual({ '#map': [[{ to: 'node2', n: { '#bigint': '0' } }, { '#bigint': '2' }]] })
    expect(replay(pingPong, itf, {}).divergence).toBeUndefined()
    itf.states[1]!.bag = itf.states[0]!.bag
    expect(replay(pingPong, itf, {}).divergence).toBeDefined()
    expect(formatTrace(trace!)).toMatch(/bag +\+\{ to: node1, n: 0 \} \+\{ to: node1, n: 0 \} -\{ to: node2, n: 0 \}/)
  })
})

describe('a network without room', () => {
  const Message = record({ n: range(1, 2) })
  const State = schema({ bag: bag(Message, 2), channel: mapOf(bool(), channel(Message, 2)) })
  type S = ReturnType<typeof State>
  const one = Message({ n: 1 })
  const sends = {
    bag: (s: S) => s.set('bag', s.bag.add(one)),
    'a filtered bag': (s: S) => s.set('bag', s.bag.filter(({ n }) => n === 1).add(one)),
    channel: (s: S) => s.updateIn(['channel', true], (sent) => sent.push(one)),
  }

  it.each(Object.entries(sends))('refuses another message: %s (KR302)', async (of, send) => {
    const full = spec({ name: 'full', model: () => model(State, { init: State(), actions: { send } }) })
    for (const options of WAYS) {
      const failure = await check(full, options).then(
        () => undefined,
        (thrown: unknown) => thrown as CheckerError,
      )
      expect(failure).toMatchObject({ code: 'KR302' })
      expect(failure!.message).toMatch(of === 'channel' ? /a list of length 3/ : /a bag of size 3/)
      expect(failure!.hint).toContain(of === 'channel' ? 's.channel.get(true).size < 2' : 's.bag.size < 2')
    }
  })

  it.each([
    ['another value', Set([one])],
    ['an array', [one]],
    ['a bag with another element', Bag([Message({ n: 1 }), 1])],
  ])('refuses %s as a bag (KR302)', async (_, wrong) => {
    const actions = { send: (s: S) => s.set('bag', wrong as never) }
    const other = spec({ name: 'other', model: () => model(State, { init: State(), actions }) })
    for (const options of WAYS) {
      await expect(check(other, options)).rejects.toMatchObject({ code: 'KR302' })
    }
  })

  it('has at least room for one message, and a domain whose values have positions (KR204)', () => {
    for (const wrong of [() => bag(Message, 0), () => channel(Message, 1.5), () => bag(value(0), 2)]) {
      expect(wrong).toThrow(expect.objectContaining({ code: 'KR204' }))
    }
    expect(() => bag(record({ a: range(0, 2 ** 24), b: range(0, 2 ** 24) }), 2)).not.toThrow()
  })
})

describe('several workers', () => {
  it.each<Constants>(
    first(1, [
      { network: 'reordering', max: 3, copies: 2, room: 6 },
      { network: 'reordering', max: 3, copies: 2, room: 6, sparse: true },
      { network: 'ordered', max: 3, copies: 2, room: 4 },
    ]),
  )('count the same: %j', async (constants) => {
    const module = await moduleOf(`export { default } from './engine/ping-pong.ts'`)
    const built = (await import(new URL('../../dist/index.js', import.meta.url).href)) as { check: typeof check }
    const { default: spec } = (await import(module)) as { default: typeof pingPong }
    const run = async (options: CheckOptions): Promise<Outcome['states']> =>
      (await built.check(spec, { module, constants, ...options })).states
    const alone = await run({})
    for (const workers of ALL ? [2, 3] : [2]) expect(await run({ workers, tuning: { parallelFrom: 1 } })).toEqual(alone)
  })
})
