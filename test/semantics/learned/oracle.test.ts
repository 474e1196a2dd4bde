import { is, List, Map } from 'immutable'
import { describe, expect, it } from 'vitest'
import {
  action,
  bool,
  check,
  listOf,
  mapOf,
  members,
  model,
  oneOf,
  range,
  schema,
  setOf,
  spec,
  type Outcome,
} from '../../../src/index.ts'
import { bruteForce } from '../../support/brute-force.ts'
import type { Model } from '../../../src/spec/model.ts'

const Item = members('item', 3)
const State = schema({
  n: range(0, 5),
  held: setOf(Item),
  where: mapOf(Item, oneOf('here', 'there')),
})

function run(it: Model, options: Parameters<typeof check>[1] = {}): Promise<Outcome> {
  return check(spec({ name: 'taught', model: () => it }), options)
}

describe('learned answers are checked: Kripke', () => {
  it.each([
    ['a counter outside', () => outside.count++ % 3 === 0],
    ['Math.random()', () => Math.random() < 0.5],
    ['Date.now()', () => Date.now() % 2 === 0],
    ['new Date()', () => new Date().getTime() % 2 === 0],
    ['performance.now()', () => performance.now() % 2 < 1],
  ])('reports an action that depends on %s by name (KR502)', async (_, coin) => {
    const it = model(State, {
      init: State(),
      actions: { honest: (s) => s.set('n', 1), tossed: (s) => (s.n < 5 && coin() ? s.set('n', s.n + 1) : undefined) },
    })
    await expect(run(it)).rejects.toMatchObject({ code: 'KR502', message: expect.stringContaining('action "tossed"') })
  })

  it('reports an invariant that depends on the clock by name (KR502)', async () => {
    const it = model(State, {
      init: State(),
      actions: { tick: (s) => (s.n < 5 ? s.set('n', s.n + 1) : undefined) },
      invariants: { punctual: (s) => s.n < Date.now() },
    })
    await expect(run(it)).rejects.toMatchObject({ code: 'KR502', message: expect.stringContaining('"punctual"') })
    await expect(run(it, { interpret: true })).rejects.toMatchObject({ code: 'KR502' })
  })

  it('restores the clock after a spec', async () => {
    await run(model(State, { init: State(), actions: { stay: (s) => s } }))
    expect([typeof Date.now(), new Date().getTime() > 0, Math.random() < 1]).toEqual(['number', true, true])
  })

  it('evaluates a comparison of identities by reference, reports it, and gets it right', async () => {
    const it = model(State, {
      init: State(),
      actions: {
        // immutable.js returns the same set if nothing changed: a question answered without reading.
        take: action({ item: Item }, (s, { item }) => {
          const held = s.held.add(item)
          return held === s.held ? undefined : s.set('held', held)
        }),
        drop: (s) => (s.held.size === 3 ? s.set('held', s.held.clear()) : undefined),
      },
    })
    const { states, warnings, actions } = await run(it)
    const { generated, distinct, depth } = bruteForce(it)!
    expect(states).toMatchObject({ generated, distinct, depth })
    expect(warnings).toMatchObject([{ code: 'interpreted', name: 'take' }])
    expect(actions.map(({ evaluation }) => evaluation)).toEqual(['interpreted', 'learned'])
  })

  it('also compares with reference evaluation on the same state: a comparison of identities is detected at once', async () => {
    const Wide = schema({ by: mapOf(oneOf('a', 'b'), range(0, 60_000)), k: range(0, 2000) })
    const it = model(Wide, {
      init: Wide(),
      actions: { go: (s) => (s.k < 2000 ? s.set('k', s.k + 1).setIn(['by', 'a'], 1) : undefined) },
      // Writing the present value gives the same map: false in the initial state, and almost nowhere else.
      invariants: { changes: (s) => s.by.set('a', 0) !== s.by },
      deadlock: false,
    })
    const { properties, warnings } = await run(it)
    expect(properties).toMatchObject([{ name: 'changes', result: 'violated', trace: 0 }])
    expect(warnings).toMatchObject([{ code: 'interpreted', name: 'changes' }])
  })

  it('reports a function as impure if it reads the same and continues differently (KR502)', async () => {
    let calls = 0
    const Two = schema({ a: range(0, 3), b: range(0, 3), c: range(0, 3) })
    const it = model(Two, {
      init: Two(),
      actions: {
        shift: (s) => s.update('c', (c) => (c + 1) % 4),
        moody: (s) =>
          ++calls > 3 ? (s.b > 0 ? s.set('a', 0) : s.set('b', 1)) : s.c > 0 ? s.set('a', 0) : s.set('b', 1),
      },
      deadlock: false,
    })
    await expect(run(it)).rejects.toMatchObject({ code: 'KR502', message: expect.stringContaining('"moody"') })
  })

  it('does not report a function as impure because immutable.js caches hashes', async () => {
    const list = schema({ list: listOf(range(1, 2), 1), n: range(1, 2) })
    const held = Map({ k: 1 })
    const it = model(list, {
      init: list({ list: List([1]) }),
      actions: {
        compare: (s) => {
          if (is(held, s.list) || s.n === 2) return undefined
          held.hashCode()
          return s.set('n', 2)
        },
      },
    })
    expect(await run(it)).toMatchObject({ states: { distinct: 2 } })
  })

  it('stops learning where it does not pay, reports it, and continues by reference', async () => {
    const Wide = schema({ bits: setOf(range(0, 13)) })
    const it = model(Wide, {
      init: Wide(),
      actions: {
        flip: action({ bit: range(0, 13) }, (s, { bit }) =>
          s.set('bits', s.bits.has(bit) ? s.bits.delete(bit) : s.bits.add(bit)),
        ),
        // Reads everything, so each state is a separate path.
        sum: (s) => (s.bits.reduce((total, bit) => total + bit, 0) === 91 ? s.set('bits', s.bits.clear()) : undefined),
      },
    })
    const { states, actions, warnings } = await run(it)
    expect(states).toMatchObject({ distinct: 2 ** 14, generated: 1 + 14 * 2 ** 14 + 2 })
    expect(actions[1]).toMatchObject({ evaluation: 'interpreted', slotsRead: 14 })
    expect(warnings[0]?.text).toMatch(/reads 14 of 14 slots in too many combinations/)
  })

  it('calls the spec hardly more often than reference evaluation alone where learning does not pay', async () => {
    const Bit = range(0, 9)
    const Wide = schema({ bits: setOf(Bit) })
    const it = model(Wide, {
      init: Wide(),
      actions: {
        // Reads everything, so each state is a separate path of each instance.
        flip: action({ bit: Bit }, (s, { bit }) =>
          s.set('bits', s.bits.reduce((sum, one) => sum + one, bit) > bit + 45 ? s.bits.clear() : s.bits.add(bit)),
        ),
      },
      invariants: { bounded: (s) => s.bits.size <= 10 },
      deadlock: false,
    })
    const [learned, reference] = [await run(it, { workers: 1 }), await run(it, { workers: 1, interpret: true })]
    expect(learned.states).toEqual(reference.states)
    expect(learned.specCalls).toBeLessThan(1.15 * reference.specCalls!)
  })

  it('checks an invariant after every step if some of its states were evaluated by reference', async () => {
    const bits = range(1, 10)
    const Wide = schema({ bits: setOf(bits), raised: bool() })
    const it = model(Wide, {
      init: Wide(),
      actions: {
        add: action({ bit: bits }, (s, { bit }) => s.set('bits', s.bits.add(bit))),
        raise: (s) => s.set('raised', true),
      },
      // Reads `raised` in one of 1,024 fillings, whose path is probably never learned.
      invariants: { never: (s) => s.bits.reduce((sum, bit) => sum + bit, 0) !== 54 || !s.raised },
      deadlock: false,
    })
    for (const interpret of [false, true])
      expect(await run(it, { interpret })).toMatchObject({ verdict: 'violated', traces: [{ steps: { length: 11 } }] })
  })

  it('learns again once paths are taken again', async () => {
    const beats = 150
    const Wide = schema({ bits: setOf(range(0, 7)), beat: range(1, beats) })
    const it = model(Wide, {
      init: Wide(),
      actions: {
        add: action({ bit: range(0, 7) }, (s, { bit }) => (s.beat === 1 ? s.set('bits', s.bits.add(bit)) : undefined)),
        tick: (s) => (s.beat < beats ? s.set('beat', s.beat + 1) : undefined),
      },
      invariants: { sum: (s) => s.bits.reduce((sum, bit) => sum + bit, 0) <= 28 },
      deadlock: false,
    })
    const { states, specCalls, warnings } = await run(it)
    expect(states.distinct).toBe(256 * beats)
    expect(warnings).toEqual([])
    expect(specCalls).toBeLessThan(states.distinct / 4)
  })
})

const outside = { count: 0 }
